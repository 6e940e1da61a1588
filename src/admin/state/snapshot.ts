/** The whole state as plain JSON, and back: what it holds, how it is checked, how a task is written and read. */
import { type Static, Type } from '@sinclair/typebox';
import { MAX_TIME_MS, MIN_TIME_MS } from '../../core/time-line.ts';
import { TASK_INPUTS, type TaskInputs } from '../../tasks/input.ts';
import {
  MAX_REASON_CHARS,
  MAX_SUBJECT_CHARS,
  type Plan,
  type PlanInput,
  PlanSchema,
  TASK_TYPES,
  type Task,
  type TaskType,
  TaskTypeSchema,
} from '../../tasks/task.ts';
import { scopeMembers as scope, taskMembers } from '../../tasks/task-record.ts';
import { resultOf } from '../../tasks/wire.ts';
import type { NewTask } from '../../tasks/worker.ts';
import { FaultSchema } from '../faults/schema.ts';

/** Whole ms that a clock may show. */
const ms = Type.Integer({
  minimum: MIN_TIME_MS,
  maximum: MAX_TIME_MS,
  description: 'ms since the epoch, a whole number, up to the year 9999',
});
const text = Type.String({ description: 'a text' });
const flag = Type.Boolean({ description: 'true or false' });
const count = Type.Integer({ minimum: 0, description: 'a whole number from 0' });

const TaskMembersSchema = Type.Object({
  ...scope,
  ...taskMembers,
  reason: Type.Optional(
    Type.String({
      maxLength: MAX_REASON_CHARS,
      description: `a text of at most ${MAX_REASON_CHARS} characters`,
    }),
  ),
  subject: Type.Optional(
    Type.String({
      maxLength: MAX_SUBJECT_CHARS,
      description: `a text of at most ${MAX_SUBJECT_CHARS} characters`,
    }),
  ),
  plan: PlanSchema,
  hold: flag,
  polls: count,
  /** Which task entered its state, or the queue for a slot, before which; absent in snapshots of older versions. */
  order: Type.Optional(count),
  queued: Type.Optional(Type.Literal(true, { description: 'true, or absent' })),
  created_ms: ms,
  started_ms: Type.Optional(ms),
  ended_ms: Type.Optional(ms),
});
type TaskInputSnapshot<T extends TaskType = TaskType> = {
  [K in T]: { task_type: K; input?: TaskInputs[K] };
}[T];
export type TaskSnapshot<T extends TaskType = TaskType> = Static<typeof TaskMembersSchema> &
  TaskInputSnapshot<T>;
/** A task, while it is unfinished with what the job of its type works on. */
const TaskSnapshotSchema = Type.Intersect([
  TaskMembersSchema,
  Type.Unsafe<TaskInputSnapshot>(
    Type.Union(
      TASK_TYPES.map((type) =>
        Type.Object({ task_type: Type.Literal(type), input: Type.Optional(TASK_INPUTS[type]) }),
      ),
    ),
  ),
]);

const ClockSnapshotSchema = Type.Object({
  ...scope,
  mode: Type.Union([Type.Literal('system'), Type.Literal('manual')], { description: 'system or manual' }),
  now_ms: ms,
  /** How far a clock that ran was ahead of the system's; older states have none. */
  offset_ms: Type.Optional(
    Type.Integer({
      minimum: MIN_TIME_MS - MAX_TIME_MS,
      maximum: MAX_TIME_MS - MIN_TIME_MS,
      description: 'a whole number of ms, no more than ten thousand years',
    }),
  ),
});
export type ClockSnapshot = Static<typeof ClockSnapshotSchema>;

const PlanRuleSchema = Type.Object({
  ...scope,
  task_type: Type.Optional(TaskTypeSchema),
  times: Type.Optional(Type.Integer({ minimum: 1, description: 'a whole number from 1' })),
  plan: PlanSchema,
});

const head = {
  format: Type.Literal('apig-mock-snapshot', { description: '"apig-mock-snapshot"' }),
  version: Type.Literal(1, { description: '1, the format this version writes' }),
};
const whole = { description: 'a snapshot made by GET /__admin/state' };
export const SnapshotHeadSchema = Type.Object(head, whole);

const FaultSnapshotSchema = Type.Composite(
  [FaultSchema, Type.Object({ id: text, hits: count, seen: count })],
  { additionalProperties: false },
);

export const SnapshotSchema = Type.Object(
  {
    ...head,
    tasks: Type.Array(TaskSnapshotSchema),
    clocks: Type.Array(ClockSnapshotSchema),
    plans: Type.Array(PlanRuleSchema),
    faults: Type.Array(FaultSnapshotSchema),
    ids: Type.Record(Type.String(), count),
    /** The groups and APIs of every instance, as their own store writes them. */
    apis: Type.Unknown(),
  },
  whole,
);
/** Everything but the journal and the secrets; a restored mock gives the same responses. */
export type Snapshot = Static<typeof SnapshotSchema>;

export function taskSnapshot<T extends TaskType>(task: Task<T>): TaskSnapshot<T> {
  return {
    ...(task.scope === undefined
      ? {}
      : { project_id: task.scope.projectId, instance_id: task.scope.instanceId }),
    task_id: task.id,
    task_type: task.type,
    task_status: task.status,
    task_result: resultOf(task),
    ...(task.reason === undefined ? {} : { reason: task.reason }),
    ...(task.subject === undefined ? {} : { subject: task.subject }),
    plan: task.plan,
    hold: task.held,
    polls: task.reads,
    order: task.order,
    ...(task.queued ? { queued: true } : {}),
    created_ms: task.createdMs,
    ...(task.startedMs === undefined ? {} : { started_ms: task.startedMs }),
    ...(task.endedMs === undefined ? {} : { ended_ms: task.endedMs }),
    ...(task.input === undefined ? {} : { input: task.input }),
  };
}

/** A task to put in again, as it was; `fill` makes its plan whole. */
export function taskFromSnapshot<T extends TaskType>(
  stored: TaskSnapshot<T>,
  fill: (plan: PlanInput) => Plan,
): NewTask<T> {
  const { project_id: projectId, instance_id: instanceId } = stored;
  return {
    scope: projectId === undefined || instanceId === undefined ? undefined : { projectId, instanceId },
    id: stored.task_id,
    type: stored.task_type,
    status: stored.task_status,
    result: stored.task_result,
    reason: stored.reason,
    subject: stored.subject,
    plan: fill(stored.plan),
    held: stored.hold,
    reads: stored.polls,
    order: stored.order,
    queued: stored.queued,
    createdMs: stored.created_ms,
    startedMs: stored.started_ms,
    endedMs: stored.ended_ms,
    input: stored.input,
  };
}
