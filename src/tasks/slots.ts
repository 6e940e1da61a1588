/** The worker's slots: how many tasks of one scope are processed at once, and who is next, first in first out. */
import type { Task, TaskScope } from './task.ts';

interface Line {
  busy: number;
  queue: Task[];
  /** Where the queue begins: shifting an array costs its length. */
  head: number;
}

const COMPACT_AT = 64;

export class SlotQueue {
  readonly #slots: number;
  readonly #lines = new Map<TaskScope, Line>();

  constructor(slots: number) {
    this.#slots = slots;
  }

  load(scope: TaskScope): { busy: number; queued: number } {
    const line = this.#lines.get(scope);
    return line === undefined
      ? { busy: 0, queued: 0 }
      : { busy: line.busy, queued: line.queue.length - line.head };
  }

  /** Takes a slot for a task; without a free one it queues the task and returns false. */
  take(scope: TaskScope, task: Task): boolean {
    const line = this.#line(scope);
    if (line.busy < this.#slots) {
      line.busy += 1;
      return true;
    }
    line.queue.push(task);
    return false;
  }

  /** A task that is already being processed (restored or seeded) fills a slot, even one too many. */
  occupy(scope: TaskScope): void {
    this.#line(scope).busy += 1;
  }

  /** Gives a slot back; returns the task that has it now, if one was queued. */
  release(scope: TaskScope): Task | undefined {
    const line = this.#lines.get(scope);
    if (line === undefined) return undefined;
    if (line.busy <= this.#slots) {
      const next = line.queue[line.head];
      if (next !== undefined) {
        this.#drop(line);
        return next;
      }
    }
    line.busy -= 1;
    if (line.busy === 0) this.#lines.delete(scope);
    return undefined;
  }

  forget(scope: TaskScope): void {
    this.#lines.delete(scope);
  }

  clear(): void {
    this.#lines.clear();
  }

  #line(scope: TaskScope): Line {
    let line = this.#lines.get(scope);
    if (line === undefined) {
      line = { busy: 0, queue: [], head: 0 };
      this.#lines.set(scope, line);
    }
    return line;
  }

  #drop(line: Line): void {
    line.head += 1;
    if (line.head < COMPACT_AT || line.head * 2 < line.queue.length) return;
    line.queue = line.queue.slice(line.head);
    line.head = 0;
  }
}
