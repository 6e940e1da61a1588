/** Waiting without sleeping: for one task to get somewhere, or for a scope to come to rest. */
import { afterSystemMs, yieldToOthers } from '../clock.ts';
import { inScope, type ScopeFilter } from '../scope.ts';
import { isTerminal } from '../tasks/lifecycle.ts';
import type { Task, TaskStatus } from '../tasks/task.ts';
import type { TaskWorker } from '../tasks/worker.ts';

/** How long a wait lasts that names no time. */
export const DEFAULT_WAIT_MS = 30_000;

/** How a wait ended: there; not yet when the time was up; or never, and why. */
export type WaitEnd =
  | { readonly kind: 'reached' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'never'; readonly reason: string };

const ORDER: Readonly<Record<TaskStatus, number>> = { waiting: 0, processing: 1, succeed: 2, failed: 2 };

/** What there is to say at once about a task and the state waited for (undefined = any end). */
function judge(worker: TaskWorker, task: Task, until: TaskStatus | undefined): WaitEnd | undefined {
  const there = until === undefined ? isTerminal(task.status) : task.status === until;
  if (there || (until !== undefined && ORDER[task.status] > ORDER[until])) return { kind: 'reached' };
  if (isTerminal(task.status)) return { kind: 'never', reason: `the task has ended as ${task.status}` };
  const stuck = worker.whyStuck(task);
  return stuck === undefined ? undefined : { kind: 'never', reason: stuck };
}

export interface WaitOptions {
  /** Real time, in ms. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Waits until a task is in a state, or past it. */
export function waitForTask(
  worker: TaskWorker,
  wanted: { readonly task: Task; readonly until: TaskStatus | undefined; readonly isKept: () => boolean },
  options: WaitOptions,
): Promise<WaitEnd> {
  return settle(worker, options, () =>
    wanted.isKept() || isTerminal(wanted.task.status)
      ? judge(worker, wanted.task, wanted.until)
      : { kind: 'never', reason: 'the task was reset' },
  );
}

/** Waits until no task under a filter is on its way; held tasks do not count. */
export function waitForIdle(worker: TaskWorker, filter: ScopeFilter, options: WaitOptions): Promise<WaitEnd> {
  return settle(worker, options, () => {
    let stuck: string | undefined;
    for (const task of worker.unfinished()) {
      if (task.scope !== undefined && !inScope(task.scope, filter)) continue;
      const reason = worker.whyStuck(task);
      if (reason === undefined) return undefined;
      stuck ??= `task ${task.id}: ${reason}`;
    }
    return stuck === undefined ? { kind: 'reached' } : { kind: 'never', reason: stuck };
  });
}

type Judge = () => WaitEnd | undefined;

/** Asks the judge now, and once after each burst of events, until it has an answer or the time is up. */
function settle(worker: TaskWorker, { timeoutMs, signal }: WaitOptions, judgeNow: Judge): Promise<WaitEnd> {
  const atOnce = judgeNow();
  if (atOnce !== undefined) return Promise.resolve(atOnce);
  return new Promise((resolve) => {
    let asked = false;
    const end = (how: WaitEnd): void => {
      off();
      timer.stop();
      signal.removeEventListener('abort', onAbort);
      resolve(how);
    };
    const onAbort = (): void => end({ kind: 'timeout' });
    const off = worker.events.on(() => {
      if (asked) return;
      asked = true;
      void yieldToOthers().then(() => {
        asked = false;
        const how = judgeNow();
        if (how !== undefined) end(how);
      });
    });
    const timer = afterSystemMs(timeoutMs, () => end({ kind: 'timeout' }));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}
