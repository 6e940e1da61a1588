/**
 * The operations of `/__admin`, as a table. Each row is a route, its description, the call of the object and of the
 * remote client. What a call does stands in `control.ts`.
 */
import { Type } from '@sinclair/typebox';
import { errors } from '../core/errors.ts';
import { type DocumentedError, declare, documented, invalid, missing } from '../core/operation.ts';
import type { CallName } from './calls.ts';
import {
  type AdminCore,
  type AdminOperation,
  type CallOperation,
  call,
  changeErrors,
  queryErrors,
  readErrors,
} from './control-call.ts';
import { STREAM_HEADERS, streamEvents } from './events/stream.ts';
import { FaultSchema } from './faults/schema.ts';
import { assertSatisfied } from './journal/verify.ts';
import * as R from './responses.ts';
import * as S from './schemas.ts';
import { stateOperations } from './state/operations.ts';

/** Any task result that a plan may give, and any signed body, in JSON. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

const route = declare<AdminCore>();

const unknownTask = documented(errors.taskNotFound('d9ce8c9eede54b3f841ec324fe0bfdc2'));
const unknownGroup = documented(errors.groupNotFound('9100ae30705947cc9543d37cd7fb388c'));
const never = documented(errors.neverSettles('the clock stands still: advance it'));
const late = documented(errors.waitTimeout('the task is still waiting'));
const cancelled = documented(errors.neverSettles('the scope was reset while this was in progress'));
const withTask = (error: DocumentedError): DocumentedError => ({ ...error, beside: R.Task.properties });

const HERE = { project_id: 'p1', instance_id: 'i1' };
const POLLS = { ...HERE, operation: 'ShowAsyncTaskResult' };

const control = { tag: 'Control', security: 'admin' } as const;
const health = { ...control, method: 'GET', response: R.Health, errors: readErrors } as const;

export const adminOperations: readonly AdminOperation[] = [
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
  route({
    ...control,
    id: 'showGroup',
    method: 'GET',
    path: '/__admin/groups/:group_id',
    summary: 'Shows an API group with a page of its APIs in full, and the environments of its instance',
    query: S.GroupQuerySchema,
    response: R.Group,
    errors: [missing('project_id'), invalid('project_id'), ...readErrors, unknownGroup],
    handle: ({ params, query }, core) => core.control.group({ ...params, ...query }),
  }),
  call({
    id: 'listTasks',
    call: 'tasks.list',
    method: 'GET',
    path: '/__admin/tasks',
    summary: 'Lists tasks',
    query: S.TaskFilterSchema,
    response: R.Tasks,
    errors: queryErrors,
    run: ({ tasks }, filter) => tasks.list(filter),
  }),
  call({
    id: 'createTask',
    call: 'tasks.create',
    method: 'POST',
    path: '/__admin/tasks',
    summary: 'Creates a task',
    body: S.NewTaskSchema,
    bodyLimit: MAX_BODY_BYTES,
    status: 201,
    response: R.Task,
    errors: [...changeErrors, documented(errors.tooManyResources())],
    example: {
      body: {
        ...HERE,
        task_type: 'import_api',
        plan: { mode: 'polls', waiting_polls: 1, processing_polls: 2 },
      },
    },
    run: ({ tasks }, request) => tasks.create(request),
  }),
  call({
    id: 'getTask',
    call: 'tasks.get',
    method: 'GET',
    path: '/__admin/tasks/:task_id',
    summary: 'Shows a task with its plan and times',
    query: S.ScopeSchema,
    response: R.Task,
    errors: [...queryErrors, unknownTask],
    run: ({ tasks }, { task_id, ...scope }) => tasks.get(task_id, scope),
  }),
  call({
    id: 'stepTask',
    call: 'tasks.step',
    method: 'POST',
    path: '/__admin/tasks/:task_id/step',
    summary: 'Moves a task with a manual plan on by one state',
    query: S.ScopeSchema,
    body: S.NothingSchema,
    response: R.Task,
    errors: [...changeErrors, unknownTask, cancelled],
    run: ({ tasks }, { task_id, ...scope }) => tasks.step(task_id, scope),
  }),
  call({
    id: 'waitForTask',
    call: 'tasks.wait',
    method: 'GET',
    path: '/__admin/tasks/:task_id/wait',
    summary: 'Waits until a task has ended, or is in a state',
    query: S.WaitSchema,
    response: R.Task,
    errors: [...queryErrors, unknownTask, withTask(late), withTask(never)],
    run: ({ tasks }, { task_id, ...request }, caller) => tasks.wait(task_id, request, caller),
  }),
  call({
    id: 'waitForIdle',
    call: 'idle',
    method: 'GET',
    path: '/__admin/idle',
    summary: 'Waits until no task is unfinished',
    query: S.IdleSchema,
    response: R.Idle,
    unwrap: 'idle',
    returnsNothing: true,
    errors: [...queryErrors, late, never],
    run: (mock, request, caller) => mock.idle(request, caller),
  }),
  call({
    id: 'listPlans',
    call: 'plans',
    method: 'GET',
    path: '/__admin/plan',
    summary: 'Shows the default plan and the rules in force',
    response: R.Plans,
    errors: readErrors,
    run: (mock) => mock.plans(),
  }),
  call({
    id: 'setPlan',
    call: 'plan',
    method: 'PUT',
    path: '/__admin/plan',
    summary: 'Sets the plan of a scope, a task type, or the next few tasks; null removes it',
    body: S.PlanRequestSchema,
    bodyLimit: MAX_BODY_BYTES,
    response: R.Plans,
    errors: changeErrors,
    example: { body: { ...HERE, task_type: 'export_api', times: 1, plan: { mode: 'immediate' } } },
    run: (mock, request) => mock.plan(request),
  }),
  call({
    id: 'getClock',
    call: 'clock.get',
    method: 'GET',
    path: '/__admin/clock',
    summary: 'Shows a clock',
    query: S.PlaceSchema,
    response: R.Clock,
    errors: queryErrors,
    run: ({ clock }, scope) => clock.get(scope),
  }),
  call({
    id: 'setClock',
    call: 'clock.set',
    method: 'PUT',
    path: '/__admin/clock',
    summary: 'Stops a clock, lets it run, or sets it',
    body: S.ClockSchema,
    response: R.Clock,
    errors: changeErrors,
    example: { body: { mode: 'manual', now: '2026-03-02T09:30:00.000Z' } },
    run: ({ clock }, request) => clock.set(request),
  }),
  call({
    id: 'advanceClock',
    call: 'clock.advance',
    leading: ['ms'],
    method: 'POST',
    path: '/__admin/clock/advance',
    summary: 'Moves a clock on; responds once everything that fell due has happened',
    body: S.AdvanceSchema,
    response: R.Clock,
    errors: changeErrors,
    example: { body: { ms: 500 } },
    run: ({ clock }, { ms, ...scope }) => clock.advance(ms, scope),
  }),
  call({
    id: 'listFaults',
    call: 'faults.list',
    method: 'GET',
    path: '/__admin/faults',
    summary: 'Lists the faults in force',
    response: R.Faults,
    unwrap: 'faults',
    errors: readErrors,
    run: ({ faults }) => faults.list(),
  }),
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
  call({
    id: 'listRequests',
    call: 'requests.list',
    method: 'GET',
    path: '/__admin/requests',
    summary: 'Lists the requests in the journal, and why some were rejected',
    query: S.RequestsQuerySchema,
    response: R.Requests,
    errors: queryErrors,
    run: ({ requests }, query) => requests.list(query),
  }),
  call({
    id: 'clearRequests',
    call: 'requests.clear',
    method: 'DELETE',
    path: '/__admin/requests',
    summary: 'Clears the journal of a scope',
    query: S.PlaceSchema,
    status: 204,
    errors: changeErrors,
    run: ({ requests }, scope) => requests.clear(scope),
  }),
  call({
    id: 'countRequests',
    call: 'requests.count',
    method: 'POST',
    path: '/__admin/requests/count',
    summary: 'Counts requests; 409 when some of the scope were dropped from the journal',
    body: S.JournalFilterSchema,
    response: R.Count,
    unwrap: 'count',
    errors: [...changeErrors, documented(errors.notCounted())],
    example: { body: { ...POLLS, status: 200 } },
    run: ({ requests }, filter) => requests.count(filter),
  }),
  call({
    id: 'verifyRequests',
    call: 'requests.verify',
    method: 'POST',
    path: '/__admin/requests/verify',
    summary:
      'Checks the requests against an expectation and shows the nearest ones that do not match; not satisfied, with a reason, when dropped ones might matter',
    body: S.ExpectationSchema,
    response: R.Verification,
    errors: changeErrors,
    example: { body: { ...POLLS, exactly: 4 } },
    checkResult: assertSatisfied,
    run: ({ requests }, expectation) => requests.verify(expectation),
  }),
  call({
    id: 'checkSignature',
    call: 'signCheck',
    method: 'POST',
    path: '/__admin/sign-check',
    summary: 'Explains a request signature step by step',
    body: S.SignCheckSchema,
    bodyLimit: MAX_BODY_BYTES,
    response: R.SignReport,
    errors: changeErrors,
    example: {
      body: {
        method: 'GET',
        target: '/v3/projects',
        headers: { host: 'localhost:8080', 'x-sdk-date': '20260302T093000Z' },
      },
    },
    run: (mock, check) => mock.signCheck(check),
  }),
  ...stateOperations,
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

const BY_CALL: ReadonlyMap<string, CallOperation> = new Map(
  adminOperations.flatMap((row) => (row.call === undefined ? [] : [[row.call, row as CallOperation]])),
);

/** The row of a call. */
export function callNamed(name: CallName): CallOperation {
  const row = BY_CALL.get(name);
  if (row === undefined) throw new Error(`the call ${name} has no operation`);
  return row;
}
