/**
 * Every process that a test starts is started here, and what it writes to stderr counts: a test fails for each line
 * that it neither expects nor reads, and for each warning of Node that it does not expect.
 */
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { afterAll, afterEach } from 'vitest';

export interface ChildOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Signals go to the whole group, as a terminal sends them. */
  readonly detached?: boolean;
  /** File descriptor for stdout; a pipe when left out. */
  readonly stdout?: number;
  /** The lines that may come on stderr, warnings of Node included. */
  readonly stderr?: RegExp;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  /** Output that a test reads is checked by that test; output that nobody reads must be empty, except for what was expected. */
  readonly stderr: string;
}

export interface Child {
  readonly child: ChildProcess;
  /** What came on both streams so far. */
  output(): string;
  readonly ended: Promise<Ended>;
}

const WARNING = /^\(node:\d+\) (?:\[\w+\] )?\w*Warning: /;
/** Follows each warning of Node. */
const HINT = /^\(Use `node --trace-\w+ \.\.\.` to show where/;

/** The lines of a stderr that fail a test. */
export function unexpectedIn(text: string, expected: RegExp | undefined, isRead: boolean): string[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '' && !HINT.test(line) && expected?.test(line) !== true)
    .filter((line) => !isRead || WARNING.test(line));
}

const running = new Set<ChildProcess>();
/** The lines that fail the test, of each process that has ended since the last test. */
const unjudged: (() => string[])[] = [];

function judge(): void {
  const lines = unjudged.splice(0).flatMap((linesOf) => linesOf());
  if (lines.length > 0) throw new Error(`unexpected lines on stderr:\n${lines.join('\n')}`);
}
afterEach(judge);
afterAll(async () => {
  const ends = [...running].map((child) => new Promise((resolve) => child.once('close', resolve)));
  for (const child of running) child.kill('SIGKILL');
  await Promise.all(ends);
  judge();
});

/** Starts a program. */
export function startChild(file: string, args: readonly string[], options: ChildOptions = {}): Child {
  const { stdout: out = 'pipe', stderr: expected, ...rest } = options;
  const stdio: StdioOptions = ['ignore', out, 'pipe'];
  const child = spawn(file, args, { ...rest, stdio });
  running.add(child);
  const text = { stdout: '', stderr: '', both: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.on('data', (chunk: Buffer) => {
      text[name] += chunk.toString();
      text.both += chunk.toString();
    });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', (cause) => {
      running.delete(child);
      reject(cause);
    });
    // Not 'exit': what it wrote last may not have come yet.
    child.on('close', (code, signal) => {
      running.delete(child);
      let isRead = false;
      unjudged.push(() => {
        const lines = unexpectedIn(text.stderr, expected, isRead);
        return lines.length === 0
          ? []
          : [`${[file, ...args].join(' ')}:`, ...lines.map((line) => `  ${line}`)];
      });
      resolve({
        ...{ code, signal, stdout: text.stdout },
        get stderr() {
          isRead = true;
          return text.stderr;
        },
      });
    });
  });
  return { child, output: () => text.both, ended };
}

/** Runs a program to its end. */
export const runChild = (file: string, args: readonly string[], options?: ChildOptions): Promise<Ended> =>
  startChild(file, args, options).ended;
