/** Advances a clock over many due tasks, and watches the event loop meanwhile; prints what it took. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { endedTask } from '../tasks.js';

const INSTANCES = 100;
const [, , module, count] = process.argv;
const tasks = Number(count);
const { startApigMock } = await import(module);
const mock = await startApigMock({ clock: 'manual', maxTasks: tasks, workers: 100_000 });
const plan = { mode: 'time', waiting_ms: 500, processing_ms: 1500 };
for (let at = 0; at < tasks; at += 1) {
  await mock.tasks.create({ ...endedTask(at, `instance-${at % INSTANCES}`), plan });
}

await sleep(100);
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
await sleep(100);
delay.reset();
const beganMs = performance.now();
await mock.clock.advance(2000);
const tookMs = performance.now() - beganMs;
await sleep(20);
delay.disable();
const { total } = await mock.tasks.list({
  task_status: 'succeed',
  project_id: endedTask(0).project_id,
  limit: 1,
});
await mock.close();
process.stdout.write(JSON.stringify({ tasks, moved: total, tookMs, longestPauseMs: delay.max / 1e6 }));
