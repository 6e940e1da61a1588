/** Tasks and resets by `/__admin`: a task that really moves, what a request must contain, and the way back to the start. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunningMock } from '../../src/mock.ts';
import documented from '../contract/documented-responses.json' with { type: 'json' };
import { type CallResponse, call, taskUrl, testMock } from '../support/mock.ts';

let mock: RunningMock;
beforeAll(async () => {
  mock = await testMock({ clock: 'manual', workers: 1 });
});
afterAll(() => mock.close());
beforeEach(() => admin('/reset', {}));

const admin = (
  path: string,
  json?: unknown,
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE',
): Promise<CallResponse> =>
  call(`${mock.url}/__admin${path}`, {
    token: null,
    ...(json === undefined ? {} : { json }),
    ...(method === undefined ? {} : { method }),
  });
const HERE = { project_id: 'p1', instance_id: 'i1' };
const create = (more: object = {}): Promise<CallResponse> =>
  admin('/tasks', { ...HERE, task_type: 'import_api', ...more });
const advance = (ms: number): Promise<CallResponse> => admin('/clock/advance', { ms });
const statusOf = async (taskId: string): Promise<string> =>
  (await call(taskUrl(mock.url, taskId))).body.task_status;

describe('health', () => {
  it('is ok and ready, with the version', async () => {
    expect((await admin('/health')).body).toEqual({
      status: 'ok',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
    expect((await admin('/ready')).body).toMatchObject({ status: 'ready' });
  });
});

describe('a task made by /__admin/tasks', () => {
  it('is seen as waiting, processing, succeed, exactly by the clock', async () => {
    const made = await create({ plan: { mode: 'time', waiting_ms: 500, processing_ms: 1500 } });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      ...HERE,
      task_type: 'import_api',
      task_status: 'waiting',
      task_result: '',
      hold: false,
    });
    const id = made.body.task_id;
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    for (const [ms, status] of [
      [499, 'waiting'],
      [1, 'processing'],
      [1499, 'processing'],
      [1, 'succeed'],
      [1e9, 'succeed'],
    ] as const) {
      await advance(ms);
      expect(await statusOf(id)).toBe(status);
    }
  });

  it('waits for a worker: with one, two are processed one after the other', async () => {
    const plan = { mode: 'time', waiting_ms: 100, processing_ms: 100 };
    for (const task_id of ['first', 'second']) await create({ task_id, plan });
    const seen: string[] = [];
    for (let at = 0; at < 4; at += 1) {
      seen.push(`${await statusOf('first')} ${await statusOf('second')}`);
      await advance(100);
    }
    expect(seen).toEqual(['waiting waiting', 'processing waiting', 'succeed processing', 'succeed succeed']);
  });

  it('shows each state to as many polls as its plan specifies', async () => {
    await create({ task_id: 'polled', plan: { mode: 'polls', waiting_polls: 2, processing_polls: 3 } });
    const seen = [];
    for (let at = 0; at < 7; at += 1) seen.push(await statusOf('polled'));
    expect(seen).toEqual([
      'waiting',
      'waiting',
      'processing',
      'processing',
      'processing',
      'succeed',
      'succeed',
    ]);
  });

  it('is seen by 100 concurrent polls in an order that never goes back, each counted once', async () => {
    await create({ task_id: 'raced', plan: { mode: 'polls', waiting_polls: 30, processing_polls: 40 } });
    const seen = await Promise.all(Array.from({ length: 100 }, () => statusOf('raced')));
    const count = (status: string): number => seen.filter((one) => one === status).length;
    expect([count('waiting'), count('processing'), count('succeed')]).toEqual([30, 40, 30]);
  });

  it('moves by steps under a manual plan, and is rejected one more', async () => {
    await create({ task_id: 'stepped', plan: { mode: 'manual' } });
    expect(await statusOf('stepped')).toBe('waiting');
    expect((await admin('/tasks/stepped/step', {})).body.task_status).toBe('processing');
    expect((await admin('/tasks/stepped/step', {})).body.task_status).toBe('succeed');
    const rejected = await admin('/tasks/stepped/step', {});
    expect([rejected.status, rejected.body.error_code]).toEqual([400, 'APIG.2012']);
    expect(rejected.headers['x-mock-reason']).toMatch(/ended/);
  });

  it('ends as requested', async () => {
    const outcome = {
      status: 'failed',
      error_code: 'APIG.3201',
      error_msg: 'The API group name already exists',
    };
    await create({ task_id: 'ended', plan: { mode: 'immediate' }, outcome });
    expect((await call(taskUrl(mock.url, 'ended'))).text).toBe(
      '{"task_id":"ended","task_status":"failed","task_type":"import_api","task_result":"{\\"error_code\\":\\"APIG.3201\\",\\"error_msg\\":\\"The API group name already exists\\"}"}',
    );
  });

  it('is seen in its own project and instance only', async () => {
    await create({ task_id: 'mine', plan: { mode: 'manual' } });
    expect(await statusOf('mine')).toBe('waiting');
    for (const [project, instance] of [
      ['p2', 'i1'],
      ['p1', 'i2'],
    ] as const) {
      const response = await call(taskUrl(mock.url, 'mine', project, instance));
      expect([response.status, response.body.error_code]).toEqual([404, 'APIG.3093']);
      expect(response.headers['x-mock-reason']).toBe('unknown task here; exists in project p1, instance i1');
    }
  });
});

describe('a request', () => {
  it.each<[string, object, string]>([
    ['without a project', { project_id: undefined }, 'APIG.2001 project_id'],
    ['without a kind', { task_type: undefined }, 'APIG.2001 task_type'],
    ['of an unknown kind', { task_type: 'delete_api' }, 'APIG.2012 task_type'],
    ['with a bad id', { task_id: 'a b' }, 'APIG.2012 task_id'],
    ['with an unknown member', { task_typ: 'x' }, 'APIG.2012 task_typ'],
    ['with an unknown plan', { plan: { mode: 'later' } }, 'APIG.2012 plan'],
    [
      'with a time that is no number',
      { plan: { mode: 'time', waiting_ms: '5' } },
      'APIG.2012 plan.waiting_ms',
    ],
    ['with a count below 0', { plan: { mode: 'polls', waiting_polls: -1 } }, 'APIG.2012 plan.waiting_polls'],
    [
      'with half an outcome',
      { outcome: { status: 'failed', error_code: 'X' } },
      'APIG.2001 outcome.error_msg',
    ],
  ])('%s is rejected by the name of its place', async (_what, more, expected) => {
    const response = await create(more);
    const [code, place] = expected.split(' ');
    expect([response.status, response.body.error_code]).toEqual([400, code]);
    expect(response.body.error_msg).toContain(`parameterName:${place}. `);
  });

  it('for an id that is taken is rejected, and so is one for a seed that every scope sees', async () => {
    await create({ task_id: 'taken' });
    for (const task_id of ['taken', documented.tasks[0]?.task_id]) {
      const response = await create({ task_id });
      expect([response.status, response.body.error_code]).toEqual([400, 'APIG.2012']);
    }
    expect((await create({ task_id: 'taken', instance_id: 'i2' })).status).toBe(201);
  });
});

describe('the list', () => {
  it('filters and pages, and counts all that fit', async () => {
    for (let at = 0; at < 5; at += 1)
      await create({ task_id: `t${at}`, task_type: at % 2 ? 'export_api' : 'import_api', project_id: 'pl' });
    const ids = async (query: string) => (await admin(`/tasks?project_id=pl&${query}`)).body;
    const all = await ids('task_status=waiting&limit=2&offset=1');
    const documentedWaiting = 1;
    expect(all.total).toBe(5 + documentedWaiting);
    expect(all.tasks.map(({ task_id }: { task_id: string }) => task_id)).toEqual(['t0', 't1']);
    expect((await ids('task_type=export_api&task_status=waiting')).total).toBe(2);
  });

  it.each([
    'limit=0',
    'limit=1001',
    'limit=many',
    'offset=-1',
    'task_status=done',
    'colour=red',
    'project_id=a%20b',
  ])('rejects %s', async (query) => {
    const response = await admin(`/tasks?${query}`);
    expect(response.status).toBe(400);
    expect(response.body.error_msg).toContain(`parameterName:${query.split('=')[0]}. `);
  });

  it('has no task under an unknown id', async () => {
    const response = await admin('/tasks/nobody');
    expect([response.status, response.body.error_code]).toEqual([404, 'APIG.3093']);
  });
});

describe('a reset', () => {
  it('returns 204 and takes everything back to the seeds, twice over', async () => {
    await create({ task_id: 'gone' });
    for (let at = 0; at < 2; at += 1) {
      const response = await admin('/reset', {});
      expect([response.status, response.text]).toEqual([204, '']);
    }
    const list = (await admin('/tasks')).body;
    expect(list.tasks.map(({ task_id }: { task_id: string }) => task_id)).toEqual(
      documented.tasks.map(({ task_id }) => task_id),
    );
  });

  it('of a project, or of one instance, leaves the rest', async () => {
    const where = [
      ['p1', 'i1'],
      ['p1', 'i2'],
      ['p2', 'i1'],
    ] as const;
    const left = async () => {
      const found = await Promise.all(
        where.map(async ([p, i]) => (await call(taskUrl(mock.url, 't', p, i))).status === 200),
      );
      return where.filter((_, at) => found[at]).map((ids) => ids.join('/'));
    };
    for (const [project_id, instance_id] of where) await create({ task_id: 't', project_id, instance_id });
    await admin('/reset', { project_id: 'p1', instance_id: 'i1' });
    expect(await left()).toEqual(['p1/i2', 'p2/i1']);
    await admin('/reset', { project_id: 'p1' });
    expect(await left()).toEqual(['p2/i1']);
    expect((await call(taskUrl(mock.url, documented.tasks[0]?.task_id ?? ''))).status).toBe(200);
  });

  it('stops what was due: a task of the same id made afterwards goes its own way', async () => {
    await create({ task_id: 'again', plan: { mode: 'time', waiting_ms: 10, processing_ms: 10 } });
    await admin('/reset', {});
    await create({ task_id: 'again', plan: { mode: 'manual' } });
    await advance(1000);
    expect(await statusOf('again')).toBe('waiting');
  });

  it('is rejected for what it does not know', async () => {
    expect((await admin('/reset', { project: 'p1' })).status).toBe(400);
  });
});
