/** Taking and restoring a snapshot: all is read and checked first, then put in place at once. */
import type { Clocks } from '../clocks.ts';
import type { Plan } from '../tasks/task.ts';
import type { ControlOptions } from './control-options.ts';
import { type Snapshot, taskFromSnapshot, taskSnapshot } from './snapshot.ts';
import { checkSnapshot } from './snapshot-check.ts';

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

/**
 * Throws `APIG.2012`, naming the place, for what is no snapshot; then nothing has changed. Else all is in place, and
 * `ready` resolves when the jobs are that go on.
 */
export async function restoreState(
  options: ControlOptions,
  given: unknown,
  how: RestoredClocks = 'as they stood',
): Promise<{ readonly ready: Promise<void> }> {
  const { store, worker, apis, clocks, plans, faults, ids, cancellations } = options;
  const snapshot = await checkSnapshot(given, store.capacity);
  // Throws for what no APIs can be. From here on all is one step, so that nobody sees half of it.
  apis.restore(snapshot.apis);
  cancellations.restore();
  worker.forget('all');
  store.clear('all');
  restoreClocks(clocks, snapshot, how);
  plans.restore(snapshot.plans.map((rule) => ({ ...rule, plan: plans.fill(rule.plan) })));
  faults.restore(snapshot.faults);
  ids.restart();
  ids.resume(snapshot.ids);
  const ready = worker.restore(
    snapshot.tasks.map((task) => ({ ...taskFromSnapshot(task), plan: plans.fill(task.plan as Plan) })),
  );
  return { ready };
}

function restoreClocks(clocks: Clocks, snapshot: Snapshot, how: RestoredClocks): void {
  clocks.drop();
  for (const { project_id: projectId, instance_id: instanceId, mode, now_ms: nowMs } of snapshot.clocks) {
    const clock = projectId === undefined ? clocks.main : clocks.ensure(projectId, instanceId);
    if (mode === 'system' && how === 'running on') clock.restart(mode);
    else clock.restart(mode, nowMs);
  }
}
