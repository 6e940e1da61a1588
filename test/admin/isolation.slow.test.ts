/** Fifty suites at once against one mock, each with its own project, plan, clock, faults and resets: none meets another. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApigMock, connectApigMock, startApigMock } from '../../src/index.ts';
import { callsOf, document } from './scene.ts';

const SUITES = 50;
const ROUNDS = 20;

let mock: ApigMock;
let client: ApigMock;
beforeAll(async () => {
  mock = await startApigMock({ fixtures: 'none', preload: true, maxTasks: 1000 });
  client = await connectApigMock(mock.url);
});
afterAll(async () => {
  await client.close();
  await mock.close();
});

/** One suite: every number in it is its own, and every one is checked. */
async function suite(at: number, round: number): Promise<void> {
  const place = { project_id: `project-${at}`, instance_id: 'i1' };
  const control = at % 2 === 0 ? mock : client;
  const calls = callsOf(mock.url, place);
  const [waitingMs, processingMs] = [100 + at, 1000 + at];
  await control.clock.set({ ...place, mode: 'manual', now: '2026-01-01T00:00:00Z' });
  await control.plan({
    ...place,
    plan: { mode: 'time', waiting_ms: waitingMs, processing_ms: processingMs },
  });
  const seen: string[] = [];
  const poll = async (taskId: string) => {
    const { body, status } = await calls.poll(taskId);
    seen.push(body.task_status ?? status);
  };

  const taskId = await calls.importFile(document('the-same-title-everywhere'));
  await poll(taskId);
  await control.clock.advance(waitingMs, place);
  await control.faults.add({ ...place, times: 1 + (at % 3), action: { type: 'error', status: 500 } });
  for (let matches = 0; matches < 1 + (at % 3); matches += 1) await poll(taskId);
  await poll(taskId);
  await control.clock.advance(processingMs - 1, place);
  await poll(taskId);
  await control.clock.advance(1, place);
  await poll(taskId);

  const faults = Array.from({ length: 1 + (at % 3) }, () => 500);
  expect(seen).toEqual(['waiting', ...faults, 'processing', 'processing', 'succeed']);
  await control.requests.verify({ ...place, operation: 'ShowAsyncTaskResult', exactly: seen.length });
  await control.requests.verify({ ...place, status: 500, exactly: faults.length });
  expect(await calls.groups()).toBe(1);
  expect((await control.clock.get(place)).now).toBe(
    new Date(Date.UTC(2026) + waitingMs + processingMs).toISOString(),
  );

  await control.reset(place);
  expect((await control.tasks.list(place)).total).toBe(0);
  expect(await calls.groups()).toBe(0);
  expect((await control.requests.list(place)).total, `round ${round}`).toBe(1);
  await control.requests.clear(place);
}

describe('fifty suites at once', () => {
  it('never meet, in twenty rounds', { timeout: 120_000 }, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      await Promise.all(Array.from({ length: SUITES }, (_, at) => suite(at, round)));
    }
    expect((await mock.tasks.list()).total).toBe(0);
    expect(await mock.faults.list()).toEqual([]);
    expect((await mock.plans()).rules).toEqual([]);
  });
});
