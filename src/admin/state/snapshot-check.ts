/** What a snapshot must be beyond its form, record by record; all of it is checked before anything is put in place. */
import type { TSchema } from '@sinclair/typebox';
import { ApigError, errors } from '../../core/errors.ts';
import { loadCheckers, placeOf } from '../../core/validation.ts';
import { contradictionIn, createDuplicateCheck } from '../../tasks/task-record.ts';
import { checkFault } from '../faults/registry.ts';
import { checkOperation } from '../operation-names.ts';
import { type Snapshot, SnapshotHeadSchema, SnapshotSchema, type TaskSnapshot } from './snapshot.ts';

/** Throws `APIG.2012` naming the place at which a value does not match its schema. */
type Check = (schema: TSchema, value: unknown) => void;

const broken = (place: string, message: string): ApigError =>
  errors.parameterInvalid(place, { reason: `${place} ${message}` });

async function loadCheck(): Promise<Check> {
  const checkerOf = await loadCheckers();
  return (schema, value) => {
    const problem = checkerOf(schema).problem(value);
    if (problem === undefined) return;
    throw broken(placeOf(problem.at) || 'snapshot', problem.message);
  };
}

function checkTask(task: TaskSnapshot, place: string): void {
  const wrong = contradictionIn(task);
  if (wrong !== undefined) throw broken(`${place}.${wrong.member}`, wrong.message);
}

function checkFaultRecord(fault: Snapshot['faults'][number], place: string): void {
  try {
    checkOperation(fault);
    checkFault(fault);
  } catch (cause) {
    throw broken(place, `is rejected: ${cause instanceof ApigError ? cause.reason : cause}`);
  }
}

/** The snapshot, once it is known to be one. Throws `APIG.2012` naming the first place that is not as it must be. */
export async function checkSnapshot(given: unknown, maxTasks: number): Promise<Snapshot> {
  const check = await loadCheck();
  // First of all, what it is: the rest of another version's may be anything.
  check(SnapshotHeadSchema, given);
  check(SnapshotSchema, given);
  const snapshot = given as Snapshot;
  for (const [at, task] of snapshot.tasks.entries()) checkTask(task, `tasks[${at}]`);
  for (const [at, clock] of snapshot.clocks.entries()) checkScope(clock, `clocks[${at}]`);
  for (const [at, plan] of snapshot.plans.entries()) checkScope(plan, `plans[${at}]`);
  for (const [at, fault] of snapshot.faults.entries()) checkFaultRecord(fault, `faults[${at}]`);
  checkTogether(snapshot, maxTasks);
  return snapshot;
}

function checkScope(
  { project_id, instance_id }: { readonly project_id?: string; readonly instance_id?: string },
  place: string,
): void {
  if (instance_id !== undefined && project_id === undefined)
    throw broken(`${place}.project_id`, 'must be there, since instance_id is');
}

/** What the records must be to one another: none twice, a main clock, and no more tasks than fit. */
function checkTogether({ tasks, clocks, faults }: Snapshot, maxTasks: number): void {
  const isDuplicate = createDuplicateCheck();
  for (const [at, task] of tasks.entries())
    if (isDuplicate(task)) throw broken(`tasks[${at}].task_id`, `${task.task_id} appears twice`);
  const scoped = tasks.filter(({ project_id }) => project_id !== undefined).length;
  if (scoped > maxTasks) throw broken('tasks', `takes at most ${maxTasks} (--max-tasks); here are ${scoped}`);
  onlyOnce(clocks, ({ project_id, instance_id }) => `${project_id}/${instance_id}`, 'clocks[].project_id');
  if (!clocks.some(({ project_id }) => project_id === undefined))
    throw broken('clocks', 'takes the main clock too, the one without project_id');
  onlyOnce(faults, ({ id }) => id, 'faults[].id');
}

/** Throws for a record whose key another one had before; its number goes between the brackets of `place`. */
function onlyOnce<T>(records: readonly T[], keyOf: (record: T) => string, place: string): void {
  const seen = new Set<string>();
  for (const [at, record] of records.entries()) {
    const key = keyOf(record);
    if (seen.has(key)) throw broken(place.replace('[]', `[${at}]`), `${key} appears twice`);
    seen.add(key);
  }
}
