/** Faults over real sockets: what each action sends, when it strikes, and what of the work was done. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ApigMock, FaultAction, FaultRequest } from '../../src/index.ts';
import { call } from '../helpers/mock.ts';
import { parseAnswer, sendBytes } from '../helpers/wire.ts';
import { callsOf, document, HERE, refusal, START, stillMock, turns, until } from './scene.ts';

let mock: ApigMock;
let port: number;
beforeAll(async () => {
  mock = await stillMock();
  port = Number(new URL(mock.url).port);
});
afterAll(() => mock.close());
afterEach(async () => {
  await mock.reset();
  await mock.clock.set({ mode: 'manual', now: START });
});

const create = async (more: object = {}): Promise<string> =>
  (
    await mock.tasks.create({
      ...HERE,
      task_type: 'import_api',
      plan: { mode: 'polls', waiting_polls: 2 },
      ...more,
    })
  ).task_id;
const inject = (action: FaultAction, more: Partial<FaultRequest> = {}) =>
  mock.faults.add({ ...HERE, operation: 'ShowAsyncTaskResult', action, ...more });
const polls = async (taskId: string): Promise<number> => (await mock.tasks.get(taskId, HERE)).polls;
const last = async () => (await mock.requests.list()).requests.at(-1);

/** One poll on a bare connection that the client asks to close. */
const bare = (taskId: string): Promise<string> =>
  sendBytes(
    port,
    `GET ${new URL(callsOf(mock.url).address(taskId)).pathname} HTTP/1.1\r\nhost: x\r\nx-auth-token: dev-token\r\nconnection: close\r\n\r\n`,
  );

describe('an error', () => {
  it.each<[FaultAction & { type: 'error' }, number, object]>([
    [{ type: 'error' }, 500, { error_code: 'APIG.9999', error_msg: 'System error' }],
    [{ type: 'error', status: 401 }, 401, { error_code: 'APIG.1002' }],
    [{ type: 'error', status: 403 }, 403, { error_code: 'APIG.1005' }],
    [{ type: 'error', status: 429 }, 429, { error_code: 'APIG.0308' }],
    [{ type: 'error', status: 503 }, 503, { error_code: 'APIG.9999' }],
    [{ type: 'error', error_code: 'APIG.3201' }, 400, { error_code: 'APIG.3201' }],
    [
      { type: 'error', status: 418, error_code: 'X.1', error_msg: 'tea' },
      418,
      { error_code: 'X.1', error_msg: 'tea' },
    ],
  ])('%o is answered with %i in the shape of the provider', async (action, status, body) => {
    const fault = await inject(action);
    const answer = await callsOf(mock.url).poll(await create());
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject(body);
    expect(answer.headers['content-type']).toBe('application/json');
    expect(answer.headers['x-mock-reason']).toBe(`injected fault ${fault.id}`);
    expect(await last()).toMatchObject({ status, fault_id: fault.id, error_code: answer.body.error_code });
  });

  it('429 may say when to come again', async () => {
    await inject({ type: 'error', status: 429, headers: { 'Retry-After': '7' } }, { times: 1 });
    const taskId = await create();
    const refused = await callsOf(mock.url).poll(taskId);
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '7']);
    expect((await callsOf(mock.url).poll(taskId)).status).toBe(200);
  });

  it.each(['checked', 'after'] as const)('may have any body (%s)', async (when) => {
    const body = '<html>Bad gateway — 任务</html>';
    const phase = when === 'after' ? { phase: 'after' as const } : {};
    await inject({ type: 'error', status: 502, headers: { 'content-type': 'text/html' }, body }, phase);
    const answer = await callsOf(mock.url).poll(await create());
    expect([answer.status, answer.headers['content-type'], answer.text]).toEqual([502, 'text/html', body]);
  });
});

describe('the connection', () => {
  it.each(['before', undefined, 'after'] as const)('is reset (%s), and the journal knows', async (phase) => {
    const fault = await inject({ type: 'reset' }, phase && { phase });
    const taskId = await create();
    await expect(bare(taskId)).rejects.toMatchObject({ code: 'ECONNRESET' });
    await expect(callsOf(mock.url).poll(taskId)).rejects.toThrow();
    await until(async () => (await mock.requests.count({ status: 0 })) === 2, 'the entry');
    expect(await last()).toMatchObject({ status: 0, fault_id: fault.id, task_id: taskId });
  });

  it.each(['before', undefined, 'after'] as const)('is closed without a byte (%s)', async (phase) => {
    await inject({ type: 'empty' }, phase && { phase });
    const taskId = await create();
    expect(await bare(taskId)).toBe('');
    await until(async () => (await mock.requests.count({ status: 0 })) === 1, 'the entry');
    expect(await mock.requests.count()).toBe(1);
  });

  it('is closed amid the body, whose length was promised', async () => {
    const taskId = await create();
    const whole = parseAnswer(await bare(taskId));
    await inject({ type: 'truncate' });
    const cut = parseAnswer(await bare(taskId));
    expect(cut.headers['content-length']).toBe(String(whole.text.length));
    expect(cut.text).toBe(whole.text.slice(0, whole.text.length >> 1));
    await expect(callsOf(mock.url).poll(taskId)).rejects.toThrow();
    await until(async () => (await mock.requests.count()) === 3, 'the entry');
  });

  it('brings half a JSON as if it were all', async () => {
    await inject({ type: 'malformed' });
    const answer = await callsOf(mock.url).poll(await create());
    expect(answer.status).toBe(200);
    expect(answer.headers['content-length']).toBe(String(answer.text.length));
    expect(() => JSON.parse(answer.text)).toThrow();
  });

  it('brings the whole answer, in drops spread over the time of the clock', async () => {
    const taskId = await create();
    await inject({ type: 'dribble', ms: 2000 });
    let isOver = false;
    const dribbled = callsOf(mock.url)
      .poll(taskId)
      .finally(() => {
        isOver = true;
      });
    await until(async () => (await mock.faults.list())[0]?.hits === 1, 'the fault');
    await mock.clock.advance(1000);
    await turns(20);
    expect(isOver).toBe(false);
    await until(async () => {
      await mock.clock.advance(500);
      return isOver;
    });
    expect((await dribbled).body).toMatchObject({ task_id: taskId, task_status: 'waiting' });
  });
});

describe('a delay', () => {
  it.each<[string, FaultAction & { type: 'delay' }, number]>([
    ['fixed', { type: 'delay', ms: 3000 }, 3000],
    ['uniform', { type: 'delay', distribution: { type: 'uniform', min: 3000, max: 3000 } }, 3000],
    ['lognormal', { type: 'delay', distribution: { type: 'lognormal', median: 3000, sigma: 0 } }, 3000],
  ])('(%s) lasts exactly so long on the clock', async (_what, action, ms) => {
    for (const phase of ['before', 'after'] as const) {
      await mock.faults.clear();
      await inject(action, { phase });
      const taskId = await create();
      let status = 0;
      const delayed = callsOf(mock.url).poll(taskId);
      void delayed.then((answer) => {
        status = answer.status;
      });
      await until(async () => (await mock.faults.list())[0]?.hits === 1, 'the fault');
      await mock.clock.advance(ms - 1);
      await turns(20);
      expect(status).toBe(0);
      await mock.clock.advance(1);
      expect((await delayed).status).toBe(200);
    }
  });

  it("goes by the scope's own clock", async () => {
    await mock.clock.freeze(HERE);
    await inject({ type: 'delay', ms: 100 });
    const delayed = callsOf(mock.url).poll(await create());
    await until(async () => (await mock.faults.list())[0]?.hits === 1, 'the fault');
    await mock.clock.advance(1000);
    await mock.clock.advance(100, HERE);
    expect((await delayed).status).toBe(200);
  });

  it.each([HERE, {}, { ...HERE, only: ['clock'] as ['clock'] }])(
    'ends with a reset (%o), not never',
    async (scope) => {
      await mock.clock.freeze(HERE);
      await inject({ type: 'delay', ms: 100_000 });
      const delayed = callsOf(mock.url).poll(await create());
      await until(async () => (await mock.faults.list())[0]?.hits === 1, 'the fault');
      await mock.reset(scope);
      expect([200, 404]).toContain((await delayed).status);
    },
  );

  it('goes together with what comes after it', async () => {
    await inject({ type: 'delay', ms: 5 });
    await inject({ type: 'malformed' });
    const slow = callsOf(mock.url).poll(await create());
    await until(async () => (await mock.faults.list())[0]?.hits === 1, 'the fault');
    await mock.clock.advance(5);
    const answer = await slow;
    expect(() => JSON.parse(answer.text)).toThrow();
    expect((await mock.faults.list()).map(({ hits }) => hits)).toEqual([1, 1]);
  });
});

describe('phases', () => {
  const error = { type: 'error', status: 500 } as const;

  it('before everything: no token is asked for, nothing is read', async () => {
    await inject(error, { phase: 'before' });
    const taskId = await create();
    expect((await call(callsOf(mock.url).address(taskId), { token: null })).status).toBe(500);
    expect(await polls(taskId)).toBe(0);
  });

  it('checked, the usual one: credentials, parameters and the task come first, and the read does not count', async () => {
    await inject(error);
    const taskId = await create();
    const { poll, address } = callsOf(mock.url);
    expect((await call(address(taskId), { token: null })).status).toBe(401);
    expect((await poll('nobody')).status).toBe(404);
    expect((await call(address('%20'))).status).toBe(400);
    expect((await mock.faults.list())[0]?.hits).toBe(0);
    expect((await poll(taskId)).status).toBe(500);
    expect(await polls(taskId)).toBe(0);
  });

  it('after the work: the read counts although its answer never came', async () => {
    await inject(error, { phase: 'after' });
    const taskId = await create();
    expect((await callsOf(mock.url).poll(taskId)).status).toBe(500);
    expect(await polls(taskId)).toBe(1);
    await callsOf(mock.url).poll(taskId);
    expect((await mock.tasks.get(taskId)).task_status).toBe('processing');
  });

  it.each<['before' | 'checked' | 'after', number]>([
    ['before', 0],
    ['checked', 0],
    ['after', 1],
  ])('an import that is struck %s leaves %i task(s)', async (phase, count) => {
    const operation = 'ImportApiDefinitionsAsync';
    await inject(error, { operation, ...(phase === 'checked' ? {} : { phase }) });
    await expect(callsOf(mock.url).importFile(document('struck'))).rejects.toThrow('500');
    expect((await mock.tasks.list(HERE)).total).toBe(count);
    await mock.clock.advance(10_000);
    expect(await callsOf(mock.url).groups()).toBe(count);
  });
});

describe('matching', () => {
  it('by operation, method, task and scope leaves all other calls alone', async () => {
    const error = { type: 'error', status: 500 } as const;
    const [mine, other] = [await create(), await create()];
    const there = { project_id: 'p1', instance_id: 'i2' };
    const elsewhere = await create(there);
    await mock.faults.add({ ...HERE, task_id: mine, method: 'GET', action: error });
    const { poll, groups } = callsOf(mock.url);
    expect((await poll(mine)).status).toBe(500);
    expect((await poll(other)).status).toBe(200);
    expect((await callsOf(mock.url, there).poll(elsewhere)).status).toBe(200);
    expect(await groups()).toBe(0);
  });

  it('may be every call of a project, or of the mock, IAM included', async () => {
    await mock.faults.add({ action: { type: 'error', status: 503 } });
    expect((await call(`${mock.url}/v3/regions`)).status).toBe(503);
    expect((await call(`${mock.url}/v2/p9/apigw/instances/i9/apis`)).status).toBe(503);
    expect((await mock.faults.list())[0]).toMatchObject({ hits: 2, seen: 2 });
  });

  it('is listed with hits, removed by id, cleared by scope', async () => {
    const [one, two] = [
      await inject({ type: 'error' }),
      await inject({ type: 'error' }, { project_id: 'p2' }),
    ];
    expect((await mock.faults.list()).map(({ id, hits, seen }) => [id, hits, seen])).toEqual([
      [one.id, 0, 0],
      [two.id, 0, 0],
    ]);
    await mock.faults.remove(one.id);
    const gone = await refusal(mock.faults.remove(one.id));
    expect([gone.status, gone.why]).toEqual([404, `there is no fault ${one.id}`]);
    await mock.faults.clear({ project_id: 'p1' });
    expect(await mock.faults.list()).toHaveLength(1);
    await mock.faults.clear({ project_id: 'p2' });
    expect(await mock.faults.list()).toEqual([]);
  });
});
