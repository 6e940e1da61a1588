/** A project or an instance with a clock of its own: what goes by it, and what does not. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ApigMock } from '../../src/index.ts';
import { HERE, rejection, START, stillMock } from './scene.ts';

let mock: ApigMock;
beforeEach(async () => {
  mock = await stillMock();
});
afterEach(() => mock.close());

const other = { project_id: 'p2', instance_id: 'i1' } as const;
const plan = { mode: 'time', waiting_ms: 100, processing_ms: 100 } as const;
const create = (place: { project_id: string; instance_id: string } = HERE) =>
  mock.tasks.create({ ...place, task_type: 'import_api', plan });
const status = async (taskId: string) => (await mock.tasks.get(taskId)).task_status;

describe('a clock of its own', () => {
  it('is given to a scope that names it, and leaves all others alone', async () => {
    const [mine, theirs] = [await create(), await create(other)];
    expect(await mock.clock.advance(1000, HERE)).toMatchObject({ own: true, mode: 'manual' });
    expect([await status(mine.task_id), await status(theirs.task_id)]).toEqual(['succeed', 'waiting']);
    expect(await mock.clock.get(other)).toEqual({ mode: 'manual', now: START, own: false });
    expect((await mock.clock.get(HERE)).now).toBe('2026-01-01T00:00:01.000Z');
    await mock.clock.advance(1000);
    expect(await status(theirs.task_id)).toBe('succeed');
  });

  it('takes the pending tasks of its scope with it', async () => {
    const { task_id } = await create();
    await mock.clock.freeze(HERE);
    await mock.clock.advance(1_000_000);
    expect(await status(task_id)).toBe('waiting');
    await mock.clock.advance(100, HERE);
    expect(await status(task_id)).toBe('processing');
    await mock.clock.advance(100, HERE);
    expect(await status(task_id)).toBe('succeed');
  });

  it('stands still while the main one runs, and the other way round', async () => {
    await mock.clock.resume();
    await mock.clock.freeze(HERE);
    const [mine, theirs] = [await create(), await create(other)];
    await mock.tasks.wait(theirs.task_id, { timeout_ms: 5000 });
    expect(await status(mine.task_id)).toBe('waiting');
    await mock.clock.freeze();
    await mock.clock.resume(HERE);
    await mock.tasks.wait(mine.task_id, { timeout_ms: 5000 });
  });

  it('of a project holds for all of its instances but those with their own', async () => {
    await mock.clock.freeze({ project_id: 'p1' });
    await mock.clock.freeze({ project_id: 'p1', instance_id: 'i2' });
    const [first, second] = [await create(), await create({ project_id: 'p1', instance_id: 'i2' })];
    await mock.clock.advance(1000, { project_id: 'p1' });
    expect([await status(first.task_id), await status(second.task_id)]).toEqual(['succeed', 'waiting']);
  });

  it('is gone after a reset of its scope', async () => {
    await mock.clock.advance(5000, HERE);
    await mock.reset(HERE);
    expect(await mock.clock.get(HERE)).toEqual({ mode: 'manual', now: START, own: false });
  });

  it('gives its pending tasks back when its clock alone is reset', async () => {
    await mock.clock.freeze(HERE);
    const { task_id } = await create();
    await mock.reset({ ...HERE, only: ['clock'] });
    await mock.clock.advance(200);
    expect(await status(task_id)).toBe('succeed');
  });

  it.each(['get', 'freeze', 'resume'] as const)(
    'takes no instance without its project (%s)',
    async (name) => {
      const rejected = await rejection(mock.clock[name]({ instance_id: 'i1' }));
      expect([rejected.status, rejected.code]).toEqual([400, 'APIG.2001']);
    },
  );
});
