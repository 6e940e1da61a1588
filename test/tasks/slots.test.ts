/** The slots of a scope: how many are busy, who is queued, and who is next. */
import { describe, expect, it } from 'vitest';
import { SlotQueue } from '../../src/tasks/slots.ts';
import { TaskStore } from '../../src/tasks/store.ts';
import type { Task } from '../../src/tasks/task.ts';

const store = new TaskStore(10);
const scope = (project: string) => store.scope(project, 'i1');
const task = (id: string): Task => ({ id }) as Task;

describe('slots', () => {
  it('are taken until none is free, then the rest are queued', () => {
    const slots = new SlotQueue(2);
    const here = scope('p1');
    expect(['a', 'b', 'c', 'd'].map((id) => slots.take(here, task(id)))).toEqual([true, true, false, false]);
    expect(slots.load(here)).toEqual({ busy: 2, queued: 2 });
    expect(slots.load(scope('p2'))).toEqual({ busy: 0, queued: 0 });
  });

  it('go to the first in the queue when given back', () => {
    const slots = new SlotQueue(1);
    const here = scope('p1');
    for (const id of ['a', 'b', 'c']) slots.take(here, task(id));
    expect(Array.from({ length: 4 }, () => slots.release(here)?.id)).toEqual([
      'b',
      'c',
      undefined,
      undefined,
    ]);
    expect(slots.load(here)).toEqual({ busy: 0, queued: 0 });
    expect(slots.take(here, task('d'))).toBe(true);
  });

  it('keep the order of a long queue', () => {
    const slots = new SlotQueue(1);
    const here = scope('p1');
    for (let at = 0; at <= 1000; at += 1) slots.take(here, task(`${at}`));
    for (let at = 1; at <= 1000; at += 1) {
      expect(slots.release(here)?.id).toBe(`${at}`);
      expect(slots.load(here)).toEqual({ busy: 1, queued: 1000 - at });
    }
  });

  it('may be filled by one too many, who goes before the next begins', () => {
    const slots = new SlotQueue(1);
    const here = scope('p1');
    slots.occupy(here);
    slots.occupy(here);
    expect(slots.take(here, task('a'))).toBe(false);
    expect(slots.release(here)).toBeUndefined();
    expect(slots.release(here)?.id).toBe('a');
  });

  it('are free again once forgotten, those of other scopes not', () => {
    const slots = new SlotQueue(1);
    for (const project of ['p1', 'p2']) slots.take(scope(project), task('a'));
    slots.forget(scope('p1'));
    expect(slots.load(scope('p1'))).toEqual({ busy: 0, queued: 0 });
    expect(slots.load(scope('p2'))).toEqual({ busy: 1, queued: 0 });
    expect(slots.release(scope('p1'))).toBeUndefined();
    slots.clear();
    expect(slots.load(scope('p2'))).toEqual({ busy: 0, queued: 0 });
  });
});
