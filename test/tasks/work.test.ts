/** The work behind a task: when its job is called, and what becomes of what it makes. */
import { describe, expect, it } from 'vitest';
import { MAX_REASON_CHARS, type Plan } from '../../src/tasks/task.ts';
import { attempt, type Commit, type Job } from '../../src/tasks/work.ts';
import { HERE, pollsPlan, promised, settle, timePlan, workshop } from './workshop.ts';

/** A job that notes for whom it was called, in which state. */
function noted(made: Commit = () => ({ status: 'succeed', result: 'made' })) {
  const calls: string[] = [];
  const job: Job = (task) => {
    calls.push(`${task.id} ${task.status}`);
    return made;
  };
  return { calls, job };
}
const failed = { status: 'failed', error_code: 'E', error_msg: 'm' } as const;

describe('a job', () => {
  it.each<[Plan, string[]]>([
    [timePlan(1, 1), ['a processing']],
    [{ mode: 'manual' }, ['a waiting']],
    [pollsPlan(1, 1), ['a waiting']],
    [{ mode: 'immediate' }, ['a waiting']],
    [{ ...timePlan(1, 1), outcome: { status: 'succeed' } }, ['a processing']],
    [{ ...timePlan(1, 1), outcome: { status: 'succeed', task_result: '' } }, []],
    [{ ...timePlan(1, 1), outcome: failed }, []],
    [{ mode: 'immediate', outcome: failed }, []],
  ])('of %j is called %j', async (plan, called) => {
    const { calls, job } = noted();
    const { create, worker, clock } = workshop({ job });
    const task = await create('a', plan);
    for (let at = 0; at < 3; at += 1) {
      worker.noteRead(task);
      await worker.step(task);
      await clock.advance(1);
    }
    expect([calls, task.status]).toEqual([called, plan.outcome === failed ? 'failed' : 'succeed']);
    if (plan.outcome === undefined || called.length > 0) expect(task.result).toBe('made');
  });

  it('that is slow is called once, however often the task is asked for', async () => {
    let calls = 0;
    const slow = promised<Commit>();
    const { create, worker } = workshop({
      job: () => {
        calls += 1;
        return slow.promise;
      },
    });
    const created = create('a', { mode: 'immediate' });
    await settle();
    slow.resolve(() => ({ status: 'succeed', result: 'late' }));
    const task = await created;
    worker.noteRead(task);
    expect([calls, task.status, task.result]).toEqual([1, 'succeed', 'late']);
  });

  it('may give a reason, as long as is shown', async () => {
    const reason = 'x'.repeat(MAX_REASON_CHARS);
    const { create } = workshop({ job: noted(() => ({ ...failed, reason: `${reason}y` })).job });
    expect((await create('a', { mode: 'immediate' })).reason).toBe(reason);
  });

  it('may give one where it succeeded, too', async () => {
    const { create } = workshop({
      job: noted(() => ({ status: 'succeed', result: '{}', reason: 'something was left out' })).job,
    });
    const { status, reason } = await create('a', { mode: 'immediate' });
    expect([status, reason]).toEqual(['succeed', 'something was left out']);
  });
});

describe('slots', () => {
  it('are not given back by tasks that had none', async () => {
    const { create, worker, store } = workshop({ slots: 1 });
    await create('a', timePlan(0, 100));
    await create('b', timePlan(0, 100));
    const manual = await create('c', { mode: 'manual' });
    await worker.step(manual);
    await worker.step(manual);
    await create('d', { mode: 'immediate' });
    expect(worker.load(store.scope(HERE.projectId, HERE.instanceId))).toEqual({ busy: 1, queued: 1 });
  });

  it('do not bind the tasks that every scope sees', async () => {
    const { create } = workshop({ slots: 1 });
    const tasks = [
      await create('a', timePlan(0, 100), { scope: undefined }),
      await create('b', timePlan(0, 100), { scope: undefined }),
    ];
    expect(tasks.map(({ status }) => status)).toEqual(['processing', 'processing']);
  });

  it('let a move of the clock wait for the work of those who came in line', async () => {
    const slow = promised<Commit>();
    const { create, clock } = workshop({
      slots: 1,
      job: ({ id }) => (id === 'b' ? slow.promise : () => ({ status: 'succeed', result: '' })),
    });
    await create('a', timePlan(0, 10));
    const b = await create('b', timePlan(0, 0));
    let over = false;
    const moved = clock.advance(100).then(() => {
      over = true;
    });
    await settle();
    expect([over, b.status]).toEqual([false, 'processing']);
    slow.resolve(() => ({ status: 'succeed', result: 'late' }));
    await moved;
    expect([b.status, b.result]).toEqual(['succeed', 'late']);
  });
});

describe('tasks that every scope sees', () => {
  it('need no space', async () => {
    const { create } = workshop({ maxTasks: 1 });
    await create('a', { mode: 'manual' });
    await expect(create('b', { mode: 'manual' })).rejects.toMatchObject({
      body: { error_code: 'APIG.3100' },
    });
    expect((await create('c', { mode: 'manual' }, { scope: undefined })).status).toBe('waiting');
  });
});

describe('a move that is attempted', () => {
  const cause = new Error('broken');
  it.each<[string, () => void | Promise<void>, unknown[]]>([
    ['at once', () => {}, []],
    ['later', () => Promise.resolve(), []],
    [
      'that throws',
      () => {
        throw cause;
      },
      [cause],
    ],
    ['that rejects', () => Promise.reject(cause), [cause]],
  ])('%s reports what broke, and throws nothing', async (_what, move, expected) => {
    const { create } = workshop();
    const task = await create('a', { mode: 'manual' });
    const failures: unknown[] = [];
    await attempt(task, move, (of, why) => void failures.push(of === task && why));
    expect(failures).toEqual(expected);
  });
});
