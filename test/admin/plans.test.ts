/** Plans over sockets: exact reads, concurrent reads, which plan a task gets, and how it ends. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentedError } from '../../src/core/error-codes.ts';
import type { ApigMock, PlanInput, TaskStatus } from '../../src/index.ts';
import { callsOf, document, HERE, rejection, stillMock } from './scene.ts';

let mock: ApigMock;
beforeAll(async () => {
  mock = await stillMock();
});
afterAll(() => mock.close());

const polls = (waiting_polls: number, processing_polls: number): PlanInput => ({
  mode: 'polls',
  waiting_polls,
  processing_polls,
});
const create = (plan?: PlanInput, more: object = {}) =>
  mock.tasks.create({ ...HERE, task_type: 'import_api', ...(plan && { plan }), ...more });
const RANK: Record<TaskStatus, number> = { waiting: 0, processing: 1, succeed: 2, failed: 2 };

describe('a polls plan', () => {
  it.each([
    [0, 0],
    [1, 1],
    [0, 3],
    [3, 0],
    [4, 2],
  ])('shows waiting to exactly %i reads, processing to exactly %i, then the end for ever', async (n, m) => {
    for (const way of ['poll', 'pollLong'] as const) {
      const { task_id } = await create(polls(n, m));
      const seen: string[] = [];
      for (let read = 0; read < n + m + 3; read += 1)
        seen.push((await callsOf(mock.url)[way](task_id)).body.task_status);
      expect(seen).toEqual([
        ...Array(n).fill('waiting'),
        ...Array(m).fill('processing'),
        ...Array(3).fill('succeed'),
      ]);
    }
  });

  it.each(['poll', 'pollLong'] as const)('is used up exactly by 100 concurrent reads (%s)', async (way) => {
    const { task_id } = await create(polls(60, 39));
    const calls = callsOf(mock.url);
    const responses = await Promise.all(Array.from({ length: 100 }, () => calls[way](task_id)));
    const states = responses.map(({ body }) => body.task_status as TaskStatus);
    const count = (state: TaskStatus) => states.filter((one) => one === state).length;
    expect([count('waiting'), count('processing'), count('succeed')]).toEqual([60, 39, 1]);
    expect((await mock.tasks.get(task_id, HERE)).task_status).toBe('succeed');
  });

  it('never goes back for any reader, whichever way its reads take', async () => {
    const { task_id } = await create(polls(50, 50));
    const calls = callsOf(mock.url);
    const readers = Array.from({ length: 10 }, async (_one, reader) => {
      let rank = 0;
      for (let read = 0; read < 12; read += 1) {
        const { body } = await calls[(reader + read) % 2 === 0 ? 'poll' : 'pollLong'](task_id);
        expect(RANK[body.task_status as TaskStatus]).toBeGreaterThanOrEqual(rank);
        rank = RANK[body.task_status as TaskStatus];
      }
    });
    await Promise.all(readers);
    expect((await mock.tasks.get(task_id)).task_status).toBe('succeed');
  });

  it('counts no read by the control calls', async () => {
    const { task_id } = await create(polls(2, 1));
    for (let look = 0; look < 5; look += 1) await mock.tasks.get(task_id);
    await mock.tasks.list();
    expect((await mock.tasks.get(task_id)).polls).toBe(0);
    await callsOf(mock.url).poll(task_id);
    expect((await mock.tasks.get(task_id)).polls).toBe(1);
  });
});

describe('which plan a task gets', () => {
  const at = (project_id: string, instance_id = 'i1') => ({ project_id, instance_id });
  const waitingMs = async (place: { project_id: string; instance_id: string }, task_type = 'import_api') => {
    const { plan } = await mock.tasks.create({ ...place, task_type: task_type as 'import_api' });
    return 'waiting_ms' in plan ? plan.waiting_ms : plan.mode;
  };
  const time = (waiting_ms: number): PlanInput => ({ mode: 'time', waiting_ms });

  it('goes from narrow to wide: the call, the next few, instance and kind, instance, project, all, default', async () => {
    await mock.plan({ plan: time(1) });
    await mock.plan({ project_id: 'q', plan: time(2) });
    await mock.plan({ ...at('q'), plan: time(3) });
    await mock.plan({ ...at('q'), task_type: 'export_api', plan: time(4) });
    await mock.plan({ ...at('q'), times: 2, plan: time(5) });
    const given = await mock.tasks.create({ ...at('q'), task_type: 'import_api', plan: time(6) });
    expect(given.plan).toMatchObject({ waiting_ms: 6 });
    const seen = [await waitingMs(at('q')), await waitingMs(at('q')), await waitingMs(at('q'))];
    expect(seen).toEqual([5, 5, 3]);
    expect(await waitingMs(at('q'), 'export_api')).toBe(4);
    expect(await waitingMs(at('q', 'other'))).toBe(2);
    expect(await waitingMs(at('r'))).toBe(1);
    await mock.plan({ plan: null });
    expect(await waitingMs(at('r'))).toBe(500);
  });

  it('takes a lasting plan away with null, one of the same aim only', async () => {
    await mock.plan({ project_id: 's', plan: time(1) });
    await mock.plan({ ...at('s'), plan: time(2) });
    await mock.plan({ project_id: 's', plan: null });
    expect([await waitingMs(at('s')), await waitingMs(at('s', 'other'))]).toEqual([2, 500]);
    await mock.plan({ ...at('s'), plan: null });
    expect(await waitingMs(at('s'))).toBe(500);
  });

  it('rejects "times" with null: the next few tasks cannot follow no plan', async () => {
    const rejected = await rejection(mock.plan({ project_id: 's', times: 2, plan: null }));
    expect([rejected.status, rejected.code]).toEqual([400, 'APIG.2012']);
    expect(rejected.why).toContain('times');
  });

  it('applies limited plans in the order they were set', async () => {
    for (const ms of [11, 12, 13]) await mock.plan({ ...at('t'), times: 1, plan: time(ms) });
    expect([await waitingMs(at('t')), await waitingMs(at('t')), await waitingMs(at('t'))]).toEqual([
      11, 12, 13,
    ]);
    expect(await waitingMs(at('t'))).toBe(500);
  });

  it('is not spent by a create that is rejected', async () => {
    await mock.plan({ ...at('u'), times: 1, plan: time(21) });
    const taken = { ...at('u'), task_type: 'import_api', task_id: 'one' } as const;
    await mock.tasks.create({ ...taken, plan: { mode: 'manual' } });
    expect((await rejection(mock.tasks.create(taken))).status).toBe(400);
    expect(await waitingMs(at('u'))).toBe(21);
  });

  it('holds for imports over HTTP, and fills in what is left open from the settings', async () => {
    await using other = await stillMock({ waitingPolls: 3, processingPolls: 4 });
    await other.plan({ ...HERE, plan: { mode: 'polls' } });
    const taskId = await callsOf(other.url).importFile(document('planned'));
    expect((await other.tasks.get(taskId)).plan).toEqual({
      mode: 'polls',
      waiting_polls: 3,
      processing_polls: 4,
    });
  });
});

describe('the outcome of a plan', () => {
  it('is the given task_result, byte for byte', async () => {
    const task_result = '{"a": "任务 \\u0000 \\"quoted\\"" }';
    const { task_id } = await create({ mode: 'immediate', outcome: { status: 'succeed', task_result } });
    const response = await callsOf(mock.url).poll(task_id);
    expect(response.body).toMatchObject({ task_status: 'succeed', task_result });
  });

  it('may be a failure with any code of the catalogue', async () => {
    for (const code of ['APIG.3201', 'APIG.3202', 'APIG.3001', 'APIG.9999', 'APIG.2012']) {
      const message = documentedError(code)?.message ?? `${code}?`;
      const { task_id } = await create(undefined, {
        plan: { mode: 'immediate' },
        outcome: { status: 'failed', error_code: code, error_msg: message },
      });
      const { body } = await callsOf(mock.url).poll(task_id);
      expect(body.task_status).toBe('failed');
      expect(JSON.parse(body.task_result)).toEqual({ error_code: code, error_msg: message });
    }
  });

  it('leaves no group behind when an import is planned to fail', async () => {
    await using other = await stillMock();
    const calls = callsOf(other.url);
    await other.plan({
      ...HERE,
      times: 1,
      plan: { mode: 'time', outcome: { status: 'failed', error_code: 'APIG.3201', error_msg: 'no' } },
    });
    const failing = await calls.importFile(document('fails'));
    const working = await calls.importFile(document('works'));
    await other.clock.advance(10_000);
    expect((await calls.poll(failing)).body.task_status).toBe('failed');
    expect((await calls.poll(working)).body.task_status).toBe('succeed');
    expect(await calls.groups()).toBe(1);
  });
});

describe('a manual plan', () => {
  it('moves by steps alone, and rejects a step that cannot be made, with a reason', async () => {
    const { task_id } = await create({ mode: 'manual' });
    await mock.clock.advance(1_000_000);
    await callsOf(mock.url).poll(task_id);
    const seen = [(await mock.tasks.step(task_id)).task_status, (await mock.tasks.step(task_id)).task_status];
    expect(seen).toEqual(['processing', 'succeed']);
    expect((await rejection(mock.tasks.step(task_id))).why).toContain('has ended');
    const timed = await create({ mode: 'time' });
    expect((await rejection(mock.tasks.step(timed.task_id))).why).toContain('time plan');
  });

  it('moves one state per step, however many come at once', async () => {
    const { task_id } = await create({ mode: 'manual' });
    const steps = await Promise.allSettled([1, 2, 3].map(() => mock.tasks.step(task_id)));
    expect(steps.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect((await mock.tasks.get(task_id)).task_status).toBe('succeed');
  });
});
