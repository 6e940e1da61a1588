/** The routes of asynchronous tasks, as a table. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { errors } from '../errors.ts';
import { idPattern } from '../scope.ts';
import { showAsyncTaskResult, type TaskReads } from './show.ts';
import { TaskStatusSchema, TaskTypeSchema } from './task.ts';

export interface TaskRouteOptions extends TaskReads {
  readonly strict: boolean;
}

/** The answer of ShowAsyncTaskResult: all four members are always there, all are strings. */
export const ShowAsyncTaskResultResponse = Type.Object(
  {
    task_id: Type.String({ description: 'task id' }),
    task_status: TaskStatusSchema,
    task_type: TaskTypeSchema,
    task_result: Type.String({ description: 'JSON as a string; empty until the task has ended' }),
  },
  { $id: 'ShowAsyncTaskResultResponse', additionalProperties: false },
);

/** Where everything of an instance is. */
export const INSTANCE_URL = '/v2/:project_id/apigw/instances/:instance_id';

/** The two ids that every operation of an instance has in its URL. */
export function scopeParams(strict: boolean) {
  const id = (description: string) => Type.String({ pattern: idPattern(strict).source, description });
  return { project_id: id('project id'), instance_id: id('instance id') };
}

export const taskRoutes: FastifyPluginAsyncTypebox<TaskRouteOptions> = async (app, options) => {
  const config = { operation: 'ShowAsyncTaskResult' };
  const scope = scopeParams(options.strict);
  const params = Type.Object({
    ...scope,
    task_id: Type.String({ pattern: idPattern(options.strict).source, description: 'task id' }),
  });

  app.get(
    `${INSTANCE_URL}/async-tasks/:task_id`,
    { config, schema: { params, response: { 200: ShowAsyncTaskResultResponse } } },
    async (request, reply) => {
      // The text is made once per state; it is what the schema says, and is not made again.
      const text = showAsyncTaskResult(options, request.params) as never;
      return reply.type('application/json').send(text);
    },
  );

  for (const url of [`${INSTANCE_URL}/async-tasks`, `${INSTANCE_URL}/async-tasks/`]) {
    app.get(url, { config, schema: { params: Type.Object(scope) } }, async () => {
      throw errors.parameterMissing('task_id');
    });
  }
};
