/** The tasks in memory: who sees which, what is evicted when space is needed, and that neither costs more with many. */
import { describe, expect, it } from 'vitest';
import { TaskStore } from '../../src/tasks/store.ts';
import type { Task } from '../../src/tasks/task.ts';
import { HERE, workshop } from './workshop.ts';

const MANUAL = { mode: 'manual' } as const;
const OTHER = { projectId: 'p2', instanceId: 'i1' };

/** What the store looks at of a task. */
const taskIn = (store: TaskStore, { projectId, instanceId }: typeof HERE, id: string): Task =>
  ({ id, scope: store.scope(projectId, instanceId), status: 'succeed' }) as Task;
const put = (store: TaskStore, where: typeof HERE, id: string): Task => {
  store.makeSpace();
  const task = taskIn(store, where, id);
  store.add(task);
  store.noteEnded(task);
  return task;
};

describe('a task', () => {
  it('is seen in its own scope only', async () => {
    const { store, create } = workshop();
    const task = await create('a', MANUAL);
    expect(store.find('p1', 'i1', 'a')).toBe(task);
    for (const [project, instance] of [
      ['p2', 'i1'],
      ['p1', 'i2'],
      ['p1/i1', ''],
      ['', 'p1/i1'],
    ] as const)
      expect(store.find(project, instance, 'a')).toBeUndefined();
  });

  it('without a scope is seen in every one, unless a scope has its own under that id', async () => {
    const { store, create } = workshop();
    const shared = await create('a', MANUAL, { scope: undefined });
    expect(store.find('any', 'where', 'a')).toBe(shared);
    const own = await create('a', MANUAL);
    expect(store.find('p1', 'i1', 'a')).toBe(own);
    expect(store.find('p2', 'i1', 'a')).toBe(shared);
    expect(store.count).toBe(1);
  });

  it('is found elsewhere, for the reason of a rejection', async () => {
    const { store, create } = workshop();
    await create('a', MANUAL);
    expect(store.findElsewhere('a')).toMatchObject(HERE);
    expect(store.findElsewhere('b')).toBeUndefined();
  });

  it.each(['__proto__', 'constructor', 'toString'])('named %s is a task like any other', async (id) => {
    const { store, create } = workshop();
    expect(store.find('p1', 'i1', id)).toBeUndefined();
    expect(store.find('p1', 'i1', id)).toBeUndefined();
    const task = await create(id, MANUAL, { scope: { projectId: '__proto__', instanceId: 'constructor' } });
    expect(store.find('__proto__', 'constructor', id)).toBe(task);
  });
});

describe('a read of an unknown scope', () => {
  it('leaves nothing behind', () => {
    const { store } = workshop();
    for (let at = 0; at < 100; at += 1) store.find(`p${at}`, 'i', 't');
    expect([...store.list()]).toEqual([]);
    expect(store.scopes()).toEqual([]);
  });
});

describe('a list', () => {
  it('goes by filter, shared ones first, then in order of creation', async () => {
    const { store, create } = workshop();
    await create('b', MANUAL);
    await create('a', MANUAL);
    await create('c', MANUAL, { scope: OTHER });
    await create('s', MANUAL, { scope: undefined });
    const ids = (filter = {}) => [...store.list(filter)].map(({ id }) => id);
    expect(ids()).toEqual(['s', 'b', 'a', 'c']);
    expect(ids(HERE)).toEqual(['s', 'b', 'a']);
    expect(ids({ projectId: 'p2' })).toEqual(['s', 'c']);
    expect(ids({ instanceId: 'i1' })).toEqual(['s', 'b', 'a', 'c']);
    expect(ids({ projectId: 'p9' })).toEqual(['s']);
  });
});

describe('the bound', () => {
  it('evicts the oldest finished task first, not the oldest', async () => {
    const { store, create, worker } = workshop({ maxTasks: 3 });
    const [a, b] = [await create('a', MANUAL), await create('b', MANUAL)];
    await create('c', MANUAL);
    for (const task of [b, a]) {
      await worker.step(task);
      await worker.step(task);
    }
    await create('d', MANUAL);
    expect([...store.list()].map(({ id }) => id)).toEqual(['a', 'c', 'd']);
    await create('e', MANUAL);
    expect([...store.list()].map(({ id }) => id)).toEqual(['c', 'd', 'e']);
    expect(store.count).toBe(3);
  });

  it('rejects one more when all are unfinished, and takes it when one has ended', async () => {
    const { store, create, worker } = workshop({ maxTasks: 2 });
    const a = await create('a', MANUAL);
    await create('b', MANUAL);
    for (const id of ['c', 'd']) {
      await expect(create(id, MANUAL)).rejects.toMatchObject({
        statusCode: 403,
        code: 'APIG.3100',
        reason: expect.stringContaining('--max-tasks'),
      });
    }
    expect([...store.list()].map(({ id }) => id)).toEqual(['a', 'b']);
    await worker.step(a);
    await worker.step(a);
    await create('e', MANUAL);
    expect([...store.list()].map(({ id }) => id)).toEqual(['b', 'e']);
  });

  it('does not count, and never drops, what every scope sees', async () => {
    const { store, create } = workshop({ maxTasks: 1 });
    for (const id of ['s', 't']) await create(id, MANUAL, { scope: undefined, status: 'succeed' });
    await create('a', { mode: 'immediate' });
    await create('b', { mode: 'immediate' });
    expect([...store.list()].map(({ id }) => id)).toEqual(['s', 't', 'b']);
  });

  it('holds across scopes, and a scope emptied by it works again', async () => {
    const { store, create } = workshop({ maxTasks: 1 });
    await create('a', { mode: 'immediate' });
    await create('b', { mode: 'immediate' }, { scope: OTHER });
    expect(store.find('p1', 'i1', 'a')).toBeUndefined();
    const again = await create('a', { mode: 'immediate' });
    expect(store.find('p1', 'i1', 'a')).toBe(again);
    expect(store.count).toBe(1);
  });

  it('counts correctly after a part is cleared', async () => {
    const { store, create, reset } = workshop({ maxTasks: 2 });
    await create('a', { mode: 'immediate' });
    await create('b', { mode: 'immediate' }, { scope: OTHER });
    reset(HERE);
    expect(store.count).toBe(1);
    await create('c', MANUAL);
    await create('d', MANUAL);
    expect([...store.list()].map(({ id }) => id)).toEqual(['c', 'd']);
  });
});

describe('many tasks', () => {
  it('are added and dropped at the same cost, 200,000 times', () => {
    const store = new TaskStore(10_000);
    const began = performance.now();
    for (let at = 0; at < 200_000; at += 1)
      put(store, { projectId: `p${at % 7}`, instanceId: 'i' }, `t${at}`);
    // Far above what it takes (about 0.2 s), far below what one look through 10,000 tasks per drop would.
    expect(performance.now() - began).toBeLessThan(5000);
    expect(store.count).toBe(10_000);
    expect(store.find(`p${190_000 % 7}`, 'i', 't190000')).toBeDefined();
    expect(store.find(`p${189_999 % 7}`, 'i', 't189999')).toBeUndefined();
  });

  it('are found as fast as few', () => {
    const timed = (count: number): number => {
      const store = new TaskStore(1_000_000);
      for (let at = 0; at < count; at += 1) put(store, HERE, `t${at}`);
      const began = performance.now();
      let found = 0;
      for (let at = 0; at < 200_000; at += 1)
        if (store.find('p1', 'i1', `t${at % 1000}`) !== undefined) found += 1;
      expect(found).toBe(200_000);
      return performance.now() - began;
    };
    const few = Math.min(timed(1000), timed(1000));
    expect(Math.min(timed(200_000), timed(200_000))).toBeLessThan(few * 10 + 50);
  });
});
