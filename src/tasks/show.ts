/** ShowAsyncTaskResult: finds the task a scope sees, notifies the worker of the read, returns its text. */
import { type ApigError, errors } from '../core/errors.ts';
import { countsReads } from './lifecycle.ts';
import type { TaskStore } from './store.ts';
import type { Task } from './task.ts';
import { textOf } from './wire.ts';
import type { TaskWorker } from './worker.ts';

export interface TaskReads {
  readonly store: TaskStore;
  readonly worker: TaskWorker;
}

/** The URL's three ids, checked already. */
export interface TaskAddress {
  readonly project_id: string;
  readonly instance_id: string;
  readonly task_id: string;
}

/** The text of the response, or undefined when this scope sees no such task. */
export function readTask(reads: TaskReads, at: TaskAddress): string | undefined {
  const task = reads.store.find(at.project_id, at.instance_id, at.task_id);
  if (task === undefined) return undefined;
  const text = textOf(task);
  reads.worker.noteRead(task);
  return text;
}

/**
 * The text of the response when it reveals nothing that is not on disk; else undefined, and the read is one that
 * has to wait: the task has just changed, or reading it counts.
 */
export function readSaved(
  task: Task | undefined,
  stateFile: { isPending(task: Task): boolean },
): string | undefined {
  return task === undefined || countsReads(task) || stateFile.isPending(task) ? undefined : textOf(task);
}

/** Throws `APIG.3093` where a scope sees no such task. */
export function checkTask({ store }: TaskReads, at: TaskAddress): void {
  if (store.find(at.project_id, at.instance_id, at.task_id) === undefined)
    throw unknownTask(store, at.task_id);
}

/** As `readTask`; throws `APIG.3093` where there is none. */
export function showAsyncTaskResult(reads: TaskReads, at: TaskAddress): string {
  const text = readTask(reads, at);
  if (text !== undefined) return text;
  throw unknownTask(reads.store, at.task_id);
}

/** The error for a task that its scope does not see: where it is, if it is anywhere. */
export function unknownTask(store: TaskStore, taskId: string): ApigError {
  const elsewhere = store.findElsewhere(taskId);
  return errors.taskNotFound(taskId, {
    reason:
      elsewhere === undefined
        ? 'unknown task: no project has it; it may have been reset, or the mock restarted'
        : `unknown task here; exists in project ${elsewhere.projectId}, instance ${elsewhere.instanceId}`,
  });
}
