/** What the tests of `tasks/` share: a worker with its store on a manual clock, and what it was seen to do. */
import { Clock } from '../../src/core/clock.ts';
import type { ScopeFilter } from '../../src/core/scope.ts';
import { TaskStore } from '../../src/tasks/store.ts';
import type { Plan, Task, TaskScope } from '../../src/tasks/task.ts';
import type { Commit, Job } from '../../src/tasks/work.ts';
import { type NewTask, type TaskEvent, TaskWorker } from '../../src/tasks/worker.ts';

export const START_MS = Date.UTC(2026, 0, 1);
export const HERE = { projectId: 'p1', instanceId: 'i1' };
export const timePlan = (waiting_ms: number, processing_ms: number): Plan => ({
  mode: 'time',
  waiting_ms,
  processing_ms,
});
export const pollsPlan = (waiting_polls: number, processing_polls: number): Plan => ({
  mode: 'polls',
  waiting_polls,
  processing_polls,
});
export const succeeds: Job = () => () => ({ status: 'succeed', result: '{"done":true}' });

/** What else a task is created with; an import unless stated otherwise. */
export type Given =
  | Partial<NewTask<'import_api'>>
  | (Partial<NewTask<'export_api'>> & { readonly type: 'export_api' });

export interface WorkshopOptions {
  slots?: number;
  maxTasks?: number;
  job?: Job;
  clockOf?: (scope: TaskScope | undefined) => Clock;
}

/** A worker, its clock, and what was seen: `moves` as `id status @ms since the start`. */
export function workshop({ slots = 4, maxTasks = 1_000_000, job = succeeds, clockOf }: WorkshopOptions = {}) {
  const clock = new Clock('manual', START_MS);
  const store = new TaskStore(maxTasks);
  const failures: [taskId: string, cause: unknown][] = [];
  const worker = new TaskWorker({
    store,
    slots,
    job,
    clockOf: clockOf ?? (() => clock),
    onJobError: (task, cause) => void failures.push([task.id, cause]),
  });
  const events: TaskEvent[] = [];
  const moves: string[] = [];
  worker.events.on((event) => {
    events.push(event);
    if (event.type === 'task') moves.push(`${event.task.id} ${event.task.status} @${event.atMs - START_MS}`);
  });
  const create = (id: string, plan: Plan, more: Given = {}): Promise<Task> =>
    worker.create({ scope: HERE, id, type: 'import_api', plan, ...more });
  /** As the control's reset: some scopes, or (no filter) all. */
  const reset = (filter?: ScopeFilter): void => {
    const scopes = filter === undefined ? 'all' : store.scopes(filter);
    worker.forget(scopes);
    store.clear(scopes);
  };
  return { clock, store, worker, events, moves, failures, create, reset };
}

/** A promise and the calls that settle it. */
export function promised<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (cause: unknown) => void = () => {};
  const promise = new Promise<T>((onValue, onCause) => {
    resolve = onValue;
    reject = onCause;
  });
  return { promise, resolve, reject };
}

export const committed =
  (result: string): Commit =>
  () => ({ status: 'succeed', result });

/** Lets everything that is ready run: promises and immediates, no real time. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
