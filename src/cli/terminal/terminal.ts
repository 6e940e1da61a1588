/** Where a command writes: results to stdout, progress to stderr, colours and a moving line only for a person. */
import { cut } from './columns.ts';

export type Paint = 'good' | 'bad' | 'quiet' | 'strong';

export interface Terminal {
  /** A result, to stdout. */
  out(text: string): void;
  /** A line of progress, to stderr. */
  note(line: string): void;
  /** Shows a line of progress in place of the one before; where nobody watches, nothing. */
  show(line: string): void;
  /** Takes the moving line away. */
  clear(): void;
  /** Whether `show` shows anything. */
  readonly isWatched: boolean;
  paint(text: string, paint: Paint): string;
}

const CODES: Readonly<Record<Paint, number>> = { good: 32, bad: 31, quiet: 2, strong: 1 };
const CLEAR_LINE = '\r\u001b[2K';

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  // That nobody reads on (`| head -1`) is no error.
  for (const stream of [stdout, stderr]) {
    stream.on('error', (cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'EPIPE') throw cause;
    });
  }
  const isWatched = stderr.isTTY === true && env['TERM'] !== 'dumb';
  const hasColours = stdout.isTTY === true && env['TERM'] !== 'dumb' && !env['NO_COLOR'];
  let shown = false;
  const clear = (): void => {
    if (shown) stderr.write(CLEAR_LINE);
    shown = false;
  };
  return {
    isWatched,
    out: (text) => void stdout.write(text),
    note: (line) => {
      clear();
      stderr.write(`${line}\n`);
    },
    show: (line) => {
      if (!isWatched) return;
      stderr.write(CLEAR_LINE + cut(line, Math.max(20, (stderr.columns || 80) - 1)));
      shown = true;
    },
    clear,
    paint: (text, paint) => (hasColours ? `\u001b[${CODES[paint]}m${text}\u001b[0m` : text),
  };
}

/** The exit code of what Ctrl-C ended, as a shell counts. */
const EXIT_INTERRUPTED = 130;

/** Ctrl-C during the work ends this process with a line about what goes on without it. */
export async function leaving<T>(terminal: Terminal, goesOn: string, work: () => Promise<T>): Promise<T> {
  const leave = (): void => {
    terminal.clear();
    terminal.note(goesOn);
    process.exit(EXIT_INTERRUPTED);
  };
  process.once('SIGINT', leave);
  try {
    return await work();
  } finally {
    process.off('SIGINT', leave);
  }
}

/** Text of elsewhere without what a terminal would obey, hide or turn around. */
export function harmless(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu,
    '\ufffd',
  );
}

/** Calls back at each Ctrl-C, and where a process is asked to end otherwise; returns what ends that. */
export function onInterrupt(listener: () => void): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, listener);
  return () => {
    for (const signal of signals) process.off(signal, listener);
  };
}
