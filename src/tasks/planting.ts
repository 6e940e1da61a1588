/** Puts seeds in: the tasks that are there from the start, and after a reset. */
import { inScope, type ScopeFilter } from '../scope.ts';
import type { SeedFile, SeedTask } from './seed.ts';
import type { Plan } from './task.ts';
import type { TaskWorker } from './worker.ts';

export interface Planting {
  readonly worker: TaskWorker;
  readonly seeds: readonly SeedFile[];
  /** The plan of a seed: its own, filled in, or the default. */
  readonly planOf: (task: SeedTask) => Plan;
}

/** Puts in the seeds of a scope; without one all, those that every scope sees too. */
export async function plantSeeds(
  { worker, seeds, planOf }: Planting,
  filter: ScopeFilter = {},
): Promise<void> {
  const isWhole = filter.projectId === undefined && filter.instanceId === undefined;
  for (const { project_id: projectId, instance_id: instanceId, tasks } of seeds) {
    const shared = projectId === undefined || instanceId === undefined;
    if (!isWhole && (shared || !inScope({ projectId, instanceId }, filter))) continue;
    for (const task of tasks) {
      await worker.create({
        scope: shared ? undefined : { projectId, instanceId },
        id: task.task_id,
        type: task.task_type,
        plan: planOf(task),
        held: task.hold ?? false,
        status: task.task_status,
        result: task.task_result,
      });
    }
  }
}
