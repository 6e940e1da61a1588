/** `apig-mock health`: asks a running mock on this machine; what the image's HEALTHCHECK runs. */
import { get } from 'node:http';
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
        resolve(response.statusCode === 200 ? undefined : `answered ${response.statusCode}`);
      },
    );
    request.on('timeout', () => request.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)));
    request.on('error', (cause) => resolve(`http://${host}:${settings.port}: ${cause.message}`));
  });
}
