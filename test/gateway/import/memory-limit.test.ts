/** How much the files of imports that have not ended may hold. */
import { expect, it } from 'vitest';
import { heapLimit, limitOf } from '../../../src/gateway/import/heap-watch.ts';
import { MemoryLimit } from '../../../src/gateway/import/memory-limit.ts';
import type { ImportInput } from '../../../src/tasks/input.ts';
import type { Task } from '../../../src/tasks/task.ts';

const file = (chars: number): ImportInput =>
  ({ content: 'x'.repeat(chars), encoding: 'utf8' }) as unknown as ImportInput;

/** A limit of 100 characters, with tasks that may end. */
function limitedMemory(fullness = 0) {
  const held: Task[] = [];
  const memoryLimit = new MemoryLimit(() => fullness, 100);
  const take = (chars: number): void => {
    const input = file(chars);
    memoryLimit.take(input, () => held);
    held.push({ type: 'import_api', input } as unknown as Task);
  };
  const end = (at: number): void => {
    (held[at] as Task).input = undefined;
  };
  return { take, end };
}

it('takes files up to its limit and rejects what exceeds it', () => {
  const { take } = limitedMemory();
  take(60);
  expect(() => take(41)).toThrow('hold 1 of 0 KiB of files');
  take(40);
  expect(() => take(1)).toThrow('exceeds the maximum allowed limit');
});

it('frees the space of tasks that have ended', () => {
  const { take, end } = limitedMemory();
  take(60);
  take(40);
  end(1);
  take(30);
  take(10);
  expect(() => take(1)).toThrow();
});

it('takes one file alone, whatever its length', () => {
  const { take, end } = limitedMemory();
  take(500);
  expect(() => take(1)).toThrow();
  end(0);
  take(500);
});

it('takes nothing when the heap is full of stored data', () => {
  limitedMemory(0.69).take(1);
  expect(() => limitedMemory(0.7).take(1)).toThrow('the memory of the mock is 70 % full');
});

it.each([
  [20, 96, 48],
  [22, 1048, 1000],
  [24, 240, 48],
  [25, 1192, 1000],
  [26, 144, 48],
  [27, 1192, 1000],
  [26, 100, 12.5],
])('under Node %i a limit of %i MiB leaves %i for stored data', (major, limit, space) => {
  expect(limitOf(limit * 1024 * 1024, major) / 1024 / 1024).toBe(space);
});

it('knows the heap limit of this process', () => {
  const mib = heapLimit() / 1024 / 1024;
  expect(mib).toBeGreaterThan(100);
  // As it is set: a whole number, to the page.
  expect(Math.abs(mib - Math.round(mib))).toBeLessThan(0.01);
});
