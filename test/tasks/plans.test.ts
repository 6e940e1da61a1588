/** The plans that go by reads, by hand and at once; and what a reset takes away. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillPlan } from '../../src/tasks/plans.ts';
import type { Plan, Task } from '../../src/tasks/task.ts';
import { resultOf } from '../../src/tasks/wire.ts';
import type { Commit } from '../../src/tasks/work.ts';
import { committed, HERE, pollsPlan, promised, settle, timePlan, workshop } from './workshop.ts';

/** Reads a task as the route does: what is seen is the state before the read counts. */
const read = (worker: ReturnType<typeof workshop>['worker'], task: Task): string => {
  const { status } = task;
  worker.noteRead(task);
  return status;
};

describe('a polls plan', () => {
  it('shows each state to exactly as many reads as it specifies (property)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(12), fc.nat(12), async (waiting, processing) => {
        const { create, worker } = workshop();
        const task = await create('a', pollsPlan(waiting, processing));
        const seen = Array.from({ length: waiting + processing + 5 }, () => read(worker, task));
        expect(seen).toEqual([
          ...Array(waiting).fill('waiting'),
          ...Array(processing).fill('processing'),
          ...Array(5).fill('succeed'),
        ]);
      }),
    );
  });

  it('counts every read of an end for nothing', async () => {
    const { create, worker, moves } = workshop();
    const task = await create('a', pollsPlan(1, 1));
    for (let at = 0; at < 1000; at += 1) read(worker, task);
    expect(task.reads).toBe(0);
    expect(moves).toHaveLength(3);
  });

  it('does not move by time', async () => {
    const { create, clock } = workshop();
    const task = await create('a', pollsPlan(1, 1));
    await clock.advance(1e9);
    expect(task.status).toBe('waiting');
  });

  it('has its job ready before the task is seen at all, so that reads alone decide', async () => {
    const ready = promised<Commit>();
    const { create } = workshop({ job: () => ready.promise });
    let created = false;
    const creating = create('a', pollsPlan(0, 0)).then((task) => {
      created = true;
      return task;
    });
    await settle();
    expect(created).toBe(false);
    ready.resolve(committed('x'));
    expect(resultOf(await creating)).toBe('x');
  });

  it('counts no read of a held task', async () => {
    const { create, worker } = workshop();
    const task = await create('a', pollsPlan(1, 1), { held: true });
    for (let at = 0; at < 5; at += 1) read(worker, task);
    expect([task.status, task.reads]).toEqual(['waiting', 0]);
  });
});

describe('a manual plan', () => {
  it('moves one state per step, and then no more', async () => {
    const { create, worker, clock, moves } = workshop();
    const task = await create('a', { mode: 'manual' });
    await clock.advance(1e6);
    for (let at = 0; at < 5; at += 1) worker.noteRead(task);
    expect(task.status).toBe('waiting');
    expect(await worker.step(task)).toBe(true);
    expect(task.status).toBe('processing');
    expect(await worker.step(task)).toBe(true);
    expect(task.status).toBe('succeed');
    expect(await worker.step(task)).toBe(false);
    expect(moves).toEqual(['a waiting @0', 'a processing @1000000', 'a succeed @1000000']);
  });

  it.each<[string, Plan]>([
    ['time', timePlan(5, 5)],
    ['polls', pollsPlan(5, 5)],
    ['immediate', { mode: 'immediate' }],
  ])('is the only one that is stepped: not %s', async (_mode, plan) => {
    const { create, worker } = workshop();
    const task = await create('a', plan);
    const { status } = task;
    expect(await worker.step(task)).toBe(false);
    expect(task.status).toBe(status);
  });

  it('of a held task is not stepped', async () => {
    const { create, worker } = workshop();
    const task = await create('a', { mode: 'manual' }, { held: true });
    expect(await worker.step(task)).toBe(false);
    expect(task.status).toBe('waiting');
  });
});

describe('an immediate plan', () => {
  it('has ended before create returns, having gone the documented way', async () => {
    const { create, moves } = workshop();
    const task = await create('a', { mode: 'immediate' });
    expect(resultOf(task)).toBe('{"done":true}');
    expect(moves).toEqual(['a waiting @0', 'a processing @0', 'a succeed @0']);
  });
});

describe('a plan that leaves things open', () => {
  const defaults = {
    progression: 'time',
    waitingMs: 1,
    processingMs: 2,
    waitingPolls: 3,
    processingPolls: 4,
  } as const;
  it.each([
    [{ mode: 'time' }, { mode: 'time', waiting_ms: 1, processing_ms: 2 }],
    [
      { mode: 'time', waiting_ms: 0 },
      { mode: 'time', waiting_ms: 0, processing_ms: 2 },
    ],
    [{ mode: 'polls' }, { mode: 'polls', waiting_polls: 3, processing_polls: 4 }],
    [
      { mode: 'polls', processing_polls: 0 },
      { mode: 'polls', waiting_polls: 3, processing_polls: 0 },
    ],
    [{ mode: 'manual' }, { mode: 'manual' }],
    [{ mode: 'immediate' }, { mode: 'immediate' }],
  ] as const)('%j becomes %j', (given, filled) => {
    expect(fillPlan(given, defaults)).toEqual(filled);
    const outcome = { status: 'succeed' } as const;
    expect(fillPlan({ ...given, outcome }, defaults)).toEqual({ ...filled, outcome });
  });
});

describe('a reset', () => {
  it('drops what is due: nothing of the old tasks moves any more', async () => {
    const { create, reset, store, clock, moves } = workshop({ slots: 1 });
    for (const id of ['a', 'b']) await create(id, timePlan(5, 100));
    await clock.advance(5);
    const before = moves.length;
    reset();
    await clock.advance(1e6);
    expect(moves).toHaveLength(before);
    expect([store.count, clock.scheduledCount]).toEqual([0, 0]);
  });

  it('frees the slots: a new task in the same scope is processed at once', async () => {
    const { create, reset } = workshop({ slots: 1 });
    await create('old', timePlan(0, 1e6));
    reset();
    expect((await create('new', timePlan(0, 100))).status).toBe('processing');
  });

  it('of a scope leaves the others running', async () => {
    const { create, reset, store, clock } = workshop();
    await create('a', timePlan(5, 5));
    const other = await create('b', timePlan(5, 5), { scope: { projectId: 'p2', instanceId: 'i1' } });
    reset(HERE);
    await clock.advance(10);
    expect(other.status).toBe('succeed');
    expect([...store.list()].map(({ id }) => id)).toEqual(['b']);
  });

  it.each([[HERE], [{ projectId: 'p1' }], [{ instanceId: 'i1' }]])(
    'of %j leaves the tasks that every scope sees',
    async (filter) => {
      const { create, reset, store, clock } = workshop();
      const shared = await create('s', timePlan(5, 5), { scope: undefined });
      reset(filter);
      await clock.advance(10);
      expect(store.find('any', 'where', 's')).toBe(shared);
      expect(shared.status).toBe('succeed');
    },
  );

  it('while a job is being prepared drops its task, and the late job changes nothing', async () => {
    const late = promised<Commit>();
    const { create, reset, clock, moves } = workshop({ job: () => late.promise });
    await create('a', timePlan(5, 5));
    const moved = clock.advance(10);
    await settle();
    reset();
    late.resolve(committed('x'));
    await moved;
    expect(moves).toEqual(['a waiting @0', 'a processing @5']);
  });

  it('is reported as an event, with what was emptied', async () => {
    const { create, reset, events } = workshop();
    await create('a', timePlan(5, 5));
    reset({ projectId: 'p1' });
    reset();
    expect(events.slice(1)).toMatchObject([
      { type: 'cleared', filter: HERE },
      { type: 'cleared', filter: {} },
    ]);
  });
});
