/** The one composition root: from settings to clock, ids, stores, worker and app; used by the command line, the library, tests and the image. */
import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { createJobs } from './apis/jobs.ts';
import { createParseRunner } from './apis/parse-runner.ts';
import { createApiStore } from './apis/store.ts';
import { CredentialStore } from './auth/store.ts';
import { afterSystemMs, Clock } from './clock.ts';
import { Clocks } from './clocks.ts';
import { Control } from './control/control.ts';
import { EventLog } from './control/events.ts';
import { FaultBook } from './control/faults.ts';
import { Journal } from './control/journal.ts';
import { shownSettings } from './control/overview.ts';
import { PlanBook } from './control/plans.ts';
import type { StateFile } from './control/state-file.ts';
import { buildApp } from './http/app.ts';
import { createIdSources } from './ids.ts';
import { type Log, silentLog } from './log.ts';
import { SETTINGS, type Settings } from './settings.ts';
import { documentedSeed, readSeedFolder, type SeedFile } from './tasks/seed.ts';
import { TaskStore } from './tasks/store.ts';
import { type TaskEvent, TaskWorker } from './tasks/worker.ts';
import { version } from './version.ts';

/** A mock that is up. */
export interface RunningMock {
  /** Where it serves, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly port: number;
  readonly app: FastifyInstance;
  readonly control: Control;
  readonly token: string;
  /** Stops everything, in order; calling it again waits for the same end. */
  close(): Promise<void>;
}

/** How long answers that were begun may take once the mock is told to stop. */
const GRACE_MS = 250;
/** What a form may hold beside its file. */
const FORM_BYTES = 64 * 1024;

/** Everything of a mock but its HTTP side. */
async function assemble(settings: Settings, log: Log, stopping: AbortSignal) {
  const clocks = new Clocks(new Clock(settings.clock));
  const ids = createIdSources(settings.seed);
  const credentials = new CredentialStore({
    tokens: settings.tokens,
    accessKeys: settings.accessKeys,
    tokenSecret: settings.tokenSecret ?? randomBytes(32).toString('hex'),
    readOnlyUsers: settings.readOnlyUsers,
  });
  const store = new TaskStore(settings.maxTasks);
  const apis = createApiStore();
  const parser = createParseRunner();
  const jobs = { apis, parser, ids, region: settings.region, autoPublish: settings.autoPublish };
  const worker = new TaskWorker({
    store,
    slots: settings.workers,
    jobs: createJobs(jobs),
    clockOf: (scope) => (scope === undefined ? clocks.main : clocks.of(scope.projectId, scope.instanceId)),
    onJobError: (task, cause) => log.error({ err: cause, task_id: task.id }, 'the job of a task failed'),
  });
  worker.events.on((event) => logEvent(log, event));
  const plans = new PlanBook(settings);
  const journal = new Journal(settings.maxRequests);
  const faults = new FaultBook(ids);
  const events = new EventLog();
  const control = new Control({
    ...{ store, worker, apis, clocks, ids, plans, journal, faults, events, stopping },
    seeds: await seedsOf(settings),
    startFaults: settings.faults,
    startClock: settings.clock,
    shown: shownSettings(settings, SETTINGS),
    version,
    secretOf: (accessKey) => credentials.secretOf(accessKey),
  });
  return { clocks, ids, credentials, store, parser, jobs, worker, plans, journal, faults, events, control };
}

type Parts = Awaited<ReturnType<typeof assemble>>;

function appOf(
  settings: Settings,
  log: Log,
  parts: Parts & { stateFile: StateFile | undefined; stopping: AbortSignal },
) {
  const { clocks, credentials, store, worker, jobs, plans, journal, faults, control, stateFile, stopping } =
    parts;
  const maxBytes = settings.maxBodyMb * 1024 * 1024;
  return buildApp({
    ...{ journal, faults, control, log, version, stopping },
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
    saved: stateFile === undefined ? undefined : () => stateFile.saved(),
    ids: jobs.ids.of(''),
    region: settings.region,
  });
}

/** Builds a mock and makes it listen. Throws `SettingError` for what it cannot use, and what listening throws. */
export async function startServer(settings: Settings, log: Log = silentLog): Promise<RunningMock> {
  const stopping = new AbortController();
  const parts = await assemble(settings, log, stopping.signal);
  const { clocks, control, parser } = parts;
  const stateFile = await openStateFile(settings.stateFile, control, log);
  let app: FastifyInstance | undefined;

  /** In order: what moves tasks, what waits, what parses, the server and its connections, the state. */
  const stop = async (): Promise<void> => {
    clocks.stop();
    stopping.abort();
    await parser.stop();
    const force = afterSystemMs(GRACE_MS, () => app?.server.closeAllConnections());
    await app?.close();
    force.stop();
    await stateFile?.stop();
  };
  let stopped: Promise<void> | undefined;
  const close = (): Promise<void> => {
    stopped ??= stop();
    return stopped;
  };

  try {
    await control.start(await stateFile?.read());
    if (stateFile !== undefined) parts.events.arrived.on(() => void stateFile.saved());
    app = await appOf(settings, log, { ...parts, stateFile, stopping: stopping.signal });
    await app.listen({ host: settings.host, port: settings.port });
  } catch (cause) {
    await close();
    throw cause;
  }
  const { port } = app.server.address() as AddressInfo;
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
  return {
    url: `http://${host}:${port}`,
    port,
    app,
    control,
    token: parts.credentials.firstToken ?? '',
    close,
  };
}

async function openStateFile(
  path: string | undefined,
  control: Control,
  log: Log,
): Promise<StateFile | undefined> {
  if (path === undefined) return undefined;
  const { StateFile } = await import('./control/state-file.ts');
  return StateFile.open({
    path,
    take: async () => JSON.stringify(await control.snapshot()),
    onError: (cause) => log.error({ err: cause, state_file: path }, 'the state could not be written'),
  });
}

function seedsOf(settings: Settings): Promise<SeedFile[]> | SeedFile[] {
  if (settings.fixtures === undefined) return [documentedSeed];
  return settings.fixtures === 'none' ? [] : readSeedFolder(settings.fixtures);
}

function logEvent(log: Log, event: TaskEvent): void {
  if (event.type !== 'task' || event.task.scope === undefined || !log.isLevelEnabled('info')) return;
  const { task, from, atMs } = event;
  log.info(
    {
      task_id: task.id,
      task_type: task.type,
      from,
      to: task.status,
      at: new Date(atMs).toISOString(),
      project_id: task.scope?.projectId,
      instance_id: task.scope?.instanceId,
    },
    from === undefined ? 'task created' : 'task moved',
  );
}
