/** What is scheduled, by due time, then in order of scheduling: O(log n) each, cancelled entries cost nothing more. */
import TinyQueue from 'tinyqueue';

/** What a scheduled call gets: its subject and the time it was due at (ms since the epoch). */
export type DueAction<T> = (subject: T, atMs: number) => void | Promise<void>;

/** A scheduled call; cancelling twice, or after it fired, does nothing. */
export interface Scheduled {
  readonly atMs: number;
  cancel(): void;
}

/** Fewer cancelled entries than this are left where they are. */
const COMPACT_AT = 1024;

class Entry implements Scheduled {
  readonly atMs: number;
  readonly order: number;
  readonly #queue: DueQueue;
  #action: DueAction<never> | undefined;
  readonly #subject: unknown;

  constructor(
    queue: DueQueue,
    at: { atMs: number; order: number },
    action: DueAction<never>,
    subject: unknown,
  ) {
    this.#queue = queue;
    this.atMs = at.atMs;
    this.order = at.order;
    this.#action = action;
    this.#subject = subject;
  }

  get live(): boolean {
    return this.#action !== undefined;
  }

  fire(): void | Promise<void> {
    const action = this.#action;
    this.#action = undefined;
    return action?.(this.#subject as never, this.atMs);
  }

  cancel(): void {
    if (this.#action === undefined) return;
    this.#action = undefined;
    this.#queue.noteCancelled();
  }
}

const byDueTime = (a: Entry, b: Entry): number => a.atMs - b.atMs || a.order - b.order;

export class DueQueue {
  #entries = new TinyQueue<Entry>([], byDueTime);
  #order = 0;
  #cancelled = 0;

  /** How many calls are scheduled. */
  get size(): number {
    return this.#entries.length - this.#cancelled;
  }

  /** When the first call is due, if there is one. */
  get firstAtMs(): number | undefined {
    this.#dropCancelled();
    return this.#entries.peek()?.atMs;
  }

  add<T>(atMs: number, action: DueAction<T>, subject: T): Scheduled {
    this.#order += 1;
    const entry = new Entry(this, { atMs, order: this.#order }, action as DueAction<never>, subject);
    this.#entries.push(entry);
    return entry;
  }

  /** Takes out the first call that is due by `untilMs`. */
  takeDue(untilMs: number): { readonly atMs: number; fire(): void | Promise<void> } | undefined {
    this.#dropCancelled();
    const first = this.#entries.peek();
    return first !== undefined && first.atMs <= untilMs ? this.#entries.pop() : undefined;
  }

  clear(): void {
    this.#entries = new TinyQueue<Entry>([], byDueTime);
    this.#cancelled = 0;
  }

  /** An entry was cancelled: when most are, what is left is moved into a new queue. */
  noteCancelled(): void {
    this.#cancelled += 1;
    if (this.#cancelled < COMPACT_AT || this.#cancelled * 2 < this.#entries.length) return;
    this.#entries = new TinyQueue(
      this.#entries.data.filter((entry) => entry.live),
      byDueTime,
    );
    this.#cancelled = 0;
  }

  #dropCancelled(): void {
    for (let first = this.#entries.peek(); first !== undefined && !first.live; first = this.#entries.peek()) {
      this.#entries.pop();
      this.#cancelled -= 1;
    }
  }
}
