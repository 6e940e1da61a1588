/**
 * Starts a fleet: some apig-mock processes that accept each other's tokens, and nginx in front of them.
 *
 *   node examples/fleet/start.js [processes] [port]
 *
 * Everything listens on 127.0.0.1 and is written to a temporary folder that is removed at the end.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { nginxConfig } from './nginx-config.js';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const READY_MS = 15_000;

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** A child and its end; `stop` resolves when it is gone. */
function run([file, ...args], { env, stdout = 'ignore' } = {}) {
  const child = spawn(file, args, { env: { ...process.env, ...env }, stdio: ['ignore', stdout, 'inherit'] });
  const ended = new Promise((resolve) => {
    child.once('exit', resolve);
    child.once('error', (cause) => resolve(cause));
  });
  const stop = async (signal = 'SIGTERM') => {
    child.kill(signal);
    await ended;
  };
  return { child, ended, stop };
}

/** Starts one mock on a port of its own choice, and reads the port from its log line. */
async function startMock({ cli, secret, wrap, flags }) {
  const env = { APIG_MOCK_TOKEN_SECRET: secret };
  const mock = run(wrap([process.execPath, cli, '--port', '0', ...flags], 'mock'), { env, stdout: 'pipe' });
  const listening = (async () => {
    for await (const line of createInterface({ input: mock.child.stdout })) {
      const { msg, url } = JSON.parse(line);
      if (msg === 'listening') return url;
    }
    throw new Error('a mock ended before it listened');
  })();
  const url = await listening;
  mock.child.stdout.resume();
  return { ...mock, url, pid: mock.child.pid };
}

async function isListening(port) {
  const socket = connect(port, '127.0.0.1');
  const open = await new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  });
  socket.destroy();
  return open;
}

async function startNginx(config, { folder, port, wrap }) {
  const path = join(folder, 'nginx.conf');
  writeFileSync(path, config);
  const nginx = run(wrap(['nginx', '-e', join(folder, 'error.log'), '-c', path, '-p', folder], 'nginx'));
  const endMs = Date.now() + READY_MS;
  let gone;
  nginx.ended.then((how) => {
    gone = how ?? 'stopped';
  });
  while (!(await isListening(port))) {
    if (gone !== undefined) throw new Error(`nginx ended before it listened (${gone.message ?? gone})`);
    if (Date.now() > endMs) throw new Error('nginx did not listen in time');
    await sleep(20);
  }
  return { ...nginx, pid: nginx.child.pid };
}

/**
 * Starts `processes` mocks and nginx; `{url, mocks: [{url, pid, stop}], nginx, stop}`. `wrap` may put another
 * command (such as `taskset`) before that of a `mock` or of `nginx`.
 */
export async function startFleet({
  processes = 2,
  port,
  cli = CLI,
  flags = [],
  wrap = (command) => command,
} = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'apig-mock-fleet-'));
  // Started by root, the workers of nginx run as another user.
  chmodSync(folder, 0o755);
  const started = [];
  const stop = async () => {
    await Promise.all(started.map((one) => one.stop()));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const secret = randomBytes(32).toString('hex');
    for (let at = 0; at < processes; at += 1) started.push(await startMock({ cli, secret, wrap, flags }));
    const mocks = [...started];
    const front = port ?? (await freePort());
    const upstreams = mocks.map(({ url }) => new URL(url).port);
    const nginx = await startNginx(nginxConfig({ folder, port: front, upstreams }), {
      folder,
      port: front,
      wrap,
    });
    started.push(nginx);
    return { url: `http://127.0.0.1:${front}`, mocks, nginx, stop };
  } catch (cause) {
    await stop();
    throw cause;
  }
}

async function main([processes = '2', port = '8080']) {
  const fleet = await startFleet({ processes: Number(processes), port: Number(port) });
  process.stdout.write(`fleet of ${fleet.mocks.length}: ${fleet.url}\n`);
  for (const { url } of fleet.mocks) process.stdout.write(`  control of one process: ${url}/__admin\n`);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void fleet.stop());
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main(process.argv.slice(2)).catch((cause) => {
    process.stderr.write(`${cause.message}\n`);
    process.exitCode = 1;
  });
}
