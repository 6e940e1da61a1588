/** Taking and restoring a snapshot: all is read and checked first, then put in place at once. */
import { errors } from '../errors.ts';
import { loadCheckers, placeOf } from '../schema.ts';
import { isTerminal } from '../tasks/lifecycle.ts';
import type { Plan } from '../tasks/task.ts';
import type { ControlOptions } from './control.ts';
import { type Snapshot, SnapshotSchema, taskFromSnapshot, taskSnapshot } from './snapshot.ts';

export function takeSnapshot({ store, apis, clocks, plans, faults, ids }: ControlOptions): Snapshot {
  return {
    format: 'apig-mock-snapshot',
    version: 1,
    tasks: Array.from(store.list(), taskSnapshot),
    clocks: [
      { mode: clocks.main.mode, now_ms: clocks.main.now() },
      ...Array.from(clocks.entries(), ([key, clock]) => {
        const [project_id = '', instance_id] = key.split('/');
        return {
          project_id,
          ...(instance_id === undefined ? {} : { instance_id }),
          mode: clock.mode,
          now_ms: clock.now(),
        };
      }),
    ],
    plans: plans.list().rules,
    faults: faults.list(),
    ids: ids.drawn(),
    apis: apis.snapshot(),
  };
}

/** A restored clock is set to where it stood; after a restart one that ran goes with the system's time instead. */
export type RestoredClocks = 'as they stood' | 'running on';

/** Throws `APIG.2012`, naming the place, for what is no snapshot; then nothing has changed. */
export async function restoreState(
  options: ControlOptions,
  given: unknown,
  clocks: RestoredClocks = 'as they stood',
): Promise<void> {
  const problem = (await loadCheckers())(SnapshotSchema).problem(given);
  if (problem !== undefined) {
    const place = placeOf(problem.at) || 'snapshot';
    throw errors.parameterInvalid(place, { reason: `${place} ${problem.says}` });
  }
  const snapshot = given as Snapshot;
  for (const [at, task] of snapshot.tasks.entries()) {
    if (isTerminal(task.task_status) || task.task_result === '') continue;
    throw errors.parameterInvalid(`tasks[${at}].task_result`, { reason: 'an unfinished task has no result' });
  }
  refuseDoubles(snapshot);
  const { store, worker, apis, plans, faults, ids } = options;
  // Throws for what no APIs can be; done again below, since the clocks give others a turn.
  apis.restore(snapshot.apis);
  worker.forget('all');
  await restoreClocks(options, snapshot, clocks);
  // From here on in one step, so that nobody sees half of it; what came in meanwhile goes with the rest.
  worker.forget('all');
  store.clear('all');
  apis.restore(snapshot.apis);
  plans.restore(snapshot.plans.map((rule) => ({ ...rule, plan: plans.fill(rule.plan) })));
  faults.restore(snapshot.faults);
  ids.resume(snapshot.ids);
  await Promise.all(
    snapshot.tasks.map((task) =>
      worker.create({ ...taskFromSnapshot(task), plan: plans.fill(task.plan as Plan) }),
    ),
  );
}

/** Throws for an id that stands twice in one scope: only one of the two could be kept. */
function refuseDoubles({ tasks }: Snapshot): void {
  const seen = new Set<string>();
  for (const [at, { project_id, instance_id, task_id }] of tasks.entries()) {
    const key = JSON.stringify([project_id, instance_id, task_id]);
    if (seen.has(key)) {
      throw errors.parameterInvalid(`tasks[${at}].task_id`, {
        reason: `tasks[${at}].task_id ${task_id} stands twice in its scope`,
      });
    }
    seen.add(key);
  }
}

async function restoreClocks(
  { clocks }: ControlOptions,
  snapshot: Snapshot,
  how: RestoredClocks,
): Promise<void> {
  clocks.drop();
  for (const { project_id: projectId, instance_id: instanceId, mode, now_ms: nowMs } of snapshot.clocks) {
    const clock = projectId === undefined ? clocks.main : clocks.ensure(projectId, instanceId);
    if (mode === 'manual') clock.freeze();
    else clock.resume();
    if (mode === 'manual' || how === 'as they stood') await clock.set(nowMs);
  }
}
