/** The operations on asynchronous tasks, as a table. */
import { errors } from '../core/errors.ts';
import { declare, documented, invalid, missing, UNAUTHORIZED } from '../core/operation.ts';
import { id, object, text } from '../core/schemas.ts';
import { documentedSeed } from './documented.ts';
import { checkTask, showAsyncTaskResult, type TaskReads } from './show.ts';
import { TaskStatusSchema, TaskTypeSchema } from './task.ts';

/** Where everything of an instance is. */
export const INSTANCE_URL = '/v2/:project_id/apigw/instances/:instance_id';

/** What every operation of an instance may be rejected with; the service's own 403 comes before the mock's. */
export const INSTANCE_ERRORS = [documented(errors.forbidden()), ...UNAUTHORIZED];

/** All four members are always there, all are strings. */
const ShowAsyncTaskResultResponse = object({
  task_id: id('task id'),
  task_status: TaskStatusSchema,
  task_type: TaskTypeSchema,
  task_result: text('JSON as a string; empty until the task has ended'),
});

/** The five responses of the provider's page. */
const documentedTasks = Object.fromEntries(
  documentedSeed.tasks.map(({ task_id, task_status, task_type, task_result }, at) => [
    `documented_${at + 1}_${task_status}`,
    { task_id, task_status, task_type, task_result },
  ]),
);

const operation = declare<TaskReads>();
const show = {
  id: 'ShowAsyncTaskResult',
  method: 'GET',
  tag: 'Asynchronous tasks',
  security: 'credentials',
} as const;
/** The id is the last step of the path, so that without one no task is asked for. */
const withoutId = {
  ...show,
  summary: 'ShowAsyncTaskResult without a task id: always rejected',
  status: 400,
  errors: [missing('task_id'), invalid('task_id'), ...INSTANCE_ERRORS],
  check: (): never => {
    throw errors.parameterMissing('task_id');
  },
  handle: ({ checked }: { readonly checked: never }) => checked,
};

export const taskOperations = [
  operation({
    ...show,
    path: `${INSTANCE_URL}/async-tasks/:task_id`,
    summary: 'Shows the state and the result of an asynchronous import or export',
    response: ShowAsyncTaskResultResponse,
    errors: [
      missing('task_id'),
      invalid('task_id'),
      ...INSTANCE_ERRORS,
      documented(errors.taskNotFound('d9ce8c9eede54b3f841ec324fe0bfdc2')),
    ],
    example: { responses: documentedTasks },
    check: ({ params }, core) => checkTask(core, params),
    // The text is made once per state; it matches the schema, and is not serialized again.
    handle: ({ params }, core, reply) =>
      reply.type('application/json').send(showAsyncTaskResult(core, params)),
  }),
  operation({
    ...withoutId,
    operationId: 'ShowAsyncTaskResultWithoutId',
    path: `${INSTANCE_URL}/async-tasks`,
  }),
  operation({
    ...withoutId,
    operationId: 'ShowAsyncTaskResultWithEmptyId',
    path: `${INSTANCE_URL}/async-tasks/`,
  }),
];
