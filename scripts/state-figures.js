/**
 * What a state file costs, measured: the acknowledgement of an import and the slowest poll meanwhile, by the number of
 * tasks that the state holds, and polls per second with a state file and without.
 *
 *     node scripts/state-figures.js [--dist FOLDER] [--tasks 0,1000,10000,100000] [--imports 40]
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const RATE_ROUNDS = 4;
const RATE_MS = 2000;
const DEPTH = 64;
const RESULT_BYTES = 400_000;
const POLLED = '/v2/p1/apigw/instances/i1/async-tasks/polled';
const REQUEST = `GET ${POLLED} HTTP/1.1\r\nhost: localhost\r\nx-auth-token: dev-token\r\n\r\n`;
const FORM = { 'x-auth-token': 'dev-token', 'content-type': 'multipart/form-data; boundary=b' };

const task = (id) => ({
  ...{ project_id: 'p1', instance_id: 'i1', task_id: id, task_type: 'import_api', task_status: 'succeed' },
  ...{ task_result: '{"success":[],"failure":[]}', plan: { mode: 'manual' }, hold: false, polls: 0 },
  ...{ created_ms: 1_767_225_600_000, started_ms: 1_767_225_600_000, ended_ms: 1_767_225_600_000 },
});

/** A state with this many tasks beside the one that is polled. */
const stateOf = (count) =>
  JSON.stringify({
    ...{ format: 'apig-mock-snapshot', version: 1, plans: [], faults: [], ids: {}, apis: { scopes: [] } },
    clocks: [{ mode: 'system', now_ms: 1_767_225_600_000 }],
    tasks: [task('polled'), ...Array.from({ length: count }, (_, at) => task(`task-${at}`))],
  });

const documentOf = (title) =>
  JSON.stringify({
    swagger: '2.0',
    info: { title, version: '1' },
    paths: {
      '/a': {
        get: {
          'x-apigateway-backend': { type: 'MOCK', mockEndpoints: { 'result-content': '' } },
          responses: {},
        },
      },
    },
  });

/** Polls over one connection in a thread of its own; `stop` gives the count and the slowest, in ms. */
function poller(port, depth) {
  const worker = new Worker(new URL(import.meta.url), { workerData: { port, depth } });
  const ended = new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  return {
    stop() {
      worker.postMessage('stop');
      return ended;
    },
  };
}

function poll({ port, depth }) {
  const socket = connect(port, '127.0.0.1');
  let [count, slowestMs, sentAt, left, isOver] = [0, 0, 0, 0, false];
  const send = () => {
    sentAt = performance.now();
    left = depth;
    socket.write(REQUEST.repeat(depth));
  };
  socket.on('connect', send);
  socket.on('data', (chunk) => {
    const responses = chunk.toString('latin1').split('HTTP/1.1 200').length - 1;
    count += responses;
    left -= responses;
    if (left > 0) return;
    slowestMs = Math.max(slowestMs, performance.now() - sentAt);
    if (!isOver) return send();
    parentPort.postMessage({ count, slowestMs });
    socket.destroy();
  });
  parentPort.on('message', () => {
    isOver = true;
    parentPort.unref();
  });
}

/** A mock with this state, or without a state file. */
async function started(dist, folder, state) {
  const portFile = join(folder, 'port');
  const file = join(folder, 'state.json');
  rmSync(portFile, { force: true });
  const args = ['--port', '0', '--port-file', portFile, '--log-level', 'warn', '--max-tasks', '200000'];
  if (state !== undefined) {
    writeFileSync(file, state);
    args.push('--state-file', file);
  }
  const child = spawn(process.execPath, [join(dist, 'cli.js'), ...args], { stdio: 'inherit' });
  const port = () => Number(statSync(portFile, { throwIfNoEntry: false }) && readFileSync(portFile, 'utf8'));
  while (!port()) await new Promise((resolve) => setTimeout(resolve, 20));
  const stop = () => new Promise((resolve) => child.once('exit', resolve) && child.kill());
  return { port: port(), url: `http://127.0.0.1:${port()}`, file, stop };
}

async function importOnce(url, title) {
  const part = 'Content-Disposition: form-data; name=';
  const body = `--b\r\n${part}"is_create_group"\r\n\r\ntrue\r\n--b\r\n${part}"file_name"; filename="a.json"\r\n\r\n${documentOf(title)}\r\n--b--\r\n`;
  const began = performance.now();
  const target = `${url}/v2/p1/apigw/instances/i1/openapi/async-import`;
  const response = await fetch(target, { method: 'POST', headers: FORM, body });
  await response.text();
  if (response.status !== 202) throw new Error(`the import returned ${response.status}`);
  return performance.now() - began;
}

/** Makes tasks with large results until the snapshot has been written anew. */
async function outgrow({ url, file }) {
  const before = statSync(file).ino;
  const plan = { mode: 'immediate', outcome: { status: 'succeed', task_result: 'x'.repeat(RESULT_BYTES) } };
  const json = JSON.stringify({ project_id: 'p2', instance_id: 'i1', task_type: 'import_api', plan });
  const headers = { 'content-type': 'application/json' };
  for (let at = 0; at < 400 && statSync(file).ino === before; at += 1)
    await (await fetch(`${url}/__admin/tasks`, { method: 'POST', headers, body: json })).text();
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

async function figuresOf({ dist, imports }, folder, count) {
  const mock = await started(dist, folder, stateOf(count));
  await importOnce(mock.url, 'first');
  const during = poller(mock.port, 1);
  const importMs = [];
  for (let at = 0; at < Number(imports); at += 1) importMs.push(await importOnce(mock.url, `group-${at}`));
  const { slowestMs } = await during.stop();
  const compacting = poller(mock.port, 1);
  await outgrow(mock);
  const compacted = await compacting.stop();
  await mock.stop();
  const [acknowledged, worst] = [median(importMs), Math.max(...importMs)];
  return { tasks: count, acknowledged, worst, slowestPoll: slowestMs, compactingPoll: compacted.slowestMs };
}

/** Polls per second with a state file, as a share of those without; the median of rounds in turn. */
async function rates(dist, folder) {
  const shares = [];
  for (let round = 0; round < RATE_ROUNDS; round += 1) {
    const counts = [];
    for (const hasFile of [false, true]) {
      const mock = await started(dist, folder, hasFile ? stateOf(0) : undefined);
      if (!hasFile)
        await fetch(`${mock.url}/__admin/state`, {
          method: 'PUT',
          headers: { 'content-type': 'application/json' },
          body: stateOf(0),
        });
      const polls = poller(mock.port, DEPTH);
      await new Promise((resolve) => setTimeout(resolve, RATE_MS));
      counts.push((await polls.stop()).count / (RATE_MS / 1000));
      await mock.stop();
    }
    shares.push(counts[1] / counts[0]);
  }
  return median(shares);
}

async function main() {
  const { values } = parseArgs({
    options: {
      dist: { type: 'string', default: 'dist' },
      imports: { type: 'string', default: '40' },
      tasks: { type: 'string', default: '0,1000,10000,100000' },
    },
  });
  const folder = mkdtempSync(join(tmpdir(), 'apig-mock-figures-'));
  const ms = (value) => value.toFixed(1);
  console.log(
    '| tasks | import acknowledged, median | worst | slowest poll meanwhile | slowest poll while the snapshot is written anew |',
  );
  console.log('|---|---|---|---|---|');
  try {
    for (const count of values.tasks.split(',').map(Number)) {
      const { tasks, acknowledged, worst, slowestPoll, compactingPoll } = await figuresOf(
        values,
        folder,
        count,
      );
      console.log(
        `| ${tasks} | ${ms(acknowledged)} ms | ${ms(worst)} ms | ${ms(slowestPoll)} ms | ${ms(compactingPoll)} ms |`,
      );
    }
    console.log(
      `polls per second with a state file: ${(await rates(values.dist, folder)).toFixed(2)} of those without`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (isMainThread) await main();
else poll(workerData);
