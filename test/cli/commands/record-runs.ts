/** Runs `apig-mock record` in this process, as a person and their shell would. */
import { runRecord, type Surroundings } from '../../../src/cli/commands/record.ts';
import { CommandFailure } from '../../../src/cli/failure.ts';
import { SettingError } from '../../../src/core/errors.ts';
import { givenTo, recorded } from '../record.ts';

export interface Ended {
  readonly code: number;
  /** The line of the failure. */
  readonly line: string;
  readonly out: string;
  readonly notes: readonly string[];
}

export interface Recording {
  /** Where the proxy is; rejects when it did not start. */
  readonly url: Promise<string>;
  /** Ctrl-C. */
  interrupt(): void;
  readonly ended: Promise<Ended>;
  /** Lines so far. */
  readonly notes: readonly string[];
}

/** Starts it on a free port; `given` stands for its process. */
export function startRecord(argv: readonly string[], given: Partial<Surroundings> = {}): Recording {
  const terminal = recorded({ isWatched: true });
  const { env = {} } = given;
  let interrupt = (): void => {};
  let onUrl = (_url: string): void => {};
  const url = new Promise<string>((resolve) => {
    onUrl = resolve;
  });
  const read = async () => givenTo('record', ['--port', '0', ...argv], env);
  const ended = read()
    .then((line) =>
      runRecord(
        line,
        {
          ...terminal,
          out: (text) => {
            terminal.out(text);
            onUrl(text.trim());
          },
        },
        {
          env,
          onInterrupt(listener) {
            interrupt = listener;
            return () => {};
          },
          nowMs: Date.now,
          elapsedMs: () => performance.now(),
          ...given,
        },
      ),
    )
    .then(
      () => undefined,
      (error: Error) => error,
    )
    .then((cause): Ended => {
      if (cause !== undefined && !(cause instanceof CommandFailure || cause instanceof SettingError))
        throw cause;
      const code = cause === undefined ? 0 : cause instanceof CommandFailure ? cause.exitCode : 2;
      return { code, line: cause?.message ?? '', out: terminal.written(), notes: terminal.notes };
    });
  const started = Promise.race([
    url,
    ended.then(({ line }) => {
      throw new Error(`it ended before it was ready: ${line}`);
    }),
  ]);
  // Who waits for the end alone has no use for it.
  started.catch(() => {});
  return { url: started, interrupt: () => interrupt(), ended, notes: terminal.notes };
}
