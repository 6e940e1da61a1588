/** The control calls on tasks. */
import type { Cancellable } from '../core/cancellation.ts';
import { ApigError, errors } from '../core/errors.ts';
import { scopeKey } from '../core/scope.ts';
import type { Core } from '../mock.ts';
import { isTerminal } from '../tasks/lifecycle.ts';
import { unknownTask } from '../tasks/show.ts';
import type { Plan, Task } from '../tasks/task.ts';
import { type TaskDetails, taskDetails } from '../tasks/wire.ts';
import type { MockControl } from './old-calls.ts';
import { nowOf, progressOf } from './progress.ts';
import type { ScopeRequest } from './schemas.ts';
import { filterOf } from './scope-request.ts';
import { DEFAULT_WAIT_MS, type Waits } from './waiting.ts';

export type TaskCalls = MockControl['tasks'];

const DEFAULT_LIMIT = 100;

/** Makes the calls of `mock.tasks`. */
export function taskCalls(options: Core, waits: Waits): TaskCalls {
  const { store, worker, clocks, ids, plans, cancellations } = options;

  /** A look-up by scope costs the same however many tasks there are; without one, every scope is asked. */
  const find = (taskId: string, { project_id: projectId, instance_id: instanceId }: ScopeRequest): Task => {
    const direct =
      projectId !== undefined && instanceId !== undefined
        ? store.find(projectId, instanceId, taskId)
        : undefined;
    const task = direct ?? store.findAnywhere(taskId, { projectId, instanceId });
    if (task === undefined) throw unknownTask(store, taskId);
    return task;
  };

  return {
    async create({
      project_id: projectId,
      instance_id: instanceId,
      task_type: type,
      task_id,
      plan: given,
      outcome,
    }) {
      const id = task_id ?? ids.of(scopeKey(projectId, instanceId)).next();
      if (store.find(projectId, instanceId, id) !== undefined) {
        throw errors.parameterInvalid('task_id', { reason: `task_id ${id} is taken in this scope` });
      }
      const plan = (): Plan => {
        const chosen = given === undefined ? plans.take(projectId, instanceId, type) : plans.fill(given);
        return outcome === undefined ? chosen : { ...chosen, outcome };
      };
      return taskDetails(await worker.create({ scope: { projectId, instanceId }, id, type, plan }));
    },

    async list(filter = {}) {
      const { offset = 0, limit = DEFAULT_LIMIT } = filter;
      const tasks: TaskDetails[] = [];
      let total = 0;
      for (const task of store.list(filterOf(filter))) {
        if (filter.task_type !== undefined && task.type !== filter.task_type) continue;
        if (filter.task_status !== undefined && task.status !== filter.task_status) continue;
        total += 1;
        if (total > offset && tasks.length < limit) tasks.push(taskDetails(task));
      }
      return { total, tasks };
    },

    get: async (taskId, scope = {}) => taskDetails(find(taskId, scope)),

    async step(taskId, scope = {}) {
      const task = find(taskId, scope);
      return cancellations.during({ scope: task.scope, parts: ['tasks'] }, async (entry) => {
        throwIfGone(entry);
        const isStepped = await worker.step(task);
        throwIfGone(entry);
        if (!isStepped)
          throw errors.parameterInvalid('task_id', { reason: `task ${taskId} ${whyNoStep(task)}` });
        return taskDetails(task);
      });
    },

    async wait(taskId, { until, timeout_ms: timeoutMs = DEFAULT_WAIT_MS, ...scope } = {}, { signal } = {}) {
      const task = find(taskId, scope);
      const end = await waits.forTask(task, until, { timeoutMs, signal });
      if (end.kind === 'timeout') {
        const reason = `the task is still ${task.status}; ${progressOf(task, nowOf(task, clocks)).long}`;
        throw withTask(errors.waitTimeout(reason, { reason }), task);
      }
      if (end.kind === 'never') throw withTask(errors.neverSettles(end.reason, { reason: end.reason }), task);
      return taskDetails(task);
    },
  };
}

/** Throws 409 when what was begun was cancelled. */
function throwIfGone({ cause, why }: Cancellable): void {
  if (cause !== undefined) throw errors.neverSettles(why, { reason: why });
}

/** The error of a wait, with the task as it is. */
const withTask = (error: ApigError, task: Task): ApigError =>
  new ApigError(error.statusCode, error.body, {
    ...(error.reason === undefined ? {} : { reason: error.reason }),
    rawBody: JSON.stringify({ ...error.body, ...taskDetails(task) }),
  });

function whyNoStep(task: Task): string {
  if (task.held) return 'is held';
  if (isTerminal(task.status)) return 'has ended';
  return `follows a ${task.plan.mode} plan; only manual ones are stepped`;
}
