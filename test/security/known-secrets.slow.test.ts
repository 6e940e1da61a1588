/**
 * No secret that a client sends, and none that the mock was started with, comes out again: not in the log, the
 * journal, the page's data, the events, a snapshot, the state file, an error, or a terminal. What must come out
 * is named here: an issued token in its own response, a canonical request in the response to its signer, and
 * documents in what stores and exports them.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { settingsFrom } from '../../src/config/check.ts';
import { startServer } from '../../src/mock.ts';
import { command, waitFor } from '../support/command.ts';
import { ACCESS_KEY } from './callers.ts';
import { madeIn, SECRETS, type SecretName, secretsIn } from './secrets.ts';
import {
  admin,
  controlCalls,
  DOCUMENT,
  everyOperation,
  faults,
  imports,
  logins,
  shoot,
  type Traffic,
} from './traffic.ts';

const folder = mkdtempSync(join(tmpdir(), 'apig-mock-secrets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Sends all of it; returns what was shown about it afterwards, by name. */
async function drive(traffic: Traffic, meanwhile: () => Promise<void>): Promise<Record<string, string>> {
  const issued = await logins(traffic);
  await everyOperation(traffic, issued);
  await imports(traffic);
  await controlCalls(traffic);
  await faults(traffic);
  await meanwhile();
  const { text: journal } = await admin(traffic, 'GET', '/__admin/requests?limit=1000000');
  expect(JSON.parse(journal).total).toBeGreaterThan(500);
  return {
    journal,
    'the nearest misses': (await shoot(traffic, missing))?.text ?? '',
    'the data of the page': (await admin(traffic, 'GET', '/__admin/overview?cards=200')).text,
    'the snapshot': (await admin(traffic, 'GET', '/__admin/state')).text,
    'the events': await eventsOf(traffic.port),
  };
}

const ADMIN = { authorization: `Bearer ${SECRETS.adminToken}` };
const missing = {
  method: 'POST',
  target: '/__admin/requests/verify',
  headers: { ...ADMIN, 'content-type': 'application/json' },
  body: JSON.stringify({ operation: 'ShowAsyncTaskResult', project_id: 'p9', at_least: 1 }),
};

/** The stream of events from the first one on, up to the newest. */
async function eventsOf(port: number): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/__admin/events?after=0`, { headers: ADMIN });
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  let text = '';
  while (!text.includes('"succeed"')) text += Buffer.from((await reader.read()).value ?? []).toString();
  await reader.cancel();
  return text;
}

/** A mismatched signature is rejected with the canonical request, which has what the caller signed. */
const echoes = (text: string): boolean => text.includes('canonicalRequest:');

/** The secrets that responses leaked; responses that hand out a token or a document may contain it. */
function leaksOf({ taken, made }: Traffic): string[] {
  return taken.flatMap(({ method = 'GET', target, response }) => {
    const { 'x-subject-token': subject, ...headers } = response.headers;
    const text = `${JSON.stringify(headers)}\n${echoes(response.text) ? '' : response.text}`;
    const but: SecretName[] = ['/__admin/state', '/v2/'].some((each) => target.startsWith(each))
      ? ['backend']
      : [];
    const isLogin = target.startsWith('/v3/auth/tokens');
    const found = [...secretsIn(text, but), ...madeIn(text, made)];
    if (subject !== undefined && !isLogin) found.push(`x-subject-token ${subject}`);
    return found.map((what) => `${method} ${target.slice(0, 80)} ${response.status}: ${what}`);
  });
}

/** The secrets that these texts leaked; documents are content of those that store them. */
function leaksIn(texts: Record<string, string>, made: Set<string>): string[] {
  const content = ['the snapshot', 'the state file'];
  return Object.entries(texts).flatMap(([name, text]) =>
    [...secretsIn(text, content.includes(name) ? ['backend'] : []), ...madeIn(text, made)].map(
      (what) => `${name}: ${what}`,
    ),
  );
}

const newTraffic = (port: number): Traffic => ({ port, taken: [], made: new Set() });

describe('no secret comes out', { timeout: 240_000 }, () => {
  it('of the command, whatever it is sent, its defects included', async () => {
    const [crashFile, stateFile] = [join(folder, 'crash'), join(folder, 'state.json')];
    const { ready, stop } = command(['--port', '0', '--log-level', 'trace', '--max-requests', '100000'], {
      env: {
        APIG_MOCK_STATE_FILE: stateFile,
        APIG_MOCK_TOKENS: SECRETS.staticToken,
        APIG_MOCK_ACCESS_KEYS: `${ACCESS_KEY}:${SECRETS.secretKey}`,
        APIG_MOCK_TOKEN_SECRET: SECRETS.tokenSecret,
        APIG_MOCK_ADMIN_TOKEN: SECRETS.adminToken,
        APIG_MOCK_PROGRESSION: 'immediate',
        CRASH_FILE: crashFile,
        NODE_OPTIONS: `--require=${fileURLToPath(new URL('crash.cjs', import.meta.url))}`,
      },
    });
    const url = await ready;
    const watch = command(['watch', '--url', url], { env: { APIG_MOCK_ADMIN_TOKEN: SECRETS.adminToken } });
    let seen = '';
    watch.child.stderr?.on('data', (chunk: Buffer) => {
      seen += chunk.toString();
    });
    await waitFor(() => seen.includes('connected to') || undefined, 'the watcher');
    const traffic = newTraffic(Number(new URL(url).port));
    const outputs = await drive(traffic, async () => {
      writeFileSync(crashFile, '');
      const before = traffic.taken.length;
      await logins(traffic);
      await everyOperation(traffic, [...traffic.made][0] ?? '', 3);
      expect(traffic.taken.slice(before).some(({ response }) => response.status === 500)).toBe(true);
      rmSync(crashFile);
    });
    const watched = await watch.stop();
    const end = await stop();
    const log = end.stdout + end.stderr;
    expect(log).toContain('an injected defect');
    expect(log.split('\n').length).toBeGreaterThan(500);
    const texts = {
      ...outputs,
      log,
      'the state file': readFileSync(stateFile, 'utf8'),
      watch: watched.stdout + watched.stderr,
    };
    expect(leaksIn(texts, traffic.made)).toEqual([]);
    expect(leaksOf(traffic)).toEqual([]);
    expect(Object.values(outputs).join().includes(SECRETS.backend)).toBe(true);
  });

  it('of the library, in what it logs and in what its object shows', async () => {
    const lines: string[] = [];
    const line = (fields: object, message: string): number =>
      lines.push(`${inspect(fields, { depth: 20, maxStringLength: null })} ${message}`);
    const log = { isLevelEnabled: () => true, debug: line, info: line, warn: line, error: line };
    const settings = settingsFrom({
      ...{ port: 0, progression: 'immediate', maxRequests: 100_000, fixtures: 'none' },
      tokens: [SECRETS.staticToken],
      accessKeys: [`${ACCESS_KEY}:${SECRETS.secretKey}`],
      ...{ tokenSecret: SECRETS.tokenSecret, adminToken: SECRETS.adminToken },
    });
    const mock = await startServer(settings, log);
    const traffic = newTraffic(mock.port);
    const outputs = await drive(traffic, async () => {});
    const { control } = mock;
    const calls = [
      control.requests.list({}),
      control.overview({}),
      control.tasks.list({}),
      control.faults.list(),
      control.plans(),
    ];
    for (const [at, response] of (await Promise.all(calls)).entries())
      outputs[`call ${at}`] = inspect(response, { depth: 20, maxStringLength: null });
    await mock.close();
    expect(lines.length).toBeGreaterThan(500);
    expect(leaksIn({ ...outputs, log: lines.join('\n') }, traffic.made)).toEqual([]);
    expect(leaksOf(traffic)).toEqual([]);
  });
});

describe('the search for secrets', () => {
  it('finds a whole one, eight characters of one, one in base64, and nothing else', () => {
    const { cookie } = SECRETS;
    for (const text of [cookie, `x${cookie.slice(3, 11)}y`, Buffer.from(cookie).toString('base64')])
      expect(secretsIn(text)).toEqual([expect.stringMatching(/^cookie: /)]);
    expect(secretsIn(`${cookie.slice(0, 7)} ${DOCUMENT}`, ['backend'])).toEqual([]);
    expect(secretsIn(DOCUMENT)).toEqual([expect.stringMatching(/^backend: /)]);
    expect(madeIn('…0123456789abcdef', [`${'x'.repeat(48)}0123456789abcdef`])).toHaveLength(1);
  });
});
