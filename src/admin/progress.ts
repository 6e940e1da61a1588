/** What a moving task waits for, in words: for a caller whose wait timed out. */
import type { Clocks } from '../core/clocks.ts';
import { inScope, type ScopeFilter } from '../core/scope.ts';
import { dueMsOf } from '../tasks/lifecycle.ts';
import type { Task } from '../tasks/task.ts';

/** Such as `by reads, 0 of 1`, and what to do about it. */
export interface Progress {
  readonly short: string;
  readonly long: string;
}

const AT_WORK: Progress = { short: 'at work', long: 'its work is not done yet' };

/** How a task that has not ended moves on; `nowMs` is the time of its clock. */
export function progressOf(task: Task, nowMs: number): Progress {
  const { plan, status, reads } = task;
  if (plan.mode === 'polls') {
    const all = status === 'waiting' ? plan.waiting_polls : plan.processing_polls;
    const left = all - reads;
    if (left <= 0) return AT_WORK;
    const see = left === 1 ? '1 more sees' : `${left} more see`;
    return {
      short: `by reads, ${reads} of ${all}`,
      long: `it moves by reads: ${see} ${status}; poll it`,
    };
  }
  if (plan.mode === 'manual') return { short: 'by hand', long: 'it follows a manual plan: step it' };
  const dueMs = dueMsOf(task, plan);
  if (dueMs === undefined) return AT_WORK;
  const due = new Date(dueMs).toISOString();
  if (dueMs > nowMs) return { short: `by the clock, at ${due}`, long: `it moves by the clock, at ${due}` };
  return status === 'waiting'
    ? { short: 'in line for a worker', long: 'it is in line for a worker: see --workers' }
    : AT_WORK;
}

/** How many tasks a rejection names. */
const NAMED = 3;

/** The first few tasks under a filter, and what each waits for. */
export function onTheirWay(unfinished: Iterable<Task>, filter: ScopeFilter, clocks: Clocks): string {
  const tasks = [...unfinished].filter(({ scope }) => scope === undefined || inScope(scope, filter));
  const shown = tasks
    .slice(0, NAMED)
    .map((task) => `${task.id}: ${progressOf(task, nowOf(task, clocks)).short}`);
  return shown.join('; ') + (tasks.length > NAMED ? `; and ${tasks.length - NAMED} more` : '');
}

/** The time of a task's clock. */
export const nowOf = ({ scope }: Task, clocks: Clocks): number =>
  clocks.now('task', scope?.projectId, scope?.instanceId);
