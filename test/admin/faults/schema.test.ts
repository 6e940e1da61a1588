/** Faults over real sockets: what each action sends, and how long it takes by the clock. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ApigMock, FaultAction, FaultRequest } from '../../../src/index.ts';
import { call } from '../../support/mock.ts';
import { parseResponse, sendBytes } from '../../support/wire.ts';
import { callsOf, HERE, START, stillMock, turns, until } from '../scene.ts';

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
    [
      { type: 'error', status: 400 },
      400,
      {
        error_code: 'APIG.2001',
        error_msg:
          'The request parameters must be specified,parameterName:task_id. Please refer to the support documentation',
      },
    ],
    [{ type: 'error', status: 401 }, 401, { error_code: 'APIG.1002' }],
    [{ type: 'error', status: 403 }, 403, { error_code: 'APIG.1005' }],
    [{ type: 'error', status: 429 }, 429, { error_code: 'APIG.0308' }],
    [{ type: 'error', status: 503 }, 503, { error_code: 'APIG.9999' }],
    [{ type: 'error', error_code: 'APIG.3201' }, 400, { error_code: 'APIG.3201' }],
    [
      { type: 'error', error_code: 'APIC.7302' },
      404,
      { error_code: 'APIC.7302', error_msg: 'Instance not found' },
    ],
    [{ type: 'error', error_code: 'APIG.0203' }, 504, { error_msg: 'Backend timeout' }],
    [
      { type: 'error', status: 418, error_code: 'X.1', error_msg: 'tea' },
      418,
      { error_code: 'X.1', error_msg: 'tea' },
    ],
  ])('%o returns %i in the shape of the provider', async (action, status, body) => {
    const fault = await inject(action);
    const response = await callsOf(mock.url).poll(await create());
    expect(response.status).toBe(status);
    expect(response.body).toMatchObject(body);
    expect(response.headers['content-type']).toBe('application/json');
    expect(response.headers['x-mock-reason']).toBe(`injected fault ${fault.id}`);
    expect(await last()).toMatchObject({ status, fault_id: fault.id, error_code: response.body.error_code });
  });

  it.each<[FaultAction & { type: 'error' }, (taskId: string) => string]>([
    [{ type: 'error', status: 404 }, (taskId) => `The asynchronous task ${taskId} does not exist`],
    [
      { type: 'error', error_code: 'APIG.3093' },
      (taskId) => `The asynchronous task ${taskId} does not exist`,
    ],
    [{ type: 'error', status: 404, error_code: 'APIG.3001' }, () => 'API group does not exist'],
  ])('%o is about what the request names', async (action, text) => {
    await inject(action);
    const taskId = await create();
    const { status, body } = await callsOf(mock.url).poll(taskId);
    expect([status, body.error_msg]).toEqual([404, text(taskId)]);
  });

  it.each(['/api-groups', '/apis', '/envs'])(
    'of status 403 is the one that GET %s documents',
    async (path) => {
      await mock.faults.add({ ...HERE, action: { type: 'error', status: 403 } });
      const { body } = await call(`${mock.url}/v2/p1/apigw/instances/i1${path}`);
      expect(body.error_code).toBe('APIG.1005');
    },
  );

  it('429 may carry the time to retry after', async () => {
    await inject({ type: 'error', status: 429, headers: { 'Retry-After': '7' } }, { times: 1 });
    const taskId = await create();
    const rejected = await callsOf(mock.url).poll(taskId);
    expect([rejected.status, rejected.headers['retry-after']]).toEqual([429, '7']);
    expect((await callsOf(mock.url).poll(taskId)).status).toBe(200);
  });

  it.each([
    '{"a b":"x"}',
    '{"x_y":"z"}',
    '{"x_y":5}',
    '{"":"x"}',
    '{"__proto__":{}}',
    '{"a\\nb":"x"}',
    '{"x":5}',
  ])('takes no header %s', async (headers) => {
    const odd = inject({ type: 'error', headers: JSON.parse(headers) });
    await expect(odd).rejects.toMatchObject({ statusCode: 400, code: 'APIG.2012' });
  });

  it.each(['checked', 'after'] as const)('may have any body (%s)', async (when) => {
    const body = '<html>Bad gateway — 任务</html>';
    const phase = when === 'after' ? { phase: 'after' as const } : {};
    await inject({ type: 'error', status: 502, headers: { 'content-type': 'text/html' }, body }, phase);
    const response = await callsOf(mock.url).poll(await create());
    expect([response.status, response.headers['content-type'], response.text]).toEqual([
      502,
      'text/html',
      body,
    ]);
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

  it('is closed in the middle of the body, whose length was declared', async () => {
    const taskId = await create();
    const whole = parseResponse(await bare(taskId));
    await inject({ type: 'truncate' });
    const cut = parseResponse(await bare(taskId));
    expect(cut.headers['content-length']).toBe(String(whole.text.length));
    expect(cut.text).toBe(whole.text.slice(0, whole.text.length >> 1));
    await expect(callsOf(mock.url).poll(taskId)).rejects.toThrow();
    await until(async () => (await mock.requests.count()) === 3, 'the entry');
  });

  it('sends half of the JSON as if it were whole', async () => {
    await inject({ type: 'malformed' });
    const response = await callsOf(mock.url).poll(await create());
    expect(response.status).toBe(200);
    expect(response.headers['content-length']).toBe(String(response.text.length));
    expect(() => JSON.parse(response.text)).toThrow();
  });

  it('sends the whole response, in pieces spread over the time of the clock', async () => {
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
      void delayed.then((response) => {
        status = response.status;
      });
      await until(async () => (await mock.faults.list())[0]?.hits === 1, 'the fault');
      await mock.clock.advance(ms - 1);
      await turns(20);
      expect(status).toBe(0);
      await mock.clock.advance(1);
      expect((await delayed).status).toBe(200);
    }
  });

  it("follows the scope's own clock", async () => {
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

  it('combines with the fault that follows it', async () => {
    await inject({ type: 'delay', ms: 5 });
    await inject({ type: 'malformed' });
    const slow = callsOf(mock.url).poll(await create());
    await until(async () => (await mock.faults.list())[0]?.hits === 1, 'the fault');
    await mock.clock.advance(5);
    const response = await slow;
    expect(() => JSON.parse(response.text)).toThrow();
    expect((await mock.faults.list()).map(({ hits }) => hits)).toEqual([1, 1]);
  });
});
