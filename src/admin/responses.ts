/** The responses of the control calls, as schemas. */
import { Type } from '@sinclair/typebox';
import { count, flag, id, list, nullable, object, optional, text, time } from '../core/schemas.ts';
import { ApiDetail } from '../gateway/detail-schemas.ts';
import { Environment } from '../gateway/schemas.ts';
import { PlanSchema, TaskStatusSchema, TaskTypeSchema } from '../tasks/task.ts';
import { FaultSchema } from './faults/schema.ts';

const place = {
  project_id: optional(text('absent for a seed that every instance sees', 'p1')),
  instance_id: optional(text(undefined, 'i1')),
};
const mode = Type.Union([Type.Literal('system'), Type.Literal('manual')]);

const subject = text('the file that is imported, or the group that is exported', 'orders.yaml');

export const Health = object({ status: text(undefined, 'ok'), version: text(undefined, '1.0.0') });
export const Idle = object({ idle: Type.Boolean() });
export const Count = object({ count });

export const Task = object({
  task_id: id(),
  task_type: TaskTypeSchema,
  task_status: TaskStatusSchema,
  task_result: text('JSON as a string; empty until the task has ended'),
  reason: optional(
    text('why it failed, or what an import left out, for a person; only the control calls return it'),
  ),
  subject: optional(subject),
  ...place,
  plan: PlanSchema,
  hold: flag('stays in its state for ever'),
  polls: Type.Integer({ minimum: 0, description: 'reads seen in the present state, under a polls plan' }),
  created_at: time(),
  started_at: optional(time()),
  ended_at: optional(time()),
});
export const Tasks = object({ total: count, tasks: list(Task) });

export const Plans = object({
  default: PlanSchema,
  rules: list(
    object({ ...place, task_type: optional(TaskTypeSchema), times: optional(count), plan: PlanSchema }),
  ),
});

export const Clock = object({
  mode,
  now: time(),
  own: Type.Boolean({ description: 'the clock of this scope alone' }),
});

export const Fault = Type.Object(
  { id: text(), ...FaultSchema.properties, hits: count, seen: count },
  {
    additionalProperties: false,
    'x-example': {
      ...{ id: 'f1', operation: 'ShowAsyncTaskResult', project_id: 'p1', instance_id: 'i1' },
      ...{ after: 1, times: 1, action: { type: 'error', status: 429 }, hits: 0, seen: 0 },
    },
  },
);
export const Faults = object({ faults: list(Fault) });

const Entry = object({
  id: count,
  at: time(),
  operation: nullable('as the provider names it', 'ShowAsyncTaskResult'),
  method: text(undefined, 'GET'),
  path: text(undefined, '/v2/p1/apigw/instances/i1/async-tasks/t1'),
  project_id: nullable('project', 'p1'),
  instance_id: nullable('instance', 'i1'),
  task_id: nullable('task', 't1'),
  credentials: text('static-token, token, signature or none', 'static-token'),
  status: count,
  error_code: optional(text(undefined, 'APIG.1002')),
  reason: optional(text('why it was rejected', 'no X-Auth-Token header and no request signature')),
  fault_id: optional(text('the fault that shaped the response', 'f1')),
  duration_ms: Type.Number({ minimum: 0 }),
  request_id: text(undefined, '0c44f1da5ff5fb975a0d1d0b1a0c034b'),
});
export const Requests = object({
  total: count,
  dropped: Type.Integer({
    minimum: 0,
    description: 'how many older ones of the requested scope were dropped for newer ones',
  }),
  requests: list(Entry),
});

export const Verification = object({
  satisfied: Type.Boolean(),
  count,
  expected: text(undefined, 'exactly 4 request(s) with operation=ShowAsyncTaskResult'),
  nearest: list(
    object({
      request: Entry,
      differs: Type.Record(Type.String(), Type.Object({ expected: Type.Unknown(), actual: Type.Unknown() })),
    }),
  ),
  reason: optional(text('why it cannot be known: requests were dropped that might have fitted')),
});

export const SignReport = object({
  ok: Type.Boolean(),
  first_difference: optional(text()),
  hint: text('what to do', 'sign the path with a slash at its end'),
  steps: list(
    object({
      name: text(undefined, 'canonical URI'),
      ours: text(undefined, '/v3/projects/'),
      theirs: optional(text(undefined, '/v3/projects/')),
      equal: optional(Type.Boolean()),
    }),
  ),
});

export const Group = object({
  id: id(),
  name: text(undefined, 'test8'),
  project_id: text(undefined, 'p1'),
  instance_id: text(undefined, 'i1'),
  apis: Type.Integer({ minimum: 0, description: 'how many it holds' }),
  created_at: time(),
});
/** With a page of its APIs. */
export const GroupInFull = object({
  ...Group.properties,
  remark: text(),
  environments: list(Environment),
  total: Type.Integer({ minimum: 0, description: 'how many APIs fit the query' }),
  page: list(
    object({
      ...ApiDetail.properties,
      attached: list(
        object({
          kind: text('ratelimit, access-control or authorizer', 'authorizer'),
          name: text(undefined, 'checked'),
          definition: optional(Type.Unknown({ description: 'as it was imported', 'x-example': {} })),
        }),
      ),
    }),
  ),
});
export const Groups = object({ groups: list(Group) });
export const Apis = object({
  apis: list(
    object({
      id: id(),
      name: text(undefined, 'orders'),
      method: text(undefined, 'GET'),
      path: text(undefined, '/orders'),
      group_id: id(),
      group_name: text(undefined, 'test8'),
      project_id: text(undefined, 'p1'),
      instance_id: text(undefined, 'i1'),
      published_in: list(text('the name of an environment', 'RELEASE')),
      created_at: time(),
    }),
  ),
});
export const IssuedToken = object({ token: text('for X-Auth-Token', 'AMT1.…'), expires_at: time() });

const Counts = object({ waiting: count, processing: count, succeed: count, failed: count });
const Card = object({
  task_id: id(),
  task_type: TaskTypeSchema,
  task_status: TaskStatusSchema,
  subject: optional(subject),
  ...place,
  mode: text('the mode of its plan', 'time'),
  hold: Type.Boolean(),
  entered_at: time(),
  reason: optional(text('why it failed, or what an import left out')),
  due_at: optional(time('when it moves on by the clock')),
  queued: optional(Type.Boolean({ description: 'waits for a worker slot' })),
  reads: optional(count),
  reads_wanted: optional(count),
});
export const Overview = object({
  version: text(undefined, '1.0.0'),
  last_event_id: text('the id of an event', '1f0c9a3e-14'),
  settings: Type.Object({}, { description: 'all settings but the secrets' }),
  counts: Counts,
  totals: Counts,
  scopes: list(object({ ...place, counts: Counts, busy: count, queued: count })),
  scopes_total: count,
  clocks: list(
    object({
      ...place,
      mode,
      now: time(),
      next_due: optional(time()),
      offset_ms: optional(Type.Integer({ description: 'of a running clock: ms ahead of real time' })),
    }),
  ),
  faults: count,
  requests: object({ last_id: count, dropped: count }),
  cards: object({
    waiting: list(Card),
    processing: list(Card),
    succeed: list(Card),
    failed: list(Card),
  }),
  groups: optional(
    object({
      total: count,
      newest: list(Group),
    }),
  ),
});
