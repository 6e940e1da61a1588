/** The control calls in this process: what `/__admin` and the object of `startApigMock` both go through. */

import { errors } from '../core/errors.ts';
import { explainSignature, type SignCheck } from '../iam/signature-explain.ts';
import type { Core } from '../mock.ts';
import { clockCalls } from './clock-calls.ts';
import { type EventBody, type MockEvent, readEvents } from './events/events.ts';
import type { Fault } from './faults/registry.ts';
import type { FaultRequest } from './faults/schema.ts';
import type { JournalFilter } from './journal/journal.ts';
import { droppedReason, type Verification, verify } from './journal/verify.ts';
import type { MockControl, PlanList, RequestList, WaitOptions } from './old-calls.ts';
import { checkOperation } from './operation-names.ts';
import { type Overview, overview } from './overview.ts';
import { groupDetails } from './overview-groups.ts';
import { onTheirWay } from './progress.ts';
import { type ResourceCalls, resourceCalls } from './resource-calls.ts';
import type {
  ExpectationRequest,
  GroupQuery,
  IdleRequest,
  OverviewRequest,
  PlanRequest,
  RequestsQuery,
  ResetRequest,
  ScopeRequest,
} from './schemas.ts';
import { checkScope, filterOf, placeOf } from './scope-request.ts';
import { resetState } from './state/reset.ts';
import type { Snapshot } from './state/snapshot.ts';
import { type Start, startState } from './state/start.ts';
import { restoreState, takeSnapshot } from './state/state.ts';
import { type TaskCalls, taskCalls } from './task-calls.ts';
import { DEFAULT_WAIT_MS, Waits } from './waiting.ts';

export class Control {
  readonly tasks: TaskCalls;
  readonly clock: MockControl['clock'];
  readonly resources: ResourceCalls;
  readonly #options: Core;
  readonly #waits: Waits;
  #changes: Promise<void> = Promise.resolve();

  constructor(options: Core) {
    this.#options = options;
    this.#waits = new Waits(options.worker, options.cancellations);
    this.tasks = taskCalls(options, this.#waits);
    this.resources = resourceCalls(options);
    this.clock = clockCalls(options, (scope) => this.#note({ type: 'clock', ...scope }));
  }

  /** One group with a page of its APIs. Throws `APIG.3001` where there is none. */
  group(request: GroupQuery & { readonly group_id: string }): ReturnType<typeof groupDetails> {
    const { apis, settings } = this.#options;
    return groupDetails(apis, request, settings.region);
  }

  /** Puts in what the mock starts with. Throws `SettingError` for what cannot be. */
  start(start: Start): Promise<void> {
    return startState(this.#options, start);
  }

  async idle(request: IdleRequest = {}, { signal }: WaitOptions = {}): Promise<void> {
    const { worker, clocks } = this.#options;
    const filter = filterOf(request);
    const timeoutMs = request.timeout_ms ?? DEFAULT_WAIT_MS;
    const end = await this.#waits.forIdle(filter, { timeoutMs, signal });
    if (end.kind === 'timeout') {
      const reason = `tasks are still on their way: ${onTheirWay(worker.unfinished(), filter, clocks)}`;
      throw errors.waitTimeout(reason, { reason });
    }
    if (end.kind === 'never') throw errors.neverSettles(end.reason, { reason: end.reason });
  }

  readonly plans = {
    list: async (scope: ScopeRequest = {}): Promise<PlanList> => this.#options.plans.list(filterOf(scope)),
    set: async (request: PlanRequest): Promise<PlanList> => {
      checkScope(request);
      if (request.plan === null && request.times !== undefined) {
        throw errors.parameterInvalid('times', { reason: 'times goes with a plan, not with null' });
      }
      this.#options.plans.set(request);
      this.#note({ type: 'plan', ...placeOf(request) });
      return this.#options.plans.list();
    },
    clear: async (scope: ScopeRequest = {}): Promise<void> => {
      checkScope(scope);
      this.#options.plans.clear(filterOf(scope));
      this.#note({ type: 'plan', ...placeOf(scope) });
    },
  };

  readonly faults = {
    add: async (request: FaultRequest): Promise<Fault> => {
      checkOperation(request);
      const fault = this.#options.faults.add(request);
      this.#note({ type: 'faults', ...placeOf(request) });
      return fault;
    },
    list: async (scope: ScopeRequest = {}): Promise<Fault[]> => this.#options.faults.list(filterOf(scope)),
    remove: async (faultId: string): Promise<void> => {
      if (!this.#options.faults.remove(faultId))
        throw errors.routeNotFound({ reason: `there is no fault ${faultId}` });
      this.#note({ type: 'faults' });
    },
    clear: async (scope: ScopeRequest = {}): Promise<void> => {
      checkScope(scope);
      this.#options.faults.clear(filterOf(scope));
      this.#note({ type: 'faults', ...placeOf(scope) });
    },
  };

  readonly requests = {
    list: async ({ limit, ...filter }: RequestsQuery = {}): Promise<RequestList> => {
      checkOperation(filter);
      const { journal } = this.#options;
      const found = journal.query(filter);
      const requests = limit === undefined ? found : found.slice(Math.max(found.length - limit, 0));
      return { total: found.length, dropped: journal.droppedIn(filterOf(filter)), requests };
    },
    count: async (filter: JournalFilter = {}): Promise<number> => {
      checkOperation(filter);
      const { journal } = this.#options;
      const dropped = journal.droppedIn(filterOf(filter));
      if (dropped > 0) throw errors.notCounted({ reason: droppedReason(dropped, filter) });
      return journal.query(filter).length;
    },
    verify: async (expectation: ExpectationRequest): Promise<Verification> => {
      checkOperation(expectation);
      const { journal } = this.#options;
      const { project_id, instance_id } = expectation;
      const dropped = journal.droppedIn(filterOf(expectation));
      return verify(journal.query({ project_id, instance_id }), expectation, dropped);
    },
    clear: async (scope: ScopeRequest = {}): Promise<void> => {
      checkScope(scope);
      this.#options.journal.clear(filterOf(scope));
    },
  };

  async overview(request: OverviewRequest = {}): Promise<Overview> {
    return overview(this.#options, request);
  }

  async signCheck(check: SignCheck) {
    const { credentials, clocks } = this.#options;
    const [, projectId] = /^\/v2\/([^/?]+)/.exec(check.target) ?? [];
    return explainSignature(check, {
      secretOf: (accessKey) => credentials.secretOf(accessKey),
      times: clocks.times('signature', projectId),
    });
  }

  async reset(request: ResetRequest = {}): Promise<void> {
    checkScope(request);
    await this.#inTurn(async () => ({ ready: resetState(this.#options, request) }));
    this.#note({ type: 'reset', ...placeOf(request) });
  }

  async snapshot(): Promise<Snapshot> {
    return takeSnapshot(this.#options);
  }

  async restore(snapshot: Snapshot): Promise<void> {
    await this.#inTurn(() => restoreState(this.#options, snapshot));
    this.#note({ type: 'restored' });
  }

  get events() {
    return { [Symbol.asyncIterator]: () => this.readEvents() };
  }

  /** Where a reader begins who wants what happens from now on. */
  get newestEventId(): string {
    return this.#options.events.lastId;
  }

  /** Events from now on, or after `afterId`, until the mock stops or the signal is aborted. */
  async *readEvents(afterId?: string, outer?: AbortSignal): AsyncGenerator<MockEvent> {
    const entry = this.#options.cancellations.begin({ outer });
    try {
      yield* readEvents(this.#options.events, afterId, entry.signal);
    } finally {
      entry.end();
    }
  }

  /**
   * Resets and restores are made one after the other: two at once would leave a state that neither asked for. What they
   * begin (`ready`) holds up no other: the next one cancels it.
   */
  async #inTurn(change: () => Promise<Made>): Promise<void> {
    const made = this.#changes.then(change);
    this.#changes = made.then(
      () => undefined,
      () => undefined,
    );
    await (await made).ready;
  }

  #note(body: EventBody): void {
    const { clocks, events } = this.#options;
    const { project_id, instance_id }: ScopeRequest = 'project_id' in body ? body : {};
    events.add(clocks.now('event', project_id, instance_id), body);
  }
}

/** A change that was made in one step; `ready` resolves when the jobs are that it has begun. */
interface Made {
  readonly ready: Promise<void>;
}
