/** Follows a task to its end: polls with growing pauses, forgives what may pass, and shows how it moves. */
import { monotonicMs, sleepSystemMs } from '../../core/clock.ts';
import { CommandFailure } from '../failure.ts';
import { harmless, leaving, type Terminal } from '../terminal/terminal.ts';
import { type CallApi, CallFailure } from './api-client.ts';
import type { Target } from './target.ts';

export interface Followed {
  readonly taskId: string;
  /** What runs, for messages: `import` or `export`. */
  readonly what: string;
  readonly target: Target;
}

/** An error of `task_result`. */
export interface TaskError {
  readonly error_code: string;
  readonly error_msg: string;
}

export type Ending =
  | { readonly status: 'succeed'; readonly result: Record<string, unknown> }
  | { readonly status: 'failed'; readonly error: TaskError };

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 2000;
const GROWTH = 1.3;
/** So many polls in a row may fail for reasons that may pass. */
const MAX_MISSES = 5;
/** How often the moving line moves. */
const FRAME_MS = 100;
const FRAMES = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';

/** Resolves with how the task ended. Throws `CommandFailure` when it does not in time. */
export function followTask(callApi: CallApi, task: Followed, terminal: Terminal): Promise<Ending> {
  const { taskId, what, target } = task;
  const goesOn = `interrupted: the ${what} task ${taskId} goes on at ${target.endpoint}; with a mock, apig-mock wait ${taskId} follows it`;
  return leaving(terminal, harmless(goesOn), () => follow(callApi, task, terminal));
}

async function follow(callApi: CallApi, task: Followed, terminal: Terminal): Promise<Ending> {
  const startMs = monotonicMs();
  const elapsedMs = (): number => monotonicMs() - startMs;
  const read = forgivingReader(callApi, task.taskId);
  let status = '';
  let pauseMs = FIRST_PAUSE_MS;
  for (;;) {
    const body = await read();
    if (body !== undefined && body['task_status'] !== status) {
      status = String(body['task_status']);
      note(terminal, task, status, elapsedMs());
      const ending = endingOf(status, body['task_result']);
      if (ending !== undefined) return ending;
    }
    if (elapsedMs() + pauseMs > task.target.timeoutMs) throw overdue(task, status);
    await pause(terminal, pauseMs, (frame) => {
      const sign = FRAMES[frame % FRAMES.length] ?? '';
      return `${sign} ${task.what} ${harmless(status || '…')}  ${seconds(elapsedMs())}`;
    });
    pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * GROWTH);
  }
}

/** Reads the task; undefined when the read failed in a way that may pass, a few times in a row at most. */
function forgivingReader(callApi: CallApi, taskId: string) {
  let misses = 0;
  return async (): Promise<Record<string, unknown> | undefined> => {
    try {
      const body = await callApi({ method: 'GET', path: `/async-tasks/${encodeURIComponent(taskId)}` });
      misses = 0;
      return body;
    } catch (cause) {
      misses += 1;
      if (!(cause instanceof CallFailure) || !cause.mayPass || misses > MAX_MISSES) throw cause;
      return undefined;
    }
  };
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

function note(terminal: Terminal, { taskId, what }: Followed, status: string, elapsedMs: number): void {
  terminal.note(harmless(`${what} task ${taskId}: ${status} after ${seconds(elapsedMs)}`));
}

/** Waits, and moves the line meanwhile when somebody watches it. */
async function pause(terminal: Terminal, ms: number, line: (frame: number) => string): Promise<void> {
  if (!terminal.isWatched) return sleepSystemMs(ms);
  const endMs = monotonicMs() + ms;
  while (monotonicMs() < endMs) {
    terminal.show(line(Math.floor(monotonicMs() / FRAME_MS)));
    await sleepSystemMs(Math.min(FRAME_MS, Math.max(1, endMs - monotonicMs())));
  }
  terminal.clear();
}

function endingOf(status: string, result: unknown): Ending | undefined {
  if (status !== 'succeed' && status !== 'failed') return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(String(result));
  } catch {
    parsed = undefined;
  }
  if (typeof parsed !== 'object' || parsed === null) {
    if (status === 'succeed')
      throw new CommandFailure('the task succeeded, but its task_result is not a JSON object');
    return { status, error: { error_code: '', error_msg: String(result) } };
  }
  if (status === 'succeed') return { status, result: parsed as Record<string, unknown> };
  const { error_code = '', error_msg = '' } = parsed as Record<string, unknown>;
  return { status, error: { error_code: String(error_code), error_msg: String(error_msg) } };
}

function overdue({ taskId, what, target: { timeoutMs } }: Followed, status: string): CommandFailure {
  return new CommandFailure(
    harmless(
      `the ${what} task ${taskId} is still ${status || 'unread'} after ${timeoutMs / 1000} s: ` +
        'give it longer with --timeout SECONDS; a task on a manual plan or a clock that stands still waits for a control call',
    ),
  );
}
