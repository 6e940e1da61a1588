/**
 * The operations of `/__admin`: one table for each thing. Each row is a route, its description, the call of the object
 * and of the remote client. What a call does stands in `control.ts`.
 */
import type { CallName } from './calls.ts';
import type { AdminOperation, CallOperation } from './control-call.ts';
import { clocksOperations } from './operations/clocks.ts';
import { assertAllUsed, faultsOperations } from './operations/faults.ts';
import { requestsOperations } from './operations/requests.ts';
import { resourcesOperations } from './operations/resources.ts';
import { stateOperations } from './operations/state.ts';
import { tasksOperations } from './operations/tasks.ts';

export const adminOperations: readonly AdminOperation[] = [
  ...stateOperations,
  ...tasksOperations,
  ...clocksOperations,
  ...faultsOperations,
  ...requestsOperations,
  ...resourcesOperations,
];

const BY_CALL: ReadonlyMap<string, CallOperation> = new Map(
  [...adminOperations, assertAllUsed].flatMap((row) =>
    row.call === undefined ? [] : [[row.call, row as CallOperation]],
  ),
);

/** The row of a call. */
export function callNamed(name: CallName): CallOperation {
  const row = BY_CALL.get(name);
  if (row === undefined) throw new Error(`the call ${name} has no operation`);
  return row;
}
