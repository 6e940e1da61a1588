/** The operations of `/__admin` on the whole state: health, overview, reset, snapshots, events. */
import { Type } from '@sinclair/typebox';
import { errors } from '../../core/errors.ts';
import { declare, documented } from '../../core/operation.ts';
import { type AdminCore, type AdminOperation, call } from '../control-call.ts';
import { STREAM_HEADERS, streamEvents } from '../events/stream.ts';
import * as R from '../responses.ts';
import * as S from '../schemas.ts';
import { type Snapshot, SnapshotSchema } from '../state/snapshot.ts';
import { changeErrors, HERE, queryErrors, readErrors } from './shared.ts';

/** What a text of JavaScript can hold, about. */
const MAX_SNAPSHOT_BYTES = 500 * 1024 * 1024;

const route = declare<AdminCore>();
const control = { tag: 'Control', security: 'admin' } as const;
const health = { ...control, method: 'GET', response: R.Health, errors: readErrors } as const;

export const stateOperations: readonly AdminOperation[] = [
  route({
    ...health,
    id: 'health',
    path: '/__admin/health',
    summary: 'Reports that the mock is up',
    handle: (_request, { version }) => ({ status: 'ok', version }),
  }),
  route({
    ...health,
    id: 'ready',
    path: '/__admin/ready',
    summary: 'Reports that the mock is ready',
    handle: (_request, { version }) => ({ status: 'ready', version }),
  }),
  call({
    id: 'overview',
    call: 'overview',
    method: 'GET',
    path: '/__admin/overview',
    summary:
      'Counts by state, worker slots, clocks and settings; with cards, the first tasks of each state; with groups, the newest API groups',
    query: S.OverviewSchema,
    response: R.Overview,
    errors: queryErrors,
    run: (mock, request) => mock.overview(request),
  }),
  call({
    id: 'reset',
    call: 'reset',
    method: 'POST',
    path: '/__admin/reset',
    summary: 'Resets everything, or a scope, to the state at start-up',
    body: S.ResetSchema,
    status: 204,
    errors: [...changeErrors, documented(errors.tooManyResources())],
    example: { body: { ...HERE, only: ['tasks', 'journal'] } },
    run: (mock, request) => mock.reset(request),
  }),
  call({
    id: 'snapshot',
    call: 'snapshot',
    method: 'GET',
    path: '/__admin/state',
    summary: 'Takes a snapshot of the whole state',
    wholeBody: true,
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
  route({
    ...control,
    id: 'events',
    method: 'GET',
    path: '/__admin/events',
    summary: 'Streams what happens, as server-sent events',
    query: S.EventsSchema,
    described: {
      headers: Type.Object({
        'Last-Event-ID': Type.Optional(
          Type.String({ description: 'the id of the last event that was read; before the query' }),
        ),
      }),
    },
    produces: 'text/event-stream',
    responseHeaders: STREAM_HEADERS,
    errors: queryErrors,
    handle: (request, { control: mock, onUnexpected }, reply) =>
      streamEvents(reply, {
        read: (afterId, signal) => mock.readEvents(afterId, signal),
        lastEventId: request.headers['last-event-id']?.toString() || request.query.after,
        newestId: mock.newestEventId,
        signal: request.begun.signal,
      }).catch((cause: unknown) => onUnexpected(cause, request.id)),
  }),
];
