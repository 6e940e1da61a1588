/**
 * Whether there is memory for one more import: tasks are bounded by their number alone, and a few hundred large files
 * that wait, or were imported, would end the process. Without memory only imports are rejected.
 */
import { errors } from '../../core/errors.ts';
import type { ImportInput } from '../../tasks/input.ts';
import type { Task } from '../../tasks/task.ts';
import { heapLimit } from './heap-watch.ts';

/** A file is held as it came and as it was read, which takes a few times as much. */
const SHARE_OF_HEAP = 1 / 8;
/** From here on, what one more import takes may not be there. */
const FULL = 0.7;

const MORE = 'give Node more of it (NODE_OPTIONS=--max-old-space-size=<MiB>)';

const charsOf = (task: Task): number => (task.type === 'import_api' && task.input?.content.length) || 0;

export class MemoryLimit {
  readonly #fullness: () => number;
  readonly #maxChars: number;
  /** An upper bound of what is held: recounted only when it leaves no space. */
  #atMost = 0;

  /** `fullness` of the heap, from 0 to 1. */
  constructor(fullness: () => number = () => 0, maxChars = Math.floor(heapLimit() * SHARE_OF_HEAP)) {
    this.#fullness = fullness;
    this.#maxChars = maxChars;
  }

  /** Throws `APIG.3100` when the heap is full of live objects. */
  check(): void {
    const fullness = this.#fullness();
    if (fullness < FULL) return;
    throw errors.tooManyResources({
      reason: `the memory of the mock is ${Math.round(fullness * 100)} % full: reset what is not needed, or ${MORE}`,
    });
  }

  /** Reserves memory for one more file; `unfinished` are the tasks that hold some. Throws `APIG.3100` without memory. */
  take(input: ImportInput, unfinished: () => Iterable<Task>): void {
    this.check();
    const chars = input.content.length;
    if (this.#atMost + chars > this.#maxChars) {
      this.#atMost = 0;
      for (const task of unfinished()) this.#atMost += charsOf(task);
    }
    // One file alone always fits, whatever its length.
    if (this.#atMost > 0 && this.#atMost + chars > this.#maxChars) throw this.#full();
    this.#atMost += chars;
  }

  #full(): Error {
    const held = `${Math.ceil(this.#atMost / 1024)} of ${Math.floor(this.#maxChars / 1024)} KiB`;
    return errors.tooManyResources({
      reason: `imports that have not ended hold ${held} of files: let some end, reset, or ${MORE}`,
    });
  }
}
