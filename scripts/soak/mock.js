/** The built mock as a child process, with the probe inside. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { PROCESSING_MS, WAITING_MS } from './model.js';

const STOP_MS = 10_000;
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Starts it in a folder of its own, which gets a copy of what was built. */
export async function startMock(folder, sabotage) {
  const built = join(folder, 'dist');
  cpSync(here('../../dist'), built, { recursive: true });
  const portFile = join(folder, 'port');
  const args = [
    ...['--port', '0', '--port-file', portFile, '--fixtures', 'none', '--log-level', 'warn', '--preload'],
    ...['--waiting-ms', String(WAITING_MS), '--processing-ms', String(PROCESSING_MS), '--workers', '8'],
    ...['--max-tasks', '2000', '--max-requests', '1000'],
  ];
  // The young generation is as large on every Node: what is resident would follow it up for minutes.
  const node = [
    '--max-semi-space-size=16',
    '--expose-gc',
    '--import',
    here('./probe.js'),
    join(built, 'cli.js'),
  ];
  const child = spawn(process.execPath, [...node, ...args], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { PATH: process.env.PATH, ...(sabotage && { APIG_SOAK_SABOTAGE: sabotage }) },
  });
  const ended = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
  let over;
  void ended.then((end) => {
    over = end;
  });
  for (let attempt = 0; attempt < 200 && over === undefined; attempt += 1) {
    const port = Number(await readFile(portFile, 'utf8').catch(() => ''));
    if (port > 0) return { child, port, ended, isOver: () => over !== undefined };
    await sleep(50);
  }
  child.kill('SIGKILL');
  throw new Error('the mock did not start; was it built?');
}

/** How many descriptors it has open; undefined where the system does not report it. */
export function descriptorsOf({ child }) {
  try {
    return readdirSync(`/proc/${child.pid}/fd`).length;
  } catch {
    return undefined;
  }
}

/** What it holds, after a collection. */
export async function measure(mock) {
  const message = Promise.race([
    once(mock.child, 'message').then(([figures]) => figures),
    mock.ended.then(({ code, signal }) => {
      throw new Error(`the mock ended by itself: ${signal ?? code}`);
    }),
  ]);
  mock.child.send('measure');
  const { rss, heapUsed, handles, delayMs } = await message;
  const mib = (bytes) => bytes / 2 ** 20;
  return { rssMiB: mib(rss), heapMiB: mib(heapUsed), handles, delayMs, descriptors: descriptorsOf(mock) };
}

/** Asks it to stop; the end, killed when it takes too long. */
export async function stopMock({ child, ended }) {
  const beganMs = performance.now();
  child.kill('SIGTERM');
  const kill = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  const end = await ended;
  clearTimeout(kill);
  return { ...end, tookMs: performance.now() - beganMs };
}
