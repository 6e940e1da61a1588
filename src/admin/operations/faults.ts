/** The operations of `/__admin` on faults. */
import { errors } from '../../core/errors.ts';
import { documented } from '../../core/operation.ts';
import { type AdminOperation, call } from '../control-call.ts';
import { FaultSchema } from '../faults/schema.ts';
import { checkAllUsed } from '../faults/used.ts';
import * as R from '../responses.ts';
import * as S from '../schemas.ts';
import { changeErrors, POLLS, queryErrors } from './shared.ts';

const listFaults = call({
  id: 'listFaults',
  call: 'faults.list',
  method: 'GET',
  path: '/__admin/faults',
  summary: 'Lists the faults in force, of a scope or all',
  query: S.ScopeSchema,
  response: R.Faults,
  unwrap: 'faults',
  errors: queryErrors,
  run: ({ faults }, scope) => faults.list(scope),
});

/** No route of its own: the list, looked at by the caller. */
export const assertAllUsed: AdminOperation = {
  ...listFaults,
  call: 'faults.assertAllUsed',
  returnsNothing: true,
  checkResult: checkAllUsed,
};

export const faultsOperations: readonly AdminOperation[] = [
  listFaults,
  call({
    id: 'addFault',
    call: 'faults.add',
    method: 'POST',
    path: '/__admin/faults',
    summary: 'Adds a fault',
    body: FaultSchema,
    status: 201,
    response: R.Fault,
    errors: changeErrors,
    example: { body: { ...POLLS, after: 1, times: 1, action: { type: 'error', status: 429 } } },
    run: ({ faults }, request) => faults.add(request),
  }),
  call({
    id: 'clearFaults',
    call: 'faults.clear',
    method: 'DELETE',
    path: '/__admin/faults',
    summary: 'Removes the faults of a scope',
    query: S.PlaceSchema,
    status: 204,
    errors: changeErrors,
    run: ({ faults }, scope) => faults.clear(scope),
  }),
  call({
    id: 'removeFault',
    call: 'faults.remove',
    method: 'DELETE',
    path: '/__admin/faults/:fault_id',
    summary: 'Removes one fault',
    status: 204,
    errors: [...changeErrors, documented(errors.routeNotFound())],
    run: ({ faults }, { fault_id }) => faults.remove(fault_id),
  }),
];
