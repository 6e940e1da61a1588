/**
 * How long the event loop is held up by the work of the tests' own thread. Time for which others had the processor is
 * left out: a delay measured by the clock also counts the worker threads and the neighbours that the thread waited for.
 */
import { readFileSync } from 'node:fs';

const PERIOD_MS = 2;

/** What the main thread has had of the processor, in ms; elsewhere than on Linux, all threads together. */
function ownMs(): number {
  if (process.platform === 'linux')
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Does something, and gives the longest turn of the loop meanwhile, in ms of the thread's own work. */
export async function longestTurn<T>(work: () => Promise<T>): Promise<{ result: T; ms: number }> {
  let ms = 0;
  let last = { clock: performance.now(), own: ownMs() };
  const look = (): void => {
    const now = { clock: performance.now(), own: ownMs() };
    // Neither alone: elsewhere than on Linux the processor's time has that of other threads in it.
    ms = Math.max(ms, Math.min(now.clock - last.clock, now.own - last.own));
    last = now;
  };
  const timer = setInterval(look, PERIOD_MS);
  try {
    const result = await work();
    look();
    return { result, ms };
  } finally {
    clearInterval(timer);
  }
}
