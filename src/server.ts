/** The one composition root: from settings to clock, ids, stores, worker and app; used by the command line, the library, tests and the image. */
import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { CredentialStore } from './auth/store.ts';
import { Clock } from './clock.ts';
import { Clocks } from './clocks.ts';
import { Control } from './control/control.ts';
import { Journal } from './control/journal.ts';
import { PlanBook } from './control/plans.ts';
import { buildApp } from './http/app.ts';
import { createIdSources } from './ids.ts';
import { type Log, silentLog } from './log.ts';
import type { Settings } from './settings.ts';
import { documentedSeed, readSeedFolder, type SeedFile } from './tasks/seed.ts';
import { TaskStore } from './tasks/store.ts';
import type { Task } from './tasks/task.ts';
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

/** Builds a mock and makes it listen. Throws `SettingError` for seeds it cannot use, and what listening throws. */
export async function startServer(settings: Settings, log: Log = silentLog): Promise<RunningMock> {
  const clocks = new Clocks(new Clock(settings.clock));
  const ids = createIdSources(settings.seed);
  const store = new TaskStore(settings.maxTasks);
  const plans = new PlanBook(settings);
  const journal = new Journal(settings.maxRequests);
  const credentials = new CredentialStore({
    tokens: settings.tokens,
    accessKeys: settings.accessKeys,
    tokenSecret: settings.tokenSecret ?? randomBytes(32).toString('hex'),
    readOnlyUsers: settings.readOnlyUsers,
  });
  const worker = new TaskWorker({
    store,
    slots: settings.workers,
    jobs: { import_api: emptyJob, export_api: emptyJob },
    clockOf: (scope) => (scope === undefined ? clocks.main : clocks.of(scope.projectId, scope.instanceId)),
    onJobError: (task, cause) => log.error({ err: cause, task_id: task.id }, 'the job of a task failed'),
  });
  worker.events.on((event) => logEvent(log, event));
  const control = new Control({ store, worker, clocks, ids, plans, journal, seeds: await seedsOf(settings) });
  await control.plantSeeds();

  const app = await buildApp({
    tasks: { store, worker },
    auth: {
      credentials,
      clocks,
      strict: settings.strict,
      maxBodyBytes: settings.maxBodyMb * 1024 * 1024,
      onUnknownKey: (accessKey) =>
        log.warn({ access_key: accessKey }, 'unknown access key let in; --strict refuses it'),
    },
    control,
    admin: settings.admin ? settings : undefined,
    journal,
    ids: ids.of(''),
    log,
    region: settings.region,
    version,
  });
  await app.listen({ host: settings.host, port: settings.port });
  const { port } = app.server.address() as AddressInfo;

  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    clocks.stop();
    const force = setTimeout(() => app.server.closeAllConnections(), GRACE_MS);
    await app.close();
    clearTimeout(force);
  };
  return {
    url: `http://${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${port}`,
    port,
    app,
    control,
    token: credentials.firstToken ?? '',
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

/** A task that was put in by a control call, not by a file: it succeeds with nothing imported or exported. */
const emptyJob = (task: Task) => () => {
  const result =
    task.type === 'import_api'
      ? { success: [], failure: [], swagger: { id: task.id, result: 'Success' }, group_id: '' }
      : { FileName: '', FileType: '.json', Comment: '' };
  return { status: 'succeed', result: JSON.stringify(result) } as const;
};

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
