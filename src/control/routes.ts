/** The routes of `/__admin`, as a table; each calls the control call of the same name. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { errors } from '../errors.ts';
import { jsonFault } from '../json-fault.ts';
import type { Control } from './control.ts';
import { FaultSchema } from './faults.ts';
import { GUARD_HEADERS, type GuardOptions, guard, guarded } from './guard.ts';
import * as S from './schemas.ts';
import type { Snapshot } from './snapshot.ts';
import { streamEvents } from './stream.ts';

export interface ControlRouteOptions extends GuardOptions {
  readonly control: Control;
  readonly version: string;
  /** Ends streams. */
  readonly stopping: AbortSignal;
  /** Told why a stream broke, which has been answered already. */
  readonly onUnexpected: (cause: unknown, requestId: string) => void;
}

const id = { params: S.TaskIdSchema };
/** What a text of JavaScript can hold, about. */
const MAX_SNAPSHOT_BYTES = 500 * 1024 * 1024;
/** Any task result that a plan may give, and any signed body, in JSON. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

export const controlRoutes: FastifyPluginAsyncTypebox<ControlRouteOptions> = async (app, options) => {
  const { control, version } = options;

  app.addHook('onRequest', async ({ method, headers }, reply) => {
    reply.headers(GUARD_HEADERS);
    guard(guarded(method, headers), options);
  });
  // An empty body is an empty request: `DELETE` and `POST …/reset` need none.
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text: string, done) => {
    try {
      done(null, text === '' ? {} : JSON.parse(text));
    } catch (cause) {
      // The engine's own words repeat a piece of the body, which may be a secret.
      done(errors.badRequest({ reason: jsonFault(text, cause as Error) }));
    }
  });

  const quiet = { operation: 'health' };
  app.get('/__admin/health', { config: quiet }, async () => ({ status: 'ok', version }));
  app.get('/__admin/ready', { config: quiet }, async () => ({ status: 'ready', version }));

  app.get('/__admin/tasks', { schema: { querystring: S.TaskFilterSchema } }, ({ query }) =>
    control.tasks.list(query),
  );
  const roomy = { bodyLimit: MAX_BODY_BYTES };
  app.post('/__admin/tasks', { ...roomy, schema: { body: S.NewTaskSchema } }, ({ body }, reply) => {
    reply.code(201);
    return control.tasks.create(body);
  });
  app.get('/__admin/tasks/:task_id', { schema: { ...id, querystring: S.ScopeSchema } }, ({ params, query }) =>
    control.tasks.get(params.task_id, query),
  );
  app.post(
    '/__admin/tasks/:task_id/step',
    { schema: { ...id, querystring: S.ScopeSchema, body: S.NothingSchema } },
    ({ params, query }) => control.tasks.step(params.task_id, query),
  );
  app.get(
    '/__admin/tasks/:task_id/wait',
    { schema: { ...id, querystring: S.WaitSchema } },
    ({ params, query }) => control.tasks.wait(params.task_id, query),
  );
  app.get('/__admin/idle', { schema: { querystring: S.IdleSchema } }, async ({ query }) => {
    await control.idle(query);
    return { idle: true };
  });

  app.get('/__admin/plan', () => control.plans());
  app.put('/__admin/plan', { ...roomy, schema: { body: S.PlanRequestSchema } }, ({ body }) =>
    control.plan(body),
  );

  app.get('/__admin/clock', { schema: { querystring: S.PlaceSchema } }, ({ query }) =>
    control.clock.get(query),
  );
  app.put('/__admin/clock', { schema: { body: S.ClockSchema } }, ({ body }) => control.clock.set(body));
  app.post('/__admin/clock/advance', { schema: { body: S.AdvanceSchema } }, ({ body: { ms, ...scope } }) =>
    control.clock.advance(ms, scope),
  );

  app.get('/__admin/faults', async () => ({ faults: await control.faults.list() }));
  app.post('/__admin/faults', { schema: { body: FaultSchema } }, ({ body }, reply) => {
    reply.code(201);
    return control.faults.add(body);
  });
  app.delete('/__admin/faults', { schema: { querystring: S.PlaceSchema } }, async ({ query }, reply) => {
    await control.faults.clear(query);
    return reply.code(204).send();
  });
  app.delete(
    '/__admin/faults/:fault_id',
    { schema: { params: S.FaultIdSchema } },
    async ({ params }, reply) => {
      await control.faults.remove(params.fault_id);
      return reply.code(204).send();
    },
  );

  app.get('/__admin/overview', { schema: { querystring: S.OverviewSchema } }, ({ query }) =>
    control.overview(query),
  );

  app.get('/__admin/requests', { schema: { querystring: S.RequestsQuerySchema } }, ({ query }) =>
    control.requests.list(query),
  );
  app.delete('/__admin/requests', { schema: { querystring: S.PlaceSchema } }, async ({ query }, reply) => {
    await control.requests.clear(query);
    return reply.code(204).send();
  });
  app.post('/__admin/requests/count', { schema: { body: S.JournalFilterSchema } }, async ({ body }) => ({
    count: await control.requests.count(body),
  }));
  app.post('/__admin/requests/verify', { schema: { body: S.ExpectationSchema } }, ({ body }) =>
    control.requests.verify(body),
  );

  app.post('/__admin/sign-check', { ...roomy, schema: { body: S.SignCheckSchema } }, ({ body }) =>
    control.signCheck(body),
  );

  app.post('/__admin/reset', { schema: { body: S.ResetSchema } }, async ({ body }, reply) => {
    await control.reset(body);
    return reply.code(204).send();
  });
  app.get('/__admin/state', () => control.snapshot());
  // The snapshot is checked by the call itself, which changes nothing when it is broken.
  app.put(
    '/__admin/state',
    { bodyLimit: MAX_SNAPSHOT_BYTES, schema: { body: Type.Unsafe<Snapshot>(Type.Unknown()) } },
    async ({ body }, reply) => {
      await control.restore(body);
      return reply.code(204).send();
    },
  );

  // A HEAD of it would never end.
  const stream = { schema: { querystring: S.EventsSchema }, exposeHeadRoute: false };
  app.get('/__admin/events', stream, (request, reply) =>
    streamEvents(reply, {
      log: control.eventLog,
      lastEventId: request.headers['last-event-id'] ?? request.query.after,
      stopping: options.stopping,
    }).catch((cause: unknown) => options.onUnexpected(cause, request.id)),
  );
};
