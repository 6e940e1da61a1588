/**
 * The control calls as an interface: the object of `startApigMock` has it, the client of a remote mock has it,
 * and each call stands under `/__admin` too. Bodies are the same in all three.
 */

import type { SignCheck, SignReport } from '../iam/signature-explain.ts';
import type { Plan } from '../tasks/task.ts';
import type { TaskDetails } from '../tasks/wire.ts';
import { type CallName, grouped } from './calls.ts';
import type { MockEvent } from './events/events.ts';
import type { Fault } from './faults/registry.ts';
import type { FaultRequest } from './faults/schema.ts';
import type { JournalEntry, JournalFilter } from './journal/journal.ts';
import type { Verification } from './journal/verify.ts';
import type { Overview } from './overview.ts';
import type { PlanRule } from './plans.ts';
import type {
  ClockRequest,
  ExpectationRequest,
  IdleRequest,
  NewTaskRequest,
  OverviewRequest,
  PlanRequest,
  RequestsQuery,
  ResetRequest,
  ScopeRequest,
  TaskFilter,
  WaitRequest,
} from './schemas.ts';
import type { Snapshot } from './state/snapshot.ts';

/** A page of tasks; `total` counts all that fit the filter. */
export interface TaskList {
  total: number;
  tasks: TaskDetails[];
}

/** The journal's response; `dropped` counts entries of the requested scope that were dropped for newer ones. */
export interface RequestList {
  total: number;
  dropped: number;
  requests: JournalEntry[];
}

/** A clock: `now` is RFC 3339; `own` distinguishes a scope's own clock from the main one. */
export interface ClockState {
  mode: 'system' | 'manual';
  now: string;
  own: boolean;
}

/** The plans that stand. */
export interface PlanList {
  default: Plan;
  rules: PlanRule[];
}

/** `AbortSignal`, where the types of the caller's project have it: those of Node and of browsers do. */
export type CallerSignal = typeof globalThis extends { AbortSignal: { prototype: infer Signal } }
  ? Signal
  : { readonly aborted: boolean };

/** How a wait may be ended before its time. */
export interface WaitOptions {
  /** Aborted, the call rejects with the reason of the signal. */
  signal?: CallerSignal | undefined;
}

/** Everything that `/__admin` can do. Calls reject with `ApigError` when a request is not as described. */
export interface MockControl {
  readonly tasks: {
    /** Puts a task in; with `outcome`, that is how it ends. */
    create(request: NewTaskRequest): Promise<TaskDetails>;
    list(filter?: TaskFilter): Promise<TaskList>;
    /** The scope may be left out when the id is in one scope only. */
    get(taskId: string, scope?: ScopeRequest): Promise<TaskDetails>;
    /** Moves a task with a manual plan one state on. */
    step(taskId: string, scope?: ScopeRequest): Promise<TaskDetails>;
    /** Waits until a task has ended, or is in the state `until`; rejects with 408 in time, 409 when it never will. */
    wait(taskId: string, request?: WaitRequest, options?: WaitOptions): Promise<TaskDetails>;
  };
  /** Waits until no task of a scope is on its way; rejects with 408 in time, 409 when one never will settle. */
  idle(request?: IdleRequest, options?: WaitOptions): Promise<void>;
  /** Sets the plan of a scope, a kind, or the next `times` tasks; `plan: null` takes a lasting one away. */
  plan(request: PlanRequest): Promise<PlanList>;
  plans(): Promise<PlanList>;
  readonly clock: {
    get(scope?: ScopeRequest): Promise<ClockState>;
    /** Sets mode and time; with a project (and instance) named, that scope gets a clock of its own. */
    set(request: ClockRequest): Promise<ClockState>;
    /** Stands still from now on. */
    freeze(scope?: ScopeRequest): Promise<ClockState>;
    /** Runs again, on from where it stands. */
    resume(scope?: ScopeRequest): Promise<ClockState>;
    /** Moves on by so many ms; resolves once everything due has happened, in order. */
    advance(ms: number, scope?: ScopeRequest): Promise<ClockState>;
  };
  readonly faults: {
    add(request: FaultRequest): Promise<Fault>;
    list(): Promise<Fault[]>;
    remove(faultId: string): Promise<void>;
    clear(scope?: ScopeRequest): Promise<void>;
  };
  readonly requests: {
    /** With `limit`, the newest so many; `total` counts all that fit. */
    list(query?: RequestsQuery): Promise<RequestList>;
    /** Rejects with 409 when entries of the scope were dropped, since they might have been counted. */
    count(filter?: JournalFilter): Promise<number>;
    /**
     * Rejects with `VerificationError`, which shows the nearest misses, when the count is not as expected, or (with a
     * `reason`) when that cannot be known, since entries were dropped.
     */
    verify(expectation: ExpectationRequest): Promise<Verification>;
    clear(scope?: ScopeRequest): Promise<void>;
  };
  /** Counts by state, worker slots, clocks, settings, and with `cards` the first tasks of each state. */
  overview(request?: OverviewRequest): Promise<Overview>;
  /** Explains a signature step by step. */
  signCheck(check: SignCheck): Promise<SignReport>;
  /** Back to the start-up state: all, a project, an instance; or some parts only. */
  reset(request?: ResetRequest): Promise<void>;
  snapshot(): Promise<Snapshot>;
  /** Takes the state of a snapshot; a broken one changes nothing. */
  restore(snapshot: Snapshot): Promise<void>;
  /** What happens from now on; each loop reads for itself. */
  readonly events: AsyncIterable<MockEvent>;
}

/** The calls by name: what the object and the client are built from. */
const CALL_NAMES = [
  'overview',
  'tasks.create',
  'tasks.list',
  'tasks.get',
  'tasks.step',
  'tasks.wait',
  'idle',
  'plan',
  'plans',
  'clock.get',
  'clock.set',
  'clock.advance',
  'faults.add',
  'faults.list',
  'faults.remove',
  'faults.clear',
  'requests.list',
  'requests.count',
  'requests.verify',
  'requests.clear',
  'signCheck',
  'reset',
  'snapshot',
  'restore',
] as const;
const NEW: Readonly<Record<string, CallName>> = { plan: 'plans.set', plans: 'plans.list' };

type Names<Group extends keyof MockControl = keyof MockControl> = {
  [Key in Group]: MockControl[Key] extends (...args: never) => unknown
    ? Key
    : Key extends 'events'
      ? never
      : `${Key}.${keyof MockControl[Key] & string}`;
}[Group];
/** Calls that are made of others. */
type Composed = 'clock.freeze' | 'clock.resume';

/** Makes the object: `send` carries out a call with the arguments that it was given. */
export function controlOf(
  send: (name: CallName, args: unknown[]) => Promise<unknown>,
  events: MockControl['events'],
): MockControl {
  const names: readonly Exclude<Names, Composed>[] = CALL_NAMES;
  return grouped<MockControl>(
    names.map((name) => [name, NEW[name] ?? (name as CallName)]),
    { send, events },
  );
}
