/**
 * What the calls of the library take and return, in its spelling: the members of `/__admin`'s JSON in camelCase. The
 * schemas of `schemas.ts` and `responses.ts` are the same in the wire's; `test/admin/api.test.ts` holds both together.
 */
export * from './api-faults.ts';

/** Where a call works: a project, one instance of it, or (empty) everywhere. An instance to change needs its project. */
export interface Scope {
  readonly projectId?: string | undefined;
  readonly instanceId?: string | undefined;
}

/** Where a call on a project's handle works: one instance, or (empty) the whole project. */
export interface InProject {
  readonly instanceId?: string | undefined;
}

export type TaskType = 'import_api' | 'export_api';
export type TaskStatus = 'waiting' | 'processing' | 'succeed' | 'failed';

/** How a task ends. Without one, its own work decides. */
export type Outcome =
  | {
      readonly status: 'succeed';
      /** The text of `task_result`; default: that of the task's own work. */
      readonly taskResult?: string;
    }
  | { readonly status: 'failed'; readonly errorCode: string; readonly errorMsg: string };

/** By the clock of its scope. */
export interface TimePlan {
  readonly mode: 'time';
  /** How long it stays waiting, in ms; default: the option `waitingMs`. */
  readonly waitingMs?: number;
  /** How long it is then processed, in ms; default: the option `processingMs`. */
  readonly processingMs?: number;
  readonly outcome?: Outcome;
}

/** By polls: each counts as one, and every later one sees the end. */
export interface PollsPlan {
  readonly mode: 'polls';
  /** How many polls see `waiting`; default: the option `waitingPolls`. */
  readonly waitingPolls?: number;
  /** How many then see `processing`; default: the option `processingPolls`. */
  readonly processingPolls?: number;
  readonly outcome?: Outcome;
}

/** By hand: `tasks.step` moves it on. */
export interface ManualPlan {
  readonly mode: 'manual';
  readonly outcome?: Outcome;
}

/** At once: the first poll sees the end. */
export interface ImmediatePlan {
  readonly mode: 'immediate';
  readonly outcome?: Outcome;
}

/** What moves a task from `waiting` to its end. */
export type Plan = TimePlan | PollsPlan | ManualPlan | ImmediatePlan;

/** A plan for the tasks to come of a scope. */
export interface NewPlan {
  /** The tasks of this type; default: of both. */
  readonly taskType?: TaskType | undefined;
  /** For the next so many tasks; default: for all, in place of the plan set before. */
  readonly times?: number | undefined;
  /** `null` removes the plan that was set for exactly this scope and type, without `times`. */
  readonly plan: Plan | null;
}

/** A plan in force; `times` = for how many tasks more. */
export interface PlanRule extends Scope {
  readonly taskType?: TaskType;
  readonly times?: number;
  readonly plan: Plan;
}

/** A task to create. */
export interface NewTask {
  readonly taskType: TaskType;
  /** Default: a new one. */
  readonly taskId?: string | undefined;
  /** Default: the plan in force for its scope and type. */
  readonly plan?: Plan | undefined;
  /** How it ends, whatever its plan gives. */
  readonly outcome?: Outcome | undefined;
}

/** A task; times are RFC 3339 on its clock, absent until reached. */
export interface TaskDetails extends Scope {
  readonly taskId: string;
  readonly taskType: TaskType;
  readonly taskStatus: TaskStatus;
  /** The text of `task_result`, JSON as the service has it; empty until the end. */
  readonly taskResult: string;
  /** Why it failed, or what an import left out; for a person. */
  readonly reason?: string;
  readonly plan: Plan;
  /** It stays in its state for ever. */
  readonly hold: boolean;
  /** Polls seen in the present state, under a polls plan. */
  readonly polls: number;
  readonly createdAt: string;
  readonly startedAt?: string;
  readonly endedAt?: string;
}

/** Which tasks are listed, in order of creation. */
export interface TaskFilter {
  readonly taskType?: TaskType | undefined;
  readonly taskStatus?: TaskStatus | undefined;
  /** How many are left out at the beginning; default 0. */
  readonly offset?: number | undefined;
  /** How many at most, 1 to 1000; default 100. */
  readonly limit?: number | undefined;
}

/** How long a call waits. */
export interface Patience {
  /** Real time in ms, 0 to 600000; default 30000. */
  readonly timeoutMs?: number | undefined;
  /** Aborted, the call rejects with the signal's reason. */
  readonly signal?: CallerSignal | undefined;
}

/** `AbortSignal`, where the types of your project have it. */
export type CallerSignal = typeof globalThis extends { AbortSignal: { prototype: infer Signal } }
  ? Signal
  : { readonly aborted: boolean };

export interface WaitForTask extends Patience {
  /** The state to wait for; default: any end. */
  readonly until?: TaskStatus | undefined;
}

export interface ClockState {
  /** `system` runs, `manual` stands still until it is advanced. */
  readonly mode: 'system' | 'manual';
  /** Its time, RFC 3339. */
  readonly now: string;
  /** Whether the scope has a clock of its own. */
  readonly own: boolean;
}

export interface NewClock {
  readonly mode: 'system' | 'manual';
  /** A time in RFC 3339, past or to come; default: it goes on from where it stands. */
  readonly now?: string | undefined;
}

/** A token to issue. */
export interface NewToken {
  /** The user it names; default `mock-user`. */
  readonly user?: string | undefined;
  /** How long it is good for, in ms on the clock of its project; default: the option `tokenTtlMs`. */
  readonly ttlMs?: number | undefined;
}

/** An API group. */
export interface GroupDetails {
  readonly id: string;
  readonly name: string;
  readonly projectId: string;
  readonly instanceId: string;
  /** How many APIs it holds. */
  readonly apis: number;
  /** RFC 3339. */
  readonly createdAt: string;
}

/** An API of a group. */
export interface ApiDetails {
  readonly id: string;
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly groupId: string;
  readonly groupName: string;
  readonly projectId: string;
  readonly instanceId: string;
  /** The names of the environments it is published in. */
  readonly publishedIn: readonly string[];
  /** RFC 3339. */
  readonly createdAt: string;
}

export interface GroupFilter {
  readonly name?: string | undefined;
}

export interface ApiFilter {
  readonly groupId?: string | undefined;
  readonly name?: string | undefined;
}

/** A part of the state. */
export type ResetPart = 'tasks' | 'apis' | 'journal' | 'faults' | 'plans' | 'clock';

export interface ResetParts {
  /** Default: all of them. */
  readonly only?: readonly ResetPart[] | undefined;
}

/** How many tasks are in each state. */
export type StateCounts = Readonly<Record<TaskStatus, number>>;

export interface OverviewRequest extends Scope {
  readonly taskType?: TaskType | undefined;
  readonly taskStatus?: TaskStatus | undefined;
  /** How many tasks of each state are shown, 0 to 200; default 0. */
  readonly cards?: number | undefined;
  /** From which task of each state on; default 0. */
  readonly offset?: number | undefined;
  /** How many API groups are shown, the newest first, 0 to 200; default: no `groups`. */
  readonly groups?: number | undefined;
}

/** The whole mock at a glance; times are RFC 3339. */
export interface Overview {
  readonly version: string;
  /** The newest event that this view has seen. */
  readonly lastEventId: string;
  /** All settings but the secrets. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Of the tasks that were asked for. */
  readonly counts: StateCounts;
  readonly totals: StateCounts;
  /** The first thousand, with the worker slots in use and the tasks in line for one. */
  readonly scopes: readonly (Scope & { counts: StateCounts; busy: number; queued: number })[];
  readonly scopesTotal: number;
  readonly clocks: readonly (Scope & {
    mode: 'system' | 'manual';
    now: string;
    nextDue?: string;
    /** Of a running clock: ms ahead of real time. */
    offsetMs?: number;
  })[];
  readonly faults: number;
  /** `dropped` = entries that were dropped from the journal for newer ones. */
  readonly requests: { readonly lastId: number; readonly dropped: number };
  readonly cards: Readonly<Record<TaskStatus, readonly TaskCard[]>>;
  readonly groups?: { readonly total: number; readonly newest: readonly GroupDetails[] };
}

/** A task without its result. */
export interface TaskCard extends Scope {
  readonly taskId: string;
  readonly taskType: TaskType;
  readonly taskStatus: TaskStatus;
  readonly mode: Plan['mode'];
  readonly hold: boolean;
  readonly enteredAt: string;
  readonly reason?: string;
  /** When it moves on by the clock. */
  readonly dueAt?: string;
  /** It waits for a worker slot. */
  readonly queued?: boolean;
  /** Polls seen, and polls that move it on. */
  readonly reads?: number;
  readonly readsWanted?: number;
}

/** A request as a client believes it signed and sent it. */
export interface SignCheck {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** Names in any case; `authorization` and `x-sdk-date` among them. */
  readonly headers: Readonly<Record<string, string | string[]>>;
  /** The body as text, or its bytes in base64; neither = no body. */
  readonly body?: string | undefined;
  readonly bodyBase64?: string | undefined;
  /** The client's own, with line ends or with `|` for them. */
  readonly canonicalRequest?: string | undefined;
  readonly stringToSign?: string | undefined;
}

/** Why a signature does not verify, step by step. No secret is in it. */
export interface SignReport {
  readonly ok: boolean;
  readonly firstDifference?: string;
  /** What to do. */
  readonly hint: string;
  readonly steps: readonly { name: string; ours: string; theirs?: string; equal?: boolean }[];
}

/** The whole state, to be restored by a mock of the same version. */
export interface Snapshot {
  readonly version: number;
  readonly [part: string]: unknown;
}

/** Something that happened; `at` is RFC 3339 on the clock it happened under. */
export type MockEvent = { readonly id: string; readonly at: string } & (
  | ({ readonly type: 'task' } & TaskMove)
  | ({ readonly type: 'reset' | 'clock' | 'faults' | 'plan' | 'restored' } & Scope)
  /** Events were lost to this reader: look at everything anew. */
  | { readonly type: 'skipped' }
);

/** A task was created (`from` null) or has moved on. */
export interface TaskMove extends Scope {
  readonly taskId: string;
  readonly taskType: TaskType;
  readonly from: TaskStatus | null;
  readonly to: TaskStatus;
  readonly ended: boolean;
  readonly reason?: string;
}
