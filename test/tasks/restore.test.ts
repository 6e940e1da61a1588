/** Tasks that are restored as they were stored, and tasks that are removed. */
import { describe, expect, it } from 'vitest';
import { Clock } from '../../src/core/clock.ts';
import type { NewTask } from '../../src/tasks/new-task.ts';
import type { Plan, TaskStatus } from '../../src/tasks/task.ts';
import type { Commit } from '../../src/tasks/work.ts';
import { HERE, pollsPlan, promised, START_MS, settle, timePlan, workshop } from './workshop.ts';

const stored = (
  id: string,
  status: TaskStatus,
  more: Partial<NewTask<'import_api'>> & { plan?: Plan } = {},
): NewTask => ({
  scope: HERE,
  id,
  type: 'import_api',
  status,
  plan: timePlan(100, 1000),
  createdMs: START_MS,
  ...more,
});
const THERE = { projectId: 'p2', instanceId: 'i1' };

describe('tasks that are put in again', () => {
  const LINE = ['first', 'second', 'third', 'running', 'other'] as const;
  it.each([
    [['third', 'running', 'second', 'other', 'first']],
    [['first', 'second', 'third', 'other', 'running']],
    [['second', 'third', 'first', 'running', 'other']],
    [['third', 'second', 'first', 'other', 'running']],
  ] as (typeof LINE)[number][][][])('have slots and stand in line as before, put in as %j', async (order) => {
    const { worker, store, clock, moves } = workshop({ slots: 2 });
    await clock.advance(500);
    const all = {
      first: stored('first', 'waiting', { createdMs: START_MS + 100 }),
      second: stored('second', 'waiting', { createdMs: START_MS + 200 }),
      third: stored('third', 'waiting', { createdMs: START_MS + 300 }),
      running: stored('running', 'processing', { startedMs: START_MS + 100 }),
      other: stored('other', 'processing', { startedMs: START_MS + 150 }),
    };
    await worker.restore(order.map((id) => all[id]));
    expect(worker.load(store.scope(HERE.projectId, HERE.instanceId))).toEqual({ busy: 2, queued: 3 });
    expect(moves).toEqual([]);
    await clock.advance(10_000);
    expect(moves).toEqual([
      'running succeed @1100',
      'first processing @1100',
      'other succeed @1150',
      'second processing @1150',
      'first succeed @2100',
      'third processing @2100',
      'second succeed @2150',
      'third succeed @3100',
    ]);
  });

  it('have the reason that was stored, and no place for one otherwise', async () => {
    const { worker, store } = workshop();
    await worker.restore([
      stored('explained', 'failed', { result: 'x', reason: 'so', endedMs: START_MS }),
      stored('unexplained', 'failed', { result: 'x', endedMs: START_MS }),
    ]);
    const { tasks } = store.scope(HERE.projectId, HERE.instanceId);
    expect([...tasks.values()].map((task) => ['reason' in task, task.reason])).toEqual([
      [true, 'so'],
      [false, undefined],
    ]);
  });

  it('take no slot when time is not what moves them', async () => {
    const { worker, store } = workshop({ slots: 1 });
    await worker.restore([
      stored('stepped', 'processing', { plan: { mode: 'manual' }, startedMs: START_MS }),
    ]);
    expect(worker.load(store.scope(HERE.projectId, HERE.instanceId))).toEqual({ busy: 0, queued: 0 });
  });

  it('are not waited for when time moves them', async () => {
    const job = promised<Commit>();
    const { worker, clock, moves } = workshop({ job: () => job.promise });
    await worker.restore([stored('slow', 'processing', { startedMs: START_MS })]);
    job.resolve(() => ({ status: 'succeed', result: '' }));
    await clock.advance(1000);
    expect(moves).toEqual(['slow succeed @1000']);
  });

  it('stay as they are when they are held or have ended', async () => {
    const { worker, clock, moves } = workshop({ slots: 1 });
    await worker.restore([
      stored('held', 'processing', { held: true, startedMs: START_MS }),
      stored('ended', 'failed', { result: 'x', endedMs: START_MS }),
      stored('free', 'waiting'),
    ]);
    expect([...worker.unfinished()].map(({ id }) => id)).toEqual(['free']);
    await clock.advance(5000);
    expect(moves).toEqual(['free processing @100', 'free succeed @1100']);
  });

  it('are evicted in the order in which they ended', async () => {
    const { worker, store, create } = workshop({ maxTasks: 2 });
    await worker.restore([
      stored('later', 'succeed', { endedMs: START_MS + 2 }),
      stored('sooner', 'succeed', { endedMs: START_MS + 1 }),
    ]);
    await create('new', timePlan(1, 1));
    expect([...store.scope(HERE.projectId, HERE.instanceId).tasks.keys()]).toEqual(['later', 'new']);
  });

  it('are ready for reads and steps when that is what moves them', async () => {
    const job = promised<Commit>();
    const { worker, store } = workshop({ job: () => job.promise });
    const restored = worker.restore([
      stored('polled', 'processing', { plan: pollsPlan(1, 3), reads: 2 }),
      stored('stepped', 'processing', { plan: { mode: 'manual' } }),
    ]);
    let ready = false;
    void restored.then(() => {
      ready = true;
    });
    await settle();
    expect(ready).toBe(false);
    job.resolve(() => ({ status: 'succeed', result: 'made' }));
    await restored;
    const { tasks } = store.scope(HERE.projectId, HERE.instanceId);
    const [polled, stepped] = ['polled', 'stepped'].map((id) => tasks.get(id));
    if (polled === undefined || stepped === undefined) throw new Error('they are not there');
    worker.noteRead(polled);
    expect([polled.status, polled.result]).toEqual(['succeed', 'made']);
    expect(await worker.step(stepped)).toBe(true);
    expect(stepped.status).toBe('succeed');
    expect(await worker.step(stepped)).toBe(false);
  });

  it('prepare their work at once when they are being processed', async () => {
    const prepared: string[] = [];
    const { worker } = workshop({
      job: ({ id }) => {
        prepared.push(id);
        return () => ({ status: 'succeed', result: '' });
      },
    });
    await worker.restore([
      stored('waiting', 'waiting'),
      stored('running', 'processing', { startedMs: START_MS }),
    ]);
    expect(prepared).toEqual(['running']);
  });
});

describe('tasks that are removed', () => {
  it('do not move any more, and leave nothing behind on the clock and in the slots', async () => {
    const { create, reset, clock, worker, store, moves, events } = workshop({ slots: 1 });
    for (const id of ['a', 'b', 'c']) await create(id, timePlan(0, 100));
    await create('d', timePlan(50, 100));
    await create('e', timePlan(50, 100), { scope: THERE });
    reset(HERE);
    expect(clock.scheduledCount).toBe(1);
    expect([...worker.unfinished()].map(({ id }) => id)).toEqual(['e']);
    expect(worker.load(store.scope(HERE.projectId, HERE.instanceId))).toEqual({ busy: 0, queued: 0 });
    expect(events.at(-1)).toMatchObject({ type: 'cleared', filter: HERE });
    const before = moves.length;
    await clock.advance(1000);
    expect(moves.slice(before)).toEqual(['e processing @50', 'e succeed @150']);
  });

  it('leave nothing at all when all are', async () => {
    const { create, reset, clock, worker, store, moves, events } = workshop({ slots: 1 });
    for (const id of ['a', 'b']) await create(id, timePlan(0, 100));
    await create('c', timePlan(50, 100), { scope: THERE });
    reset();
    expect([clock.scheduledCount, [...worker.unfinished()].length]).toEqual([0, 0]);
    expect(worker.load(store.scope(HERE.projectId, HERE.instanceId))).toEqual({ busy: 0, queued: 0 });
    expect(events.at(-1)).toEqual({ type: 'cleared', filter: {} });
    const before = moves.length;
    await clock.advance(1000);
    expect(moves.slice(before)).toEqual([]);
  });

  it('are not ended by work that becomes ready later', async () => {
    const job = promised<Commit>();
    const { create, reset, clock, moves, failures } = workshop({ job: () => job.promise });
    await create('a', timePlan(0, 100));
    const advanced = clock.advance(200);
    await settle();
    reset();
    job.resolve(() => ({ status: 'succeed', result: '' }));
    await advanced;
    await settle();
    expect(moves).toEqual(['a waiting @0', 'a processing @0']);
    expect(failures).toEqual([]);
  });
});

describe('a read', () => {
  it.each<[string, Plan, Partial<NewTask>, number]>([
    ['counts under a plan of polls', pollsPlan(5, 1), {}, 1],
    ['does not count under a plan of time', timePlan(10, 10), {}, 0],
    ['does not count under a manual plan', { mode: 'manual' }, {}, 0],
    ['does not count when the task is held', pollsPlan(5, 1), { held: true }, 0],
    ['does not count when the task has ended', pollsPlan(5, 1), { status: 'failed' }, 0],
  ])('%s', async (_what, plan, more, reads) => {
    const { create, worker } = workshop();
    const task = await create('a', plan, more);
    worker.noteRead(task);
    expect(task.reads).toBe(reads);
  });
});

describe('a step', () => {
  it.each<[string, Plan, Partial<NewTask>]>([
    ['under a plan of time', timePlan(10, 10), {}],
    ['under a plan of polls', pollsPlan(1, 1), {}],
    ['when the task is held', { mode: 'manual' }, { held: true }],
    ['when the task has ended', { mode: 'manual' }, { status: 'succeed' }],
  ])('moves nothing %s', async (_what, plan, more) => {
    const { create, worker } = workshop();
    const task = await create('a', plan, more);
    const before = task.status;
    expect([await worker.step(task), task.status]).toEqual([false, before]);
  });

  it('ends the task only when its work is ready, at the time it is then', async () => {
    const job = promised<Commit>();
    const { worker, clock, create } = workshop({ job: () => job.promise });
    const created = create('a', { mode: 'manual' });
    job.resolve(() => ({ status: 'succeed', result: 'made' }));
    const task = await created;
    await worker.step(task);
    await clock.advance(7);
    await worker.step(task);
    expect([task.status, task.result, (task.endedMs ?? 0) - START_MS]).toEqual(['succeed', 'made', 7]);
  });
});

describe('another clock', () => {
  it('is that of the scopes that are named alone, and of what is due there', async () => {
    const clocks = { old: new Clock('manual', START_MS), new: new Clock('manual', START_MS) };
    let useNew = false;
    const { create } = workshop({
      clockOf: () => (useNew ? clocks.new : clocks.old),
    });
    const here = await create('a', timePlan(10, 10));
    const everywhere = await create('seed', timePlan(10, 10), { scope: undefined });
    const inLine = await create('c', pollsPlan(9, 9), { scope: THERE });
    const there = await create('b', timePlan(10, 10), { scope: THERE });
    useNew = true;
    clocks.old.handOver(clocks.new, { holds: (scope) => scope?.projectId === 'p2', byMs: 0 });
    expect([clocks.old.scheduledCount, clocks.new.scheduledCount]).toEqual([2, 1]);
    await clocks.new.advance(10);
    expect([here.status, there.status]).toEqual(['waiting', 'processing']);
    await clocks.old.advance(10);
    expect([here.status, everywhere.status, inLine.status]).toEqual(['processing', 'processing', 'waiting']);
  });
});

describe('another time', () => {
  it('is that of the unfinished tasks of some scopes: each is as old in it as it was', async () => {
    const { create, worker, clock, store } = workshop({ slots: 1 });
    const [running, queued] = [await create('a', timePlan(10, 90)), await create('b', timePlan(10, 90))];
    const byReads = await create('c', pollsPlan(1, 1));
    const there = await create('d', timePlan(10, 90), { scope: THERE });
    const ended = await create('e', { mode: 'immediate' });
    const held = await create('f', timePlan(10, 90), { held: true });
    await clock.advance(40);
    const times = () =>
      [running, queued, byReads, there, ended, held].map(({ createdMs, startedMs }) => [
        createdMs - START_MS,
        startedMs && startedMs - START_MS,
      ]);
    const before = times();
    worker.redate({ holds: (scope) => scope?.projectId === 'p1', byMs: -1000 });
    const moved = before.map(([created = 0, started], at) =>
      at < 3 ? [created - 1000, started && started - 1000] : [created, started],
    );
    expect(times()).toEqual(moved);
    worker.redate({ holds: () => true, byMs: Number.MAX_SAFE_INTEGER });
    expect(running.createdMs).toBe(Date.parse('9999-12-31T23:59:59.999Z'));
    expect(store.count).toBe(6);
  });
});

describe('why a task is stuck', () => {
  const stands = 'the clock stands still: advance it';
  it.each<[Plan, Partial<NewTask>, string | undefined]>([
    [timePlan(10, 10), {}, stands],
    [timePlan(10, 10), { held: true }, 'the task is held in its state'],
    [timePlan(10, 10), { status: 'succeed' }, undefined],
    [{ mode: 'manual' }, {}, 'the task follows a manual plan: step it'],
    [{ mode: 'manual' }, { status: 'failed' }, undefined],
    [pollsPlan(1, 1), {}, undefined],
  ])('under %j, %j: %s', async (plan, more, why) => {
    const { create, worker } = workshop();
    expect(worker.whyStuck(await create('a', plan, more))).toBe(why);
  });

  it('is nothing as long as its clock is being moved', async () => {
    const { create, worker, clock } = workshop();
    const task = await create('a', timePlan(100, 100));
    const moved = [clock.advance(10), clock.set(START_MS + 20), clock.turn('manual')];
    for (const move of moved) {
      expect(worker.whyStuck(task)).toBeUndefined();
      await move;
    }
    expect(worker.whyStuck(task)).toBe(stands);
  });

  it('is nothing as long as its work is under way', async () => {
    const job = promised<Commit>();
    const { create, worker, clock, events } = workshop({ job: () => job.promise });
    const task = await create('a', timePlan(0, 100));
    expect(worker.whyStuck(task)).toBeUndefined();
    job.resolve(() => ({ status: 'succeed', result: '' }));
    await settle();
    expect(events.at(-1)).toEqual({ type: 'ready', task });
    expect(worker.whyStuck(task)).toBe(stands);
    await clock.advance(100);
    expect(worker.whyStuck(task)).toBeUndefined();
  });
});
