/** What a person at a terminal reads once the mock listens: where everything is, and how to stop it. */
import type { Config } from '../config.ts';

/** Six lines. Tokens and keys are shown while they are the defaults, which are no secrets. */
export function bannerOf(url: string, { settings, sources }: Config): string {
  const { admin, adminToken, tokens, accessKeys } = settings;
  const withToken = adminToken === undefined ? '' : '  (takes --admin-token)';
  const page = (path: string): string => (admin ? `${url}${path}${withToken}` : 'off: --no-admin');
  const secret = (values: readonly string[], source: string | undefined): string =>
    source === 'default' ? values.join(', ') : `${values.length} from the ${source}, not shown`;
  const rows = [
    ['address', url],
    ['page', page('/__admin/')],
    ['documents', page('/__admin/docs')],
    ['token', `${secret(tokens, sources['tokens'])}  (X-Auth-Token)`],
    ['keys', `${secret(accessKeys, sources['accessKeys'])}  (AK:SK)`],
    ['stop', 'Ctrl-C'],
  ] as const;
  return rows.map(([name, value]) => `${name.padEnd(9)}  ${value}\n`).join('');
}
