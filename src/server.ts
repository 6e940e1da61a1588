/** The one composition root: from settings to clock, ids, stores, worker and app; used by the command line, the library, tests and the image. */
import type { RequestListener, Server } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { MockControl } from './control/calls.ts';
import { checkedControl, preloadChecking } from './control/checked.ts';
import type { Control } from './control/control.ts';
import type { StateFile } from './control/state-file.ts';
import { createListener, listen, stopListening } from './http/listener.ts';
import { forgivingLog, type Log, silentLog } from './log.ts';
import { once } from './once.ts';
import { assemble, fastLaneOf, type Parts, seedsOf } from './parts.ts';
import { SETTINGS, type SettingName, type Settings } from './settings.ts';
import { type Planting, seedTasks } from './tasks/planting.ts';
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

interface AppNeeds {
  readonly settings: Settings;
  readonly log: Log;
  readonly parts: Parts;
  readonly control: Control;
  readonly stateFile: StateFile | undefined;
  readonly stopping: AbortSignal;
  readonly serverFactory: (handler: RequestListener) => Server;
}

async function appOf({
  settings,
  log,
  parts,
  control,
  stateFile,
  stopping,
  serverFactory,
}: AppNeeds): Promise<FastifyInstance> {
  const [{ buildApp }, { options: jobs }, { InputRoom }, { watchHeap }] = await Promise.all([
    import('./http/app.ts'),
    parts.loadJobs(),
    import('./apis/input-room.ts'),
    import('./apis/heap-watch.ts'),
  ]);
  const { clocks, credentials, store, worker, plans, journal, faults, ids, cancellations, nextRequestId } =
    parts;
  const maxBytes = settings.maxBodyMb * 1024 * 1024;
  return buildApp({
    ...{ journal, faults, control, log, version, cancellations, stateFile, nextRequestId, serverFactory },
    tasks: { store, worker },
    apis: {
      ...jobs,
      ...{ worker, cancellations },
      planFor: (projectId, instanceId, type) => plans.take(projectId, instanceId, type),
      nowMs: (projectId, instanceId) => clocks.now('resource', projectId, instanceId),
      maxBytes,
      inputRoom: new InputRoom(watchHeap(stopping)),
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
    adminHosts: settings.adminHosts,
    ids: ids.of(''),
    region: settings.region,
  });
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
  const stopping = new AbortController();
  const parts = assemble(settings, log);
  const { clocks, plans, worker, credentials } = parts;
  const planting: Planting = {
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
    });
  });
  const stateFile = await openStateFile(settings.stateFile, parts, log);

  let handler: RequestListener | undefined;
  const loadApp = once(async () => {
    const app = await appOf({
      ...{ settings, log, parts, control: await loadControl() },
      stateFile,
      stopping: stopping.signal,
      serverFactory: (built) => {
        handler = built;
        return server;
      },
    });
    await app.ready();
    return app;
  });
  const fastLane = fastLaneOf(settings, log, { ...parts, stateFile });
  const server = createListener({
    fastLane,
    loadApp: async () => {
      await loadApp();
      return handler as RequestListener;
    },
    onLoadFailed: (cause, requestId) =>
      log.error({ err: cause, request_id: requestId }, 'the application could not be built'),
    onFailed: (cause, requestId) =>
      log.error({ err: cause, request_id: requestId }, 'unexpected error, answered as APIG.9999'),
    sayWhy: !settings.strict,
    nextRequestId: parts.nextRequestId,
  });

  /** In order: what moves tasks, what waits, what parses, the server and its connections, the state. */
  const stop = async (): Promise<void> => {
    clocks.stop();
    worker.stop();
    parts.cancellations.stop();
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
    const saved = await stateFile?.read();
    if (saved === undefined && settings.faults.length === 0) await worker.createAll(seedTasks(planting));
    else await (await loadControl()).start({ saved, given, log });
    await stateFile?.follow();
    if (settings.preload) await Promise.all([loadApp(), preloadChecking(), import('./apis/form.ts')]);
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
  parts: Parts,
  log: Log,
): Promise<StateFile | undefined> {
  if (path === undefined) return undefined;
  const { StateFile } = await import('./control/state-file.ts');
  return StateFile.open({
    path,
    parts,
    onError: (cause) => log.error({ err: cause, state_file: path }, 'the state could not be written'),
  });
}
