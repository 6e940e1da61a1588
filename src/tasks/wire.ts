/** A task as JSON: the provider's answer to ShowAsyncTaskResult, and the fuller view of the control calls. */
import type { Outcome, Plan, Task, TaskStatus, TaskType } from './task.ts';

/**
 * The provider's answer: members in the order of its page. Made when a task changes, not when it is read; joined,
 * so that it is kept as one flat text and not as the tree of its pieces.
 */
export function taskText(task: Pick<Task, 'id' | 'status' | 'type'>, result: string): string {
  return [
    '{"task_id":',
    JSON.stringify(task.id),
    ',"task_status":"',
    task.status,
    '","task_type":"',
    task.type,
    '","task_result":',
    JSON.stringify(result),
    '}',
  ].join('');
}

/** The text of `task_result`, read back from the answer that holds it: empty until the task has ended. */
export const resultOf = (task: Pick<Task, 'text'>): string =>
  task.text.endsWith(',"task_result":""}')
    ? ''
    : (JSON.parse(task.text) as { task_result: string }).task_result;

/** The text of `task_result` for an end. */
export const resultText = (outcome: Outcome): string =>
  outcome.status === 'succeed'
    ? outcome.result
    : JSON.stringify({ error_code: outcome.error_code, error_msg: outcome.error_msg });

/** A task as the control calls show it; times are RFC 3339, absent until reached. */
export interface TaskDetails {
  task_id: string;
  task_type: TaskType;
  task_status: TaskStatus;
  task_result: string;
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
