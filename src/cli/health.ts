/** `apig-mock health`: checks that a running mock is healthy; what the image's HEALTHCHECK runs. */
import { get, type IncomingMessage, type RequestOptions } from 'node:http';
import type { Settings } from '../config/settings.ts';
import { SettingError } from '../core/errors.ts';
import { bearer } from '../core/header-text.ts';

const TIMEOUT_MS = 2000;

export const healthHelp =
  (): string => `apig-mock health: checks that a running mock is healthy; exit 0 when it is, else 1

Usage
  apig-mock health [options]

  --url <address>          the mock, such as http://127.0.0.1:8080; or by its settings, as it was started:
  --host <address>         its address (APIG_MOCK_HOST) [127.0.0.1]
  --port <n>               its port (APIG_MOCK_PORT) [8080]
  --admin-token <text>     its --admin-token, if it has one (APIG_MOCK_ADMIN_TOKEN); a rejection is a good sign, too
  --config <file>          the config file that it was started with (APIG_MOCK_CONFIG)
`;

/** The value of `--url`, and the arguments without it. Throws `SettingError`. */
export function takeUrl(argv: readonly string[]): { url: URL | undefined; rest: string[] } {
  const rest: string[] = [];
  let url: URL | undefined;
  for (let at = 0; at < argv.length; at += 1) {
    const arg = argv[at] ?? '';
    if (arg !== '--url' && !arg.startsWith('--url=')) rest.push(arg);
    else if (arg === '--url') url = urlOf(argv[++at] ?? '');
    else url = urlOf(arg.slice('--url='.length));
  }
  return { url, rest };
}

function urlOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url;
  throw new SettingError(`--url: '${text}' is not an address such as http://127.0.0.1:8080`);
}

/** Where a mock with these settings is asked on its own machine. */
export function addressOf({ host, port }: Pick<Settings, 'host' | 'port'>): URL {
  const near = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return new URL(`http://${near.includes(':') ? `[${near}]` : near}:${port}`);
}

/** Undefined when the mock is well, else why not. */
export async function checkHealth(at: URL, adminToken: string | undefined): Promise<string | undefined> {
  const { origin, protocol } = at;
  const send = protocol === 'https:' ? (await import('node:https')).get : get;
  const options: RequestOptions = {
    headers: { ...bearer(adminToken) },
    timeout: TIMEOUT_MS,
  };
  return new Promise((resolve) => {
    const request = send(new URL('/__admin/health', origin), options, (response) => {
      response.resume();
      resolve(isWell(response) ? undefined : `${origin} returned ${response.statusCode}`);
    });
    request.on('timeout', () => request.destroy(new Error(`no response within ${TIMEOUT_MS} ms`)));
    request.on('error', (cause) => resolve(`${origin}: ${cause.message}`));
  });
}

/**
 * Whether a mock responded. A rejection counts too: a HEALTHCHECK sees the environment alone, and not that
 * the mock was started with `--no-admin` or `--admin-token`.
 */
function isWell({ statusCode = 0, headers }: IncomingMessage): boolean {
  return statusCode === 200 || (statusCode < 500 && /^[0-9a-f]{32}$/.test(String(headers['x-request-id'])));
}
