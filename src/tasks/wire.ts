/** A task as JSON: the provider's response to ShowAsyncTaskResult, and the fuller view of the control calls. */
import type { Outcome, Plan, Task, TaskStatus, TaskType } from './task.ts';

/**
 * The provider's response: members in the order of its page. Made once per state, at its first read, so that states
 * nobody reads cost nothing; the result is stored nowhere else from then on.
 */
export function textOf(task: Task): string {
  if (task.text === undefined) {
    task.text = taskText(task);
    task.result = '';
  }
  return task.text;
}

/** Joined, so that it is stored as one flat text and not as the tree of its pieces. */
const taskText = ({ id, status, type, result }: Task): string =>
  [
    '{"task_id":',
    JSON.stringify(id),
    ',"task_status":"',
    status,
    '","task_type":"',
    type,
    '","task_result":',
    JSON.stringify(result),
    '}',
  ].join('');

/** The text of `task_result`, or read back from the response that holds it: empty until the task has ended. */
export function resultOf({ text, result }: Pick<Task, 'text' | 'result'>): string {
  if (text === undefined || text.endsWith(',"task_result":""}')) return result;
  return (JSON.parse(text) as { task_result: string }).task_result;
}

/** The text of `task_result` for an end. */
export const resultText = (outcome: Outcome): string =>
  outcome.status === 'succeed'
    ? outcome.result
    : (outcome.task_result ??
      JSON.stringify({ error_code: outcome.error_code, error_msg: outcome.error_msg }));

/** A task as the control calls show it; times are RFC 3339, absent until reached. */
export interface TaskDetails {
  task_id: string;
  task_type: TaskType;
  task_status: TaskStatus;
  task_result: string;
  /** Why it failed, or what an import left out, for a person; absent where there is nothing to report. */
  reason?: string;
  /** The file that is imported, or the group that is exported, where it has a name. */
  subject?: string;
  /** Absent for a seed that every scope sees. */
  project_id?: string;
  instance_id?: string;
  plan: Plan;
  hold: boolean;
  /** Reads seen in the present state, counted for polls plans. */
  polls: number;
  created_at: string;
  started_at?: string;
  ended_at?: string;
}

const time = (ms: number): string => new Date(ms).toISOString();

export function taskDetails(task: Task): TaskDetails {
  return {
    task_id: task.id,
    task_type: task.type,
    task_status: task.status,
    task_result: resultOf(task),
    ...(task.reason === undefined ? {} : { reason: task.reason }),
    ...(task.subject === undefined ? {} : { subject: task.subject }),
    ...(task.scope === undefined
      ? {}
      : { project_id: task.scope.projectId, instance_id: task.scope.instanceId }),
    plan: task.plan,
    hold: task.held,
    polls: task.reads,
    created_at: time(task.createdMs),
    ...(task.startedMs === undefined ? {} : { started_at: time(task.startedMs) }),
    ...(task.endedMs === undefined ? {} : { ended_at: time(task.endedMs) }),
  };
}
