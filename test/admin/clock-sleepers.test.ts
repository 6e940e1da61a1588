/** Delays under way belong to their scope, as its tasks do: they go by whatever clock it has. And waits while a clock is moved. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ApigMock, FaultAction } from '../../src/index.ts';
import { callsOf, document, HERE, rejection, stillMock, turns, until } from './scene.ts';

const DAY = 24 * 3_600_000;
let mock: ApigMock;
beforeEach(async () => {
  mock = await stillMock();
});
afterEach(() => mock.close());

const PROJECT = { project_id: HERE.project_id };
const plan = { mode: 'time', waiting_ms: 1000, processing_ms: 1000 } as const;
const create = () => mock.tasks.create({ ...HERE, task_type: 'import_api', plan });

/** A poll that a fault holds up; its end, and whether it has come. */
async function heldPoll(action: FaultAction) {
  const { task_id } = await create();
  await mock.faults.add({ ...HERE, operation: 'ShowAsyncTaskResult', action });
  let isOver = false;
  const response = callsOf(mock.url)
    .poll(task_id)
    .finally(() => {
      isOver = true;
    });
  await until(async () => ((await mock.faults.list())[0]?.hits ?? 0) > 0, 'the fault');
  await turns();
  return { response, isOver: () => isOver };
}

describe('a delay under way', () => {
  it.each([
    ['its instance', HERE],
    ['its project', PROJECT],
  ])('follows the clock that %s gets meanwhile', async (_whose, scope) => {
    const { response, isOver } = await heldPoll({ type: 'delay', ms: 1000 });
    await mock.clock.advance(999, scope);
    await mock.clock.advance(DAY);
    await turns(20);
    expect(isOver()).toBe(false);
    await mock.clock.advance(1, scope);
    expect((await response).status).toBe(200);
  });

  it('of a body that is sent in pieces follows it too', async () => {
    const { response } = await heldPoll({ type: 'dribble', ms: 2000 });
    await mock.clock.resume(HERE);
    expect((await response).body.task_status).toMatch(/waiting|processing/);
  });
});

describe('a wait while a clock is moved', () => {
  it('lasts until the move has ended its task', async () => {
    const { task_id } = await create();
    const moved = mock.clock.advance(2000);
    const [waited] = await Promise.all([mock.tasks.wait(task_id), mock.idle(PROJECT), moved]);
    expect(waited.task_status).toBe('succeed');
  });

  it('lasts until a later one of several moves has', async () => {
    const { task_id } = await create();
    const moves = [mock.clock.advance(500), mock.clock.set({ mode: 'manual' }), mock.clock.advance(1500)];
    expect((await mock.tasks.wait(task_id)).task_status).toBe('succeed');
    await Promise.all(moves);
  });

  it.each([
    ['on', (ms: number) => mock.clock.advance(ms)],
    [
      'to a time',
      (ms: number) =>
        mock.clock.set({ mode: 'manual', now: new Date(Date.UTC(2026, 0, 1) + ms).toISOString() }),
    ],
  ])('is rejected as soon as the clock is moved %s and stops short of it', async (_how, move) => {
    const { task_id } = await create();
    const moved = move(1999);
    const rejected = await rejection(mock.tasks.wait(task_id, { timeout_ms: 5000 }));
    expect([rejected.status, rejected.why]).toEqual([409, 'the clock stands still: advance it']);
    expect((await mock.tasks.get(task_id)).task_status).toBe('processing');
    await moved;
  });

  it('is rejected too once the work of its task is done, which nothing else would reveal', async () => {
    const text = JSON.stringify({ ...JSON.parse(document('big')), 'x-long': 'x'.repeat(3_000_000) });
    await mock.plan({ ...HERE, plan: { ...plan, waiting_ms: 0 } });
    const imported = await callsOf(mock.url).importFile(text);
    const rejected = await rejection(mock.tasks.wait(imported, { timeout_ms: 10_000 }));
    expect([rejected.status, rejected.why]).toEqual([409, 'the clock stands still: advance it']);
  });
});
