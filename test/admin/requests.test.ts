/** The journal over sockets: what each request leaves, why it was rejected, verifying, and that no secret stays. */
import { Writable } from 'node:stream';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { settingsFrom } from '../../src/config/check.ts';
import { type ApigMock, type JournalEntry, VerificationError } from '../../src/index.ts';
import { startServer } from '../../src/mock.ts';
import { call } from '../support/mock.ts';
import { callsOf, document, HERE, START, stillMock, until } from './scene.ts';

let mock: ApigMock;
beforeAll(async () => {
  mock = await stillMock();
});
afterAll(() => mock.close());
afterEach(async () => {
  await mock.reset();
  await mock.clock.set({ mode: 'manual', now: START });
});

const create = async (place: { project_id: string; instance_id: string } = HERE): Promise<string> =>
  (await mock.tasks.create({ ...place, task_type: 'import_api' })).task_id;
const entries = async (count: number): Promise<JournalEntry[]> => {
  await until(async () => (await mock.requests.count()) >= count, 'the entries');
  return (await mock.requests.list()).requests;
};

describe('each request leaves an entry', () => {
  it('the same one whichever way a poll takes', async () => {
    const taskId = await create();
    const { poll, pollLong } = callsOf(mock.url);
    const [short, long] = [await poll(taskId), await pollLong(taskId)];
    const [first, second] = await entries(2);
    expect(first).toEqual({
      id: expect.any(Number),
      at: START,
      operation: 'ShowAsyncTaskResult',
      method: 'GET',
      path: new URL(callsOf(mock.url).address(taskId)).pathname,
      ...HERE,
      task_id: taskId,
      credentials: 'static-token',
      status: 200,
      duration_ms: expect.any(Number),
      request_id: short.headers['x-request-id'],
    });
    for (const took of [first?.duration_ms, second?.duration_ms]) expect(took).toBeGreaterThan(0);
    const id = expect.any(Number);
    expect(second).toEqual({ ...first, id, duration_ms: id, request_id: long.headers['x-request-id'] });
  });

  it.each<[string, () => Promise<unknown>, Partial<JournalEntry>]>([
    [
      'a missing token',
      () => call(callsOf(mock.url).address('t'), { token: null }),
      {
        status: 401,
        error_code: 'APIG.1002',
        credentials: 'none',
        reason: expect.stringMatching(/^no X-Auth-Token header and no request signature; take dev-token /),
      },
    ],
    [
      'an unknown token',
      () => call(callsOf(mock.url).address('t'), { token: 'x' }),
      { status: 401, reason: expect.stringMatching(/^unknown token; take /) },
    ],
    [
      'an unknown task',
      () => callsOf(mock.url).poll('t'),
      { status: 404, reason: expect.stringMatching(/^unknown task: no project has it/), task_id: 't' },
    ],
    [
      'a bad parameter',
      () => callsOf(mock.url).poll('%20'),
      { status: 400, error_code: 'APIG.2012', reason: expect.stringContaining('task_id') },
    ],
    [
      'an unknown route',
      () => call(`${mock.url}/v2/p1/apigw/instances/i1/async-task/x`),
      {
        status: 404,
        operation: null,
        project_id: null,
        reason: expect.stringContaining('nearest: GET /v2/'),
      },
    ],
    [
      'a method that is not allowed',
      () => call(callsOf(mock.url).address('t'), { method: 'DELETE' }),
      { status: 405, method: 'DELETE', reason: expect.stringContaining('allowed: GET') },
    ],
    [
      'a broken signature',
      () =>
        call(callsOf(mock.url).address('t'), {
          token: null,
          headers: { authorization: 'SDK-HMAC-SHA256 x' },
        }),
      { status: 401, error_code: 'APIGW.0301', credentials: 'none' },
    ],
  ])('with the reason: %s', async (_what, make, expected) => {
    await make();
    expect((await entries(1))[0]).toMatchObject(expected);
  });

  it('with the other place where a task is', async () => {
    const taskId = await create({ project_id: 'p1', instance_id: 'i2' });
    await callsOf(mock.url).poll(taskId);
    expect((await entries(1))[0]?.reason).toBe('unknown task here; exists in project p1, instance i2');
  });

  it('but calls to /__admin, and looks of the object, leave none', async () => {
    await call(`${mock.url}/__admin/tasks`, { token: null });
    await mock.tasks.list();
    await callsOf(mock.url).poll('t');
    expect(await entries(1)).toHaveLength(1);
  });

  it('are stored and cleared per scope', async () => {
    await callsOf(mock.url).poll('a');
    await callsOf(mock.url, { project_id: 'p2', instance_id: 'i1' }).poll('b');
    await entries(2);
    expect(await mock.requests.count({ project_id: 'p2' })).toBe(1);
    expect((await mock.requests.list({ limit: 1 })).requests.map(({ task_id }) => task_id)).toEqual(['b']);
    await mock.requests.clear({ project_id: 'p2' });
    expect((await mock.requests.list()).requests.map(({ task_id }) => task_id)).toEqual(['a']);
  });
});

describe('verify', () => {
  it('holds a count against what was expected', async () => {
    for (const id of ['a', 'a', 'b']) await callsOf(mock.url).poll(id);
    await entries(3);
    const poll = { operation: 'ShowAsyncTaskResult', ...HERE } as const;
    for (const good of [{ exactly: 3 }, { at_least: 3 }, { at_most: 3 }, {}, { task_id: 'a', exactly: 2 }])
      expect(await mock.requests.verify({ ...poll, ...good })).toMatchObject({
        satisfied: true,
        nearest: [],
      });
    for (const bad of [{ exactly: 2 }, { at_least: 4 }, { at_most: 2 }, { task_id: 'c' }])
      await expect(mock.requests.verify({ ...poll, ...bad })).rejects.toThrow(VerificationError);
    expect(await mock.requests.verify({ task_id: 'c', exactly: 0 })).toMatchObject({ count: 0 });
  });

  it('shows the nearest misses and how they differ', async () => {
    await callsOf(mock.url).poll('a');
    await call(`${mock.url}/v2/p1/apigw/instances/i1/apis`);
    await entries(2);
    const failed = mock.requests.verify({
      ...HERE,
      operation: 'ShowAsyncTaskResult',
      task_id: 'b',
      status: 200,
    });
    const { verification, message } = await failed.then(
      () => expect.unreachable(),
      (cause: VerificationError) => cause,
    );
    expect(verification).toMatchObject({ satisfied: false, count: 0 });
    expect(verification.nearest.map(({ differs }) => differs)).toEqual([
      { task_id: { expected: 'b', actual: 'a' }, status: { expected: 200, actual: 404 } },
      {
        operation: { expected: 'ShowAsyncTaskResult', actual: 'ListApisV2' },
        task_id: { expected: 'b', actual: null },
      },
    ]);
    expect(message).toContain('expected at least 1 request(s) with');
    expect(message).toContain('task_id is a, not b; status is 404, not 200');
  });
});

describe('secrets', () => {
  const SECRET = 'Pl4ntedS3cret';

  it('are in no entry, no event, no snapshot and no line of the log', async () => {
    const lines: string[] = [];
    const sink = new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk));
        done();
      },
    });
    const settings = settingsFrom({
      port: 0,
      tokens: [SECRET],
      accessKeys: [`ak:${SECRET}`],
      tokenSecret: SECRET,
    });
    const own = await startServer(settings, pino({ level: 'trace' }, sink));
    const address = callsOf(own.url).address('t');
    const signature = { authorization: `SDK-HMAC-SHA256 Access=ak, SignedHeaders=host, Signature=${SECRET}` };
    await callsOf(own.url).importFile(document('secrets'), SECRET);
    for (const target of [address, `${address}?token=${SECRET}`, `${own.url}/nowhere?password=${SECRET}`]) {
      for (const token of [SECRET, `${SECRET}x`, null]) {
        await call(target, { token });
        await call(target, { token, headers: { 'x-security-token': SECRET, ...signature } });
      }
    }
    const user = { name: 'u', password: SECRET, domain: { name: 'd' } };
    const auth = {
      identity: { methods: ['password'], password: { user } },
      scope: { project: { id: 'p1' } },
    };
    const issued = await call(`${own.url}/v3/auth/tokens`, { json: { auth } });
    await call(`${own.url}/v3/auth/tokens`, { json: { auth: { ...auth, identity: { methods: [SECRET] } } } });
    await call(`${own.url}/v3/auth/tokens`, {
      body: `{"auth":"${SECRET}`,
      headers: { 'content-type': 'application/json' },
    });
    const token = String(issued.headers['x-subject-token']);
    await call(address, { token });
    const seen = JSON.stringify([
      await own.control.requests.list(),
      await own.control.snapshot(),
      await own.control.overview(),
      await (await fetch(`${own.url}/__admin/requests`)).json(),
    ]);
    const events = await eventsSoFar(own.url);
    await own.close();
    expect(JSON.parse(seen)[0].total).toBeGreaterThan(20);
    expect(lines.length).toBeGreaterThan(20);
    for (const secret of [SECRET, token, encodeURIComponent(SECRET)])
      for (const text of [seen, events, lines.join('')]) expect(text).not.toContain(secret);
  });
});

/** What the stream of events has shown since the start. */
async function eventsSoFar(url: string): Promise<string> {
  const over = new AbortController();
  const response = await fetch(`${url}/__admin/events?after=0`, { signal: over.signal });
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += new TextDecoder().decode(chunk);
    if (text.includes('"to":"waiting"')) break;
  }
  over.abort();
  return text;
}
