/** Runs the built command as a user does: a process of its own, with the arguments, limits and streams of a test. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { type Child, type ChildOptions, type Ended, startChild } from './child.ts';

export type { Ended } from './child.ts';

/** A folder of this test file's own, gone at its end. */
export const FOLDER = mkdtempSync(join(tmpdir(), 'apig-mock-test-'));
/** A copy of what was built: a build that runs meanwhile takes away the parts that a command has yet to load. */
const BUILT = mkdtempSync(join(tmpdir(), 'apig-mock-built-'));
for (const part of ['package.json', 'dist'])
  cpSync(fileURLToPath(new URL(`../../${part}`, import.meta.url)), join(BUILT, part), { recursive: true });
afterAll(() => {
  for (const folder of [FOLDER, BUILT]) rmSync(folder, { recursive: true, force: true });
});
export const COMMAND = join(BUILT, 'dist/cli.js');

/** The environment, without the settings of the person who runs the tests. */
const plainEnv = (more: Record<string, string> = {}): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('APIG_MOCK_'))),
  ...more,
});

export interface RunOptions extends Omit<ChildOptions, 'env'> {
  readonly env?: Record<string, string>;
  /** Flags of Node itself. */
  readonly node?: readonly string[];
  /** Most open files. */
  readonly openFiles?: number;
  /** No file may be longer than this many kB. */
  readonly fileKb?: number;
}

export interface Command extends Child {
  /** Resolves with the url of the ready line; rejects when the command ends before. */
  readonly ready: Promise<string>;
  /** Sends a signal and gives the end and how long it took, in ms; rejects after five seconds. */
  stop(signal?: NodeJS.Signals): Promise<Ended & { readonly tookMs: number }>;
}

/** Starts `apig-mock` with these arguments. */
export function command(
  args: readonly string[],
  { env, node = [], openFiles, fileKb, ...options }: RunOptions = {},
): Command {
  const whole = [process.execPath, ...node, COMMAND, ...args];
  const limits = [
    ...(openFiles === undefined ? [] : [`-n ${openFiles}`]),
    ...(fileKb === undefined ? [] : [`-f ${fileKb}`]),
  ];
  const limited = ['bash', '-c', `ulimit ${limits.join(' ')}; exec "$@"`, 'bash', ...whole];
  const [file = '', ...rest] = limits.length === 0 ? whole : limited;
  const started = startChild(file, rest, { ...options, env: plainEnv(env) });
  const { child, ended } = started;
  const ready = new Promise<string>((resolve, reject) => {
    let stdout = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      for (const line of stdout.split('\n').slice(0, -1)) {
        if (line.includes('"msg":"listening"')) resolve((JSON.parse(line) as { url: string }).url);
      }
    });
    void ended.then(({ code }) =>
      reject(new Error(`ended with ${code} before it was ready: ${started.output()}`)),
    );
  });
  // Who waits for the end alone has no use for it.
  ready.catch(() => {});
  return {
    ...started,
    ready,
    async stop(signal = 'SIGTERM') {
      const began = performance.now();
      child.kill(signal);
      const end = await within(5000, ended, 'its end');
      return Object.assign(end, { tookMs: performance.now() - began });
    },
  };
}

/** Runs it to its end. */
export const run = (args: readonly string[], options?: RunOptions): Promise<Ended> =>
  command(args, options).ended;

export interface Started extends Command {
  readonly port: number;
  readonly url: string;
}

let count = 0;

/** Starts it on a free port, whatever it logs; resolves when it is ready. */
export async function start({
  args = [],
  ...options
}: RunOptions & { readonly args?: readonly string[] } = {}): Promise<Started> {
  count += 1;
  const portFile = join(FOLDER, `port-${count}`);
  const one = command(['--port', '0', '--port-file', portFile, ...args], options);
  let isOver = false;
  void one.ended.then(() => {
    isOver = true;
  });
  const port = await waitFor(() => {
    if (isOver) throw new Error(`it ended before it was ready: ${one.output()}`);
    const written = existsSync(portFile) ? Number(readFileSync(portFile, 'utf8')) : 0;
    return written > 0 ? written : undefined;
  }, 'the port file');
  return { ...one, port, url: `http://127.0.0.1:${port}` };
}

function within<T>(ms: number, wanted: Promise<T>, what: string): Promise<T> {
  return Promise.race([
    wanted,
    new Promise<never>((_, reject) =>
      setTimeout(() => reject(new Error(`${what} did not come within ${ms} ms`)), ms).unref(),
    ),
  ]);
}

/** Polls until there is a result; throws after ten seconds. */
export async function waitFor<T>(
  ask: () => T | undefined | Promise<T | undefined>,
  what: string,
): Promise<T> {
  const endMs = performance.now() + 10_000;
  for (;;) {
    const result = await ask();
    if (result !== undefined) return result;
    if (performance.now() > endMs) throw new Error(`${what} did not come about`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
