/** `apig-mock health`: asks a running mock on this machine; what the image's HEALTHCHECK runs. */
import { get, type IncomingMessage } from 'node:http';
import type { Settings } from '../settings.ts';

const TIMEOUT_MS = 2000;

/** Undefined when the mock is well, else why not. */
export function checkHealth(
  settings: Pick<Settings, 'host' | 'port' | 'adminToken'>,
): Promise<string | undefined> {
  const host = settings.host === '0.0.0.0' || settings.host === '::' ? '127.0.0.1' : settings.host;
  const headers = settings.adminToken === undefined ? {} : { authorization: `Bearer ${settings.adminToken}` };
  return new Promise((resolve) => {
    const request = get(
      { host, port: settings.port, path: '/__admin/health', headers, timeout: TIMEOUT_MS },
      (response) => {
        response.resume();
        resolve(isWell(response) ? undefined : `answered ${response.statusCode}`);
      },
    );
    request.on('timeout', () => request.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)));
    request.on('error', (cause) => resolve(`http://${host}:${settings.port}: ${cause.message}`));
  });
}

/**
 * Whether a mock answered. A refusal is a good sign too: a HEALTHCHECK knows the environment alone, and not that
 * the mock was started with `--no-admin` or `--admin-token`.
 */
function isWell({ statusCode = 0, headers }: IncomingMessage): boolean {
  return statusCode === 200 || (statusCode < 500 && /^[0-9a-f]{32}$/.test(String(headers['x-request-id'])));
}
