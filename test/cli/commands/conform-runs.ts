/** Runs `apig-mock conform` in this process, as a person and their shell would: what it wrote, asked and ended with. */
import { runConform, type Surroundings } from '../../../src/cli/commands/conform.ts';
import { CommandFailure } from '../../../src/cli/failure.ts';
import { SettingError } from '../../../src/core/errors.ts';
import { jumpingTime } from '../../conformance/harness.ts';
import { givenTo, recorded } from '../record.ts';

export interface Ran {
  readonly code: number;
  /** The line of the failure. */
  readonly line: string;
  readonly out: string;
  readonly notes: readonly string[];
  readonly shown: readonly string[];
  readonly asked: readonly string[];
  readonly exited: readonly number[];
}

export interface Given extends Partial<Surroundings> {
  /** What a person types when asked. */
  readonly confirms?: boolean;
  /** Takes what stands for Ctrl-C. */
  interrupt?(interrupt: () => void): void;
}

export async function conform(argv: readonly string[], given: Given = {}): Promise<Ran> {
  const terminal = recorded({ isWatched: true });
  const asked: string[] = [];
  const exited: number[] = [];
  const { env = {} } = given;
  // Wrong use fails in the promise, too.
  const read = async () => givenTo('conform', ['--max-requests-per-second', '100000', ...argv], env);
  const cause = await read()
    .then((line) =>
      runConform(line, terminal, {
        env,
        confirm: async (question) => {
          asked.push(question);
          return given.confirms ?? false;
        },
        onInterrupt(listener) {
          given.interrupt?.(listener);
          return () => {};
        },
        exit: (code) => void exited.push(code),
        time: jumpingTime(),
        ...given,
      }),
    )
    .then(
      () => undefined,
      (error: Error) => error,
    );
  if (cause !== undefined && !(cause instanceof CommandFailure || cause instanceof SettingError)) throw cause;
  const code = cause === undefined ? 0 : cause instanceof CommandFailure ? cause.exitCode : 2;
  const { notes, shown } = terminal;
  return { code, line: cause?.message ?? '', out: terminal.written(), notes, shown, asked, exited };
}
