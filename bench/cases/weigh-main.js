/** Weighs a task, a journal entry and an open connection: heap and buffers after a collection, before and after. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { POLLS } from '../job.js';
import { endedTask } from '../tasks.js';

const TASKS = 50_000;
const ENTRIES = 50_000;
const CONNECTIONS = 1000;
const [, , module] = process.argv;
const script = (name) => fileURLToPath(new URL(`../load/${name}`, import.meta.url));
const { startApigMock } = await import(module);

async function weight() {
  for (let at = 0; at < 3; at += 1) {
    await sleep(20);
    globalThis.gc();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function run(name, order) {
  const child = spawn(process.execPath, [script(name)], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.write(`${JSON.stringify(order)}\n`);
  return child;
}

const mock = await startApigMock({ maxTasks: TASKS, maxRequests: ENTRIES });
const order = { port: Number(new URL(mock.url).port), requests: POLLS.hit.requests };
/** What is needed once is loaded before anything is weighed. */
async function poll(count, connections) {
  const child = run('sockets-main.js', { ...order, count, connections });
  child.stdin.end();
  child.stdout.resume();
  await once(child, 'exit');
}
await poll(2000, 8);
await mock.tasks.create(endedTask(-1));
await mock.requests.clear();

const empty = await weight();
for (let at = 0; at < TASKS; at += 1) await mock.tasks.create(endedTask(at));
const withTasks = await weight();
await mock.reset();
await poll(100, 8);
await mock.requests.clear();

const cleared = await weight();
await poll(ENTRIES, 8);
const withEntries = await weight();
await mock.requests.clear();

const alone = await weight();
const holder = run('hold-main.js', { ...order, connections: CONNECTIONS });
await once(holder.stdout, 'data');
const withConnections = await weight();
holder.stdin.end();
await once(holder, 'exit');
await mock.close();

process.stdout.write(
  JSON.stringify({
    bytesPerTask: (withTasks - empty) / TASKS,
    bytesPerEntry: (withEntries - cleared) / ENTRIES,
    bytesPerConnection: (withConnections - alone) / CONNECTIONS,
  }),
);
