/**
 * Leaves the dashboard open in a real browser while tasks come, move and go, and watches what both sides keep:
 * `node scripts/page-soak.js [minutes]`. Exit code 1 when either side grew. `npm run build` comes first.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { connectApigMock } from '../dist/index.js';
import { startChromium } from './chromium.js';

const minutes = Number(process.argv[2] ?? 60);
const SAMPLES = 12;
/** Both sides are full by a third of the time; what they hold from then on is held against the end. */
const FULL_AT = 1 / 3;
const MAX_GROWTH = 1.25;
const PLACE = { project_id: 'soak', instance_id: 'gateway-1' };

async function startMock(folder) {
  const portFile = join(folder, 'port');
  const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
  const args = [
    '--port',
    '0',
    '--port-file',
    portFile,
    '--max-tasks',
    '2000',
    '--workers',
    '200',
    '--log-level',
    'warn',
  ];
  const child = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'inherit', 'inherit'] });
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const port = await readFile(portFile, 'utf8').catch(() => '');
    if (port !== '') return { child, url: `http://127.0.0.1:${port.trim()}` };
    await sleep(100);
  }
  throw new Error('the mock did not start');
}

/** MiB resident of a process. */
function residentMiB(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

async function sample(page, devtools, child) {
  await devtools.send('HeapProfiler.collectGarbage');
  const { metrics } = await devtools.send('Performance.getMetrics');
  const of = (name) => metrics.find((metric) => metric.name === name)?.value ?? 0;
  return {
    heapMiB: of('JSHeapUsedSize') / 2 ** 20,
    nodes: of('Nodes'),
    listeners: of('JSEventListeners'),
    serverMiB: residentMiB(child.pid),
    live: await page.locator('.link.live').count(),
  };
}

/** Twenty tasks a second that live a few seconds, a rejected poll now and then. */
async function keepBusy(mock, signal) {
  const beganMs = performance.now();
  for (let sent = 0; !signal.aborted; sent += 1) {
    await mock.tasks.create({ ...PLACE, task_type: sent % 3 === 0 ? 'export_api' : 'import_api' });
    if (sent % 10 === 0) {
      const url = `${mock.url}/v2/soak/apigw/instances/gateway-1/async-tasks/nothing-${sent}`;
      await (await fetch(url, { headers: { 'x-auth-token': 'dev-token' } })).arrayBuffer();
    }
    await sleep(Math.max(beganMs + (sent + 1) * 50 - performance.now(), 0));
  }
}

const folder = await mkdtemp(join(tmpdir(), 'apig-mock-page-soak-'));
const { child, url } = await startMock(folder);
const browser = await startChromium();
const done = new AbortController();
const samples = [];
try {
  const page = await browser.newPage();
  const faults = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  await page.goto(`${url}/__admin/`);
  await page.locator('.link.live').waitFor();
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable');
  const busy = keepBusy(await connectApigMock(url), done.signal);
  for (let at = 1; at <= SAMPLES; at += 1) {
    await Promise.race([sleep((minutes * 60_000) / SAMPLES), busy]);
    const seen = await sample(page, devtools, child);
    samples.push(seen);
    const minute = ((minutes * at) / SAMPLES).toFixed(1).padStart(5);
    console.log(
      `${minute} min  page ${seen.heapMiB.toFixed(1)} MiB, ${seen.nodes} nodes, ${seen.listeners} listeners;  mock ${seen.serverMiB.toFixed(1)} MiB;  ${seen.live === 1 ? 'live' : 'NOT live'}`,
    );
  }
  done.abort();
  await busy;
  const full = samples[Math.floor(SAMPLES * FULL_AT) - 1];
  const end = samples[SAMPLES - 1];
  for (const what of ['heapMiB', 'nodes', 'listeners', 'serverMiB'])
    if (end[what] > full[what] * MAX_GROWTH) faults.push(`${what} grew from ${full[what]} to ${end[what]}`);
  if (samples.some(({ live }) => live !== 1)) faults.push('the page lost the mock');
  for (const fault of faults) console.log(`!! ${fault}`);
  process.exitCode = faults.length === 0 ? 0 : 1;
} finally {
  done.abort();
  await browser.close();
  child.kill();
  await rm(folder, { recursive: true, force: true });
}
