/** The control calls, the same few for `/__admin` and for the object: tasks, plans, reset. */
import type { Clocks } from '../clocks.ts';
import { errors } from '../errors.ts';
import type { IdSources } from '../ids.ts';
import { type ScopeFilter, scopeKey } from '../scope.ts';
import type { SeedFile } from '../tasks/seed.ts';
import type { TaskStore } from '../tasks/store.ts';
import type { Plan, PlanInput, PlannedOutcome, Task } from '../tasks/task.ts';
import { type TaskDetails, taskDetails } from '../tasks/wire.ts';
import type { TaskWorker } from '../tasks/worker.ts';
import type { Journal } from './journal.ts';
import type { PlanBook } from './plans.ts';
import type { NewTaskRequest, ScopeRequest, TaskFilter } from './schemas.ts';

export interface ControlOptions {
  readonly store: TaskStore;
  readonly worker: TaskWorker;
  readonly clocks: Clocks;
  readonly ids: IdSources;
  readonly plans: PlanBook;
  readonly journal: Journal;
  /** What the mock starts with, and goes back to. */
  readonly seeds: readonly SeedFile[];
}

/** A page of tasks; `total` counts all that fit the filter. */
export interface TaskList {
  total: number;
  tasks: TaskDetails[];
}

export const filterOf = (scope: ScopeRequest): ScopeFilter => ({
  projectId: scope.project_id,
  instanceId: scope.instance_id,
});

const DEFAULT_LIMIT = 100;

export class Control {
  readonly #options: ControlOptions;

  constructor(options: ControlOptions) {
    this.#options = options;
  }

  /** Puts a task in; with `outcome`, that is how it ends. Throws when the id is taken or there is no room. */
  async createTask(request: NewTaskRequest): Promise<TaskDetails> {
    const { store, worker, ids, plans } = this.#options;
    const { project_id: projectId, instance_id: instanceId, task_type: type, outcome } = request;
    const id = request.task_id ?? ids.of(scopeKey(projectId, instanceId)).next();
    if (store.find(projectId, instanceId, id) !== undefined) {
      throw errors.parameterInvalid('task_id', { reason: `task_id ${id} is taken in this scope` });
    }
    const plan =
      request.plan === undefined ? plans.take(projectId, instanceId, type) : plans.fill(request.plan);
    const task = await worker.create({
      scope: { projectId, instanceId },
      id,
      type,
      plan: withOutcome(plan, outcome),
    });
    return taskDetails(task);
  }

  /** Tasks that fit, seeds that every scope sees among them, a page at a time. */
  listTasks(filter: TaskFilter = {}): TaskList {
    const { offset = 0, limit = DEFAULT_LIMIT } = filter;
    const tasks: TaskDetails[] = [];
    let total = 0;
    for (const task of this.#options.store.list(filterOf(filter))) {
      if (filter.task_type !== undefined && task.type !== filter.task_type) continue;
      if (filter.task_status !== undefined && task.status !== filter.task_status) continue;
      total += 1;
      if (total > offset && tasks.length < limit) tasks.push(taskDetails(task));
    }
    return { total, tasks };
  }

  /** One task; the scope may be left out when the id is in one scope only. */
  getTask(taskId: string, scope: ScopeRequest = {}): TaskDetails {
    return taskDetails(this.#task(taskId, scope));
  }

  /** Moves a task with a manual plan one state on. */
  async stepTask(taskId: string, scope: ScopeRequest = {}): Promise<TaskDetails> {
    const task = this.#task(taskId, scope);
    if (!(await this.#options.worker.step(task))) {
      throw errors.parameterInvalid('task_id', { reason: `task ${taskId} ${whyNoStep(task)}` });
    }
    return taskDetails(task);
  }

  /** Back to the start: all of it with its seeds, or one project, or one instance. */
  async reset(scope: ScopeRequest = {}): Promise<void> {
    const { store, worker, plans, journal, ids } = this.#options;
    const filter = filterOf(scope);
    worker.forget(filter);
    store.clear(filter);
    plans.clear(filter);
    journal.clear(filter);
    if (scope.project_id === undefined && scope.instance_id === undefined) ids.restart();
    else if (scope.project_id !== undefined && scope.instance_id !== undefined) {
      ids.restart(scopeKey(scope.project_id, scope.instance_id));
    }
    await this.plantSeeds(scope);
  }

  /** Puts the start-up seeds in, those of a scope or all. */
  async plantSeeds(scope: ScopeRequest = {}): Promise<void> {
    const { worker, plans, seeds } = this.#options;
    const whole = scope.project_id === undefined && scope.instance_id === undefined;
    for (const seed of seeds) {
      const { project_id: projectId, instance_id: instanceId } = seed;
      if (!whole && (projectId === undefined || !belongs(seed, scope))) continue;
      for (const task of seed.tasks) {
        await worker.create({
          scope: projectId === undefined || instanceId === undefined ? undefined : { projectId, instanceId },
          id: task.task_id,
          type: task.task_type,
          plan: task.plan === undefined ? plans.list().default : plans.fill(task.plan),
          held: task.hold ?? false,
          status: task.task_status,
          result: task.task_result,
        });
      }
    }
  }

  #task(taskId: string, scope: ScopeRequest): Task {
    for (const task of this.#options.store.list(filterOf(scope))) if (task.id === taskId) return task;
    throw errors.taskNotFound(taskId, { reason: 'unknown task' });
  }
}

const belongs = (seed: SeedFile, scope: ScopeRequest): boolean =>
  (scope.project_id ?? seed.project_id) === seed.project_id &&
  (scope.instance_id ?? seed.instance_id) === seed.instance_id;

const withOutcome = (plan: Plan | PlanInput, outcome: PlannedOutcome | undefined): Plan =>
  (outcome === undefined ? plan : { ...plan, outcome }) as Plan;

function whyNoStep(task: Task): string {
  if (task.held) return 'is held';
  if (task.endedMs !== undefined || task.status === 'succeed' || task.status === 'failed') return 'has ended';
  return `follows a ${task.plan.mode} plan; only manual ones are stepped`;
}
