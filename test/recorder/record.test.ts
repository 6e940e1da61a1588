/**
 * A recording of a service (a second mock with keys that look real), driven by the provider's SDK and by a client with a
 * token: served again, the same programs print the same; and no secret is in it.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Settings } from '../../src/config/settings.ts';
import type { RunningMock } from '../../src/mock.ts';
import type { SeedFile } from '../../src/tasks/seed.ts';
import { startRecord } from '../cli/commands/record-runs.ts';
import { apigClient, failureOf } from '../sdk/apig-client.ts';
import { call, testMock } from '../support/mock.ts';

const folder = mkdtempSync(join(tmpdir(), 'apig-mock-record-'));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;
const place = (): string => join(folder, `recording-${++count}`);

const AK = 'HPUAQ7XKD2MEXAMPLE01';
const SK = 'vT9sKq2LrZx8WbN4mYc7EXAMPLEsecretkey0001';
const TOKEN = `MIIF${'a9Zk'.repeat(40)}==`;
const PROJECT = '0f5181caba0024e72f89c0045e707b91';
const INSTANCE = '9e4d0b3fe15b4c6d8a57c1e2f3a4b5c6';
const ACCOUNT = 'acme-production';
const PASSWORD = 'Tr0ub4dor&3-hunter2';
const INLINE = 'pl4in-in-a-text';
const HEADER = 'k3y-of-a-header';
const TIMES = { waitingMs: 740, processingMs: 2310 };
const POLL_MS = 100;

const service = (settings: Partial<Settings> = {}) =>
  testMock({
    ...{ clock: 'manual', accessKeys: [`${AK}:${SK}`], tokens: [TOKEN], fixtures: 'none' },
    ...TIMES,
    ...settings,
  });

/** An OpenAPI file with secrets in each way in which people write them. */
const document = (title: string): string =>
  JSON.stringify({
    swagger: '2.0',
    info: { title, version: '1', description: `of ${ACCOUNT}: call it with password=${INLINE}` },
    paths: {
      '/pay': {
        get: {
          operationId: 'pay',
          parameters: [{ name: 'X-Api-Key', in: 'header', type: 'string', default: HEADER }],
          responses: { default: { description: 'ok' } },
          'x-apigateway-request-type': 'private',
          'x-apigateway-backend': {
            type: 'HTTP',
            httpEndpoints: {
              address: 'pay.example.com',
              scheme: 'http',
              method: 'GET',
              path: '/',
              timeout: 5000,
            },
            parameters: [
              { name: 'X-Api-Key', in: 'header', origin: 'REQUEST', value: 'X-Api-Key' },
              { name: 'password', in: 'header', origin: 'CONSTANT', value: PASSWORD },
            ],
          },
        },
      },
    },
  });

/** Sends what a program needs: by the SDK, or with a token. */
interface Client {
  importFile(title: string): Promise<string>;
  exportGroup(groupId: string): Promise<string>;
  poll(taskId: string): Promise<{ task_status: string; task_result: string }>;
  /** An error in one line. */
  rejected(taskId: string): Promise<string>;
}

const RELEASE = 'DEFAULT_ENVIRONMENT_RELEASE_ID';
const exportBody = (group_id: string) => ({
  ...{ env_id: RELEASE, group_id, define: 'all', type: 'json', version: '1' },
});

function sdkClient(endpoint: string, keys: { ak: string; sk: string }): Client {
  const apig = apigClient({ endpoint, projectId: PROJECT, ...keys });
  return {
    importFile: async (title) => {
      const body = { is_create_group: 'true', file_name: Buffer.from(document(title)) };
      return (await apig.importApiDefinitionsAsync(INSTANCE, body))['task_id'];
    },
    exportGroup: async (groupId) =>
      (await apig.exportApiDefinitionsAsync(INSTANCE, exportBody(groupId), '2.0'))['task_id'],
    poll: async (taskId) =>
      (await apig.showAsyncTaskResult(INSTANCE, taskId)) as unknown as Awaited<ReturnType<Client['poll']>>,
    rejected: async (taskId) => {
      const { httpStatusCode, errorCode, errorMsg } = await failureOf(
        apig.showAsyncTaskResult(INSTANCE, taskId),
      );
      return `${httpStatusCode} ${errorCode} ${errorMsg}`;
    },
  };
}

function tokenClient(endpoint: string, token: string): Client {
  const base = `${endpoint}/v2/${PROJECT}/apigw/instances/${INSTANCE}`;
  return {
    importFile: async (title) => {
      const form = new FormData();
      form.append('is_create_group', 'true');
      form.append('file_name', new Blob([document(title)]), 'pay.json');
      const init = { method: 'POST', headers: { 'x-auth-token': token }, body: form };
      const response = await fetch(`${base}/openapi/async-import`, init);
      return ((await response.json()) as { task_id: string }).task_id;
    },
    exportGroup: async (groupId) =>
      (await call(`${base}/openapi/async-export?oas_version=2.0`, { token, json: exportBody(groupId) })).body
        .task_id,
    poll: async (taskId) => (await call(`${base}/async-tasks/${taskId}`, { token })).body,
    rejected: async (taskId) => (await call(`${base}/async-tasks/${taskId}`, { token })).text,
  };
}

/** Imports twice under one name, exports, asks for a task that is nowhere; prints what it sees, and when. */
async function program(client: Client, sleep: (ms: number) => Promise<void>): Promise<string[]> {
  const lines: string[] = [];
  const follow = async (what: string, taskId: string): Promise<string> => {
    lines.push(`${what} ${taskId}`);
    let state = '';
    for (let ms = 0; ; ms += POLL_MS) {
      const { task_status, task_result } = await client.poll(taskId);
      if (task_status !== state) lines.push(`${ms} ms ${task_status} ${task_result}`);
      state = task_status;
      if (state === 'succeed' || state === 'failed') return task_result;
      await sleep(POLL_MS);
    }
  };
  const { group_id } = JSON.parse(await follow('import', await client.importFile('pay'))) as {
    group_id: string;
  };
  await follow('import', await client.importFile('pay'));
  await follow('export', await client.exportGroup(group_id));
  lines.push(await client.rejected('no-such-task'));
  return lines;
}

/** Ids by the order in which they appear, which is all that the replay may change. */
function numbered(lines: readonly string[]): string {
  const ids = new Map<string, number>();
  return lines.join('\n').replaceAll(/[0-9a-f]{32}/g, (id) => {
    ids.set(id, ids.get(id) ?? ids.size);
    return `<${ids.get(id)}>`;
  });
}

const sleeper = (mock: RunningMock) => async (ms: number) => void (await mock.control.clock.advance(ms));

/** Everything in a folder, as one text. */
const whole = (path: string): string =>
  readdirSync(path, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.name}\n${readFileSync(join(entry.parentPath, entry.name), 'utf8')}`)
    .join('\n');

const seedsIn = (path: string): SeedFile[] =>
  readdirSync(join(path, 'tasks')).map((name) => JSON.parse(readFileSync(join(path, 'tasks', name), 'utf8')));

/** Records a program in front of a service; what it printed, and what the command wrote. */
async function recordProgram(
  clientAt: (url: string) => Client,
  { env = {}, settings = {} }: { env?: Record<string, string>; settings?: Partial<Settings> } = {},
) {
  await using real = await service(settings);
  const out = place();
  let nowMs = 1000;
  const recording = startRecord(['--target', real.url, '--out', out], { env, elapsedMs: () => nowMs });
  const url = await recording.url;
  const printed = await program(clientAt(url), async (ms) => {
    nowMs += ms;
    await sleeper(real)(ms);
  });
  recording.interrupt();
  return { out, printed, ended: await recording.ended };
}

const ENV = { HUAWEICLOUD_SDK_AK: AK, HUAWEICLOUD_SDK_SK: SK };
const CLIENTS: readonly [string, (url: string) => Client, (url: string) => Client][] = [
  [
    'signed by the SDK, with a key that only the client knows',
    (url) => sdkClient(url, { ak: 'CLIENTSOWNKEY0000001', sk: 'nothing-that-the-service-knows' }),
    (url) => sdkClient(url, { ak: 'dev-ak', sk: 'dev-sk' }),
  ],
  ['with a token', (url) => tokenClient(url, TOKEN), (url) => tokenClient(url, 'dev-token')],
];

describe.each(CLIENTS)('a client %s', (_how, recorded, replayed) => {
  it('prints the same when its recording is served, ids aside, with durations within a tenth', async () => {
    const { out, printed, ended } = await recordProgram(recorded, { env: ENV });
    expect(ended).toMatchObject({ code: 0, line: '' });
    expect(ended.notes.at(-1)).toMatch(/^3 tasks and \d samples are in '.*'; secrets and ids are replaced/);
    await using mock = await testMock({ clock: 'manual', fixtures: out });
    const again = await program(replayed(mock.url), sleeper(mock));
    // Secrets of the document are replaced in what an export shows.
    const asRecorded = printed.map((line) =>
      [PASSWORD, INLINE, HEADER].reduce((text, secret) => text.replaceAll(secret, '<secret>'), line),
    );
    expect(numbered(again)).toBe(numbered(asRecorded));
    expect(numbered(printed)).toContain('APIG.3201');
    for (const { plan } of seedsIn(out)[0]?.tasks ?? []) {
      const { waiting_ms = 0, processing_ms = 0 } = plan as { waiting_ms?: number; processing_ms?: number };
      expect(Math.abs(waiting_ms - TIMES.waitingMs)).toBeLessThan(TIMES.waitingMs / 10);
      expect(Math.abs(processing_ms - TIMES.processingMs)).toBeLessThan(TIMES.processingMs / 10);
    }
    // After a reset it is there once more.
    await mock.control.reset({});
    expect(numbered(await program(replayed(mock.url), sleeper(mock)))).toBe(numbered(again));
  });

  it('leaves no secret in the recording, nor in what the command writes', async () => {
    const { out, printed, ended } = await recordProgram(recorded, { env: ENV });
    expect(printed.join('\n')).toContain(PASSWORD);
    const everything = [whole(out), ended.out, ...ended.notes, ended.line].join('\n');
    for (const secret of [AK, SK, TOKEN, PROJECT, INSTANCE, PASSWORD, INLINE, HEADER, 'CLIENTSOWNKEY0000001'])
      expect(everything).not.toContain(secret);
    for (const secret of [SK, PASSWORD]) {
      expect(everything).not.toContain(Buffer.from(secret).toString('base64').replace(/=+$/, ''));
      expect(everything).not.toContain(encodeURIComponent(secret));
    }
    expect(everything).toContain('pay.example.com');
  });
});

describe('a client that logs in through the proxy', () => {
  it('leaves neither its account and user, nor their password, nor the token', async () => {
    const password = 'L0gin-p4ssword';
    let token = '';
    const login = async (url: string): Promise<void> => {
      const user = { name: 'jane.of.acme', password, domain: { name: ACCOUNT } };
      const auth = {
        identity: { methods: ['password'], password: { user } },
        scope: { project: { id: PROJECT } },
      };
      const { status, headers } = await call(`${url}/v3/auth/tokens`, { token: null, json: { auth } });
      expect(status).toBe(201);
      token = String(headers['x-subject-token']);
    };
    const { out, printed, ended } = await recordProgram((url) => {
      const client = (): Client => tokenClient(url, token);
      return {
        importFile: async (title) => {
          if (token === '') await login(url);
          return client().importFile(title);
        },
        exportGroup: (id) => client().exportGroup(id),
        poll: (id) => client().poll(id),
        rejected: (id) => client().rejected(id),
      };
    });
    expect(printed.join('\n')).toContain(ACCOUNT);
    const everything = [whole(out), ended.out, ...ended.notes].join('\n');
    for (const secret of [ACCOUNT, 'jane.of.acme', password, token]) expect(everything).not.toContain(secret);
    expect(everything).toContain('of <account>: call it');
    const { response, shape } = JSON.parse(
      readFileSync(join(out, 'samples/001-KeystoneCreateUserTokenByPassword-201.json'), 'utf8'),
    );
    expect(shape).toBe(true);
    expect(JSON.parse(response.body).token.user).toEqual({
      ...{ id: '', name: '', domain: { id: '', name: '' }, password_expires_at: '' },
    });
  });
});
