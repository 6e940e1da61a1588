/** Seeds as tasks to put in: those that are there from the start, and after a reset. */
import { inScope, type ScopeFilter } from '../core/scope.ts';
import type { NewTask } from './new-task.ts';
import type { SeedFile, SeedTask } from './seed.ts';
import type { Plan } from './task.ts';

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
    return tasks.map((task) => ({
      scope: shared ? undefined : { projectId, instanceId },
      id: task.task_id,
      type: task.task_type,
      plan: planOf(task),
      held: task.hold ?? false,
      status: task.task_status,
      result: task.task_result,
    }));
  });
}
