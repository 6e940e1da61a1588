/** The work behind one unfinished task: its job is started once, and what it made ready is committed at the end. */

import type { Scheduled } from '../core/clock.ts';
import { errors } from '../core/errors.ts';
import { failedWith, MAX_REASON_CHARS, type Outcome, type Task } from './task.ts';

/** What a job has ready when its task ends: called once, it commits and returns how the task ended. */
export type Commit = (atMs: number) => Outcome;

/**
 * The work of a task. Reads no state before the commit; what it throws fails its own task only. The signal of `work`
 * is aborted when the task is no more: nothing is committed then.
 */
export type Job = (task: Task, work: { readonly signal: AbortSignal }) => Commit | Promise<Commit>;

/** Called when a job threw; the task has failed with `APIG.9999`. */
export type OnJobError = (task: Task, cause: unknown) => void;

export class Work {
  /** When the task moves next, if its plan goes by time. */
  scheduled: Scheduled | undefined;
  readonly #task: Task;
  readonly #onJobError: OnJobError;
  #commit: Commit | undefined;
  #preparing: Promise<void> | undefined;
  #controller: AbortController | undefined;
  #cancelled = false;

  constructor(task: Task, onJobError: OnJobError) {
    this.#task = task;
    this.#onJobError = onJobError;
  }

  /** Under way: resolves when the job has made its commit ready. */
  get preparing(): Promise<void> | undefined {
    return this.#commit === undefined ? this.#preparing : undefined;
  }

  /** Aborted when the work is cancelled. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#cancelled) this.#controller.abort();
    }
    return this.#controller.signal;
  }

  /** The task is no more: nothing of it fires, and its job ends without a commit. */
  cancel(): void {
    this.#cancelled = true;
    this.scheduled?.cancel();
    this.#controller?.abort();
  }

  /** Starts the job, unless it was started before or the plan fixes how the task ends. */
  prepare(job: Job): void {
    const planned = this.#task.plan.outcome;
    if (this.#commit !== undefined || this.#preparing !== undefined) return;
    if (planned !== undefined && (planned.status === 'failed' || planned.task_result !== undefined)) return;
    const fail = (cause: unknown): void => {
      this.#commit = () => this.#failed(cause);
    };
    try {
      const commit = job(this.#task, this);
      if (typeof commit === 'function') {
        this.#commit = commit;
        return;
      }
      this.#preparing = commit.then((ready) => {
        this.#commit = ready;
      }, fail);
    } catch (cause) {
      fail(cause);
    }
  }

  /** Ends the work: by the plan, else by the job, which commits now; the task gets the reason, if it has one. */
  finish(atMs: number): Outcome {
    const outcome = this.#end(atMs);
    if (outcome.reason !== undefined) this.#task.reason = outcome.reason.slice(0, MAX_REASON_CHARS);
    return outcome;
  }

  #end(atMs: number): Outcome {
    const planned = this.#task.plan.outcome;
    if (planned?.status === 'failed') return { ...planned, reason: 'the plan of the task demands it' };
    if (planned?.task_result !== undefined) return { status: 'succeed', result: planned.task_result };
    try {
      return this.#commit?.(atMs) ?? { status: 'succeed', result: '' };
    } catch (cause) {
      return this.#failed(cause);
    }
  }

  #failed(cause: unknown): Outcome {
    this.#onJobError(this.#task, cause);
    const reason = `its job threw an error: the log has it, under task_id ${this.#task.id}`;
    return failedWith(errors.systemError({ reason }).failure);
  }
}

/** Makes a move of a task whose failure, at once or later, is reported and goes no further. */
export function attempt(
  task: Task,
  move: (task: Task) => void | Promise<void>,
  onFailed: OnJobError,
): void | Promise<void> {
  try {
    return move(task)?.catch((cause: unknown) => onFailed(task, cause));
  } catch (cause) {
    onFailed(task, cause);
  }
}
