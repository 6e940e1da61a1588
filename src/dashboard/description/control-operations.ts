/** The control calls and the pages as they are described. */
import { SnapshotSchema } from '../../control/snapshot.ts';
import { errors } from '../../errors.ts';
import * as C from './control-answers.ts';
import { LastEventHeader, TO_DASHBOARD } from './headers.ts';
import type { Operation } from './operations.ts';
import { foreign, misfit, notJson, type Refusal, refusal } from './refusals.ts';

const reads: readonly Refusal[] = [refusal(errors.tokenInvalid()), foreign];
const queries = [...misfit('project_id'), ...reads];
const changes = [...queries, notJson];
const unknownTask = refusal(errors.taskNotFound('d9ce8c9eede54b3f841ec324fe0bfdc2'));
const never = refusal(errors.neverSettles('the clock stands still: advance it'));
const late = refusal(errors.waitTimeout('the task is still waiting'));

const base = { tag: 'Control', status: 200, security: [{}, { adminToken: [] }] } as const;
const read = { ...base, refusals: reads } as const;
const query = { ...base, refusals: queries } as const;
const change = { ...base, refusals: changes } as const;
const silent = { ...change, status: 204 } as const;
const html = {
  tag: 'Pages',
  status: 200,
  security: [],
  produces: 'text/html',
  refusals: [foreign],
} as const;

/** By method and URL, as they are registered. */
export const CONTROL_OPERATIONS: Readonly<Record<string, Operation>> = {
  'GET /__admin/health': { ...read, id: 'health', summary: 'Says that the mock is up', answer: C.Health },
  'GET /__admin/ready': { ...read, id: 'ready', summary: 'Says that the mock is ready', answer: C.Health },
  'GET /__admin/overview': {
    ...query,
    id: 'overview',
    summary:
      'Counts by state, worker slots, clocks and settings; with cards, the first tasks of each state; with groups, the newest API groups',
    answer: C.OverviewAnswer,
  },
  'GET /__admin/tasks': { ...query, id: 'listTasks', summary: 'Lists tasks', answer: C.Tasks },
  'POST /__admin/tasks': {
    ...change,
    id: 'createTask',
    summary: 'Puts a task in',
    status: 201,
    answer: C.Task,
    refusals: [...changes, refusal(errors.tooManyResources())],
  },
  'GET /__admin/tasks/:task_id': {
    ...query,
    id: 'getTask',
    summary: 'Shows a task with its plan and times',
    answer: C.Task,
    refusals: [...queries, unknownTask],
  },
  'POST /__admin/tasks/:task_id/step': {
    ...change,
    id: 'stepTask',
    summary: 'Moves a task with a manual plan one state on',
    answer: C.Task,
    refusals: [...changes, unknownTask],
  },
  'GET /__admin/tasks/:task_id/wait': {
    ...query,
    id: 'waitForTask',
    summary: 'Waits until a task has ended, or is in a state',
    answer: C.Task,
    refusals: [...queries, unknownTask, late, never],
    refused: { 408: C.Task.properties, 409: C.Task.properties },
  },
  'GET /__admin/idle': {
    ...query,
    id: 'waitForIdle',
    summary: 'Waits until no task is on its way',
    answer: C.Idle,
    refusals: [...queries, late, never],
  },
  'GET /__admin/plan': { ...read, id: 'listPlans', summary: 'Shows the plans that stand', answer: C.Plans },
  'PUT /__admin/plan': {
    ...change,
    id: 'setPlan',
    summary: 'Sets the plan of a scope, a kind, or the next few tasks; null takes it away',
    answer: C.Plans,
  },
  'GET /__admin/clock': { ...query, id: 'getClock', summary: 'Shows a clock', answer: C.ClockAnswer },
  'PUT /__admin/clock': {
    ...change,
    id: 'setClock',
    summary: 'Stops a clock, lets it run, or sets it',
    answer: C.ClockAnswer,
  },
  'POST /__admin/clock/advance': {
    ...change,
    id: 'advanceClock',
    summary: 'Moves a clock on; answers once everything that fell due has happened',
    answer: C.ClockAnswer,
  },
  'GET /__admin/faults': {
    ...read,
    id: 'listFaults',
    summary: 'Lists the faults in force',
    answer: C.Faults,
  },
  'POST /__admin/faults': {
    ...change,
    id: 'addFault',
    summary: 'Puts a fault in force',
    status: 201,
    answer: C.FaultAnswer,
  },
  'DELETE /__admin/faults': { ...silent, id: 'clearFaults', summary: 'Takes the faults of a scope away' },
  'DELETE /__admin/faults/:fault_id': {
    ...silent,
    id: 'removeFault',
    summary: 'Takes one fault away',
    refusals: [...changes, refusal(errors.routeNotFound())],
  },
  'GET /__admin/requests': {
    ...query,
    id: 'listRequests',
    summary: 'Lists the requests that were answered, and why some were refused',
    answer: C.Requests,
  },
  'DELETE /__admin/requests': { ...silent, id: 'clearRequests', summary: 'Forgets the requests of a scope' },
  'POST /__admin/requests/count': {
    ...change,
    id: 'countRequests',
    summary: 'Counts requests',
    answer: C.Count,
  },
  'POST /__admin/requests/verify': {
    ...change,
    id: 'verifyRequests',
    summary: 'Holds the requests against an expectation and shows the nearest misses',
    answer: C.VerificationAnswer,
  },
  'POST /__admin/sign-check': {
    ...change,
    id: 'checkSignature',
    summary: 'Explains a request signature step by step',
    answer: C.SignReportAnswer,
  },
  'POST /__admin/reset': {
    ...silent,
    id: 'reset',
    summary: 'Takes everything, or a scope, back to the start',
  },
  'GET /__admin/state': {
    ...read,
    id: 'snapshot',
    summary: 'Takes a snapshot of the whole state',
    answer: SnapshotSchema,
  },
  'PUT /__admin/state': {
    ...silent,
    id: 'restore',
    summary: 'Takes the state of a snapshot; a broken one changes nothing',
    body: SnapshotSchema,
  },
  'GET /__admin/events': {
    ...query,
    id: 'events',
    summary: 'Streams what happens, as server-sent events',
    headers: LastEventHeader,
    produces: 'text/event-stream',
  },
  'GET /__admin': {
    ...html,
    id: 'toDashboard',
    summary: 'Leads to the dashboard',
    status: 302,
    answerHeaders: TO_DASHBOARD,
  },
  'GET /__admin/': { ...html, id: 'dashboard', summary: 'The dashboard' },
  'GET /__admin/docs': { ...html, id: 'docs', summary: 'This description, to be read' },
  'GET /__admin/openapi.json': {
    ...read,
    id: 'openapi',
    summary: 'This description',
    produces: 'application/json',
  },
};
