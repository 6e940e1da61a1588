/**
 * What a mock starts with: seeds and faults, or the state that it was left in. What the settings ask for beside such a
 * state is added to it, with a line each; a default asks for nothing.
 */
import { isDeepStrictEqual } from 'node:util';
import type { SettingName } from '../../config/settings.ts';
import type { ApigError } from '../../core/errors.ts';
import { SettingError } from '../../core/errors.ts';
import { loadCheckers, placeOf } from '../../core/validation.ts';
import type { Core } from '../../mock.ts';
import type { NewTask } from '../../tasks/new-task.ts';
import { seedTasks } from '../../tasks/seeding.ts';
import { checkFault } from '../faults/registry.ts';
import { type FaultRequest, FaultSchema } from '../faults/schema.ts';
import { checkOperation } from '../operation-names.ts';
import { restoreState } from './state.ts';

export interface Start {
  /** The state of before, if there is one. */
  readonly saved: unknown;
  /** The settings that were given, and are no defaults. */
  readonly given: ReadonlySet<SettingName>;
}

/** Throws `SettingError` for what cannot be. */
export async function startState(options: Core, { saved, given }: Start): Promise<void> {
  const {
    faults,
    settings: { faults: startFaults },
  } = options;
  if (startFaults.length > 0) await checkStartFaults(startFaults);
  if (saved === undefined) {
    for (const fault of startFaults) faults.add(fault);
    return addSeeds(options, seedTasks(options.seeding));
  }
  const { ready } = await restoreState(options, saved, 'running on').catch((cause: ApigError) => {
    throw new SettingError(`--state-file: it cannot be used: ${cause.reason ?? cause.message}`);
  });
  if (given.has('clock')) turnClock(options);
  addFaults(options);
  if (given.has('fixtures')) {
    const seeds = missingSeeds(options);
    await addSeeds(options, seeds);
    if (seeds.length > 0)
      options.log.info(
        { task_ids: seeds.map(({ id }) => id) },
        '--fixtures: added the seeds that the state did not have',
      );
  }
  await ready;
}

function turnClock({ clocks, log, settings: { clock: startClock } }: Core): void {
  const main = clocks.get({});
  if (main === undefined || main.mode === startClock) return;
  if (startClock === 'manual') main.freeze();
  else main.resume();
  log.info({ mode: startClock }, '--clock: changed the mode of the main clock');
}

function addFaults({ faults, log, settings: { faults: startFaults } }: Core): void {
  const there = faults.list().map(({ id: _id, hits: _hits, seen: _seen, ...request }) => request);
  for (const fault of startFaults) {
    if (there.some((one) => isDeepStrictEqual(one, fault))) continue;
    log.info({ fault_id: faults.add(fault).id }, '--faults: added a fault that the state did not have');
  }
}

function missingSeeds({ seeding, store }: Core): NewTask[] {
  const keyOf = ({ scope, id }: Pick<NewTask, 'scope' | 'id'>): string =>
    [scope?.projectId, scope?.instanceId, id].join('/');
  const there = new Set(Array.from(store.list(), keyOf));
  return seedTasks(seeding).filter((seed) => !there.has(keyOf(seed)));
}

/** There may be no space beside the tasks of the state. */
function addSeeds({ worker }: Core, seeds: readonly NewTask[]): Promise<void> {
  return worker.createAll(seeds).catch((cause: ApigError) => {
    throw new SettingError(`--fixtures: the seeds cannot be added: ${cause.reason ?? cause.message}`);
  });
}

/** Holds the faults of the settings against what a fault may be: all of them before any is in force. */
async function checkStartFaults(faults: readonly FaultRequest[]): Promise<void> {
  const check = (await loadCheckers())(FaultSchema);
  for (const [at, fault] of faults.entries()) {
    const problem = check.problem(fault);
    if (problem !== undefined)
      throw new SettingError(`faults: [${at}] ${placeOf(problem.at)}: ${problem.message}`);
    try {
      checkOperation(fault);
      checkFault(fault);
    } catch (cause) {
      throw new SettingError(`faults: [${at}] ${(cause as ApigError).reason}`);
    }
  }
}
