/** Seeds as tasks to put in: those that are there from the start, and after a reset; and those that a submission makes. */
import { jsonObject } from '../core/json-error.ts';
import { inScope, type Scope, type ScopeFilter } from '../core/scope.ts';
import type { NewTask } from './new-task.ts';
import type { SeedFile, SeedTask } from './seed.ts';
import type { Plan, PlannedOutcome, TaskType } from './task.ts';

export interface Seeding {
  readonly seeds: readonly SeedFile[];
  /** The plan of a seed: its own, filled in, or the default. */
  readonly planOf: (task: SeedTask) => Plan;
}

/** The seeds of a scope; without one all, those that every scope sees too. */
export function seedTasks({ seeds, planOf }: Seeding, filter: ScopeFilter = {}): NewTask[] {
  const isWhole = filter.projectId === undefined && filter.instanceId === undefined;
  return seeds.flatMap(({ project_id: projectId, instance_id: instanceId, tasks }) => {
    const shared = projectId === undefined || instanceId === undefined;
    if (!isWhole && (shared || !inScope({ projectId, instanceId }, filter))) return [];
    const scope = shared ? undefined : { projectId, instanceId };
    return tasks.filter(({ replay }) => replay !== 'submit').map((task) => taskOf(task, planOf(task), scope));
  });
}

/**
 * The recorded task that the next submission of a scope makes: the first of its type that the scope has not yet, so
 * that what a reset removes is made again.
 */
export function nextSubmitted(
  { seeds, planOf }: Seeding,
  { projectId, instanceId, type }: Scope & { readonly type: TaskType },
  has: (taskId: string) => boolean,
): NewTask | undefined {
  for (const { project_id = projectId, instance_id = instanceId, tasks } of seeds) {
    if (project_id !== projectId || instance_id !== instanceId) continue;
    const task = tasks.find((one) => one.replay === 'submit' && one.task_type === type && !has(one.task_id));
    if (task !== undefined) return taskOf(task, planOf(task), { projectId, instanceId });
  }
  return undefined;
}

/** A seed as it stands; one that is replayed begins, and its plan has how it ends. */
function taskOf(seed: SeedTask, plan: Plan, scope: Scope | undefined): NewTask {
  const { task_id: id, task_type: type, task_status: status, task_result: result, hold = false } = seed;
  if (seed.replay === undefined || hold) return { scope, id, type, plan, held: hold, status, result };
  return { scope, id, type, plan: { ...plan, outcome: outcomeOf(seed) } };
}

function outcomeOf({ task_status: status, task_result }: SeedTask): PlannedOutcome {
  if (status !== 'failed') return { status: 'succeed', task_result };
  const { error_code, error_msg } = jsonObject(task_result) ?? {};
  return {
    status,
    error_code: typeof error_code === 'string' && error_code !== '' ? error_code : 'unknown',
    error_msg: typeof error_msg === 'string' ? error_msg : '',
    task_result,
  };
}
