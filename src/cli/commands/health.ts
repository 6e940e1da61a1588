/** `apig-mock health`: checks that a running mock is healthy; what the image's HEALTHCHECK runs. */
import { get, type IncomingMessage, type RequestOptions } from 'node:http';
import type { Settings } from '../../config/settings.ts';
import { bearer } from '../../core/header-text.ts';
import { type Given, outputJson } from '../command.ts';
import { loadConfig } from '../config.ts';
import { readConfigFile } from '../config-file.ts';
import type { Terminal } from '../terminal/terminal.ts';

const TIMEOUT_MS = 2000;

/** Runs the command; its exit code is that of a HEALTHCHECK. */
export async function runHealth(given: Given, terminal: Terminal): Promise<void> {
  const { texts, flags } = given;
  const argv = ['host', 'port', 'admin-token', 'config']
    .filter((flag) => flags.has(flag))
    .map((flag) => `--${flag}=${texts[flag]}`);
  const { settings } = await loadConfig({ argv, env: process.env, readFile: readConfigFile });
  const at = texts['url'] === undefined ? addressOf(settings) : new URL(texts['url']);
  const problem = await checkHealth(at, settings.adminToken);
  const result = { healthy: problem === undefined, url: at.origin, problem };
  if (!outputJson(given, terminal, result))
    terminal.out(problem === undefined ? 'healthy\n' : `not healthy: ${problem}\n`);
  process.exitCode = problem === undefined ? 0 : 1;
}

/** Where a mock with these settings is asked on its own machine. */
function addressOf({ host, port }: Pick<Settings, 'host' | 'port'>): URL {
  const near = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return new URL(`http://${near.includes(':') ? `[${near}]` : near}:${port}`);
}

/** Undefined when the mock is well, else why not. */
async function checkHealth(at: URL, adminToken: string | undefined): Promise<string | undefined> {
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
