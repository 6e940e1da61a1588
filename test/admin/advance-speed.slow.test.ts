/** Advancing over a hundred thousand due tasks: soon done, and nothing else waits long meanwhile. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import { EventLog } from '../../src/admin/events/events.ts';
import { Clock } from '../../src/core/clock.ts';
import { TaskStore } from '../../src/tasks/store.ts';
import { TaskWorker } from '../../src/tasks/worker.ts';
import { HERE, START_MS, succeeds, timePlan } from '../tasks/workshop.ts';

const TASKS = 100_000;
/** Alone it takes under 1 s, and pauses are about 40 ms; beside other tests it gets more. */
const MAX_MS = 5000;
const MAX_PAUSE_MS = 300;

/** A worker as the mock has it: what it does goes to the log of events. */
function quietWorker(slots: number) {
  const clock = new Clock('manual', START_MS);
  const store = new TaskStore(TASKS);
  const worker = new TaskWorker({ store, slots, job: succeeds, clockOf: () => clock, onJobError: () => {} });
  const events = new EventLog();
  worker.events.on((event) => {
    if (event.type === 'task') events.addTask(event.task, event.from, event.atMs);
  });
  return { clock, store, worker };
}

/** How long a move took, and the longest time the event loop stood still meanwhile; ms. */
async function measured(move: () => Promise<unknown>): Promise<{ tookMs: number; pauseMs: number }> {
  const delays = monitorEventLoopDelay({ resolution: 1 });
  await new Promise((resolve) => setImmediate(resolve));
  delays.enable();
  const startMs = performance.now();
  await move();
  const tookMs = performance.now() - startMs;
  await new Promise((resolve) => setTimeout(resolve, 5));
  delays.disable();
  return { tookMs, pauseMs: delays.max / 1e6 };
}

describe('advancing over 100,000 due tasks', () => {
  it.each<[string, number, { waiting: number; processing: number; first?: number }]>([
    ['in one scope, four slots', 4, { waiting: 500, processing: 1500 }],
    ['all at one time, a slot for each', TASKS, { waiting: 500, processing: 1500 }],
    ['that take no time to process', 4, { waiting: 500, processing: 0 }],
    ['that take no time, behind four that do', 4, { waiting: 500, processing: 0, first: 1000 }],
  ])('is soon done, and pauses are short: %s', async (_what, slots, { waiting, processing, first }) => {
    const { clock, worker, store } = quietWorker(slots);
    for (let at = 0; at < TASKS; at += 1) {
      const plan = first !== undefined && at < 4 ? timePlan(0, first) : timePlan(waiting, processing);
      await worker.create({ scope: HERE, id: `t${at}`, type: 'import_api', plan });
    }
    const { tookMs, pauseMs } = await measured(() => clock.advance(1500 * TASKS));
    const ended = Array.from(store.list()).filter((task) => task.status === 'succeed').length;
    expect(ended).toBe(TASKS);
    expect(tookMs).toBeLessThan(MAX_MS);
    expect(pauseMs).toBeLessThan(MAX_PAUSE_MS);
  });
});
