/** The last moment a clock may show: no clock passes it, what is due later is due then, and every snapshot is good. */
import { describe, expect, it } from 'vitest';
import type { ApigMock } from '../../src/index.ts';
import { call } from '../support/mock.ts';
import { callsOf, HERE, rejection, stillMock, until } from './scene.ts';

const LAST = '9999-12-31T23:59:59.999Z';
const LAST_BUT_ONE = '9999-12-31T23:59:59.998Z';

async function expectRestorable(mock: ApigMock): Promise<void> {
  const snapshot = JSON.parse(JSON.stringify(await mock.snapshot()));
  await using other = await stillMock();
  await other.restore(snapshot);
  expect((await other.tasks.list()).tasks).toEqual((await mock.tasks.list()).tasks);
}

/** Real time passes, a few ms of it. */
async function fewMs(): Promise<void> {
  const endMs = performance.now() + 5;
  await until(() => performance.now() > endMs);
}

describe('at the end of time', () => {
  it.each([{}, { project_id: 'p1' }, HERE])('a running clock stops: %j', async (scope) => {
    await using mock = await stillMock();
    await mock.clock.set({ ...scope, mode: 'system', now: LAST_BUT_ONE });
    await fewMs();
    expect((await mock.clock.get(scope)).now).toBe(LAST);
    await mock.tasks.create({ ...HERE, task_type: 'import_api', plan: { mode: 'immediate' } });
    await expectRestorable(mock);
    // From there it is set back as ever.
    await mock.clock.set({ ...scope, mode: 'manual', now: LAST_BUT_ONE });
    expect((await mock.clock.get(scope)).now).toBe(LAST_BUT_ONE);
  });

  it.each([{}, HERE])('no two advances at once pass it together: %j', async (scope) => {
    await using mock = await stillMock();
    await mock.clock.set({ ...scope, mode: 'manual', now: '9999-12-31T23:59:59.000Z' });
    const both = await Promise.all([
      rejection(mock.clock.advance(600, scope)),
      rejection(mock.clock.advance(600, scope)),
    ]);
    expect(both.map(({ status, why }) => [status, why])).toEqual([
      [0, expect.any(String)],
      [400, 'ms takes the clock beyond the year 9999'],
    ]);
    expect((await mock.clock.get(scope)).now).toBe('9999-12-31T23:59:59.600Z');
  });

  it.each(['manual', 'system'] as const)(
    'a task due later ends then, on a clock that is %s',
    async (mode) => {
      await using mock = await stillMock();
      await mock.clock.set({ mode, now: LAST_BUT_ONE });
      const { task_id } = await mock.tasks.create({
        ...HERE,
        task_type: 'import_api',
        plan: { mode: 'time', waiting_ms: 86_400_000, processing_ms: 86_400_000 },
      });
      if (mode === 'manual') {
        expect((await mock.overview({ cards: 1 })).cards.waiting[0]?.due_at).toBe(LAST);
        await mock.clock.advance(1);
      }
      await mock.tasks.wait(task_id, { timeout_ms: 5000 });
      expect(await mock.tasks.get(task_id)).toMatchObject({ started_at: LAST, ended_at: LAST });
      await expectRestorable(mock);
    },
  );

  it('a delay ends then, and no request hangs', async () => {
    await using mock = await stillMock();
    await mock.faults.add({ action: { type: 'delay', ms: 60_000 } });
    await mock.clock.set({ mode: 'system', now: LAST_BUT_ONE });
    await fewMs();
    expect((await callsOf(mock.url).poll('t')).status).toBe(404);
  });

  it('the clock cannot be set beyond it, by either form', async () => {
    await using mock = await stillMock();
    for (const now of ['9999-12-31T23:59:59.999-00:01', '0000-01-01T00:00:00+00:01']) {
      expect((await rejection(mock.clock.set({ mode: 'manual', now }))).status).toBe(400);
      const put = await call(`${mock.url}/__admin/clock`, {
        method: 'PUT',
        json: { mode: 'manual', now },
        token: null,
      });
      expect(put.status).toBe(400);
    }
    await mock.clock.set({ mode: 'manual', now: '0000-01-01T00:00:00Z' });
    await expectRestorable(mock);
  });
});
