/** What the control calls take: one TypeBox schema per body and query, types included. */
import { type Static, Type } from '@sinclair/typebox';
import { RESET_PARTS } from '../core/choices.ts';
import { OutcomeSchema, PlanSchema, TaskStatusSchema, TaskTypeSchema } from '../tasks/task.ts';
import { idSchema as id, scopeMembers as scope } from '../tasks/task-record.ts';
import { OperationSchema } from './operation-names.ts';

/** What is changed: an instance is one of a project. */
const place = {
  project_id: scope.project_id,
  instance_id: Type.Optional(id('an instance id, which needs project_id')),
};
const closed = { additionalProperties: false } as const;
const wholeFrom = (least: number, most?: number) =>
  Type.Integer({
    minimum: least,
    maximum: most ?? Number.MAX_SAFE_INTEGER,
    description: `a whole number from ${least}${most === undefined ? '' : ` to ${most}`}`,
  });

export const ScopeSchema = Type.Object(scope, closed);
/** As `ScopeSchema`, for calls that do not look for something but change it. */
export const PlaceSchema = Type.Object(place, closed);
/** A whole project, one instance of it, or (empty) everything. */
export type ScopeRequest = Static<typeof ScopeSchema>;

export type ResetPart = (typeof RESET_PARTS)[number];

export const ResetSchema = Type.Object(
  {
    ...place,
    only: Type.Optional(
      Type.Array(
        Type.Unsafe<ResetPart>(
          Type.String({
            pattern: `^(${RESET_PARTS.join('|')})$`,
            description: `one of ${RESET_PARTS.join(', ')}`,
          }),
        ),
        {
          description: `a list of ${RESET_PARTS.join(', ')}`,
        },
      ),
    ),
  },
  closed,
);
/** What to take back to the start: by default every part. */
export type ResetRequest = Static<typeof ResetSchema>;

export const TaskFilterSchema = Type.Object(
  {
    ...scope,
    task_type: Type.Optional(TaskTypeSchema),
    task_status: Type.Optional(TaskStatusSchema),
    offset: Type.Optional(wholeFrom(0)),
    limit: Type.Optional(wholeFrom(1, 1000)),
  },
  closed,
);
export type TaskFilter = Static<typeof TaskFilterSchema>;

export const NewTaskSchema = Type.Object(
  {
    project_id: id('a project id'),
    instance_id: id('an instance id'),
    task_type: TaskTypeSchema,
    task_id: Type.Optional(id('a task id')),
    plan: Type.Optional(PlanSchema),
    outcome: Type.Optional(OutcomeSchema),
  },
  closed,
);
export type NewTaskRequest = Static<typeof NewTaskSchema>;

/** The body of a call that needs none. */
export const NothingSchema = Type.Object({}, { description: 'an empty object, or nothing' });
const MAX_WAIT_MS = 10 * 60 * 1000;
const timeout = { timeout_ms: Type.Optional(wholeFrom(0, MAX_WAIT_MS)) };

export const WaitSchema = Type.Object(
  { ...scope, ...timeout, until: Type.Optional(TaskStatusSchema) },
  closed,
);
/** `until` = any end when left out; `timeout_ms` is real time, 30 s by default. */
export type WaitRequest = Static<typeof WaitSchema>;

export const IdleSchema = Type.Object({ ...scope, ...timeout }, closed);
export type IdleRequest = Static<typeof IdleSchema>;

export const PlanRequestSchema = Type.Object(
  {
    ...place,
    task_type: Type.Optional(TaskTypeSchema),
    times: Type.Optional(wholeFrom(1, 1_000_000)),
    plan: Type.Union([PlanSchema, Type.Null()], { description: `${PlanSchema.description}, or null` }),
  },
  closed,
);
export type PlanRequest = Static<typeof PlanRequestSchema>;

const called = Type.Optional(Type.String({ minLength: 1, maxLength: 255, description: 'a name' }));
export const GroupsSchema = Type.Object({ ...scope, name: called }, closed);
export type GroupsQuery = Static<typeof GroupsSchema>;
export const ApisSchema = Type.Object(
  { ...scope, group_id: Type.Optional(id('a group id')), name: called },
  closed,
);
export type ApisQuery = Static<typeof ApisSchema>;

/** The longest life of a token: 30 days. */
const MAX_TTL_MS = 30 * 24 * 60 * 60 * 1000;
export const TokenSchema = Type.Object(
  {
    project: Type.Optional(id('a project id')),
    user: called,
    ttl_ms: Type.Optional(wholeFrom(1, MAX_TTL_MS)),
  },
  closed,
);
export type TokenRequest = Static<typeof TokenSchema>;
export const ExpireSchema = Type.Object(
  { token: Type.String({ minLength: 1, maxLength: 10_000, description: 'a token of the mock, a text' }) },
  closed,
);

export const ClockSchema = Type.Object(
  {
    ...place,
    mode: Type.Unsafe<'system' | 'manual'>(
      Type.String({ pattern: '^(system|manual)$', description: '"system" or "manual"' }),
    ),
    now: Type.Optional(
      Type.String({
        pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?(Z|[+-]\\d\\d:\\d\\d)$',
        description: 'a time in RFC 3339, such as 2026-01-31T12:00:00.000Z',
      }),
    ),
  },
  closed,
);
/** `now` may lie in the past: only this call turns a clock back. */
export type ClockRequest = Static<typeof ClockSchema>;

/** The furthest one advance goes: a hundred years. */
const MAX_ADVANCE_MS = 100 * 366 * 24 * 60 * 60 * 1000;
export const AdvanceSchema = Type.Object({ ...place, ms: wholeFrom(0, MAX_ADVANCE_MS) }, closed);
export type AdvanceRequest = Static<typeof AdvanceSchema>;

const requestFilter = {
  operation: Type.Optional(OperationSchema),
  method: Type.Optional(Type.String({ description: 'an HTTP method such as GET' })),
  ...scope,
  task_id: Type.Optional(Type.String({ description: 'a task id' })),
  /** 0 = the connection was cut before a response. */
  status: Type.Optional(wholeFrom(0, 599)),
};

export const JournalFilterSchema = Type.Object(requestFilter, closed);

export const RequestsQuerySchema = Type.Object(
  { ...requestFilter, limit: Type.Optional(wholeFrom(0, 1_000_000)) },
  closed,
);
export type RequestsQuery = Static<typeof RequestsQuerySchema>;

const searchText = (where: string) =>
  Type.String({ maxLength: 255, description: `a part ${where}, in any case` });

/** A group by its place; which of its APIs are shown. */
export const GroupQuerySchema = Type.Object(
  {
    project_id: id('a project id'),
    instance_id: id('an instance id'),
    api_id: Type.Optional(Type.String({ description: 'the id of an API' })),
    search: Type.Optional(searchText('of the id, the name or the path of an API, or of the group')),
    offset: Type.Optional(wholeFrom(0)),
    limit: Type.Optional(wholeFrom(1, 200)),
  },
  closed,
);
export type GroupQuery = Static<typeof GroupQuerySchema>;

export const OverviewSchema = Type.Object(
  {
    ...scope,
    task_type: Type.Optional(TaskTypeSchema),
    task_status: Type.Optional(TaskStatusSchema),
    cards: Type.Optional(wholeFrom(0, 200)),
    offset: Type.Optional(wholeFrom(0)),
    groups: Type.Optional(wholeFrom(0, 200)),
    search: Type.Optional(
      searchText('of the id or the subject of a task, or the id, name or path of a group or API'),
    ),
  },
  closed,
);
/** `groups` = how many API groups are listed, newest first; `cards` = how many of each state are shown, from `offset` on; with `task_status`, of that state alone. */
export type OverviewRequest = Static<typeof OverviewSchema>;

export const ExpectationSchema = Type.Object(
  {
    ...requestFilter,
    exactly: Type.Optional(wholeFrom(0)),
    at_least: Type.Optional(wholeFrom(0)),
    at_most: Type.Optional(wholeFrom(0)),
  },
  closed,
);
export type ExpectationRequest = Static<typeof ExpectationSchema>;

const signText = (what: string, maxLength = 100_000) =>
  Type.Optional(Type.String({ maxLength, description: what }));

export const SignCheckSchema = Type.Object(
  {
    method: Type.String({ pattern: '^[A-Z]{1,10}$', description: 'an HTTP method such as GET' }),
    target: Type.String({ minLength: 1, maxLength: 20_000, description: 'the path and query as sent' }),
    headers: Type.Record(Type.String(), Type.Union([Type.String(), Type.Array(Type.String())]), {
      additionalProperties: false,
      description: 'an object of header names and their texts',
    }),
    body: signText('the body as text', 16_000_000),
    body_base64: signText('the body in base64', 24_000_000),
    canonical_request: signText('the canonical request of the client'),
    string_to_sign: signText('the string to sign of the client'),
  },
  closed,
);

export const EventsSchema = Type.Object(
  {
    after: Type.Optional(
      Type.String({ pattern: '^([0-9a-f]{8}-)?\\d{1,15}$', description: 'the id of an event' }),
    ),
  },
  closed,
);
