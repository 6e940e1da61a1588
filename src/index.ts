/** The public surface of the library. */
import type { TaskList } from './control/control.ts';
import type { NewTaskRequest, ScopeRequest, TaskFilter } from './control/schemas.ts';
import { settingsFrom } from './options.ts';
import { startServer } from './server.ts';
import type { Settings } from './settings.ts';
import type { TaskDetails } from './tasks/wire.ts';

export { ApigError, type ErrorBody } from './errors.ts';
export { SettingError } from './options.ts';
export type { Settings } from './settings.ts';
export type { NewTaskRequest, ScopeRequest, TaskDetails, TaskFilter, TaskList };

/** Options of `startApigMock`: every setting, all optional. The port defaults to 0 here, the log to silent. */
export type ApigMockOptions = Partial<Settings>;

/** A running mock. Everything that `/__admin` can do, it can. */
export interface ApigMock extends AsyncDisposable {
  /** Where it serves, such as `http://127.0.0.1:41234`. */
  readonly url: string;
  /** A token it accepts. */
  readonly token: string;
  readonly tasks: {
    /** Puts a task in. Rejects with `ApigError` when the request is not as described or the id is taken. */
    create(request: NewTaskRequest): Promise<TaskDetails>;
    list(filter?: TaskFilter): Promise<TaskList>;
    /** Rejects with `ApigError` `APIG.3093` when there is no such task. */
    get(taskId: string, scope?: ScopeRequest): Promise<TaskDetails>;
    /** Moves a task with a manual plan one state on. */
    step(taskId: string, scope?: ScopeRequest): Promise<TaskDetails>;
  };
  /** Back to the start-up seeds: all, a project, or one instance. */
  reset(scope?: ScopeRequest): Promise<void>;
  /** Stops the mock; open connections are closed. */
  close(): Promise<void>;
}

/**
 * Starts a mock inside this process.
 * @throws {SettingError} for an option that does not exist or a value that it does not take
 */
export async function startApigMock(options: ApigMockOptions = {}): Promise<ApigMock> {
  const settings = settingsFrom(options, { port: 0, logLevel: 'silent' });
  const running = await startServer(settings);
  const { control } = running;
  return {
    url: running.url,
    token: running.token,
    tasks: {
      create: (request) => control.createTask(request),
      list: async (filter) => control.listTasks(filter),
      get: async (taskId, scope) => control.getTask(taskId, scope),
      step: (taskId, scope) => control.stepTask(taskId, scope),
    },
    reset: (scope) => control.reset(scope),
    close: running.close,
    [Symbol.asyncDispose]: running.close,
  };
}
