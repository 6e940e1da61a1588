/** The first half of the composition root: the parts that a plain poll needs, and what loads the others. */
import { randomBytes } from 'node:crypto';
import { createApiStore } from './apis/store.ts';
import { verifySignature } from './auth/signature.ts';
import { CredentialStore } from './auth/store.ts';
import { Cancellations } from './cancellation.ts';
import { Clock } from './clock.ts';
import { Clocks } from './clocks.ts';
import { EventLog } from './control/events.ts';
import { rejectionOf } from './control/guard.ts';
import { FaultBook } from './control/fault-book.ts';
import { Journal } from './control/journal.ts';
import { PlanBook } from './control/plans.ts';
import type { StateFile } from './control/state-file.ts';
import { createFastLane } from './http/fast-lane.ts';
import { createRequestIds } from './http/request-id.ts';
import { NOT_NOTED, pollRecorder } from './http/request-log.ts';
import { createIdSources } from './ids.ts';
import type { Log } from './log.ts';
import { once } from './once.ts';
import type { Settings } from './settings.ts';
import { documentedSeed } from './tasks/documented.ts';
import type { SeedFile } from './tasks/seed.ts';
import { readSaved, readTask } from './tasks/show.ts';
import { TaskStore } from './tasks/store.ts';
import type { Job } from './tasks/work.ts';
import { type TaskEvent, TaskWorker } from './tasks/worker.ts';

const NO_BODY = new Uint8Array(0);

/** The parts that a poll needs; all others are loaded when they are first asked for. */
export function assemble(settings: Settings, log: Log) {
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
  const job: Job = (task, work) => {
    const loaded = loadJobs.made;
    return loaded === undefined
      ? loadJobs().then(({ jobs }) => jobs[task.type](task, work))
      : loaded.jobs[task.type](task, work);
  };
  const onDeaf = (cause: unknown): void =>
    log.error({ err: cause }, 'whoever listened to an event failed; the event is lost to it');
  const clocks = new Clocks(new Clock(settings.clock), onDeaf);
  const store = new TaskStore(settings.maxTasks);
  const worker = new TaskWorker({
    store,
    slots: settings.workers,
    jobs: { import_api: job, export_api: job },
    clockOf: (scope) => clocks.ruling('task', scope?.projectId, scope?.instanceId),
    onJobError: (task, cause) => log.error({ err: cause, task_id: task.id }, 'the job of a task failed'),
    onListenerError: onDeaf,
  });
  clocks.handovers.on((handover) => worker.redate(handover));
  const events = new EventLog(onDeaf);
  worker.events.on((event) => {
    if (event.type === 'task') events.addTask(event.task, event.from, event.atMs);
  });
  worker.events.on((event) => {
    if (event.type === 'task') logMove(log, event);
  });
  const credentials = new CredentialStore({
    tokens: settings.tokens,
    accessKeys: settings.accessKeys,
    tokenSecret: settings.tokenSecret ?? randomBytes(32).toString('hex'),
    readOnlyUsers: settings.readOnlyUsers,
    nowMs: (projectId) => clocks.now('token', projectId),
  });
  return {
    ...{ clocks, ids, apis, loadJobs, store, worker, events, credentials },
    cancellations: new Cancellations(),
    plans: new PlanBook(settings),
    journal: new Journal(settings.maxRequests),
    faults: new FaultBook(ids),
    nextRequestId: createRequestIds(ids.of('').next()),
  };
}

export type Parts = ReturnType<typeof assemble>;

/** The parts of the fast path; the state file, if there is one, says which tasks it may not show yet. */
type FastParts = Parts & { readonly stateFile: Pick<StateFile, 'isPending'> | undefined };

/** The way of a plain poll. */
export function fastLaneOf(
  settings: Settings,
  log: Log,
  { clocks, credentials, faults, journal, nextRequestId, stateFile, store, worker }: FastParts,
) {
  return createFastLane({
    isLetIn: (caller) => rejectionOf(caller, settings.adminHosts) === undefined,
    isOpen: (projectId, instanceId) => faults.size === 0 || !faults.mayStrikePoll(projectId, instanceId),
    readerByToken: (token, projectId) => {
      const identity = credentials.identify(token);
      if (identity === undefined || identity.domainScoped) return undefined;
      return (identity.projectId ?? projectId) === projectId ? identity.kind : undefined;
    },
    readerBySignature: ({ method = 'GET', url = '/', headers }, projectId) => {
      const verified = verifySignature(
        { method, target: url, headers, body: NO_BODY },
        {
          secretOf: (accessKey) => credentials.secretOf(accessKey),
          times: clocks.times('signature', projectId),
        },
      );
      const good = verified.outcome === 'ok' && (verified.projectId ?? projectId) === projectId;
      return good ? 'signature' : undefined;
    },
    read:
      stateFile === undefined
        ? (project_id, instance_id, task_id) =>
            readTask({ store, worker }, { project_id, instance_id, task_id })
        : (...at) => readSaved(store.find(...at), stateFile),
    nextRequestId,
    strict: settings.strict,
    onAnswered: pollRecorder({ journal, clocks, log }),
    onNotNoted: (cause, requestId) => log.error({ err: cause, request_id: requestId }, NOT_NOTED),
  });
}

/** What the mock starts with. */
export async function seedsOf({ fixtures, maxTasks }: Settings): Promise<readonly SeedFile[]> {
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
