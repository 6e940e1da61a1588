/** A terminal that remembers what a client command wrote. */
import { givenIn, lineOf } from '../../src/cli/command.ts';
import { commandNamed, runCommand } from '../../src/cli/commands.ts';
import type { Terminal } from '../../src/cli/terminal/terminal.ts';

/** Runs a sub-command as its process would, on a terminal of the test, without the environment of the person who tests. */
export const runner =
  (name: string) =>
  (argv: readonly string[], terminal: Terminal, env: Record<string, string> = {}): Promise<void> =>
    runCommand([name, ...argv], env, terminal);

/** What a sub-command would be given. */
export const givenTo = (
  name: string,
  argv: readonly string[],
  env: Record<string, string | undefined> = {},
) => givenIn(commandNamed(name), lineOf(commandNamed(name), argv), env);

export interface Recorded extends Terminal {
  /** What went to stdout. */
  readonly written: () => string;
  readonly notes: string[];
  readonly shown: string[];
}

export function recorded({ isWatched = false, colours = false } = {}): Recorded {
  let out = '';
  const notes: string[] = [];
  const shown: string[] = [];
  return {
    isWatched,
    out: (text) => {
      out += text;
    },
    note: (line) => void notes.push(line),
    show: (line) => void shown.push(line),
    clear: () => {},
    paint: (text, paint) => (colours ? `<${paint}>${text}</>` : text),
    written: () => out,
    notes,
    shown,
  };
}
