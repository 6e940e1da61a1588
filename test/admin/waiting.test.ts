/** Waiting for a task or for a scope: how soon it wakes, what it returns when the time is up, and when it never ends. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ApigMock, type PlanInput, startApigMock } from '../../src/index.ts';
import { call } from '../support/mock.ts';
import { callsOf, document, HERE, rejection, turns } from './scene.ts';

let mock: ApigMock;
beforeAll(async () => {
  mock = await startApigMock({ fixtures: 'none' });
});
afterAll(() => mock.close());
afterEach(() => mock.reset());

const polls: PlanInput = { mode: 'polls', waiting_polls: 1, processing_polls: 1 };
const create = (plan: PlanInput, more: object = {}) =>
  mock.tasks.create({ ...HERE, task_type: 'import_api', plan, ...more });
const time = (waiting_ms: number, processing_ms: number): PlanInput => ({
  mode: 'time',
  waiting_ms,
  processing_ms,
});
const poll = (taskId: string) => callsOf(mock.url).poll(taskId);

describe('waiting for a task', () => {
  it.each(['waiting', 'processing', 'succeed', undefined] as const)('lasts until it is %s', async (until) => {
    const { task_id } = await create({ mode: 'polls', waiting_polls: 2, processing_polls: 2 });
    const waited = mock.tasks.wait(task_id, { ...HERE, ...(until && { until }) });
    let isOver = false;
    void waited.then(() => {
      isOver = true;
    });
    const reads = { waiting: 0, processing: 2, succeed: 4 }[until ?? 'succeed'];
    for (let read = 0; read < reads; read += 1) {
      await turns();
      expect(isOver).toBe(false);
      await poll(task_id);
    }
    expect((await waited).task_status).toBe(until ?? 'succeed');
  });

  it('ends at once for a state that has passed', async () => {
    const { task_id } = await create({ mode: 'immediate' });
    expect((await mock.tasks.wait(task_id, { until: 'waiting' })).task_status).toBe('succeed');
  });

  it('for failed lasts until it has failed', async () => {
    const outcome = { status: 'failed', error_code: 'APIG.3201', error_msg: 'no' } as const;
    const { task_id } = await create({ ...polls, outcome });
    const waited = mock.tasks.wait(task_id, { until: 'failed' });
    await poll(task_id);
    await poll(task_id);
    expect((await waited).task_status).toBe('failed');
  });

  it('wakes soon after the state was reached: within 50 ms, here 250 ms for a machine that is busy', async () => {
    const late: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const { task_id } = await create(time(5, 5));
      const { task_status, ended_at = '' } = await mock.tasks.wait(task_id, { timeout_ms: 5000 });
      late.push(Date.now() - Date.parse(ended_at));
      expect(task_status).toBe('succeed');
    }
    expect(Math.min(...late)).toBeLessThanOrEqual(50);
    expect(Math.max(...late)).toBeLessThan(250);
  });

  it('returns 408 and the task as it is when the time is up', async () => {
    const { task_id } = await create(time(60_000, 0));
    const url = `${mock.url}/__admin/tasks/${task_id}/wait?timeout_ms=5`;
    const response = await call(url, { token: null });
    expect(response.status).toBe(408);
    expect(response.body).toMatchObject({ error_code: 'APIG.0201', task_id, task_status: 'waiting' });
    const rejected = await rejection(mock.tasks.wait(task_id, { timeout_ms: 5 }));
    expect([rejected.status, rejected.code]).toEqual([408, 'APIG.0201']);
  });

  it('may take no time at all', async () => {
    const { task_id } = await create(time(60_000, 0));
    expect((await rejection(mock.tasks.wait(task_id, { timeout_ms: 0 }))).status).toBe(408);
  });
});

describe('what a wait was too short for', () => {
  const short = (wait: (mock: ApigMock) => Promise<unknown>): Promise<{ why: string }> =>
    rejection(wait(mock));

  it('is named task by task, and the first few of many', async () => {
    const { task_id } = await create({ mode: 'polls', waiting_polls: 2 });
    const idle = (): Promise<{ why: string }> =>
      short((one) => one.idle({ project_id: 'p1', timeout_ms: 1 }));
    expect((await idle()).why).toBe(`tasks are still on their way: ${task_id}: by reads, 0 of 2`);
    await poll(task_id);
    await poll(task_id);
    expect((await idle()).why).toBe(`tasks are still on their way: ${task_id}: by reads, 0 of 1`);
    const { created_at } = await create(time(60_000, 0));
    await mock.tasks.create({ project_id: 'p2', instance_id: 'i1', task_type: 'import_api', plan: polls });
    const due = new Date(Date.parse(created_at) + 60_000).toISOString();
    expect((await idle()).why).toContain(`: by the clock, at ${due}`);
    expect((await idle()).why).not.toContain('more');
    await create(polls);
    await create(polls);
    expect((await idle()).why).toMatch(/; and 1 more$/);
    const response = await call(`${mock.url}/__admin/idle?project_id=p1&timeout_ms=1`, { token: null });
    expect([response.status, response.headers['x-mock-reason']]).toEqual([
      408,
      expect.stringMatching(/by reads, 0 of 1/),
    ]);
  });

  it.each<[string, PlanInput, number, RegExp]>([
    [
      'reads',
      { mode: 'polls', waiting_polls: 3 },
      1,
      /^Request timeout: the task is still waiting; it moves by reads: 2 more see waiting; poll it$/,
    ],
    [
      'one read',
      { mode: 'polls', waiting_polls: 1, processing_polls: 1 },
      1,
      /still processing; it moves by reads: 1 more sees processing; poll it$/,
    ],
    ['time', time(60_000, 0), 0, /the task is still waiting; it moves by the clock, at \d{4}-.*Z$/],
  ])(
    'is explained for a task that moves by %s, in the message and the response',
    async (_what, plan, reads, expected) => {
      const { task_id } = await create(plan);
      for (let read = 0; read < reads; read += 1) await poll(task_id);
      await expect(mock.tasks.wait(task_id, { timeout_ms: 1 })).rejects.toThrow(expected);
      const { body } = await call(`${mock.url}/__admin/tasks/${task_id}/wait?timeout_ms=1`, { token: null });
      expect(body).toMatchObject({
        error_code: 'APIG.0201',
        error_msg: expect.stringMatching(expected),
        task_id,
      });
    },
  );

  it('is a place in the queue, where all workers are busy', async () => {
    await using own = await startApigMock({ fixtures: 'none', workers: 1 });
    const at = { ...HERE, task_type: 'import_api', plan: time(0, 60_000) } as const;
    await own.tasks.create({ ...at, task_id: 'a' });
    await own.tasks.create({ ...at, task_id: 'b' });
    expect((await rejection(own.idle({ timeout_ms: 1 }))).why).toContain('b: in line for a worker');
  });
});

describe('a wait that would last for ever gets 409 at once', () => {
  const never = async (wait: Promise<unknown>, why: string): Promise<void> => {
    const startMs = performance.now();
    const rejected = await rejection(wait);
    expect([rejected.status, rejected.code]).toEqual([409, 'APIG.3718']);
    expect(rejected.why).toContain(why);
    expect(performance.now() - startMs).toBeLessThan(2000);
  };

  it('when the clock stands still', async () => {
    await mock.clock.freeze();
    const { task_id } = await create(time(1, 1));
    await never(mock.tasks.wait(task_id), 'stands still');
    await never(mock.idle(), 'stands still');
  });

  it("when the scope's own clock stands still", async () => {
    await mock.clock.freeze(HERE);
    const { task_id } = await create(time(1, 1));
    await never(mock.tasks.wait(task_id, HERE), 'stands still');
    await never(mock.idle({ project_id: 'p1' }), 'stands still');
  });

  it('when the clock is made to stand still meanwhile', async () => {
    const { task_id } = await create(time(60_000, 0));
    const waits = [mock.tasks.wait(task_id), mock.idle()].map((wait) => never(wait, 'stands still'));
    await turns();
    await mock.clock.freeze();
    await Promise.all(waits);
  });

  it('when the plan is manual', async () => {
    const { task_id } = await create({ mode: 'manual' });
    await never(mock.tasks.wait(task_id), 'manual');
    await never(mock.idle(HERE), 'manual');
  });

  it('when the task is held', async () => {
    await using documented = await startApigMock();
    const held = (await documented.tasks.list()).tasks.find(
      ({ hold, task_status }) => hold && task_status === 'waiting',
    );
    await never(documented.tasks.wait(held?.task_id ?? ''), 'held');
  });

  it('when the task has ended otherwise, or ends otherwise meanwhile', async () => {
    const ended = await create({ mode: 'immediate' });
    await never(mock.tasks.wait(ended.task_id, { until: 'failed' }), 'has ended as succeed');
    const ending = await create(polls);
    const waited = never(mock.tasks.wait(ending.task_id, { until: 'failed' }), 'has ended as succeed');
    await poll(ending.task_id);
    await poll(ending.task_id);
    await waited;
  });

  it('when the task is reset meanwhile, by its scope or with everything', async () => {
    for (const scope of [HERE, { project_id: 'p1' }, {}]) {
      const { task_id } = await create(polls);
      const waited = never(mock.tasks.wait(task_id), 'reset');
      await turns();
      await mock.reset(scope);
      await waited;
    }
  });

  it('but not when steps lead there', async () => {
    const { task_id } = await create({ mode: 'manual' });
    await mock.tasks.step(task_id);
    expect((await mock.tasks.wait(task_id, { until: 'processing' })).task_status).toBe('processing');
  });
});

describe('waiting for a scope to be idle', () => {
  it('ends at once where there is nothing', async () => {
    await mock.idle();
    await mock.idle({ project_id: 'nobody' });
  });

  it('lasts until the last task of the scope has ended, regardless of other scopes', async () => {
    const [one, two] = [await create(polls), await create(polls)];
    await create({ mode: 'manual' }, { project_id: 'p2' });
    const idle = mock.idle(HERE);
    let isOver = false;
    void idle.then(() => {
      isOver = true;
    });
    for (const { task_id } of [one, two]) {
      await turns();
      expect(isOver).toBe(false);
      await poll(task_id);
      await poll(task_id);
    }
    await idle;
  });

  it('includes imports, whose APIs exist afterwards', async () => {
    await mock.plan({ plan: time(1, 1) });
    const calls = callsOf(mock.url);
    await Promise.all(Array.from({ length: 10 }, (_one, at) => calls.importFile(document(`idle${at}`))));
    await mock.idle({ ...HERE, timeout_ms: 10_000 });
    expect(await calls.groups()).toBe(10);
  });

  it('returns 408 when the time is up, and ends when everything is reset', async () => {
    await create(time(60_000, 0));
    expect((await rejection(mock.idle({ timeout_ms: 5 }))).status).toBe(408);
    const idle = mock.idle();
    await turns();
    await mock.reset();
    await idle;
  });
});

describe('closing the mock', () => {
  it('ends every wait with 408, over HTTP and on the object, in under half a second', async () => {
    const other = await startApigMock({ fixtures: 'none' });
    await call(`${other.url}/__admin/health`);
    const { task_id } = await other.tasks.create({ ...HERE, task_type: 'import_api', plan: time(60_000, 0) });
    const waits = [other.tasks.wait(task_id), other.idle()].map(rejection);
    const overHttp = ['idle', `tasks/${task_id}/wait`].map((path) =>
      call(`${other.url}/__admin/${path}`, { token: null }),
    );
    await turns(50);
    const startMs = performance.now();
    await other.close();
    for (const { status } of await Promise.all([...waits, ...overHttp])) expect(status).toBe(408);
    expect(performance.now() - startMs).toBeLessThan(1500);
  });
});
