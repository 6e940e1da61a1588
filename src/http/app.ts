/** The HTTP application: the plugins, in order, with a word on why each stands where it stands. */
import type { RequestListener, Server } from 'node:http';
import Fastify, { type FastifyInstance } from 'fastify';
import { apiOperations } from '../apis/operations.ts';
import type { SubmitOptions } from '../apis/submit.ts';
import { checkSignature, checkToken, type HookOptions } from '../auth/hook.ts';
import { iamOperations } from '../auth/operations.ts';
import type { Cancellations } from '../cancellation.ts';
import type { Control } from '../control/control.ts';
import type { FaultBook, FaultTarget } from '../control/fault-book.ts';
import { GUARD_HEADERS, type GuardOptions, guard, guarded, rejectionOf } from '../control/guard.ts';
import type { Journal } from '../control/journal.ts';
import { adminOperations } from '../control/operations.ts';
import type { StateFile } from '../control/state-file.ts';
import { pageOperations } from '../dashboard/operations.ts';
import type { IdSource } from '../ids.ts';
import type { Log } from '../log.ts';
import { once } from '../once.ts';
import { idPattern } from '../scope.ts';
import { taskOperations } from '../tasks/operations.ts';
import type { TaskReads } from '../tasks/show.ts';
import { hookBegun, rejectCancelled } from './begun.ts';
import { errorHandler } from './error-handler.ts';
import { JSON_TYPE } from './errors.ts';
import { hookFaults } from './faults.ts';
import { requestRecorder } from './request-log.ts';
import { registerOperations, takeEmptyBodies, takeForms } from './routes.ts';
import { KnownRoutes } from './unmatched.ts';
import { loadBeforeValidation, ownCompilers } from './validation.ts';

export interface AppOptions {
  readonly tasks: TaskReads;
  readonly auth: HookOptions;
  readonly control: Control;
  /** Undefined = `/__admin` is not served. */
  readonly admin: GuardOptions | undefined;
  /** Names by which web pages may call the emulated API, beside the local ones. */
  readonly adminHosts: readonly string[];
  readonly apis: SubmitOptions;
  readonly faults: FaultBook;
  readonly journal: Journal;
  /** Where the state is kept on disk, if it is. */
  readonly stateFile: Pick<StateFile, 'saved' | 'settled'> | undefined;
  readonly cancellations: Cancellations;
  readonly ids: IdSource;
  readonly log: Log;
  readonly nextRequestId: () => string;
  /** Takes the application's handler, gives the server it stands behind. */
  readonly serverFactory: (handler: RequestListener) => Server;
  readonly region: string;
  readonly version: string;
}

/** Longest path parameter that is read; longer ones are refused like any id that is too long. */
const MAX_PARAMETER = 16_384;

/** Builds the app; it does not listen yet. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { auth, log, journal, faults, cancellations } = options;
  const { clocks, credentials, strict } = auth;
  const sayWhy = !strict;
  const handleError = errorHandler({ sayWhy, onUnexpected: unexpected(log) });
  const app = Fastify({
    genReqId: options.nextRequestId,
    bodyLimit: auth.maxBodyBytes,
    routerOptions: { maxParamLength: MAX_PARAMETER },
    frameworkErrors: handleError,
    schemaController: ownCompilers,
    // The server is the listener's, which also answers what Node's parser refuses.
    clientErrorHandler: () => {},
    serverFactory: options.serverFactory,
  });

  // First: what every request has, before anything can fail.
  app.decorateRequest('identity', undefined);
  app.decorateRequest('failure', undefined);
  app.decorateRequest('faultId', undefined);
  app.decorateRequest('unanswered', false);
  hookBegun(app, cancellations);
  const record = requestRecorder({ journal, clocks, log });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    record(request, reply);
  });

  // Text is no JSON: without this Fastify would read it, and every member would seem to be missing.
  app.removeContentTypeParser('text/plain');

  // Schemas are checked when first used, and answers are not re-typed: each is made in its final form.
  app.addHook('preValidation', loadBeforeValidation);
  app.setReplySerializer((payload) => (typeof payload === 'string' ? payload : JSON.stringify(payload)));
  app.addHook('onSend', async (_request, reply, payload) => {
    if (reply.getHeader('content-type') === 'application/json; charset=utf-8') reply.type(JSON_TYPE);
    return payload;
  });

  // A change is acknowledged, and a state is shown, once it is on disk.
  const { stateFile } = options;
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
  // A route comes before a body: what has none is answered before anything is read or parsed.
  app.addHook('onRequest', async (request) => {
    if (request.is404) throw routes.errorFor(request.method, request.raw.url ?? '/');
  });

  // The emulated API: callers must prove who they are, first by token, then by a signature over the raw body.
  // Faults strike before all of that, after it, or when the work is done.
  const faultHooks = {
    faults,
    clocks,
    sayWhy,
    cancellations,
    settled: async () => stateFile?.settled(),
    missesTask: (target: FaultTarget) => missesTask(options.tasks, target),
  };
  await app.register(async (emulated) => {
    emulated.addHook('onRequest', async ({ headers }) => {
      const rejection = rejectionOf(headers, options.adminHosts);
      if (rejection !== undefined) throw rejection;
    });
    hookFaults(emulated, faultHooks, 'first');
    emulated.addHook('onRequest', async (request) => checkToken(auth, request));
    emulated.addHook('preParsing', async (request, _reply, payload) =>
      checkSignature(auth, request, payload),
    );
    hookFaults(emulated, faultHooks, 'last');
    rejectCancelled(emulated);
    takeForms(emulated, options.apis.maxBytes);
    const iam = { credentials, ids: options.ids, region: options.region };
    const pattern = idPattern(strict);
    registerOperations(emulated, iamOperations, { core: iam, pattern });
    registerOperations(emulated, taskOperations, { core: options.tasks, pattern });
    registerOperations(emulated, apiOperations, { core: options.apis, pattern });
  });

  // The control calls come last: they look at everything above.
  if (options.admin !== undefined) await app.register(adminPlugin, { ...options, admin: options.admin });
  return app;
}

/** A poll for a task that its scope does not see is answered with 404, whatever fault is in force. */
function missesTask(
  { store }: TaskReads,
  { operation, projectId, instanceId, taskId }: FaultTarget,
): boolean {
  return operation === 'ShowAsyncTaskResult' && store.find(projectId, instanceId, taskId ?? '') === undefined;
}

/** `/__admin`: what only a mock can do, and the pages. */
async function adminPlugin(
  app: FastifyInstance,
  options: AppOptions & { admin: GuardOptions },
): Promise<void> {
  const { admin, control, version, log } = options;
  const open = { ...admin, adminToken: undefined };
  app.addHook('onRequest', async ({ method, headers, routeOptions }, reply) => {
    reply.headers(GUARD_HEADERS);
    guard(guarded(method, headers), routeOptions.config.open === true ? open : admin);
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
    const pattern = idPattern(options.auth.strict);
    const emulated = [iamOperations, taskOperations, apiOperations];
    const tables = [
      ...emulated.map((operations) => ({ operations, pattern })),
      ...[adminOperations, pageOperations].map((operations) => ({ operations, pattern: anyText })),
    ];
    return describeOperations(tables, version);
  });
  registerOperations(app, pageOperations, { core: { description }, pattern: anyText });
}

const unexpected =
  (log: Log) =>
  (cause: unknown, requestId: string): void =>
    log.error({ err: cause, request_id: requestId }, 'unexpected error, answered as APIG.9999');
