/** What the control calls take: one TypeBox schema per body and query, types included. */
import { type Static, Type } from '@sinclair/typebox';
import { idPattern } from '../scope.ts';
import { PlanSchema, TaskStatusSchema, TaskTypeSchema } from '../tasks/task.ts';

const id = (what: string) =>
  Type.String({ pattern: idPattern(false).source, description: `${what}: 1 to 64 of A-Z a-z 0-9 _ -` });
const projectId = Type.Optional(id('a project id'));
const instanceId = Type.Optional(id('an instance id'));
const closed = { additionalProperties: false } as const;

export const ScopeSchema = Type.Object({ project_id: projectId, instance_id: instanceId }, closed);
/** A whole project, one instance of it, or (empty) everything. */
export type ScopeRequest = Static<typeof ScopeSchema>;

export const TaskFilterSchema = Type.Object(
  {
    project_id: projectId,
    instance_id: instanceId,
    task_type: Type.Optional(TaskTypeSchema),
    task_status: Type.Optional(TaskStatusSchema),
    offset: Type.Optional(Type.Integer({ minimum: 0, description: 'a whole number from 0' })),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1000, description: 'a whole number from 1 to 1000' }),
    ),
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
    outcome: Type.Optional(PlanSchema.anyOf[0].properties.outcome),
  },
  closed,
);
export type NewTaskRequest = Static<typeof NewTaskSchema>;

export const TaskIdSchema = Type.Object({ task_id: Type.String() });
