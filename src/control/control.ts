/** The control calls in this process: what `/__admin` and the object of `startApigMock` both go through. */

import type { ApiStore } from '../apis/store.ts';
import { explainSignature, type SignCheck } from '../auth/signature-explain.ts';
import type { Clock } from '../clock.ts';
import type { Clocks } from '../clocks.ts';
import { type ApigError, errors } from '../errors.ts';
import type { IdSources } from '../ids.ts';
import { SettingError } from '../options.ts';
import { placeOf as jsonPlace, loadCheckers } from '../schema.ts';
import { type ScopeFilter, scopeKey } from '../scope.ts';
import type { SeedFile } from '../tasks/seed.ts';
import type { TaskStore } from '../tasks/store.ts';
import type { TaskWorker } from '../tasks/worker.ts';
import type { ClockState, MockControl, PlanList, RequestList } from './calls.ts';
import { type EventBody, type EventLog, readEvents } from './events.ts';
import { type Fault, type FaultBook, type FaultRequest, FaultSchema } from './faults.ts';
import type { Journal, JournalFilter } from './journal.ts';
import type { PlanBook } from './plans.ts';
import {
  type ClockRequest,
  type ExpectationRequest,
  type IdleRequest,
  type PlanRequest,
  RESET_PARTS,
  type ResetPart,
  type ResetRequest,
  type ScopeRequest,
} from './schemas.ts';
import type { Snapshot } from './snapshot.ts';
import { restoreState, takeSnapshot } from './state.ts';
import { type TaskCalls, taskCalls } from './task-calls.ts';
import { type Verification, verify } from './verify.ts';
import { waitForIdle } from './waiting.ts';

export interface ControlOptions {
  readonly store: TaskStore;
  readonly worker: TaskWorker;
  readonly apis: ApiStore;
  readonly clocks: Clocks;
  readonly ids: IdSources;
  readonly plans: PlanBook;
  readonly journal: Journal;
  readonly faults: FaultBook;
  readonly events: EventLog;
  /** What the mock starts with, and goes back to. */
  readonly seeds: readonly SeedFile[];
  readonly startFaults: readonly FaultRequest[];
  readonly startClock: Clock['mode'];
  readonly secretOf: (accessKey: string) => string | undefined;
  /** Ends every wait and stream. */
  readonly stopping: AbortSignal;
}

export const filterOf = (scope: ScopeRequest): ScopeFilter => ({
  projectId: scope.project_id,
  instanceId: scope.instance_id,
});
export const DEFAULT_WAIT_MS = 30_000;

const isWhole = (scope: ScopeRequest): boolean =>
  scope.project_id === undefined && scope.instance_id === undefined;
const placeOf = ({ project_id, instance_id }: ScopeRequest): ScopeRequest => ({
  ...(project_id === undefined ? {} : { project_id }),
  ...(instance_id === undefined ? {} : { instance_id }),
});

export class Control implements MockControl {
  readonly tasks: TaskCalls;
  readonly #options: ControlOptions;

  constructor(options: ControlOptions) {
    this.#options = options;
    this.tasks = taskCalls(options);
    const { worker, events } = options;
    worker.events.on((event) => {
      if (event.type === 'task') events.addTask(event.task, event.from, event.atMs);
    });
  }

  /**
   * Puts in what the mock starts with: the state it was left in, if there is one, else seeds and faults.
   * Throws `SettingError` for what cannot be.
   */
  async start(kept: unknown): Promise<void> {
    const { startFaults, faults } = this.#options;
    if (kept !== undefined) {
      await restoreState(this.#options, kept, 'running on').catch((cause: ApigError) => {
        throw new SettingError(`--state-file: it cannot be used: ${cause.reason ?? cause.message}`);
      });
      return;
    }
    if (startFaults.length > 0) await checkStartFaults(startFaults);
    for (const fault of startFaults) faults.add(fault);
    await this.plantSeeds();
  }

  async idle(request: IdleRequest = {}): Promise<void> {
    const { worker, stopping } = this.#options;
    const end = await waitForIdle(worker, filterOf(request), {
      timeoutMs: request.timeout_ms ?? DEFAULT_WAIT_MS,
      signal: stopping,
    });
    if (end.kind === 'timeout') throw errors.waitTimeout('tasks are still on their way');
    if (end.kind === 'never') throw errors.neverSettles(end.reason);
  }

  async plans(): Promise<PlanList> {
    return this.#options.plans.list();
  }

  async plan(request: PlanRequest): Promise<PlanList> {
    checkScope(request);
    this.#options.plans.set(request);
    this.#note({ type: 'plan', ...placeOf(request) });
    return this.plans();
  }

  readonly clock = {
    get: async (scope: ScopeRequest = {}): Promise<ClockState> => this.#clockState(scope),
    set: async ({ mode, now, ...scope }: ClockRequest): Promise<ClockState> => {
      const toMs = now === undefined ? undefined : Date.parse(now);
      if (Number.isNaN(toMs)) throw errors.parameterInvalid('now', { reason: `there is no time ${now}` });
      const clock = this.#clockFor(scope);
      if (mode === 'manual') clock.freeze();
      else clock.resume();
      if (toMs !== undefined) await clock.set(toMs);
      return this.#clockChanged(scope);
    },
    freeze: (scope: ScopeRequest = {}): Promise<ClockState> =>
      this.clock.set({ ...placeOf(scope), mode: 'manual' }),
    resume: (scope: ScopeRequest = {}): Promise<ClockState> =>
      this.clock.set({ ...placeOf(scope), mode: 'system' }),
    advance: async (ms: number, scope: ScopeRequest = {}): Promise<ClockState> => {
      await this.#clockFor(scope).advance(ms);
      return this.#clockChanged(scope);
    },
  };

  readonly faults = {
    add: async (request: FaultRequest): Promise<Fault> => {
      const fault = this.#options.faults.add(request);
      this.#note({ type: 'faults', ...placeOf(request) });
      return fault;
    },
    list: async (): Promise<Fault[]> => this.#options.faults.list(),
    remove: async (faultId: string): Promise<void> => {
      if (!this.#options.faults.remove(faultId))
        throw errors.routeNotFound({ reason: `there is no fault ${faultId}` });
      this.#note({ type: 'faults' });
    },
    clear: async (scope: ScopeRequest = {}): Promise<void> => {
      this.#options.faults.clear(filterOf(scope));
      this.#note({ type: 'faults', ...placeOf(scope) });
    },
  };

  readonly requests = {
    list: async (filter: JournalFilter = {}): Promise<RequestList> => {
      const { journal } = this.#options;
      const requests = journal.query(filter);
      return { total: requests.length, dropped: journal.dropped, requests };
    },
    count: async (filter: JournalFilter = {}): Promise<number> => this.#options.journal.query(filter).length,
    verify: async (expectation: ExpectationRequest): Promise<Verification> => {
      const { project_id, instance_id } = expectation;
      return verify(this.#options.journal.query({ project_id, instance_id }), expectation);
    },
    clear: async (scope: ScopeRequest = {}): Promise<void> => this.#options.journal.clear(filterOf(scope)),
  };

  async signCheck(check: SignCheck) {
    const { secretOf, clocks } = this.#options;
    return explainSignature(check, { secretOf, nowMs: clocks.main.now() });
  }

  async reset(request: ResetRequest = {}): Promise<void> {
    checkScope(request);
    const parts = new Set<ResetPart>(request.only ?? RESET_PARTS);
    const scope = placeOf(request);
    const { store, worker, apis, plans, journal, faults, startFaults } = this.#options;
    if (parts.has('tasks')) {
      const cleared = isWhole(scope) ? 'all' : store.scopes(filterOf(scope));
      worker.forget(cleared);
      store.clear(cleared);
    }
    if (parts.has('apis')) apis.reset(filterOf(scope));
    if (parts.has('plans')) plans.clear(filterOf(scope));
    if (parts.has('journal')) journal.clear(filterOf(scope));
    if (parts.has('faults')) {
      faults.clear(filterOf(scope));
      if (isWhole(scope)) for (const fault of startFaults) faults.add(fault);
    }
    if (parts.has('clock')) await this.#resetClocks(scope);
    if (parts.has('tasks')) {
      this.#restartIds(scope);
      await this.plantSeeds(scope);
    }
    this.#note({ type: 'reset', ...scope });
  }

  async snapshot(): Promise<Snapshot> {
    return takeSnapshot(this.#options);
  }

  async restore(snapshot: Snapshot): Promise<void> {
    await restoreState(this.#options, snapshot);
    this.#note({ type: 'restored' });
  }

  get events() {
    const { events, stopping } = this.#options;
    return { [Symbol.asyncIterator]: () => readEvents(events, undefined, stopping) };
  }

  /** The event log itself, for a stream that takes up where it was. */
  get eventLog(): EventLog {
    return this.#options.events;
  }

  /** Puts the start-up seeds in: those of a scope, or all. */
  async plantSeeds(scope: ScopeRequest = {}): Promise<void> {
    const { worker, plans, seeds } = this.#options;
    for (const { project_id: projectId, instance_id: instanceId, tasks } of seeds) {
      const shared = projectId === undefined || instanceId === undefined;
      const wanted =
        (scope.project_id ?? projectId) === projectId && (scope.instance_id ?? instanceId) === instanceId;
      if (!isWhole(scope) && (shared || !wanted)) continue;
      for (const task of tasks) {
        await worker.create({
          scope: shared ? undefined : { projectId, instanceId },
          id: task.task_id,
          type: task.task_type,
          plan: task.plan === undefined ? plans.list().default : plans.fill(task.plan),
          held: task.hold ?? false,
          status: task.task_status,
          result: task.task_result,
        });
      }
    }
  }

  /** The clock that a call means: the main one, or the scope's own, which it gets by being named. */
  #clockFor(scope: ScopeRequest): Clock {
    checkScope(scope);
    const { clocks, worker } = this.#options;
    if (scope.project_id === undefined) return clocks.main;
    if (clocks.get(scope.project_id, scope.instance_id) === undefined) {
      clocks.ensure(scope.project_id, scope.instance_id);
      worker.reschedule(filterOf(scope));
    }
    return clocks.ensure(scope.project_id, scope.instance_id);
  }

  #clockState(scope: ScopeRequest): ClockState {
    const { clocks } = this.#options;
    const clock =
      scope.project_id === undefined ? clocks.main : clocks.of(scope.project_id, scope.instance_id ?? '');
    return { mode: clock.mode, now: new Date(clock.now()).toISOString(), own: clock !== clocks.main };
  }

  #clockChanged(scope: ScopeRequest): ClockState {
    this.#note({ type: 'clock', ...placeOf(scope) });
    return this.#clockState(scope);
  }

  async #resetClocks(scope: ScopeRequest): Promise<void> {
    const { clocks, worker, startClock } = this.#options;
    clocks.drop(scope.project_id, scope.instance_id);
    if (isWhole(scope)) clocks.main.restart(startClock);
    worker.reschedule(filterOf(scope));
  }

  #restartIds({ project_id: projectId, instance_id: instanceId }: ScopeRequest): void {
    const { ids } = this.#options;
    if (projectId === undefined) ids.restart();
    else if (instanceId !== undefined) ids.restart(scopeKey(projectId, instanceId));
  }

  #note(body: EventBody): void {
    this.#options.events.add(this.#options.clocks.main.now(), () => body);
  }
}

async function checkStartFaults(faults: readonly FaultRequest[]): Promise<void> {
  const check = (await loadCheckers())(FaultSchema);
  for (const [at, fault] of faults.entries()) {
    const problem = check.problem(fault);
    if (problem !== undefined)
      throw new SettingError(`faults: [${at}] ${jsonPlace(problem.at)}: ${problem.says}`);
  }
}

/** An instance is one of a project: it cannot be named alone. */
function checkScope(scope: ScopeRequest): void {
  if (scope.instance_id !== undefined && scope.project_id === undefined) {
    throw errors.parameterMissing('project_id', { reason: 'instance_id is given without project_id' });
  }
}
