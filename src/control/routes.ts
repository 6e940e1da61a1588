/** The routes of `/__admin`, as a table. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Control } from './control.ts';
import { type GuardOptions, guard } from './guard.ts';
import { NewTaskSchema, ScopeSchema, TaskFilterSchema, TaskIdSchema } from './schemas.ts';

export interface ControlRouteOptions extends GuardOptions {
  readonly control: Control;
  readonly version: string;
}

export const controlRoutes: FastifyPluginAsyncTypebox<ControlRouteOptions> = async (app, options) => {
  const { control, version } = options;

  app.addHook('onRequest', async ({ method, headers }) => {
    const { host, authorization, 'content-type': contentType } = headers;
    guard({ method, host, contentType, authorization }, options);
  });

  const quiet = { operation: 'health' };
  app.get('/__admin/health', { config: quiet }, async () => ({ status: 'ok', version }));
  app.get('/__admin/ready', { config: quiet }, async () => ({ status: 'ready', version }));

  app.post('/__admin/reset', { schema: { body: ScopeSchema } }, async (request, reply) => {
    await control.reset(request.body);
    return reply.code(204).send();
  });

  app.get('/__admin/tasks', { schema: { querystring: TaskFilterSchema } }, async (request) =>
    control.listTasks(request.query),
  );
  app.post('/__admin/tasks', { schema: { body: NewTaskSchema } }, async (request, reply) => {
    reply.code(201);
    return control.createTask(request.body);
  });
  app.get(
    '/__admin/tasks/:task_id',
    { schema: { params: TaskIdSchema, querystring: ScopeSchema } },
    async (request) => control.getTask(request.params.task_id, request.query),
  );
  app.post(
    '/__admin/tasks/:task_id/step',
    { schema: { params: TaskIdSchema, querystring: ScopeSchema } },
    async (request) => control.stepTask(request.params.task_id, request.query),
  );
};
