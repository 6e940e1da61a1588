/** Back to the start: the tasks, APIs, journal, faults, plans and clock of a scope, or of all. */

import { RESET_PARTS } from '../../core/choices.ts';
import { inScope, scopeKey } from '../../core/scope.ts';
import type { Core } from '../../mock.ts';
import { seedTasks } from '../../tasks/seeding.ts';
import type { ResetPart, ResetRequest, ScopeRequest } from '../schemas.ts';
import { filterOf, isWhole } from '../scope-request.ts';

const WITH_IDS: readonly ResetPart[] = ['tasks', 'apis', 'faults'];

/**
 * Resets parts of a scope, in one step; afterwards nothing scheduled before fires. Throws when there is no space for the
 * seeds, and then has changed nothing. Resolves when the jobs of the seeds are ready.
 */
export function resetState(options: Core, request: ResetRequest): Promise<void> {
  const { only = RESET_PARTS, ...scope } = request;
  const filter = filterOf(scope);
  const parts = new Set<ResetPart>(only);
  const { store, worker, apis, plans, journal, cancellations } = options;
  const seeds = parts.has('tasks') ? seedTasks(options.seeding, filter) : [];
  const cleared = isWhole(scope) ? 'all' : store.scopes(filter);
  if (seeds.length > 0) store.checkSpace(seeds.filter((seed) => seed.scope !== undefined).length, cleared);
  cancellations.reset(filter, parts);
  if (parts.has('tasks')) {
    worker.forget(cleared);
    store.clear(cleared);
  }
  if (parts.has('apis')) apis.reset(filter);
  if (parts.has('plans')) plans.clear(filter);
  if (parts.has('journal')) journal.clear(filter);
  // A seed hands out the same ids again, so it begins anew only when nothing is left that has one of them.
  if (WITH_IDS.every((part) => parts.has(part))) restartIds(options, scope);
  if (parts.has('faults')) resetFaults(options, scope);
  if (parts.has('clock')) resetClocks(options, scope);
  return worker.createAll(seeds);
}

/** The faults of the settings are in force again, those of the scope alone when one is named. */
function resetFaults({ faults, settings: { faults: startFaults } }: Core, scope: ScopeRequest): void {
  faults.clear(filterOf(scope));
  for (const fault of startFaults) {
    const itsScope = { projectId: fault.project_id ?? '', instanceId: fault.instance_id ?? '' };
    if (inScope(itsScope, filterOf(scope))) faults.add(fault);
  }
}

function resetClocks({ clocks, worker, settings: { clock: startClock } }: Core, scope: ScopeRequest): void {
  clocks.reset(filterOf(scope), startClock);
  worker.events.emit({ type: 'clock' });
}

function restartIds({ ids }: Core, { project_id: projectId, instance_id: instanceId }: ScopeRequest): void {
  if (projectId === undefined) ids.restart();
  else if (instanceId !== undefined) ids.restart(scopeKey(projectId, instanceId));
  else for (const key of Object.keys(ids.drawn())) if (key.startsWith(`${projectId}/`)) ids.restart(key);
}
