/**
 * What a task is: its kinds, its states, the plan it follows and how it may end. One TypeBox schema each, from
 * which the types are taken.
 * Source: the page of ShowAsyncTaskResult (`task_status`, `task_type`), read in 2026-11.
 */
import { type Static, Type } from '@sinclair/typebox';
import { ApigError, type Failure } from '../core/errors.ts';
import type { TaskInputs } from './input.ts';
import { TASK_STATUSES, TASK_TYPES } from './kinds.ts';

/** One of a few texts. */
export const oneOf = <const T extends readonly string[]>(
  values: T,
  description = `one of ${values.join(', ')}`,
) =>
  Type.Unsafe<T[number]>(
    Type.String({
      enum: [...values],
      pattern: `^(${values.join('|').replaceAll('.', '\\.')})$`,
      description,
    }),
  );

export { TASK_STATUSES, TASK_TYPES } from './kinds.ts';

export const TaskTypeSchema = oneOf(TASK_TYPES, 'import_api or export_api');
export type TaskType = Static<typeof TaskTypeSchema>;

export const TaskStatusSchema = oneOf(TASK_STATUSES, 'waiting, processing, succeed or failed');
export type TaskStatus = Static<typeof TaskStatusSchema>;

/** The longest simulated time a plan may give a state: 30 days. */
const MAX_PLAN_MS = 30 * 24 * 60 * 60 * 1000;
const durationMs = (what: string) =>
  Type.Integer({
    minimum: 0,
    maximum: MAX_PLAN_MS,
    description: `${what}, a whole number of ms from 0 to ${MAX_PLAN_MS}`,
  });
const readCount = (what: string) =>
  Type.Integer({ minimum: 0, maximum: 1_000_000, description: `${what}, a whole number from 0 to 1000000` });

/** How a task ends. Without one its job decides; `succeed` without a `task_result` gets the job's. */
export const OutcomeSchema = Type.Union(
  [
    Type.Object(
      { status: Type.Literal('succeed'), task_result: Type.Optional(Type.String({ maxLength: 16_000_000 })) },
      { additionalProperties: false },
    ),
    Type.Object(
      {
        status: Type.Literal('failed'),
        error_code: Type.String({ minLength: 1, maxLength: 64 }),
        error_msg: Type.String({ maxLength: 10_000 }),
        task_result: Type.Optional(
          Type.String({ maxLength: 16_000_000, description: 'in place of the JSON of the error' }),
        ),
      },
      { additionalProperties: false },
    ),
  ],
  {
    description:
      '{"status":"succeed","task_result"?} or {"status":"failed","error_code","error_msg","task_result"?}',
  },
);
export type PlannedOutcome = Static<typeof OutcomeSchema>;

const outcome = Type.Optional(OutcomeSchema);

/** By the clock: how long the task stays waiting, then processing (processing starts when a worker is free). */
export const TimePlanSchema = Type.Object(
  {
    mode: Type.Literal('time'),
    waiting_ms: Type.Optional(durationMs('how long the task waits')),
    processing_ms: Type.Optional(durationMs('how long the task is processed')),
    outcome,
  },
  { additionalProperties: false },
);
/** By reads: how many reads see `waiting`, then `processing`; every later read sees the end. */
export const PollsPlanSchema = Type.Object(
  {
    mode: Type.Literal('polls'),
    waiting_polls: Type.Optional(readCount('how many reads see waiting')),
    processing_polls: Type.Optional(readCount('how many reads see processing')),
    outcome,
  },
  { additionalProperties: false },
);
/** By hand: the task moves when it is stepped. */
export const ManualPlanSchema = Type.Object(
  { mode: Type.Literal('manual'), outcome },
  { additionalProperties: false },
);
/** At once: the first read sees the end. */
export const ImmediatePlanSchema = Type.Object(
  { mode: Type.Literal('immediate'), outcome },
  { additionalProperties: false },
);

export const PlanSchema = Type.Union(
  [TimePlanSchema, PollsPlanSchema, ManualPlanSchema, ImmediatePlanSchema],
  {
    description:
      'a plan: {"mode":"time","waiting_ms","processing_ms"}, {"mode":"polls","waiting_polls","processing_polls"}, {"mode":"manual"} or {"mode":"immediate"}, each with an optional "outcome"',
  },
);
/** A plan as it is given: a time or count left out is the setting's. */
export type PlanInput = Static<typeof PlanSchema>;
type Filled<P> = P extends { mode: 'time' }
  ? P & { waiting_ms: number; processing_ms: number }
  : P extends { mode: 'polls' }
    ? P & { waiting_polls: number; processing_polls: number }
    : P;
/** How a task gets from `waiting` to its end. */
export type Plan = Filled<PlanInput>;

/**
 * How a task ended: the text of `task_result`, or the error it failed with. The reason is for a person: why it failed,
 * or what an import that succeeded left out. No response of the service has it, and it never repeats what was sent.
 */
export type Outcome =
  | { readonly status: 'succeed'; readonly result: string; readonly reason?: string }
  | ({
      readonly status: 'failed';
      /** The text of `task_result`, where it is not the JSON of the error. */
      readonly task_result?: string | undefined;
    } & Failure);

export const failedWith = (failure: Failure): Outcome => ({ status: 'failed', ...failure });

/** The outcome of what makes the object in `task_result`, or throws an `ApigError`. */
export function outcomeOf(makeResult: () => object): Outcome {
  try {
    return { status: 'succeed', result: JSON.stringify(makeResult()) };
  } catch (cause) {
    if (cause instanceof ApigError) return failedWith(cause.failure);
    throw cause;
  }
}

/** No reason is longer. */
export const MAX_REASON_CHARS = 500;

/** No subject is longer. */
export const MAX_SUBJECT_CHARS = 255;

/** The type of a task, and what its job works on: a task of a control call has no input, nor has one that has ended. */
export type TaskWork<T extends TaskType = TaskType> = {
  [K in T]: { readonly type: K; input?: TaskInputs[K] | undefined };
}[T];

/** A task of one scope, or (`scope` undefined) a seed that every scope sees. Changed by the worker alone. */
export type Task<T extends TaskType = TaskType> = TaskMembers & TaskWork<T>;

interface TaskMembers {
  readonly id: string;
  readonly scope: TaskScope | undefined;
  readonly plan: Plan;
  /** A held task stays in its state for ever. */
  readonly held: boolean;
  status: TaskStatus;
  /** The text of `task_result`, until a read has made it part of `text`. */
  result: string;
  /** The response to ShowAsyncTaskResult in its present state, ready to send; absent until it was first read. */
  text: string | undefined;
  /** Why it failed, or what an import left out; only tasks that ended so have this member at all. */
  reason?: string;
  /** What it is about, for a person: the file that is imported, the group that is exported. */
  readonly subject?: string;
  /** Reads seen in the present state (counted by polls plans alone). */
  reads: number;
  /** Which task entered its state, or the queue, before which: the lower number. 0 = an old snapshot did not have it. */
  order: number;
  /** Its time has come and it waits for a slot, whatever its clock is set to meanwhile. */
  queued: boolean;
  createdMs: number;
  startedMs: number | undefined;
  endedMs: number | undefined;
}

/** The tasks of one scope, by id, in order of creation. */
export interface TaskScope {
  readonly projectId: string;
  readonly instanceId: string;
  readonly tasks: Map<string, Task>;
}
