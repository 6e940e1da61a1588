/** The answers of the control calls, as schemas: what the interfaces of `control/` say. */
import { Type } from '@sinclair/typebox';
import { FaultSchema } from '../../control/faults.ts';
import { PlanSchema, TaskStatusSchema, TaskTypeSchema } from '../../tasks/task.ts';
import { count, list, object, optional, text, time } from './answers.ts';

const nullable = (description: string) => Type.Union([text(description), Type.Null()]);
const place = {
  project_id: optional(text('absent for a seed that every instance sees')),
  instance_id: optional(text()),
};
const mode = Type.Union([Type.Literal('system'), Type.Literal('manual')]);

export const Health = object({ status: text(), version: text() });
export const Idle = object({ idle: Type.Boolean() });
export const Count = object({ count });

export const Task = object({
  task_id: text(),
  task_type: TaskTypeSchema,
  task_status: TaskStatusSchema,
  task_result: text('JSON as a string; empty until the task has ended'),
  reason: optional(text('why it failed, for a person; only the control calls say it')),
  ...place,
  plan: PlanSchema,
  hold: Type.Boolean({ description: 'stays in its state for ever' }),
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

export const ClockAnswer = object({
  mode,
  now: time(),
  own: Type.Boolean({ description: 'the clock of this scope alone' }),
});

export const FaultAnswer = Type.Object(
  { id: text(), ...FaultSchema.properties, hits: count, seen: count },
  { additionalProperties: false },
);
export const Faults = object({ faults: list(FaultAnswer) });

const Entry = object({
  id: count,
  at: time(),
  operation: nullable('as the provider names it'),
  method: text(),
  path: text(),
  project_id: nullable('project'),
  instance_id: nullable('instance'),
  task_id: nullable('task'),
  credentials: text('static-token, token, signature or none'),
  status: count,
  error_code: optional(text()),
  reason: optional(text('why it was refused')),
  fault_id: optional(text('the fault that shaped the answer')),
  duration_ms: Type.Number({ minimum: 0 }),
  request_id: text(),
});
export const Requests = object({ total: count, dropped: count, requests: list(Entry) });

export const VerificationAnswer = object({
  satisfied: Type.Boolean(),
  count,
  expected: text(),
  nearest: list(
    object({
      request: Entry,
      differs: Type.Record(Type.String(), Type.Object({ expected: Type.Unknown(), actual: Type.Unknown() })),
    }),
  ),
});

export const SignReportAnswer = object({
  ok: Type.Boolean(),
  first_difference: optional(text()),
  hint: text('what to do'),
  steps: list(
    object({
      name: text(),
      ours: text(),
      theirs: optional(text()),
      equal: optional(Type.Boolean()),
    }),
  ),
});

const Counts = object({ waiting: count, processing: count, succeed: count, failed: count });
const Card = object({
  task_id: text(),
  task_type: TaskTypeSchema,
  task_status: TaskStatusSchema,
  ...place,
  mode: text('the mode of its plan'),
  hold: Type.Boolean(),
  entered_at: time(),
  reason: optional(text('why it failed')),
  due_at: optional(time('when it moves on by the clock')),
  queued: optional(Type.Boolean({ description: 'waits for a worker slot' })),
  reads: optional(count),
  reads_wanted: optional(count),
});
export const OverviewAnswer = object({
  version: text(),
  last_event_id: count,
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
      newest: list(
        object({
          id: text(),
          name: text(),
          project_id: text(),
          instance_id: text(),
          apis: count,
          created_at: time(),
        }),
      ),
    }),
  ),
});
