/** What sequences against the model have found, each as short as it came out: fixed cases that stay fixed. */
import { describe, expect, it } from 'vitest';
import { callsOf, document, HERE, stillMock } from '../admin/scene.ts';

describe('with a seed, no id is handed out that something still has', () => {
  it('after a reset of the tasks alone, which leaves the groups', async () => {
    await using mock = await stillMock({ seed: 'x', progression: 'immediate' });
    const calls = callsOf(mock.url);
    await calls.importFile(document('one'));
    await mock.reset({ only: ['tasks'] });
    await calls.importFile(document('two'));
    // Two groups, and not the second in the place of the first.
    expect(await calls.groups()).toBe(2);
  });

  it('after a reset of the tasks alone, which leaves the faults', async () => {
    await using mock = await stillMock({ seed: 'x' });
    const fault = { action: { type: 'error', status: 500 } } as const;
    const first = await mock.faults.add(fault);
    await mock.reset({ only: ['tasks'] });
    const second = await mock.faults.add(fault);
    expect(second.id).not.toBe(first.id);
    await mock.restore(await mock.snapshot());
  });

  it('after a whole reset, which puts the faults of the settings in force again', async () => {
    const fault = { ...HERE, action: { type: 'error', status: 500 } } as const;
    await using mock = await stillMock({ seed: 'x', faults: [fault] });
    const [before] = await mock.faults.list();
    await mock.reset();
    // As at the start, the first id is that of the fault.
    expect(await mock.faults.list()).toEqual([before]);
    await mock.faults.add(fault);
    const ids = (await mock.faults.list()).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    await mock.restore(await mock.snapshot());
  });
});

describe('two time lines that move at once', () => {
  it('each begin their own tasks at their own time', async () => {
    await using mock = await stillMock({ workers: 1 });
    const [a, b] = [
      { project_id: 'pa', instance_id: 'i1' },
      { project_id: 'pb', instance_id: 'i1' },
    ];
    const time = (waiting_ms: number, processing_ms: number) =>
      ({ mode: 'time', waiting_ms, processing_ms }) as const;
    const create = (place: typeof a, plan: ReturnType<typeof time>) =>
      mock.tasks.create({ ...place, task_type: 'export_api', plan });
    await mock.clock.freeze(a);
    await mock.clock.set({ ...b, mode: 'manual', now: '2030-01-01T00:00:00.000Z' });
    // One worker ends a task, and then a long line of those that take no time: more than one turn's work.
    await create(a, time(0, 1000));
    for (let at = 0; at < 6000; at += 1) await create(a, time(0, 0));
    const line = [];
    for (let at = 0; at < 50; at += 1) line.push(await create(b, time(0, 1000)));
    await Promise.all([mock.clock.advance(1000, a), mock.clock.advance(60_000, b)]);
    for (const [at, { task_id }] of line.entries()) {
      const startedMs = Date.parse('2030-01-01T00:00:00.000Z') + at * 1000;
      expect((await mock.tasks.get(task_id, b)).started_at).toBe(new Date(startedMs).toISOString());
    }
  });
});

describe('a full mock', () => {
  it('drops the task that ended first, restored or not', async () => {
    const time = (processing_ms: number) => ({ mode: 'time', waiting_ms: 0, processing_ms }) as const;
    await using mock = await stillMock({ maxTasks: 2 });
    const create = (task_id: string, processing_ms: number) =>
      mock.tasks.create({ ...HERE, task_id, task_type: 'export_api', plan: time(processing_ms) });
    await create('slow', 2000);
    await create('quick', 500);
    await mock.clock.advance(3000);
    const snapshot = await mock.snapshot();
    for (const full of ['as it came about', 'restored']) {
      if (full === 'restored') await mock.restore(snapshot);
      await create('new', 0);
      const { tasks } = await mock.tasks.list();
      expect([full, ...tasks.map(({ task_id }) => task_id)]).toEqual([full, 'slow', 'new']);
    }
  });
});
