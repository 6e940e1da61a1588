/** The built command as a process of its own, with the limits, streams and folders that a test gives it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

/** A folder of this test file's own, gone at its end. */
export const FOLDER = mkdtempSync(join(tmpdir(), 'apig-mock-reliability-'));
/** A copy of what was built: a build that runs meanwhile takes away the parts that a command has yet to load. */
const BUILT = join(FOLDER, 'built');
cpSync(fileURLToPath(new URL('../../dist', import.meta.url)), BUILT, { recursive: true });
const started = new Set<ChildProcess>();
afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
  rmSync(FOLDER, { recursive: true, force: true });
});

/** Asks again until there is an answer; throws after ten seconds. */
export async function waitFor<T>(
  ask: () => T | undefined | Promise<T | undefined>,
  what: string,
): Promise<T> {
  const endMs = performance.now() + 10_000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > endMs) throw new Error(`${what} did not come about`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export interface StartOptions {
  readonly args?: readonly string[];
  /** Flags of Node itself. */
  readonly node?: readonly string[];
  /** File descriptor for the log; a pipe when left out. */
  readonly stdout?: number;
  /** Most open files. */
  readonly openFiles?: number;
}

export interface Started {
  readonly child: ChildProcess;
  readonly port: number;
  readonly url: string;
  /** What came on both streams so far. */
  output(): string;
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

let count = 0;

/** Starts `apig-mock` on a free port; resolves when it is ready. */
export async function start({
  args = [],
  node = [],
  stdout,
  openFiles,
}: StartOptions = {}): Promise<Started> {
  count += 1;
  const portFile = join(FOLDER, `port-${count}`);
  const command = [
    process.execPath,
    ...node,
    join(BUILT, 'cli.js'),
    '--port',
    '0',
    '--port-file',
    portFile,
    ...args,
  ];
  const limited = ['bash', '-c', `ulimit -n ${openFiles}; exec "$@"`, 'bash', ...command];
  const [file = '', ...rest] = openFiles === undefined ? command : limited;
  const child = spawn(file, rest, { stdio: ['ignore', stdout ?? 'pipe', 'pipe'] });
  started.add(child);
  let text = '';
  const take = (chunk: Buffer): void => {
    text += chunk.toString();
  };
  child.stdout?.on('data', take);
  child.stderr?.on('data', take);
  let over = false;
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    // Not 'exit': what it wrote last may not have come yet.
    child.on('close', (code, signal) => {
      over = true;
      started.delete(child);
      resolve({ code, signal });
    });
  });
  const port = await waitFor(() => {
    if (over) throw new Error(`it ended before it was ready: ${text}`);
    const written = existsSync(portFile) ? Number(readFileSync(portFile, 'utf8')) : 0;
    return written > 0 ? written : undefined;
  }, 'the port file');
  return { child, port, url: `http://127.0.0.1:${port}`, output: () => text, ended };
}

/** Asks it to stop; the end, and how long it took in ms. */
export async function stop({ child, ended }: Started, signal: NodeJS.Signals = 'SIGTERM') {
  const began = performance.now();
  child.kill(signal);
  const end = await Promise.race([
    ended,
    new Promise<never>((_, reject) => setTimeout(() => reject(new Error('it does not stop')), 5000).unref()),
  ]);
  return { ...end, tookMs: performance.now() - began };
}
