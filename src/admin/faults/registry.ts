/**
 * The faults in force: which of them match a call, how often they have, and what contradicts itself. The registry
 * decides and counts; `http/faults.ts` carries out.
 */
import { Emitter } from '../../core/emitter.ts';
import { documentedError } from '../../core/error-codes.ts';
import { errors } from '../../core/errors.ts';
import type { IdSources } from '../../core/ids.ts';
import { type ScopeFilter, scopeKey } from '../../core/scope.ts';
import type { Distribution, ErrorAction, FaultAction, FaultRequest } from './schema.ts';

/** The longest delay. */
export const MAX_DELAY_MS = 10 * 60 * 1000;

/** A fault in force; `hits` = how often it was carried out, `seen` = how many calls fitted it until it had matched `times`. */
export interface Fault extends FaultRequest {
  readonly id: string;
  hits: number;
  seen: number;
}

/**
 * When a fault matches: `before` everything, credentials included; `checked`, once every check has passed and
 * nothing is done yet (the default); `after`, when the work is done and its response would go out.
 */
export type FaultPhase = NonNullable<FaultRequest['phase']>;

/** The call that a fault may match. */
export interface FaultTarget {
  readonly operation: string | undefined;
  readonly method: string;
  readonly projectId: string;
  readonly instanceId: string;
  readonly taskId: string | undefined;
}

const POLL = { operation: 'ShowAsyncTaskResult', method: 'GET' } as const;

const FRAMING = new Set(['content-length', 'transfer-encoding', 'trailer', 'upgrade']);
/**
 * By kind of action: whether it shapes a response, so that it needs one and matches after the work, and whether it ends
 * the call, so that there is no response left for another fault.
 */
const ACTIONS: Readonly<
  Record<FaultAction['type'], { readonly shapesResponse: boolean; readonly endsCall: boolean }>
> = {
  error: { shapesResponse: false, endsCall: true },
  delay: { shapesResponse: false, endsCall: false },
  reset: { shapesResponse: false, endsCall: true },
  empty: { shapesResponse: false, endsCall: true },
  truncate: { shapesResponse: true, endsCall: true },
  malformed: { shapesResponse: true, endsCall: false },
  dribble: { shapesResponse: true, endsCall: true },
};

/** The phase of a fault: those that shape a response need one, so they match after the work. */
export const phaseOf = (fault: FaultRequest): FaultPhase =>
  ACTIONS[fault.action.type].shapesResponse ? 'after' : (fault.phase ?? 'checked');

/** A fault was added, counted a call, or was removed. */
export interface FaultChange {
  readonly kind: 'added' | 'counted' | 'removed';
  readonly fault: Fault;
}

export class FaultRegistry {
  /** Emits every change to the faults, for the code that saves them. */
  readonly changes = new Emitter<FaultChange>();
  readonly #ids: IdSources;
  #faults: Fault[] = [];
  /** Hits of requests that are under way, behind a delay: not carried out yet, and for no other request. */
  readonly #reserved = new WeakMap<Fault, number>();

  constructor(ids: IdSources) {
    this.#ids = ids;
  }

  /** Whether any fault might match a poll of this scope: the poll path asks nothing more. */
  mayMatchPoll(projectId: string, instanceId: string): boolean {
    return this.#faults.some(
      (fault) =>
        !this.#isSpent(fault) &&
        (fault.project_id ?? projectId) === projectId &&
        (fault.instance_id ?? instanceId) === instanceId &&
        (fault.operation ?? POLL.operation) === POLL.operation &&
        (fault.method ?? POLL.method) === POLL.method,
    );
  }

  /** How many there are. */
  get size(): number {
    return this.#faults.length;
  }

  /** The faults of a scope or project, or (no filter) all. */
  list(filter: ScopeFilter = {}): Fault[] {
    return this.#faults.filter((fault) => isUnder(fault, filter)).map((fault) => ({ ...fault }));
  }

  /** Puts a fault in force. Throws when its parts contradict each other. */
  add(request: FaultRequest): Fault {
    checkFault(request);
    const fault: Fault = { id: this.#source(request).next(), ...request, hits: 0, seen: 0 };
    this.#faults.push(fault);
    this.changes.emit({ kind: 'added', fault });
    return { ...fault };
  }

  /** False when there is none of this id. */
  remove(faultId: string): boolean {
    return this.#replace(this.#faults.filter((fault) => fault.id !== faultId));
  }

  /** Takes away the faults of a scope or project, or (no filter) all. */
  clear(filter: ScopeFilter = {}): void {
    this.#replace(this.#faults.filter((fault) => !isUnder(fault, filter)));
  }

  restore(faults: readonly Fault[]): void {
    this.#replace(faults.map((fault) => ({ ...fault })));
  }

  /** The faults themselves, oldest first; not to be changed. */
  entries(): Iterable<Readonly<Fault>> {
    return this.#faults;
  }

  /**
   * The faults that match this call in this phase, oldest first, up to the first that ends it. The first step counts
   * the call for all of them, so that `after` means calls, whichever fault they trigger; each step is a hit. A fault that
   * is not reached, since a delay before it was cut short or it was removed meanwhile, has none.
   */
  *match(target: FaultTarget, phase: FaultPhase): Generator<Fault, void> {
    const matching = this.#reserve(target, phase);
    try {
      for (let fault = matching.shift(); fault !== undefined; fault = matching.shift()) {
        this.#noteReserved(fault, -1);
        if (!this.#faults.includes(fault)) continue;
        fault.hits += 1;
        this.changes.emit({ kind: 'counted', fault });
        yield fault;
      }
    } finally {
      for (const fault of matching) this.#noteReserved(fault, -1);
    }
  }

  #reserve(target: FaultTarget, phase: FaultPhase): Fault[] {
    const matching: Fault[] = [];
    let ended = false;
    for (const fault of this.#faults) {
      if (phaseOf(fault) !== phase || this.#isSpent(fault) || !fits(fault, target)) continue;
      fault.seen += 1;
      this.changes.emit({ kind: 'counted', fault });
      if (ended || !this.#matches(fault, target)) continue;
      this.#noteReserved(fault, 1);
      matching.push(fault);
      ended = ACTIONS[fault.action.type].endsCall;
    }
    return matching;
  }

  /** The delay of this call, in ms. */
  delayMs(fault: Fault, target: FaultTarget): number {
    const { action } = fault;
    if (action.type !== 'delay') return 0;
    if (action.distribution === undefined) return action.ms ?? 0;
    const draw = (): number => this.#ids.of(scopeKey(target.projectId, target.instanceId)).random();
    return drawDelayMs(action.distribution, draw);
  }

  /** Whether any of those before is gone. */
  #replace(faults: Fault[]): boolean {
    const before = this.#faults;
    this.#faults = faults;
    const now = new Set(faults);
    const removed = before.filter((fault) => !now.delete(fault));
    for (const fault of removed) this.changes.emit({ kind: 'removed', fault });
    for (const fault of now) this.changes.emit({ kind: 'added', fault });
    return removed.length > 0;
  }

  #source(request: FaultRequest) {
    return this.#ids.of(scopeKey(request.project_id ?? '', request.instance_id ?? ''));
  }

  #noteReserved(fault: Fault, by: 1 | -1): void {
    this.#reserved.set(fault, (this.#reserved.get(fault) ?? 0) + by);
  }

  /** It was carried out, or is about to be, as often as it may. */
  #isSpent(fault: Fault): boolean {
    return fault.times !== undefined && fault.hits + (this.#reserved.get(fault) ?? 0) >= fault.times;
  }

  #matches(fault: Fault, target: FaultTarget): boolean {
    if (fault.seen <= (fault.after ?? 0)) return false;
    if (fault.probability === undefined) return true;
    const drawn = this.#ids.of(scopeKey(target.projectId, target.instanceId)).random();
    return drawn < fault.probability;
  }
}

/** Whether a fault belongs to a scope, and not to a wider one. */
const isUnder = ({ project_id, instance_id }: Fault, { projectId, instanceId }: ScopeFilter): boolean =>
  (projectId === undefined || project_id === projectId) &&
  (instanceId === undefined || instance_id === instanceId);

function fits(fault: Fault, target: FaultTarget): boolean {
  return (
    (fault.operation ?? target.operation) === target.operation &&
    (fault.method ?? target.method) === target.method &&
    (fault.project_id ?? target.projectId) === target.projectId &&
    (fault.instance_id ?? target.instanceId) === target.instanceId &&
    (fault.task_id ?? target.taskId) === target.taskId
  );
}

/** Throws when the parts of a fault contradict each other. */
export function checkFault({ action, phase }: FaultRequest): void {
  if (ACTIONS[action.type].shapesResponse && phase !== undefined && phase !== 'after') {
    throw errors.parameterInvalid('phase', {
      reason: `${action.type} shapes a response, so it matches "after" the work`,
    });
  }
  if (action.type === 'delay' && (action.ms === undefined) === (action.distribution === undefined)) {
    throw errors.parameterInvalid('action', { reason: 'a delay takes either "ms" or "distribution"' });
  }
  if (
    action.type === 'delay' &&
    action.distribution?.type === 'uniform' &&
    action.distribution.min > action.distribution.max
  ) {
    throw errors.parameterInvalid('action.distribution', { reason: 'min is greater than max' });
  }
  if (action.type === 'error') checkHeaders(action);
  if (action.type === 'error' && action.status === undefined && action.error_code !== undefined) {
    if (documentedError(action.error_code) === undefined) {
      throw errors.parameterInvalid('action.error_code', {
        reason: `${action.error_code} is not in the provider's table; give its "status" too`,
      });
    }
  }
}

/** Node alone frames a response: otherwise it would not be one response. */
function checkHeaders({ headers = {}, retry_after_s: retryAfterS }: ErrorAction): void {
  const names = Object.keys(headers);
  if (retryAfterS !== undefined && names.some((name) => name.toLowerCase() === 'retry-after'))
    throw errors.parameterInvalid('action.headers', {
      reason: 'the header Retry-After stands beside retry_after_s',
    });
  const framing = names.find((name) => FRAMING.has(name.toLowerCase()));
  if (framing === undefined) return;
  throw errors.parameterInvalid('action.headers', {
    reason: `${framing} cannot be set; "truncate" and "malformed" break a response`,
  });
}

/** Draws a delay; the lognormal one by Box and Muller's method. */
function drawDelayMs(distribution: Distribution, draw: () => number): number {
  if (distribution.type === 'uniform') {
    return Math.round(distribution.min + draw() * (distribution.max - distribution.min));
  }
  const normal = Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
  return Math.min(Math.round(distribution.median * Math.exp(distribution.sigma * normal)), MAX_DELAY_MS);
}
