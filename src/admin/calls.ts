/**
 * The calls of the library as an interface: the object of `startApigMock` has it, the client of a remote mock has it,
 * and each call stands under `/__admin` too.
 */
import type * as Api from './api.ts';

/** Calls on tasks. */
export interface TaskCalls<Where = Api.Scope, Place = Required<Api.Scope>> {
  /** Creates a task. */
  create(request: Api.NewTask & Place): Promise<Api.TaskDetails>;
  list(filter?: Api.TaskFilter & Where): Promise<Api.TaskDetails[]>;
  /** The scope may be left out when the id is in one scope only. */
  get(taskId: string, scope?: Where): Promise<Api.TaskDetails>;
  /** Moves a task with a manual plan on by one state. */
  step(taskId: string, scope?: Where): Promise<Api.TaskDetails>;
  /** Waits until a task has ended, or is in a state; rejects with 408 in time, with 409 when it never will. */
  wait(taskId: string, request?: Api.WaitForTask & Where): Promise<Api.TaskDetails>;
}

/** Calls on the plans that the tasks to come follow. */
export interface PlanCalls<Where = Api.Scope> {
  /** Sets a plan; one for a narrower scope comes before one for a wider, one with `times` before one without. */
  set(request: Api.NewPlan & Where): Promise<void>;
  /** The plans that were set for a scope. */
  list(scope?: Where): Promise<Api.PlanRule[]>;
  /** Removes the plans that were set for a scope: the options' plan is in force again. */
  clear(scope?: Where): Promise<void>;
}

/** Calls on clocks: the main one, and the own one that a scope gets by being named in a change. */
export interface ClockCalls<Where = Api.Scope> {
  get(scope?: Where): Promise<Api.ClockState>;
  set(request: Api.NewClock & Where): Promise<Api.ClockState>;
  /** Stops it. */
  freeze(scope?: Where): Promise<Api.ClockState>;
  /** Lets it run again, from where it stands. */
  resume(scope?: Where): Promise<Api.ClockState>;
  /** Moves it on by so many ms; resolves once everything that fell due has happened, in order. */
  advance(ms: number, scope?: Where): Promise<Api.ClockState>;
}

/** Calls on faults. */
export interface FaultCalls<Where = Api.Scope> {
  /** Adds a fault; of several that match, the oldest comes first. */
  add(request: Api.NewFault & Where): Promise<Api.Fault>;
  list(scope?: Where): Promise<Api.Fault[]>;
  remove(faultId: string): Promise<void>;
  clear(scope?: Where): Promise<void>;
  /** Rejects with `UnusedFaultsError` unless every fault was carried out: `times` times, or at least once. */
  assertAllUsed(scope?: Where): Promise<void>;
}

/** Calls on the journal: the requests that came, but for those of `/__admin`. */
export interface RequestCalls<Where = Api.Scope> {
  /** The oldest first. */
  list(query?: Api.RequestsQuery & Where): Promise<Api.JournalEntry[]>;
  /** Rejects with 409 when entries of the scope were dropped, since they might have been counted. */
  count(filter?: Api.RequestFilter & Where): Promise<number>;
  /**
   * Rejects with `VerificationError`, which shows the nearest requests, when not as many came as expected, or when that
   * cannot be known, since entries were dropped.
   */
  verify(expectation: Api.Expectation & Where): Promise<Api.Verification>;
  clear(scope?: Where): Promise<void>;
}

/** Calls on tokens. */
export interface TokenCalls<Where = { readonly project?: string | undefined }> {
  /** Issues a token that is good for one project; without a project, for no operation of the gateway. */
  issue(request?: Api.NewToken & Where): Promise<string>;
  /** Ends a token that the mock has issued: from now on it is rejected as expired. */
  expire(token: string): Promise<void>;
}

/** Calls on API groups. */
export interface GroupCalls<Where = Api.Scope> {
  list(filter?: Api.GroupFilter & Where): Promise<Api.GroupDetails[]>;
  /** The scope may be left out when the id is in one scope only. */
  get(groupId: string, scope?: Where): Promise<Api.GroupDetails>;
  /** Deletes a group with all its APIs, published or not. */
  delete(groupId: string, scope?: Where): Promise<void>;
}

/** Calls on APIs. */
export interface ApiCalls<Where = Api.Scope> {
  list(filter?: Api.ApiFilter & Where): Promise<Api.ApiDetails[]>;
}

/** Everything that `/__admin` can do. Calls reject with `AdminError` when they cannot be carried out. */
export interface MockCalls {
  readonly tasks: TaskCalls;
  readonly plans: PlanCalls;
  readonly clock: ClockCalls;
  readonly faults: FaultCalls;
  readonly requests: RequestCalls;
  readonly tokens: TokenCalls;
  readonly groups: GroupCalls;
  readonly apis: ApiCalls;
  /** Waits until no task of a scope is unfinished; rejects with 408 in time, with 409 when one never will end. */
  idle(request?: Api.Patience & Api.Scope): Promise<void>;
  /** The whole mock at a glance. */
  overview(request?: Api.OverviewRequest): Promise<Api.Overview>;
  /** Explains a request signature step by step. */
  signCheck(check: Api.SignCheck): Promise<Api.SignReport>;
  /** Resets everything, or a scope, to the state at start-up; or some parts of it. */
  reset(request?: Api.ResetParts & Api.Scope): Promise<void>;
  /** The whole state but the journal, as JSON. */
  snapshot(): Promise<Api.Snapshot>;
  /** Restores the state of a snapshot; an invalid one changes nothing. */
  restore(snapshot: Api.Snapshot): Promise<void>;
  /** What happens from now on; each loop reads for itself. */
  readonly events: AsyncIterable<Api.MockEvent>;
}

/** The calls by name: what the object and the client are built from. */
export const CALL_NAMES = [
  'tasks.create',
  'tasks.list',
  'tasks.get',
  'tasks.step',
  'tasks.wait',
  'plans.set',
  'plans.list',
  'plans.clear',
  'clock.get',
  'clock.set',
  'clock.advance',
  'faults.add',
  'faults.list',
  'faults.remove',
  'faults.clear',
  'faults.assertAllUsed',
  'requests.list',
  'requests.count',
  'requests.verify',
  'requests.clear',
  'tokens.issue',
  'tokens.expire',
  'groups.list',
  'groups.get',
  'groups.delete',
  'apis.list',
  'idle',
  'overview',
  'signCheck',
  'reset',
  'snapshot',
  'restore',
] as const;
export type CallName = (typeof CALL_NAMES)[number];

type Names<Group extends keyof MockCalls = keyof MockCalls> = {
  [Key in Group]: MockCalls[Key] extends (...args: never) => unknown
    ? Key
    : Key extends 'events'
      ? never
      : `${Key}.${keyof MockCalls[Key] & string}`;
}[Group];
/** Calls that are made of others. */
type Composed = 'clock.freeze' | 'clock.resume';

type Send = (name: CallName, args: unknown[]) => Promise<unknown>;

/** Makes the object: `send` carries out a call with the arguments that it was given. */
export function callsOf(send: Send, events: MockCalls['events']): MockCalls {
  const names: readonly Exclude<Names, Composed>[] = CALL_NAMES;
  return grouped<MockCalls>(
    names.map((name) => [name, name]),
    { send, events },
  );
}

/** Groups calls by what stands before the dot of their name on the object; the other name is the one that is sent. */
export function grouped<Calls extends { readonly clock: object }>(
  names: readonly (readonly [shown: string, sent: CallName])[],
  { send, events }: { readonly send: Send; readonly events: AsyncIterable<unknown> },
): Calls {
  const calls: Record<string, unknown> = { events };
  for (const [shown, sent] of names) {
    const [group = '', call] = shown.split('.');
    const run = (...args: unknown[]): Promise<unknown> => send(sent, args);
    if (call === undefined) calls[group] = run;
    else calls[group] = { ...(calls[group] as object | undefined), [call]: run };
  }
  const setClock = (scope: object | undefined, mode: string): Promise<unknown> =>
    send('clock.set', [{ ...scope, mode }]);
  const { clock, ...others } = calls as unknown as Calls;
  const composed = {
    freeze: (scope?: object) => setClock(scope, 'manual'),
    resume: (scope?: object) => setClock(scope, 'system'),
  };
  return { ...others, clock: { ...clock, ...composed } } as unknown as Calls;
}
