/** Taking and restoring a snapshot: all is read and checked first, then put in place at once. */

import { systemNowMs } from '../../core/clock.ts';
import type { OwnedClock, SavedClock } from '../../core/clocks.ts';
import { scopeKey } from '../../core/scope.ts';
import { MIN_TIME_MS } from '../../core/time-line.ts';
import { groupsOf } from '../../gateway/snapshot.ts';
import type { Core } from '../../mock.ts';
import { each, jsonPieces } from './json-pieces.ts';
import { type ClockSnapshot, type Snapshot, taskFromSnapshot, taskSnapshot } from './snapshot.ts';
import { checkSnapshot } from './snapshot-check.ts';

/** The parts of a mock that hold its state. */
export type StateParts = Pick<Core, 'store' | 'apis' | 'clocks' | 'plans' | 'faults' | 'ids'>;

export function takeSnapshot(parts: StateParts): Snapshot {
  return {
    ...snapshotHead(parts),
    tasks: Array.from(parts.store.list(), taskSnapshot),
    apis: parts.apis.snapshot(),
  };
}

/** All of a snapshot that is small, whatever is stored. */
function snapshotHead({ clocks, plans, faults, ids }: StateParts): Omit<Snapshot, 'tasks' | 'apis'> {
  return {
    format: 'apig-mock-snapshot',
    version: 1,
    clocks: clocks.list().map(clockSnapshot),
    plans: plans.list().rules,
    faults: faults.list(),
    ids: ids.drawn(),
  };
}

/**
 * The text of a snapshot, piece by piece, each made when it is asked for; `log` names the log that goes on from it.
 * What changes meanwhile may be in it or not: that log has it.
 */
export function snapshotText(parts: StateParts, log: string | undefined): Generator<string> {
  return jsonPieces({
    ...snapshotHead(parts),
    log,
    tasks: each(parts.store.list(), taskSnapshot),
    apis: {
      scopes: each(parts.apis.scopes({}), ({ projectId, instanceId, state }) => ({
        scope: scopeKey(projectId, instanceId),
        instance: {
          groups: groupsOf(state),
          environments: [...state.environments.values()],
          policies: [...state.policies.values()],
        },
      })),
    },
  });
}

/** A restored clock is set to where it stood; after a restart one that ran is as far ahead of the system's as before. */
export type RestoredClocks = 'as they stood' | 'running on';

/**
 * Throws `APIG.2012`, naming the place, for what is no snapshot; then nothing has changed. Else all is in place, and
 * `ready` resolves when the jobs are that go on.
 */
export async function restoreState(
  options: Core,
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
  clocks.restore(snapshot.clocks.map((saved) => savedClock(saved, how)));
  plans.restore(snapshot.plans.map((rule) => ({ ...rule, plan: plans.fill(rule.plan) })));
  faults.restore(snapshot.faults);
  ids.restart();
  ids.resume(snapshot.ids);
  const fill = plans.fill.bind(plans);
  const ready = worker.restore(snapshot.tasks.map((task) => taskFromSnapshot(task, fill)));
  return { ready };
}

export function clockSnapshot({ projectId, instanceId, clock }: OwnedClock): ClockSnapshot {
  return {
    ...(projectId === undefined ? {} : { project_id: projectId }),
    ...(instanceId === undefined ? {} : { instance_id: instanceId }),
    mode: clock.mode,
    now_ms: clock.now(),
    ...(clock.mode === 'system' ? { offset_ms: clock.offsetMs } : {}),
  };
}

/** As it stood, credentials untouched; or, credentials too, as if the mock had not been stopped. */
function savedClock(saved: ClockSnapshot, how: RestoredClocks): SavedClock {
  const { project_id: projectId, instance_id: instanceId, mode, now_ms } = saved;
  if (how === 'as they stood') return { projectId, instanceId, mode, nowMs: now_ms };
  const nowMs = mode === 'system' ? Math.max(systemNowMs() + (saved.offset_ms ?? 0), MIN_TIME_MS) : now_ms;
  return { projectId, instanceId, mode, nowMs, credentialsMs: nowMs };
}
