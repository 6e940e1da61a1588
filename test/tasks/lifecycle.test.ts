/** The life of a task as rules: what comes next under each plan, and that no other way exists. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dueMsOf,
  isTerminal,
  mayFollow,
  type Next,
  nextOf,
  type TaskView,
} from '../../src/tasks/lifecycle.ts';
import { type Plan, TASK_STATUSES, type TaskStatus } from '../../src/tasks/task.ts';
import { textOf } from '../../src/tasks/wire.ts';
import { pollsPlan, settle, timePlan, workshop } from './workshop.ts';

const DOCUMENTED = ['waiting>processing', 'processing>succeed', 'processing>failed'];
const T = 1000;
const view = (status: TaskStatus, more: Partial<TaskView> = {}): TaskView => ({
  status,
  reads: 0,
  held: false,
  createdMs: T,
  startedMs: undefined,
  ...more,
});
const REST: Next = { kind: 'rest' };
const MOVE: Next = { kind: 'move' };
const due = (atMs: number): Next => ({ kind: 'due', atMs });
const MANUAL: Plan = { mode: 'manual' };
const IMMEDIATE: Plan = { mode: 'immediate' };

describe('when a task is due', () => {
  it.each<[Plan, TaskStatus, Partial<TaskView>, number | undefined]>([
    [timePlan(10, 100), 'waiting', {}, T + 10],
    [timePlan(10, 100), 'processing', { startedMs: T + 30 }, T + 130],
    [timePlan(10, 100), 'processing', {}, T + 100],
    [pollsPlan(1, 1), 'waiting', {}, undefined],
    [MANUAL, 'processing', { startedMs: T }, undefined],
    [IMMEDIATE, 'waiting', {}, undefined],
  ])('under %j, %s: %j', (plan, status, more, atMs) => {
    expect(dueMsOf(view(status, more), plan)).toBe(atMs);
  });
});

describe('what may follow', () => {
  it('is the documented order and nothing else', () => {
    const found = TASK_STATUSES.flatMap((from) =>
      TASK_STATUSES.filter((to) => mayFollow(from, to)).map((to) => `${from}>${to}`),
    );
    expect(found).toEqual(DOCUMENTED);
  });

  it('is nothing after an end', () => {
    expect(TASK_STATUSES.filter(isTerminal)).toEqual(['succeed', 'failed']);
  });
});

describe('what comes next', () => {
  const cases: [what: string, task: TaskView, plan: Plan, nowMs: number, next: Next][] = [
    ['time: waiting, just made', view('waiting'), timePlan(500, 1500), T, due(T + 500)],
    ['time: waiting, 1 ms before', view('waiting'), timePlan(500, 1500), T + 499, due(T + 500)],
    ['time: waiting, at its time', view('waiting'), timePlan(500, 1500), T + 500, MOVE],
    ['time: waiting, long after', view('waiting'), timePlan(500, 1500), T + 9999, MOVE],
    ['time: waiting for 0 ms', view('waiting'), timePlan(0, 1500), T, MOVE],
    [
      'time: processing counts from its start',
      view('processing', { startedMs: T + 700 }),
      timePlan(500, 1500),
      T + 2199,
      due(T + 2200),
    ],
    [
      'time: processing, at its time',
      view('processing', { startedMs: T + 700 }),
      timePlan(500, 1500),
      T + 2200,
      MOVE,
    ],
    ['time: processing, start unknown', view('processing'), timePlan(500, 1500), T, due(T + 1500)],
    ['time: a clock set back', view('waiting'), timePlan(500, 1500), T - 9999, due(T + 500)],
    ['polls: no read yet', view('waiting'), pollsPlan(1, 1), T, REST],
    ['polls: one read of two', view('waiting', { reads: 1 }), pollsPlan(2, 1), T, REST],
    ['polls: the last read', view('waiting', { reads: 2 }), pollsPlan(2, 1), T, MOVE],
    ['polls: none wanted', view('waiting'), pollsPlan(0, 1), T, MOVE],
    ['polls: processing has its own count', view('processing', { reads: 2 }), pollsPlan(1, 3), T, REST],
    ['polls: processing, the last read', view('processing', { reads: 3 }), pollsPlan(1, 3), T, MOVE],
    ['polls: time does nothing', view('waiting'), pollsPlan(1, 1), T * 1e6, REST],
    ['manual: waiting', view('waiting'), MANUAL, T * 1e6, REST],
    ['manual: processing', view('processing'), MANUAL, T * 1e6, REST],
    ['immediate: waiting', view('waiting'), IMMEDIATE, T, MOVE],
    ['immediate: processing', view('processing'), IMMEDIATE, T, MOVE],
  ];
  it.each(cases)('%s', (_what, task, plan, nowMs, next) => {
    expect(nextOf(task, plan, nowMs)).toEqual(next);
  });

  const everyPlan = [timePlan(0, 0), pollsPlan(0, 0), MANUAL, IMMEDIATE];
  it.each(everyPlan)('is rest for a held task: $mode', (plan) => {
    for (const status of TASK_STATUSES)
      expect(nextOf(view(status, { held: true, reads: 99 }), plan, T * 9)).toEqual(REST);
  });
  it.each(everyPlan)('is rest after an end: $mode', (plan) => {
    for (const status of ['succeed', 'failed'] as const)
      expect(nextOf(view(status, { reads: 99 }), plan, T * 9)).toEqual(REST);
  });
});

const plans: fc.Arbitrary<Plan> = fc.oneof(
  fc.tuple(fc.nat(50), fc.nat(50)).map(([waiting, processing]) => timePlan(waiting, processing)),
  fc.tuple(fc.nat(4), fc.nat(4)).map(([waiting, processing]) => pollsPlan(waiting, processing)),
  fc.constantFrom(MANUAL, IMMEDIATE),
);
const planned = fc.tuple(plans, fc.constantFrom(undefined, 'succeed', 'failed')).map(([plan, end]): Plan => {
  if (end === undefined) return plan;
  return {
    ...plan,
    outcome:
      end === 'succeed' ? { status: 'succeed' } : { status: 'failed', error_code: 'E', error_msg: 'm' },
  };
});
const doings = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('advance' as const), ms: fc.nat(60) }),
    fc.record({ do: fc.constantFrom('read' as const, 'step' as const), at: fc.nat(9) }),
  ),
  { maxLength: 40 },
);

describe('a worker, whatever happens to it', () => {
  it('shows no transition other than the documented, and never changes an end (property)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(planned, { minLength: 1, maxLength: 6 }),
        doings,
        fc.integer({ min: 1, max: 3 }),
        async (all, steps, slots) => {
          const { clock, worker, create, events } = workshop({ slots });
          const tasks = [];
          for (const [at, plan] of all.entries()) tasks.push(await create(`t${at}`, plan));
          const ends = new Map<string, string>();
          for (const step of steps) {
            const task = step.do === 'advance' ? undefined : tasks[step.at % tasks.length];
            if (step.do === 'advance') await clock.advance(step.ms);
            else if (task !== undefined && step.do === 'read') worker.noteRead(task);
            else if (task !== undefined) await worker.step(task);
            for (const task of tasks) {
              if (ends.has(task.id)) expect(textOf(task)).toBe(ends.get(task.id));
              else if (isTerminal(task.status)) ends.set(task.id, textOf(task));
            }
          }
          await settle();
          const seen = events.flatMap((event) =>
            event.type === 'task' && event.from !== undefined
              ? [`${event.from}>${statusAfter(events, event)}`]
              : [],
          );
          expect(seen.filter((move) => !DOCUMENTED.includes(move))).toEqual([]);
          for (const [at, task] of tasks.entries()) {
            const end = all[at]?.outcome?.status;
            if (isTerminal(task.status) && end !== undefined) expect(task.status).toBe(end);
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});

type Seen = ReturnType<typeof workshop>['events'][number];

/** Events hold the task, not a copy: its state after an event is what its next event came from, or what it is. */
function statusAfter(events: readonly Seen[], event: Seen & { type: 'task' }): TaskStatus {
  const later = events.slice(events.indexOf(event) + 1);
  const next = later.find(
    (other): other is Seen & { type: 'task' } => other.type === 'task' && other.task === event.task,
  );
  return next?.from ?? event.task.status;
}
