/** The HTTP application: the plugins, in order, with a word on why each stands where it stands. */
import type { RequestListener, Server } from 'node:http';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Control } from '../admin/control.ts';
import { GUARD_HEADERS, guard, guarded } from '../admin/guard.ts';
import { adminOperations } from '../admin/operations.ts';
import { pageOperations, rootOperations } from '../admin/pages/operations.ts';
import type { StateFile } from '../admin/state/state-file.ts';
import type { Log } from '../core/logger.ts';
import { once } from '../core/once.ts';
import { idPattern } from '../core/scope.ts';
import { version } from '../core/version.ts';
import { apiOperations } from '../gateway/operations.ts';
import { type ApiCore, maxFileBytes } from '../gateway/submit.ts';
import { iamOperations } from '../iam/operations.ts';
import type { Core } from '../mock.ts';
import { taskOperations } from '../tasks/operations.ts';
import { admitSite, checkSignature, checkToken, maxBodyBytes } from './admit.ts';
import { cutCancelledBodies, hookBegun, rejectCancelled } from './begun.ts';
import { errorHandler } from './error-handler.ts';
import { JSON_TYPE } from './errors.ts';
import { hookFaults } from './faults.ts';
import { requestRecorder } from './request-log.ts';
import {
  hookChecks,
  hookInstances,
  registerOperations,
  takeBodilessDeletes,
  takeEmptyBodies,
  takeForms,
} from './routes.ts';
import { KnownRoutes } from './unmatched.ts';
import { loadBeforeValidation, ownCompilers } from './validation.ts';

/** What the application is made of. */
export interface AppCore extends Core, ApiCore {
  readonly control: Control;
  /** Where the state is stored on disk, if it is. */
  readonly stateFile: Pick<StateFile, 'saved' | 'settled'> | undefined;
  /** Takes the application's handler, gives the server it stands behind. */
  readonly serverFactory: (handler: RequestListener) => Server;
}

/** Longest path parameter that is read; longer ones are rejected like any id that is too long. */
const MAX_PARAMETER = 16_384;

/** Builds the app; it does not listen yet. */
export async function buildApp(core: AppCore): Promise<FastifyInstance> {
  const { log, cancellations, stateFile, settings } = core;
  const { strict } = settings;
  const showReason = !strict;
  const handleError = errorHandler({ showReason, onUnexpected: unexpected(log) });
  const app = Fastify({
    genReqId: core.nextRequestId,
    bodyLimit: maxBodyBytes(settings),
    routerOptions: { maxParamLength: MAX_PARAMETER },
    frameworkErrors: handleError,
    schemaController: ownCompilers,
    // The server is the listener's, which also responds to what Node's parser rejects.
    clientErrorHandler: () => {},
    serverFactory: core.serverFactory,
  });

  // First: what every request has, before anything can fail.
  app.decorateRequest('identity', undefined);
  app.decorateRequest('failure', undefined);
  app.decorateRequest('faultId', undefined);
  app.decorateRequest('connectionCut', false);
  hookBegun(app, cancellations);
  const record = requestRecorder(core);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    record(request, reply);
  });

  // Before the faults that match once every check has passed.
  if (settings.instances.length > 0) hookInstances(app, new Set(settings.instances));
  hookChecks(app, strict);

  // Text is no JSON: without this Fastify would read it, and every member would seem to be missing.
  app.removeContentTypeParser('text/plain');

  // Schemas are compiled at their first use, and responses are not serialized again: each is made in its final form.
  app.addHook('preValidation', loadBeforeValidation);
  app.setReplySerializer((payload) => (typeof payload === 'string' ? payload : JSON.stringify(payload)));
  app.addHook('onSend', async (_request, reply, payload) => {
    if (reply.getHeader('content-type') === 'application/json; charset=utf-8') reply.type(JSON_TYPE);
    return payload;
  });

  // A change is acknowledged, and a state is shown, once it is on disk.
  if (stateFile !== undefined) {
    app.addHook('onSend', async (request, _reply, payload) => {
      const changed = request.failure === undefined && request.method !== 'GET';
      await (changed ? stateFile.saved() : stateFile.settled());
      return payload;
    });
  }

  app.setErrorHandler(handleError);
  const routes = new KnownRoutes();
  app.addHook('onRoute', ({ method, url }) => routes.note(method, url));
  // A route comes before a body: without one the request is rejected before anything is read or parsed.
  app.addHook('onRequest', async (request) => {
    if (request.is404) throw await routes.errorFor(request.method, request.raw.url ?? '/');
  });

  // The emulated API: callers must prove who they are, first by token, then by a signature over the raw body.
  // Faults match before all of that, after it, or when the work is done.
  await app.register(async (emulated) => {
    emulated.addHook('onRequest', async ({ headers }) => {
      const rejection = admitSite(core, headers);
      if (rejection !== undefined) throw rejection;
    });
    hookFaults(emulated, core, 'first');
    emulated.addHook('onRequest', async (request) => checkToken(core, request));
    cutCancelledBodies(emulated);
    emulated.addHook('preParsing', async (request, _reply, payload) =>
      checkSignature(core, request, payload),
    );
    hookFaults(emulated, core, 'last');
    rejectCancelled(emulated);
    takeForms(emulated, maxFileBytes(settings));
    takeBodilessDeletes(emulated);
    const pattern = idPattern(strict);
    registerOperations(emulated, iamOperations, { core, pattern });
    registerOperations(emulated, taskOperations, { core, pattern, parts: ['tasks'] });
    registerOperations(emulated, apiOperations, { core, pattern, parts: ['apis'] });
  });

  // The control calls come last: they look at everything above.
  if (settings.admin) {
    await app.register(adminPlugin, core);
    registerOperations(app, rootOperations, { core: undefined, pattern: undefined });
  }
  return app;
}

/** `/__admin`: what only a mock can do, and the pages. */
async function adminPlugin(app: FastifyInstance, core: AppCore): Promise<void> {
  const { control, log, settings } = core;
  const open = { ...settings, adminToken: undefined };
  app.addHook('onRequest', async ({ method, headers, routeOptions }, reply) => {
    reply.headers(GUARD_HEADERS);
    guard(guarded(method, headers), routeOptions.config.open === true ? open : settings);
  });
  takeEmptyBodies(app);
  const onUnexpected = unexpected(log);
  const anyText = undefined;
  registerOperations(app, adminOperations, {
    core: { control, version, onUnexpected },
    pattern: anyText,
  });
  const description = once(async () => {
    const { describeOperations } = await import('./openapi.ts');
    const pattern = idPattern(settings.strict);
    const emulated = [iamOperations, taskOperations, apiOperations];
    const tables = [
      ...emulated.map((operations) => ({ operations, pattern })),
      ...[adminOperations, pageOperations, rootOperations].map((operations) => ({
        operations,
        pattern: anyText,
      })),
    ];
    return describeOperations(tables, version);
  });
  registerOperations(app, pageOperations, { core: { description }, pattern: anyText });
}

const unexpected =
  (log: Log) =>
  (cause: unknown, requestId: string): void =>
    log.error({ err: cause, request_id: requestId }, 'unexpected error, returned as APIG.9999');
