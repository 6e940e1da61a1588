/** A task as it is put in: new, from a seed, or from a snapshot. */
import {
  MAX_SUBJECT_CHARS,
  type Plan,
  type Task,
  type TaskScope,
  type TaskStatus,
  type TaskType,
  type TaskWork,
} from './task.ts';

/** A task to put in; it starts as `waiting` by default. */
export type NewTask<T extends TaskType = TaskType> = NewTaskMembers & TaskWork<T>;

interface NewTaskMembers {
  readonly scope: { readonly projectId: string; readonly instanceId: string } | undefined;
  readonly id: string;
  /** Called once there is space for the task: a task that is rejected uses up no plan. */
  readonly plan: Plan | (() => Plan);
  readonly held?: boolean;
  readonly status?: TaskStatus;
  readonly result?: string;
  readonly reason?: string | undefined;
  readonly subject?: string | undefined;
  readonly reads?: number;
  readonly order?: number | undefined;
  readonly queued?: boolean | undefined;
  readonly createdMs?: number;
  readonly startedMs?: number | undefined;
  readonly endedMs?: number | undefined;
}

/** Makes the task of a scope; `undefined` = a seed that every scope sees. */
export function newTask<T extends TaskType>(
  spec: NewTask<T>,
  scope: TaskScope | undefined,
  createdMs: number,
): Task<T> {
  const task: Task<T> = {
    id: spec.id,
    type: spec.type,
    scope,
    plan: typeof spec.plan === 'function' ? spec.plan() : spec.plan,
    held: spec.held ?? false,
    input: spec.input,
    status: spec.status ?? 'waiting',
    result: spec.result ?? '',
    text: undefined,
    reads: spec.reads ?? 0,
    order: spec.order ?? 0,
    queued: spec.queued ?? false,
    createdMs,
    startedMs: spec.startedMs,
    endedMs: spec.endedMs,
    ...(spec.subject === undefined ? {} : { subject: spec.subject.slice(0, MAX_SUBJECT_CHARS) }),
  };
  if (spec.reason !== undefined) task.reason = spec.reason;
  return task;
}
