/** That what holds the loop up is seen, and what others do meanwhile is not. */
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { longestTurn } from './own-work.ts';

const BUSY = 'const end = process.cpuUsage().user + 80_000; while (process.cpuUsage().user < end);';

it('work of the own thread is seen', async () => {
  const { ms } = await longestTurn(async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    const end = process.cpuUsage().user + 80_000;
    while (process.cpuUsage().user < end);
  });
  expect(ms).toBeGreaterThan(70);
});

it('work of another thread is not', async () => {
  const { result, ms } = await longestTurn(async () => {
    const thread = new Worker(BUSY, { eval: true });
    return new Promise((resolve) => thread.once('exit', resolve));
  });
  expect(result).toBe(0);
  expect(ms).toBeLessThan(50);
});
