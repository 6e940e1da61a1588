/** Waiting without sleeping: for one task to get somewhere, or for a scope to come to rest. */
import type { Cancellable, Cancellations } from '../core/cancellation.ts';
import { afterSystemMs, yieldToOthers } from '../core/clock.ts';
import { inScope, type ScopeFilter } from '../core/scope.ts';
import { isTerminal } from '../tasks/lifecycle.ts';
import type { Task, TaskStatus } from '../tasks/task.ts';
import type { TaskEvent } from '../tasks/task-event.ts';
import type { TaskWorker } from '../tasks/worker.ts';

/** How long a wait lasts that names no time. */
export const DEFAULT_WAIT_MS = 30_000;

/** How a wait ended: there; not yet when the time was up; or never, and why. */
export type WaitEnd =
  | { readonly kind: 'reached' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'never'; readonly reason: string };

const ORDER: Readonly<Record<TaskStatus, number>> = { waiting: 0, processing: 1, succeed: 2, failed: 2 };

export interface WaitOptions {
  /** Real time, in ms. */
  readonly timeoutMs: number;
  /** The caller's: aborted, the wait rejects with its reason. */
  readonly signal: AbortSignal | undefined;
}

/** One wait. */
interface Wait {
  /** How the wait ends now; undefined = go on waiting. */
  readonly judge: () => WaitEnd | undefined;
  readonly end: (how: WaitEnd) => void;
}

/**
 * All waits of a mock, behind one listener. After each burst of events those are looked at that it may have ended: a task
 * that moves costs nothing for those who wait for others.
 */
export class Waits {
  readonly #worker: TaskWorker;
  readonly #cancellations: Cancellations;
  /** By task; undefined = for a scope to come to rest. */
  readonly #waits = new Map<Task | undefined, Set<Wait>>();
  /** Whose waits the next look is at. */
  readonly #asked = new Set<Task | undefined>();
  #looking = false;
  #unlisten: (() => void) | undefined;

  constructor(worker: TaskWorker, cancellations: Cancellations) {
    this.#worker = worker;
    this.#cancellations = cancellations;
  }

  /** Waits until a task is in a state, or past it; `until` undefined = any end. */
  forTask(task: Task, until: TaskStatus | undefined, options: WaitOptions): Promise<WaitEnd> {
    const judge = (): WaitEnd | undefined => judgeTask(this.#worker, task, until);
    return this.#cancellations.during(
      { scope: task.scope, parts: ['tasks'], outer: options.signal },
      (entry) => this.#settle(task, judge, { ...options, entry }),
    );
  }

  /** Waits until no task under a filter is on its way; held tasks do not count. */
  forIdle(filter: ScopeFilter, options: WaitOptions): Promise<WaitEnd> {
    const judge = (): WaitEnd | undefined => judgeIdle(this.#worker, filter);
    return this.#cancellations.during({ scope: filter, parts: ['tasks'], outer: options.signal }, (entry) =>
      this.#settle(undefined, judge, { ...options, entry }),
    );
  }

  /** Judges now, and again after what may have changed the judgement, until there is one or the time is up. */
  #settle(
    subject: Task | undefined,
    judge: Wait['judge'],
    { timeoutMs, entry }: WaitOptions & { readonly entry: Cancellable },
  ): Promise<WaitEnd> {
    const { signal } = entry;
    if (entry.cause === 'hang-up') return Promise.reject(signal.reason);
    const atOnce = judge();
    if (atOnce !== undefined) return Promise.resolve(atOnce);
    if (entry.cause === 'stop') return Promise.resolve({ kind: 'timeout' });
    return new Promise((resolve, reject) => {
      const over = (): void => {
        this.#remove(subject, wait);
        timer.stop();
      };
      const wait: Wait = {
        judge,
        end: (how) => {
          over();
          resolve(how);
        },
      };
      const onCancelled = (): void => {
        over();
        if (entry.cause === 'hang-up') reject(signal.reason);
        else void cancelledEnd(entry, subject, judge).then(resolve);
      };
      const timer = afterSystemMs(timeoutMs, () => wait.end({ kind: 'timeout' }));
      this.#add(subject, wait);
      signal.addEventListener('abort', onCancelled, { once: true });
    });
  }

  #add(subject: Task | undefined, wait: Wait): void {
    const waits = this.#waits.get(subject);
    if (waits === undefined) this.#waits.set(subject, new Set([wait]));
    else waits.add(wait);
    this.#unlisten ??= this.#worker.events.on(this.#onEvent);
  }

  #remove(subject: Task | undefined, wait: Wait): void {
    const waits = this.#waits.get(subject);
    waits?.delete(wait);
    if (waits?.size === 0) this.#waits.delete(subject);
    if (this.#waits.size > 0) return;
    this.#unlisten?.();
    this.#unlisten = undefined;
  }

  readonly #onEvent = (event: TaskEvent): void => {
    if (event.type !== 'task' && event.type !== 'ready')
      for (const subject of this.#waits.keys()) this.#asked.add(subject);
    else if (this.#waits.has(event.task)) this.#asked.add(event.task);
    if (this.#waits.has(undefined)) this.#asked.add(undefined);
    if (this.#looking || this.#asked.size === 0) return;
    this.#looking = true;
    void yieldToOthers().then(this.#look);
  };

  readonly #look = (): void => {
    this.#looking = false;
    const asked = [...this.#asked];
    this.#asked.clear();
    for (const subject of asked) {
      for (const wait of [...(this.#waits.get(subject) ?? [])]) {
        const how = wait.judge();
        if (how !== undefined) wait.end(how);
      }
    }
  };
}

/** How a wait for this state of a task ends at once; undefined = it goes on. */
function judgeTask(worker: TaskWorker, task: Task, until: TaskStatus | undefined): WaitEnd | undefined {
  const there = until === undefined ? isTerminal(task.status) : task.status === until;
  if (there || (until !== undefined && ORDER[task.status] > ORDER[until])) return { kind: 'reached' };
  if (isTerminal(task.status)) return { kind: 'never', reason: `the task has ended as ${task.status}` };
  const stuck = worker.whyStuck(task);
  return stuck === undefined ? undefined : { kind: 'never', reason: stuck };
}

function judgeIdle(worker: TaskWorker, filter: ScopeFilter): WaitEnd | undefined {
  let stuck: string | undefined;
  for (const task of worker.unfinished()) {
    if (task.scope !== undefined && !inScope(task.scope, filter)) continue;
    const reason = worker.whyStuck(task);
    if (reason === undefined) return undefined;
    stuck ??= `task ${task.id}: ${reason}`;
  }
  return stuck === undefined ? { kind: 'reached' } : { kind: 'never', reason: stuck };
}

/** How a wait ends that a reset, a restore or a stop cancels: a task is gone; a scope is at rest then, or the wait is over. */
async function cancelledEnd(
  { cause }: Cancellable,
  subject: Task | undefined,
  judge: Wait['judge'],
): Promise<WaitEnd> {
  if (cause === 'stop') return { kind: 'timeout' };
  const how = cause === 'restore' ? 'replaced by a restore' : 'reset';
  if (subject !== undefined) return { kind: 'never', reason: `the task was ${how}` };
  // Cancelled first of all, in the midst of the change: looked at when it is made.
  await yieldToOthers();
  return judge() ?? { kind: 'never', reason: `the scope was ${how}` };
}
