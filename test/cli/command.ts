/** Runs the built command as a user does: a process of its own, its output, its exit. */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

/** A copy of what was built: a build that runs meanwhile takes away the parts that a command has yet to load. */
const BUILT = mkdtempSync(join(tmpdir(), 'apig-mock-built-'));
cpSync(fileURLToPath(new URL('../../dist', import.meta.url)), BUILT, { recursive: true });
afterAll(() => rmSync(BUILT, { recursive: true, force: true }));
export const COMMAND = join(BUILT, 'cli.js');

/** The environment without settings of whoever runs the tests. */
const plainEnv = (more: Record<string, string>): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('APIG_MOCK_'))),
  ...more,
});

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface Command {
  child: ChildProcess;
  ended: Promise<Ended>;
  /** Resolves with the url of the ready line; rejects when the command ends before. */
  ready: Promise<string>;
  /** Sends a signal and gives the end and how long it took, in ms. */
  stop(signal?: NodeJS.Signals): Promise<Ended & { tookMs: number }>;
}

export interface RunOptions {
  env?: Record<string, string>;
  cwd?: string;
}

/** Starts `apig-mock` with these arguments. */
export function command(args: readonly string[], { env = {}, cwd }: RunOptions = {}): Command {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    env: plainEnv(env),
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  });
  let stdout = '';
  let stderr = '';
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      for (const line of stdout.split('\n').slice(0, -1)) {
        if (line.includes('"msg":"listening"')) resolve((JSON.parse(line) as { url: string }).url);
      }
    });
    void ended.then(({ code }) => reject(new Error(`ended with ${code} before it was ready: ${stderr}`)));
  });
  // Who waits for the end alone has no use for it.
  ready.catch(() => {});
  return {
    child,
    ended,
    ready,
    async stop(signal = 'SIGTERM') {
      const began = performance.now();
      child.kill(signal);
      const end = await ended;
      return { ...end, tookMs: performance.now() - began };
    },
  };
}

/** Runs it to its end. */
export const run = (args: readonly string[], options?: RunOptions): Promise<Ended> =>
  command(args, options).ended;
