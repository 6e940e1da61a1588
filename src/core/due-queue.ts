/** What is scheduled, by due time, then in order of scheduling: O(log n) each, cancelled entries cost nothing more. */
import TinyQueue from 'tinyqueue';
import type { Scope } from './scope.ts';

/** What a scheduled call gets: its subject and the time it was due at (ms since the epoch). */
export type DueAction<T> = (subject: T, atMs: number) => void | Promise<void>;

/** A scheduled call; cancelling twice, or after it fired, does nothing. */
export interface Scheduled {
  readonly atMs: number;
  cancel(): void;
}

/** When something is due, whose work it is (`scope` undefined: nobody's alone), and what to do if it never will be. */
export interface Due {
  readonly atMs: number;
  readonly scope?: Scope | undefined;
  readonly onLost?: (() => void) | undefined;
}

/** Work that changes its clock: whose, and how far the new clock is ahead of the one it had. */
export interface Handover {
  readonly holds: (scope: Scope | undefined) => boolean;
  readonly byMs: number;
}

/** Fewer cancelled entries than this are left where they are. */
const COMPACT_AT = 1024;

class Entry implements Scheduled {
  atMs: number;
  order = 0;
  readonly scope: Scope | undefined;
  readonly #onLost: (() => void) | undefined;
  #queue: DueQueue | undefined;
  #action: DueAction<never> | undefined;
  readonly #subject: unknown;

  constructor(due: Due, action: DueAction<never>, subject: unknown) {
    this.atMs = due.atMs;
    this.scope = due.scope;
    this.#onLost = due.onLost;
    this.#action = action;
    this.#subject = subject;
  }

  /** Takes its place in a queue, behind what is due at the same time. */
  join(queue: DueQueue, order: number): void {
    this.#queue = queue;
    this.order = order;
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
    this.#queue?.noteCancelled();
  }

  /** Cancels an entry that somebody waits for, and notifies the waiter. */
  lose(): void {
    if (this.#action === undefined || this.#onLost === undefined) return;
    this.cancel();
    this.#onLost();
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

  add<T>(due: Due, action: DueAction<T>, subject: T): Scheduled {
    const entry = new Entry(due, action as DueAction<never>, subject);
    this.#push(entry);
    return entry;
  }

  /** Takes out the first call that is due by `untilMs`. */
  takeDue(untilMs: number): { readonly atMs: number; fire(): void | Promise<void> } | undefined {
    this.#dropCancelled();
    const first = this.#entries.peek();
    return first !== undefined && first.atMs <= untilMs ? this.#entries.pop() : undefined;
  }

  /** Moves the calls of some scopes to another queue, in their order; in this very queue, to another time. */
  handOver(to: DueQueue, { holds, byMs }: Handover): void {
    const moved = this.#entries.data.filter((entry) => entry.live && holds(entry.scope));
    if (moved.length === 0) return;
    this.#keep((entry) => !holds(entry.scope));
    for (const entry of moved.sort(byDueTime)) {
      entry.atMs += byMs;
      to.#push(entry);
    }
  }

  /** Cancels what somebody waits for in some scopes, and notifies the waiters. */
  lose(holds: Handover['holds']): void {
    for (const entry of [...this.#entries.data]) if (holds(entry.scope)) entry.lose();
  }

  clear(): void {
    this.#keep(() => false);
  }

  /** An entry was cancelled: when most are, what is left is moved into a new queue. */
  noteCancelled(): void {
    this.#cancelled += 1;
    if (this.#cancelled < COMPACT_AT || this.#cancelled * 2 < this.#entries.length) return;
    this.#keep(() => true);
  }

  #push(entry: Entry): void {
    this.#order += 1;
    entry.join(this, this.#order);
    this.#entries.push(entry);
  }

  /** Leaves out the others, and what was cancelled. */
  #keep(stays: (entry: Entry) => boolean): void {
    this.#entries = new TinyQueue(
      this.#entries.data.filter((entry) => entry.live && stays(entry)),
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
