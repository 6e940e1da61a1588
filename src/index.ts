/** The public surface of the library. */
import type { MockControl } from './admin/old-calls.ts';
import { type Project, projectOf } from './admin/project.ts';
import { settingsFrom } from './config/check.ts';
import { SETTINGS, type Settings } from './config/settings.ts';
import { SettingError } from './core/errors.ts';
import { listenFault } from './core/system-error.ts';
import { startServer } from './mock.ts';

export type { MockEvent } from './admin/events/events.ts';
export type { Fault } from './admin/faults/registry.ts';
export type { FaultAction, FaultRequest } from './admin/faults/schema.ts';
export { UnusedFaultsError } from './admin/faults/used.ts';
export type { JournalEntry, JournalFilter } from './admin/journal/journal.ts';
export { type Verification, VerificationError } from './admin/journal/verify.ts';
export type {
  ClockState,
  MockControl,
  PlanList,
  RequestList,
  TaskList,
  WaitOptions,
} from './admin/old-calls.ts';
export type { Overview } from './admin/overview.ts';
export type { Project } from './admin/project.ts';
export type {
  AdvanceRequest,
  ClockRequest,
  ExpectationRequest,
  IdleRequest,
  NewTaskRequest,
  OverviewRequest,
  PlanRequest,
  RequestsQuery,
  ResetPart,
  ResetRequest,
  ScopeRequest,
  TaskFilter,
  WaitRequest,
} from './admin/schemas.ts';
export type { Snapshot } from './admin/state/snapshot.ts';
export type { Settings } from './config/settings.ts';
export { ApigError, type ErrorBody, SettingError } from './core/errors.ts';
export type { OperationName } from './core/operation-names.ts';
export type { Plan, PlanInput, PlannedOutcome, TaskStatus, TaskType } from './tasks/task.ts';
export type { TaskDetails } from './tasks/wire.ts';

/** Options of `startApigMock`: every setting, all optional. The port defaults to 0 here, the log to silent. */
export type ApigMockOptions = Partial<Settings>;

/** A running mock, in this process or elsewhere: everything that `/__admin` can do, it can. */
export interface ApigMock extends MockControl, AsyncDisposable {
  /** Where it serves, such as `http://127.0.0.1:41234`. */
  readonly url: string;
  /** A token it accepts. */
  readonly token: string;
  /**
   * The handle of a project, with calls that are bound to it; without an id, of a new one that nobody else uses, so that
   * tests with a project each never meet.
   */
  project(id?: string): Project;
  /** Stops the mock (a remote one is only let go of). */
  close(): Promise<void>;
}

/**
 * Starts a mock inside this process.
 * @throws {SettingError} for an option that does not exist or a value that it does not take
 */
export async function startApigMock(options: ApigMockOptions = {}): Promise<ApigMock> {
  const settings = settingsFrom(options, { port: 0, logLevel: 'silent' });
  const given = new Set(SETTINGS.map(({ name }) => name).filter((name) => options[name] !== undefined));
  const { url, token, control, calls, close } = await startServer(settings, undefined, given).catch(
    (cause: Error & { code?: string }) => {
      const why = listenFault(cause, { host: 'the option host', port: 'the option port' });
      throw why === undefined ? cause : Object.assign(new Error(why, { cause }), { code: cause.code });
    },
  );
  const project = (id?: string): Project => projectOf({ ...calls, url, token }, id);
  return { ...control, url, token, project, close, [Symbol.asyncDispose]: close };
}

/** How to reach a mock that runs elsewhere. */
export interface ConnectOptions {
  /** The token that calls to the emulated API carry; default `dev-token`. */
  readonly token?: string;
  /** The mock's `--admin-token`, if it has one. */
  readonly adminToken?: string;
}

/**
 * The same object for a mock that runs elsewhere, such as in a container: `connectApigMock('http://localhost:8080')`.
 * Nothing is sent until the first call.
 * @throws {SettingError} for what is no address
 */
export async function connectApigMock(url: string, options: ConnectOptions = {}): Promise<ApigMock> {
  const address = addressOf(url);
  const { connect } = await import('./admin/remote.ts');
  const { control, calls, close } = connect(address, options.adminToken);
  const token = options.token ?? 'dev-token';
  return {
    ...control,
    url: address,
    token,
    project: (id) => projectOf({ ...calls, url: address, token }, id),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** The address of a mock, without a slash at the end; where it serves nothing else stands before `/__admin`. */
function addressOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const isGood =
    parsed !== undefined &&
    /^https?:$/.test(parsed.protocol) &&
    /^\/*$/.test(parsed.pathname) &&
    parsed.search === '';
  if (isGood) return parsed.origin;
  const harmless = url.replace(/\/\/[^/]*@/, '//');
  throw new SettingError(
    `connectApigMock: '${harmless}' is not valid: it takes an address such as http://127.0.0.1:8080`,
  );
}
