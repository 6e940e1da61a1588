/** The operations on the state as a whole: reset, snapshot and restore. */
import { Type } from '@sinclair/typebox';
import { errors } from '../../core/errors.ts';
import { documented } from '../../core/operation.ts';
import { type AdminOperation, call, changeErrors, readErrors } from '../control-call.ts';
import { ResetSchema } from '../schemas.ts';
import { type Snapshot, SnapshotSchema } from './snapshot.ts';

/** What a text of JavaScript can hold, about. */
const MAX_SNAPSHOT_BYTES = 500 * 1024 * 1024;

export const stateOperations: readonly AdminOperation[] = [
  call({
    id: 'reset',
    call: 'reset',
    method: 'POST',
    path: '/__admin/reset',
    summary: 'Resets everything, or a scope, to the state at start-up',
    body: ResetSchema,
    status: 204,
    errors: [...changeErrors, documented(errors.tooManyResources())],
    example: { body: { project_id: 'p1', instance_id: 'i1', only: ['tasks', 'journal'] } },
    run: (mock, request) => mock.reset(request),
  }),
  call({
    id: 'snapshot',
    call: 'snapshot',
    method: 'GET',
    path: '/__admin/state',
    summary: 'Takes a snapshot of the whole state',
    response: SnapshotSchema,
    errors: readErrors,
    run: (mock) => mock.snapshot(),
  }),
  call({
    id: 'restore',
    call: 'restore',
    wholeBody: true,
    method: 'PUT',
    path: '/__admin/state',
    summary: 'Restores the state of a snapshot; an invalid one changes nothing',
    // The snapshot is checked by the call itself, which changes nothing when it is invalid.
    body: Type.Unsafe<Snapshot>(Type.Unknown()),
    described: { body: SnapshotSchema },
    bodyLimit: MAX_SNAPSHOT_BYTES,
    status: 204,
    errors: changeErrors,
    run: (mock, snapshot) => mock.restore(snapshot),
  }),
];
