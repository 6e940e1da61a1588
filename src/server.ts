/** The one composition root: from settings to clock, ids, stores, worker and app; used by the command line, the library, tests and the image. */
import { randomBytes } from 'node:crypto';
import type { RequestListener, Server } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { createApiStore } from './apis/store.ts';
import { CredentialStore } from './auth/store.ts';
import { Clock } from './clock.ts';
import { Clocks } from './clocks.ts';
import type { MockControl } from './control/calls.ts';
import { checkedControl } from './control/checked.ts';
import type { Control } from './control/control.ts';
import { EventLog } from './control/events.ts';
import { FaultBook } from './control/fault-book.ts';
import { Journal } from './control/journal.ts';
import { PlanBook } from './control/plans.ts';
import type { StateFile } from './control/state-file.ts';
import { createFastLane } from './http/fast-lane.ts';
import { createListener, listen, stopListening } from './http/listener.ts';
import { createRequestIds } from './http/request-id.ts';
import { pollRecorder } from './http/request-log.ts';
import { createIdSources } from './ids.ts';
import { type Log, silentLog } from './log.ts';
import { type Once, once } from './once.ts';
import { loadCheckers } from './schema.ts';
import { SETTINGS, type Settings } from './settings.ts';
import { documentedSeed } from './tasks/documented.ts';
import { type Planting, plantSeeds } from './tasks/planting.ts';
import type { SeedFile } from './tasks/seed.ts';
import { readTask } from './tasks/show.ts';
import { TaskStore } from './tasks/store.ts';
import type { Job } from './tasks/work.ts';
import { type TaskEvent, TaskWorker } from './tasks/worker.ts';
import { version } from './version.ts';

/** A mock that is up. */
export interface RunningMock {
  /** Where it serves, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly port: number;
  readonly control: MockControl;
  readonly token: string;
  /** The application behind the server; built by the first request that is no plain poll, or by this call. */
  app(): Promise<FastifyInstance>;
  /** Stops everything, in order; calling it again waits for the same end. */
  close(): Promise<void>;
}

/** What a form may hold beside its file. */
const FORM_BYTES = 64 * 1024;

/** The parts that a poll needs; all others are loaded when they are first asked for. */
function assemble(settings: Settings, log: Log) {
  const clocks = new Clocks(new Clock(settings.clock));
  const ids = createIdSources(settings.seed);
  const apis = createApiStore();
  const loadJobs = once(async () => {
    const [{ createJobs }, { createParseRunner }] = await Promise.all([
      import('./apis/jobs.ts'),
      import('./apis/parse-runner.ts'),
    ]);
    const parser = createParseRunner();
    const options = { apis, parser, ids, region: settings.region, autoPublish: settings.autoPublish };
    return { options, parser, jobs: createJobs(options) };
  });
  const job: Job = (task) => {
    const loaded = loadJobs.made;
    return loaded === undefined
      ? loadJobs().then(({ jobs }) => jobs[task.type](task))
      : loaded.jobs[task.type](task);
  };
  const store = new TaskStore(settings.maxTasks);
  const worker = new TaskWorker({
    store,
    slots: settings.workers,
    jobs: { import_api: job, export_api: job },
    clockOf: (scope) => (scope === undefined ? clocks.main : clocks.of(scope.projectId, scope.instanceId)),
    onJobError: (task, cause) => log.error({ err: cause, task_id: task.id }, 'the job of a task failed'),
  });
  const events = new EventLog();
  worker.events.on((event) => {
    if (event.type !== 'task') return;
    events.addTask(event.task, event.from, event.atMs);
    logMove(log, event);
  });
  const credentials = new CredentialStore({
    tokens: settings.tokens,
    accessKeys: settings.accessKeys,
    tokenSecret: settings.tokenSecret ?? randomBytes(32).toString('hex'),
    readOnlyUsers: settings.readOnlyUsers,
  });
  return {
    ...{ clocks, ids, apis, loadJobs, store, worker, events, credentials },
    plans: new PlanBook(settings),
    journal: new Journal(settings.maxRequests),
    faults: new FaultBook(ids),
    nextRequestId: createRequestIds(ids.of('').next()),
  };
}

type Parts = ReturnType<typeof assemble>;

/** The way of a plain poll. */
function fastLaneOf(
  settings: Settings,
  log: Log,
  { clocks, credentials, faults, journal, nextRequestId, store, worker }: Parts,
) {
  return createFastLane({
    isOpen: (projectId, instanceId) => faults.size === 0 || !faults.mayStrike(projectId, instanceId),
    mayRead: (token, projectId, instanceId) => {
      const identity = credentials.identify(token, clocks.of(projectId, instanceId).now());
      return (
        identity !== undefined && !identity.domainScoped && (identity.projectId ?? projectId) === projectId
      );
    },
    read: (project_id, instance_id, task_id) =>
      readTask({ store, worker }, { project_id, instance_id, task_id }),
    nextRequestId,
    strict: settings.strict,
    onAnswered: pollRecorder({ journal, clocks, log }),
  });
}

interface AppNeeds {
  readonly settings: Settings;
  readonly log: Log;
  readonly parts: Parts;
  readonly control: Control;
  readonly saved: (() => Promise<void>) | undefined;
  readonly stopping: AbortSignal;
  readonly serverFactory: (handler: RequestListener) => Server;
}

async function appOf({
  settings,
  log,
  parts,
  control,
  saved,
  stopping,
  serverFactory,
}: AppNeeds): Promise<FastifyInstance> {
  const [{ buildApp }, { options: jobs }] = await Promise.all([import('./http/app.ts'), parts.loadJobs()]);
  const { clocks, credentials, store, worker, plans, journal, faults, ids, nextRequestId } = parts;
  const maxBytes = settings.maxBodyMb * 1024 * 1024;
  return buildApp({
    ...{ journal, faults, control, log, version, stopping, saved, nextRequestId, serverFactory },
    tasks: { store, worker },
    apis: {
      ...jobs,
      worker,
      planFor: (projectId, instanceId, type) => plans.take(projectId, instanceId, type),
      nowMs: (projectId, instanceId) => clocks.of(projectId, instanceId).now(),
      maxBytes,
      strict: settings.strict,
    },
    auth: {
      ...{ credentials, clocks },
      strict: settings.strict,
      maxBodyBytes: maxBytes + FORM_BYTES,
      onUnknownKey: (accessKey) =>
        log.warn({ access_key: accessKey }, 'unknown access key let in; --strict refuses it'),
    },
    admin: settings.admin ? settings : undefined,
    ids: ids.of(''),
    region: settings.region,
  });
}

/** Builds a mock and makes it listen. Throws `SettingError` for what it cannot use, and what listening throws. */
export async function startServer(settings: Settings, log: Log = silentLog): Promise<RunningMock> {
  const stopping = new AbortController();
  const parts = assemble(settings, log);
  const { clocks, plans, worker, credentials, events } = parts;
  const planting: Planting = {
    worker,
    seeds: await seedsOf(settings),
    planOf: ({ plan }) => (plan === undefined ? plans.list().default : plans.fill(plan)),
  };
  const loadControl = once(async () => {
    const [{ Control }, { shownSettings }] = await Promise.all([
      import('./control/control.ts'),
      import('./control/overview.ts'),
    ]);
    return new Control({
      ...{ ...parts, planting },
      shown: shownSettings(settings, SETTINGS),
      version,
      startFaults: settings.faults,
      startClock: settings.clock,
      secretOf: (accessKey) => credentials.secretOf(accessKey),
      stopping: stopping.signal,
    });
  });
  const stateFile = await openStateFile(settings.stateFile, loadControl, log);

  let handler: RequestListener | undefined;
  const loadApp = once(async () => {
    const app = await appOf({
      ...{ settings, log, parts, control: await loadControl() },
      saved: stateFile === undefined ? undefined : () => stateFile.saved(),
      stopping: stopping.signal,
      serverFactory: (built) => {
        handler = built;
        return server;
      },
    });
    await app.ready();
    return app;
  });
  const server = createListener({
    fastLane: fastLaneOf(settings, log, parts),
    loadApp: async () => {
      await loadApp();
      return handler as RequestListener;
    },
    onLoadFailed: (cause, requestId) =>
      log.error({ err: cause, request_id: requestId }, 'the application could not be built'),
    sayWhy: !settings.strict,
    nextRequestId: parts.nextRequestId,
  });

  /** In order: what moves tasks, what waits, what parses, the server and its connections, the state. */
  const stop = async (): Promise<void> => {
    clocks.stop();
    stopping.abort();
    await parts.loadJobs.made?.parser.stop();
    await stopListening(server);
    if (loadApp.asked)
      await loadApp().then(
        (app) => app.close(),
        () => {},
      );
    await stateFile?.stop();
  };
  let stopped: Promise<void> | undefined;
  const close = (): Promise<void> => {
    stopped ??= stop();
    return stopped;
  };

  try {
    const kept = await stateFile?.read();
    if (kept === undefined && settings.faults.length === 0) await plantSeeds(planting);
    else await (await loadControl()).start(kept);
    if (stateFile !== undefined) events.arrived.on(() => void stateFile.saved());
    if (settings.preload) await Promise.all([loadApp(), loadCheckers()]);
    const port = await listen(server, settings);
    const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
    const token = credentials.firstToken ?? '';
    return {
      url: `http://${host}:${port}`,
      port,
      control: checkedControl(loadControl),
      token,
      app: loadApp,
      close,
    };
  } catch (cause) {
    await close();
    throw cause;
  }
}

async function openStateFile(
  path: string | undefined,
  loadControl: Once<Control>,
  log: Log,
): Promise<StateFile | undefined> {
  if (path === undefined) return undefined;
  const { StateFile } = await import('./control/state-file.ts');
  return StateFile.open({
    path,
    take: async () => JSON.stringify(await (await loadControl()).snapshot()),
    onError: (cause) => log.error({ err: cause, state_file: path }, 'the state could not be written'),
  });
}

async function seedsOf({ fixtures }: Settings): Promise<readonly SeedFile[]> {
  if (fixtures === undefined) return [documentedSeed];
  return fixtures === 'none' ? [] : (await import('./tasks/seed.ts')).readSeedFolder(fixtures);
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
    },
    from === undefined ? 'task created' : 'task moved',
  );
}
