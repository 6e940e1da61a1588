/** Starts a server of the benchmark, knows when it responds, and stops it by its process id. */
import { spawn } from 'node:child_process';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { POLLS } from './job.js';
import { pinned } from './machine.js';

const [{ path: HIT_PATH, headers: HIT_HEADERS }] = POLLS.hit.requests;

/** A port that was free a moment ago. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** One request on a connection of its own: `{status, body}`; rejects when nobody responds. */
export function ask(port, { path = HIT_PATH, headers = HIT_HEADERS } = {}) {
  return new Promise((resolve, reject) => {
    const request = get(
      { host: '127.0.0.1', port, path, headers, agent: false, timeout: 5000 },
      (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode, body: Buffer.concat(chunks).toString() }),
        );
        response.on('error', reject);
      },
    );
    request.on('timeout', () => request.destroy(new Error('no response within 5 s')));
    request.on('error', reject);
  });
}

/** Sends requests until the response is a 200 that can be parsed: the end of a cold start. */
async function firstResponse(port, child, { everyMs, deadlineMs }) {
  const endMs = Date.now() + deadlineMs;
  for (;;) {
    const response = await ask(port).catch(() => undefined);
    if (response?.status === 200 && JSON.parse(response.body) !== null) return;
    if (child.exitCode !== null || child.signalCode !== null) throw new Error('it ended before it responded');
    if (Date.now() > endMs) {
      throw new Error(`no 200 within ${deadlineMs / 1000} s${response ? `, but ${response.status}` : ''}`);
    }
    await sleep(everyMs);
  }
}

/**
 * Starts a server. `command` may hold `{port}`; the environment gets PORT.
 * Resolves with `{name, pid, port, startMs, stop}`, `startMs` from spawn to the first 200 that was parsed.
 */
export async function startServer(
  { name, command, env = {}, cwd, deadlineMs = 60_000 },
  { core, everyMs = 2 } = {},
) {
  const port = await freePort();
  const [file, ...args] = pinned(command, core).map((word) => word.replace('{port}', String(port)));
  const beganMs = performance.now();
  const child = spawn(file, args, {
    cwd,
    env: { ...process.env, ...env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'pipe'],
    // A group of its own, so that what a wrapper such as npx starts ends with it.
    detached: true,
  });
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors = (errors + chunk).slice(-2000);
  });
  const ended = new Promise((resolve) => child.once('exit', resolve).once('error', resolve));
  const signal = (name) => {
    try {
      process.kill(-child.pid, name);
    } catch {
      // Nobody is left.
    }
  };
  const kill = () => signal('SIGKILL');
  process.once('exit', kill);
  const stop = async () => {
    signal('SIGTERM');
    const force = setTimeout(kill, 3000);
    await ended;
    clearTimeout(force);
    kill();
    process.off('exit', kill);
  };
  try {
    await firstResponse(port, child, { everyMs, deadlineMs });
  } catch (cause) {
    await stop();
    throw new Error(`${name}: ${cause.message}${errors && `\n${errors}`}`);
  }
  return { name, pid: child.pid, port, startMs: performance.now() - beganMs, stop };
}
