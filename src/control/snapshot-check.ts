/** What a snapshot must be beyond its form, all of it looked at before anything is put in place. */
import type { TSchema } from '@sinclair/typebox';
import { type ApigError, errors } from '../errors.ts';
import { loadCheckers, placeOf } from '../schema.ts';
import { isTerminal } from '../tasks/lifecycle.ts';
import { checkFault } from './fault-book.ts';
import { checkOperation } from './operations.ts';
import { INPUT_SCHEMAS, type Snapshot, SnapshotHeadSchema, SnapshotSchema } from './snapshot.ts';

const broken = (place: string, says: string): ApigError =>
  errors.parameterInvalid(place, { reason: `${place} ${says}` });

type Check = (schema: TSchema, value: unknown, under?: string) => void;

/** The snapshot, once it is known to be one. Throws `APIG.2012` naming the first place that is not as it must be. */
export async function checkSnapshot(given: unknown, maxTasks: number): Promise<Snapshot> {
  const checkerOf = await loadCheckers();
  const check: Check = (schema, value, under = '') => {
    const problem = checkerOf(schema).problem(value);
    if (problem === undefined) return;
    throw broken(
      [under, placeOf(problem.at)].filter((part) => part !== '').join('.') || 'snapshot',
      problem.says,
    );
  };
  // First of all, what it is: the rest of another version's may be anything.
  check(SnapshotHeadSchema, given);
  check(SnapshotSchema, given);
  const snapshot = given as Snapshot;
  checkTasks(snapshot, maxTasks, check);
  checkClocks(snapshot);
  for (const [at, rule] of snapshot.plans.entries()) checkScope(rule, `plans[${at}]`);
  checkFaults(snapshot);
  return snapshot;
}

interface Scoped {
  readonly project_id?: string;
  readonly instance_id?: string;
}

function checkScope({ project_id, instance_id }: Scoped, place: string): void {
  if (instance_id !== undefined && project_id === undefined)
    throw broken(`${place}.project_id`, 'must be there, since instance_id is');
}

/** Tells of an id that stands twice. */
function onlyOnce(): (key: readonly unknown[], place: string) => void {
  const seen = new Set<string>();
  return (key, place) => {
    const text = JSON.stringify(key);
    if (seen.has(text)) throw broken(place, `${String(key.at(-1))} stands twice`);
    seen.add(text);
  };
}

function checkTasks({ tasks }: Snapshot, maxTasks: number, check: Check): void {
  const once = onlyOnce();
  let scoped = 0;
  for (const [at, task] of tasks.entries()) {
    const place = `tasks[${at}]`;
    const { project_id, instance_id, task_id, task_status, task_result, task_type, reason, input } = task;
    if ((project_id === undefined) !== (instance_id === undefined))
      throw broken(`${place}.project_id`, 'and instance_id go together: both, or neither');
    once([project_id, instance_id, task_id], `${place}.task_id`);
    if (!isTerminal(task_status) && task_result !== '')
      throw broken(`${place}.task_result`, 'must be empty, since the task has not ended');
    if (reason !== undefined && task_status !== 'failed')
      throw broken(`${place}.reason`, 'goes with a failed task alone');
    if (input !== undefined) check(INPUT_SCHEMAS[task_type], input, `${place}.input`);
    if (project_id !== undefined) scoped += 1;
  }
  if (scoped > maxTasks)
    throw broken('tasks', `takes at most ${maxTasks}, as --max-tasks says; here are ${scoped}`);
}

function checkClocks({ clocks }: Snapshot): void {
  const once = onlyOnce();
  for (const [at, clock] of clocks.entries()) {
    checkScope(clock, `clocks[${at}]`);
    once([clock.project_id, clock.instance_id], `clocks[${at}].project_id`);
  }
  if (!clocks.some(({ project_id }) => project_id === undefined))
    throw broken('clocks', 'takes the main clock too, the one without project_id');
}

function checkFaults({ faults }: Snapshot): void {
  const once = onlyOnce();
  for (const [at, fault] of faults.entries()) {
    once([fault.id], `faults[${at}].id`);
    try {
      checkOperation(fault);
      checkFault(fault);
    } catch (cause) {
      throw broken(`faults[${at}]`, `is refused: ${(cause as ApigError).reason}`);
    }
  }
}
