/**
 * The one composition root, for command line, library, tests and image: from settings to what there is (`Core`), and to
 * a mock that runs. What a plain poll needs is loaded at once, everything else by `full.ts` when it is first needed.
 */
import { randomBytes } from 'node:crypto';
import type { RequestListener, Server } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { callsOf, type MockCalls } from './admin/calls.ts';
import { EventLog } from './admin/events/events.ts';
import { FaultRegistry } from './admin/faults/registry.ts';
import { Journal } from './admin/journal/journal.ts';
import { controlOf, type MockControl } from './admin/old-calls.ts';
import { PlanRegistry } from './admin/plans.ts';
import { eventFromWire } from './admin/spelling.ts';
import type { StateFile } from './admin/state/state-file.ts';
import type { SettingName, Settings } from './config/settings.ts';
import { Cancellations } from './core/cancellation.ts';
import { Clock } from './core/clock.ts';
import { Clocks } from './core/clocks.ts';
import { createIdSources, type IdSources } from './core/ids.ts';
import { forgivingLog, type Log, silentLog } from './core/logger.ts';
import { once } from './core/once.ts';
import type { Full } from './full.ts';
import { type ApiStore, createApiStore } from './gateway/store.ts';
import { fastPathOf } from './http/fast-path.ts';
import { createListener, listen, stopListening } from './http/listener.ts';
import { createRequestIds } from './http/request-id.ts';
import { CredentialStore } from './iam/credentials.ts';
import { documentedSeed } from './tasks/documented.ts';
import type { SeedFile } from './tasks/seed.ts';
import { type Seeding, seedTasks } from './tasks/seeding.ts';
import { TaskStore } from './tasks/store.ts';
import type { Job } from './tasks/work.ts';
import { type TaskEvent, TaskWorker } from './tasks/worker.ts';

/** The parts of a mock. Code that needs a few of these takes a `Pick` of it. */
export interface Core {
  readonly settings: Settings;
  readonly log: Log;
  readonly ids: IdSources;
  readonly clocks: Clocks;
  readonly cancellations: Cancellations;
  readonly store: TaskStore;
  readonly worker: TaskWorker;
  readonly apis: ApiStore;
  readonly credentials: CredentialStore;
  readonly plans: PlanRegistry;
  readonly faults: FaultRegistry;
  readonly journal: Journal;
  readonly events: EventLog;
  /** What the mock starts with, and is reset to. */
  readonly seeding: Seeding;
  readonly nextRequestId: () => string;
  /** Loads all that a plain poll does not need. */
  readonly loadFull: () => Promise<Full>;
  /** Stops what was loaded, if anything was. */
  readonly stopFull: () => Promise<void>;
}

/** A mock that is up. */
export interface RunningMock {
  /** Where it serves, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly port: number;
  readonly control: MockControl;
  readonly calls: MockCalls;
  readonly token: string;
  /** The application behind the server; built by the first request that is no plain poll, or by this call. */
  app(): Promise<FastifyInstance>;
  /** Stops everything, in order; calling it again waits for the same end. */
  close(): Promise<void>;
}

/** Everything that a plain poll needs, and the way to the rest; `seeds` is what the mock starts with. */
export function createCore(settings: Settings, log: Log, seeds: readonly SeedFile[] = []): Core {
  let full: Full | undefined;
  const loadFull = once(async () => {
    const { createFull } = await import('./full.ts');
    full = createFull(core);
    return full;
  });
  const job: Job = (task, work) =>
    full === undefined ? loadFull().then((loaded) => loaded.job(task, work)) : full.job(task, work);
  const onListenerError = (cause: unknown): void =>
    log.error({ err: cause }, 'an event listener threw; it missed the event');
  const ids = createIdSources(settings.seed);
  const clocks = new Clocks(new Clock(settings.clock), onListenerError);
  const store = new TaskStore(settings.maxTasks);
  const worker = new TaskWorker({
    store,
    slots: settings.workers,
    job,
    clockOf: (scope) => clocks.ruling('task', scope?.projectId, scope?.instanceId),
    onJobError: (task, cause) => log.error({ err: cause, task_id: task.id }, 'the job of a task failed'),
    onListenerError,
  });
  clocks.handovers.on((handover) => worker.redate(handover));
  const events = new EventLog(onListenerError);
  worker.events.on((event) => {
    if (event.type === 'task') events.addTask(event.task, event.from, event.atMs);
  });
  worker.events.on((event) => {
    if (event.type === 'task') logMove(log, event);
  });
  const plans = new PlanRegistry(settings);
  const core: Core = {
    settings,
    log,
    ids,
    clocks,
    cancellations: new Cancellations(),
    store,
    worker,
    apis: createApiStore(),
    credentials: new CredentialStore({
      tokens: settings.tokens,
      accessKeys: settings.accessKeys,
      tokenSecret: settings.tokenSecret ?? randomBytes(32).toString('hex'),
      readOnlyUsers: settings.readOnlyUsers,
      nowMs: (projectId) => clocks.now('token', projectId),
    }),
    plans,
    faults: new FaultRegistry(ids),
    journal: new Journal(settings.maxRequests),
    events,
    seeding: {
      seeds,
      planOf: ({ plan }) => (plan === undefined ? plans.list().default : plans.fill(plan)),
    },
    nextRequestId: createRequestIds(ids.of('').next()),
    loadFull,
    stopFull: async () => full?.stop(),
  };
  return core;
}

/**
 * Builds a mock and makes it listen; `given` names the settings that are no defaults. Throws `SettingError` for what it
 * cannot use, and what listening throws.
 */
export async function startServer(
  settings: Settings,
  givenLog: Log = silentLog,
  given: ReadonlySet<SettingName> = new Set(),
): Promise<RunningMock> {
  const log = forgivingLog(givenLog);
  const core = createCore(settings, log, await seedsOf(settings));
  const stateFile = await openStateFile(core);
  const { server, loadApp, closeApp } = createServer(core, stateFile);

  /** In order: what moves tasks, what waits, what parses, the server and its connections, the state. */
  const stop = async (): Promise<void> => {
    core.clocks.stop();
    core.worker.stop();
    core.cancellations.stop();
    await core.stopFull();
    await stopListening(server);
    await closeApp();
    await stateFile?.stop();
  };
  let stopped: Promise<void> | undefined;
  const close = (): Promise<void> => {
    stopped ??= stop();
    return stopped;
  };

  try {
    const saved = await stateFile?.read();
    if (saved === undefined && settings.faults.length === 0)
      await core.worker.createAll(seedTasks(core.seeding));
    else await (await import('./admin/state/start.ts')).startState(core, { saved, given });
    await stateFile?.follow();
    if (settings.preload) await Promise.all([loadApp(), core.loadFull().then((full) => full.preload())]);
    const port = await listen(server, settings);
    const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
    const calls = callsOf(async (name, args) => (await core.loadFull()).call(name, args), {
      async *[Symbol.asyncIterator]() {
        for await (const event of (await core.loadFull()).control.events) yield eventFromWire(event);
      },
    });
    const control = controlOf(async (name, args) => (await core.loadFull()).call(name, args, true), {
      async *[Symbol.asyncIterator]() {
        yield* (await core.loadFull()).control.events;
      },
    });
    const token = core.credentials.firstToken ?? '';
    return { url: `http://${host}:${port}`, port, control, calls, token, app: loadApp, close };
  } catch (cause) {
    await close();
    throw cause;
  }
}

/** The server, and the application behind it, which is built when it is first needed. */
function createServer(core: Core, stateFile: StateFile | undefined) {
  const { log, settings } = core;
  let handler: RequestListener | undefined;
  let building: Promise<FastifyInstance> | undefined;
  const loadApp = once(() => {
    building = buildApp();
    return building;
  });
  const buildApp = async (): Promise<FastifyInstance> =>
    (await core.loadFull()).buildApp({
      stateFile,
      serverFactory: (built) => {
        handler = built;
        return server;
      },
    });
  /** An application that could not be built needs no end. */
  const closeApp = (): Promise<void> | undefined =>
    building?.then(
      (app) => app.close(),
      () => {},
    );
  const server: Server = createListener({
    fastPath: fastPathOf(core, stateFile),
    loadApp: async () => {
      await loadApp();
      return handler as RequestListener;
    },
    onLoadFailed: (cause, requestId) =>
      log.error({ err: cause, request_id: requestId }, 'the application could not be built'),
    onFailed: (cause, requestId) =>
      log.error({ err: cause, request_id: requestId }, 'unexpected error, returned as APIG.9999'),
    showReason: !settings.strict,
    nextRequestId: core.nextRequestId,
  });
  return { server, loadApp, closeApp };
}

async function openStateFile(core: Core): Promise<StateFile | undefined> {
  const path = core.settings.stateFile;
  if (path === undefined) return undefined;
  const { StateFile } = await import('./admin/state/state-file.ts');
  return StateFile.open({
    path,
    parts: core,
    onError: (cause) => core.log.error({ err: cause, state_file: path }, 'the state could not be written'),
  });
}

/** What the mock starts with. */
async function seedsOf({ fixtures, maxTasks }: Settings): Promise<readonly SeedFile[]> {
  if (fixtures === undefined) return [documentedSeed];
  if (fixtures === 'none') return [];
  const { checkSeedCount, readSeedFolder } = await import('./tasks/seed.ts');
  const seeds = await readSeedFolder(fixtures);
  checkSeedCount(seeds, { maxTasks, fixtures });
  return seeds;
}

function logMove(log: Log, { task, from, atMs }: Extract<TaskEvent, { type: 'task' }>): void {
  if (task.scope === undefined || !log.isLevelEnabled('info')) return;
  log.info(
    {
      task_id: task.id,
      task_type: task.type,
      from,
      to: task.status,
      at: new Date(atMs).toISOString(),
      project_id: task.scope.projectId,
      instance_id: task.scope.instanceId,
      ...(task.reason === undefined ? {} : { reason: task.reason }),
    },
    from === undefined ? 'task created' : 'task moved',
  );
}
