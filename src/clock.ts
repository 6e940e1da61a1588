/**
 * Time: the only file that reads the system's clock or sets a timer. A clock runs with the system's or stands
 * still until it is told to move; whatever is scheduled on it fires in order of due time, then of scheduling.
 */
import TinyQueue from 'tinyqueue';

export type ClockMode = 'system' | 'manual';

/** What a scheduled call gets: its subject and the time it was due at (ms since the epoch). */
export type DueAction<T> = (subject: T, atMs: number) => void | Promise<void>;

/** A scheduled call; cancelling twice, or after it fired, does nothing. */
export interface Scheduled {
  readonly atMs: number;
  cancel(): void;
}

/** Longest delay that setTimeout keeps; later dues are reached in steps. */
const MAX_TIMEOUT_MS = 0x7fff_ffff;
/** How long due calls may run in one go before other work gets its turn. */
const SLICE_MS = 8;
const COMPACT_AT = 1024;

class Entry implements Scheduled {
  readonly atMs: number;
  readonly order: number;
  readonly #clock: Clock;
  #action: DueAction<never> | undefined;
  readonly #subject: unknown;

  constructor(clock: Clock, atMs: number, order: number, action: DueAction<never>, subject: unknown) {
    this.#clock = clock;
    this.atMs = atMs;
    this.order = order;
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
    this.#clock.forget();
  }
}

const byDueTime = (a: Entry, b: Entry): number => a.atMs - b.atMs || a.order - b.order;

/** Milliseconds that only ever grow, for durations of real work. */
export const monotonicMs = (): number => performance.now();

/** The system's time in ms; for the few places that have no clock of a mock (a command line, a client). */
export const systemNowMs = (): number => Date.now();

/** Waits in real time; for command lines and clients. The mock itself waits on its clock. */
export const sleepSystemMs = (delayMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, delayMs));

/** Lets everything else that is ready run once. */
export const yieldToOthers = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Calls `action` again and again in real time until stopped; for keep-alives and display. */
export function everySystemMs(periodMs: number, action: () => void): { stop(): void } {
  const timer = setInterval(action, periodMs);
  return { stop: () => clearInterval(timer) };
}

/** Calls `action` once after a real delay unless stopped; for time-outs of real connections. */
export function afterSystemMs(delayMs: number, action: () => void): { stop(): void } {
  const timer = setTimeout(action, Math.min(delayMs, MAX_TIMEOUT_MS));
  return { stop: () => clearTimeout(timer) };
}

/** One time line: a mock's, or that of a scope which has its own. */
export class Clock {
  #mode: ClockMode;
  /** system mode: what is added to the system's time. */
  #offsetMs = 0;
  /** manual mode: where the clock stands. */
  #standsAtMs: number;
  #queue = new TinyQueue<Entry>([], byDueTime);
  #order = 0;
  #cancelled = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timerAtMs = Number.POSITIVE_INFINITY;
  #moves: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(mode: ClockMode = 'system', startMs: number = Date.now()) {
    this.#mode = mode;
    this.#standsAtMs = startMs;
    if (mode === 'system') this.#offsetMs = startMs - Date.now();
  }

  get mode(): ClockMode {
    return this.#mode;
  }

  /** The present time of this clock, in whole ms since the epoch. */
  now(): number {
    return this.#mode === 'system' ? Date.now() + this.#offsetMs : this.#standsAtMs;
  }

  /** How many calls are scheduled. */
  get scheduledCount(): number {
    return this.#queue.length - this.#cancelled;
  }

  /** Calls `action(subject, atMs)` when this clock reaches `atMs`; a time already past fires at the next turn. */
  schedule<T>(atMs: number, action: DueAction<T>, subject: T): Scheduled {
    this.#order += 1;
    const entry = new Entry(this, atMs, this.#order, action as DueAction<never>, subject);
    this.#queue.push(entry);
    if (atMs < this.#timerAtMs) this.#arm();
    return entry;
  }

  /** Resolves when this clock has moved on by `delayMs`; true when it did, false when `signal` ended it before. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const onAbort = (): void => {
        scheduled.cancel();
        resolve(false);
      };
      const scheduled = this.schedule(
        this.now() + delayMs,
        () => {
          signal?.removeEventListener('abort', onAbort);
          resolve(true);
          return yieldToOthers();
        },
        undefined,
      );
      if (signal?.aborted) onAbort();
      else signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** Stands still from now on. */
  freeze(): void {
    if (this.#mode === 'manual') return;
    this.#standsAtMs = this.now();
    this.#mode = 'manual';
    this.#disarm();
  }

  /** Runs with the system's clock again, on from where it stands. */
  resume(): void {
    if (this.#mode === 'system') return;
    this.#offsetMs = this.#standsAtMs - Date.now();
    this.#mode = 'system';
    this.#arm();
  }

  /** Moves by `ms` (not negative); resolves once everything that fell due has fired, in order. */
  advance(ms: number): Promise<void> {
    return this.#move(() => this.now() + ms);
  }

  /** Jumps to a time, back or on; resolves once everything that fell due has fired. */
  set(toMs: number): Promise<void> {
    return this.#move(() => toMs);
  }

  /** Fires nothing any more. */
  stop(): void {
    this.#stopped = true;
    this.#disarm();
    this.#queue = new TinyQueue<Entry>([], byDueTime);
    this.#cancelled = 0;
  }

  /** An entry was cancelled: when most of the queue is, what is left is moved into a new one. */
  forget(): void {
    this.#cancelled += 1;
    if (this.#cancelled < COMPACT_AT || this.#cancelled * 2 < this.#queue.length) return;
    this.#queue = new TinyQueue(
      this.#queue.data.filter((entry) => entry.live),
      byDueTime,
    );
    this.#cancelled = 0;
  }

  /** Moves are made one after the other, so that two callers never interleave what fires. */
  #move(target: () => number): Promise<void> {
    const moved = this.#moves.then(() => this.#moveTo(target()));
    this.#moves = moved.catch(() => undefined);
    return moved;
  }

  async #moveTo(toMs: number): Promise<void> {
    if (this.#mode === 'system') {
      this.#offsetMs = toMs - Date.now();
      this.#disarm();
      await this.#fireUntil(toMs, false);
      this.#arm();
      return;
    }
    if (toMs < this.#standsAtMs) this.#standsAtMs = toMs;
    await this.#fireUntil(toMs, true);
    this.#standsAtMs = toMs;
  }

  /** Fires what is due by `untilMs`, in order; a manual clock shows each call the very time it was due at. */
  async #fireUntil(untilMs: number, moveAlong: boolean): Promise<void> {
    let sliceStart = performance.now();
    for (let entry = this.#takeDue(untilMs); entry !== undefined; entry = this.#takeDue(untilMs)) {
      if (moveAlong && entry.atMs > this.#standsAtMs) this.#standsAtMs = entry.atMs;
      const pending = entry.fire();
      if (pending !== undefined) await pending;
      if (performance.now() - sliceStart > SLICE_MS) {
        await yieldToOthers();
        sliceStart = performance.now();
      }
    }
  }

  #takeDue(untilMs: number): Entry | undefined {
    for (;;) {
      const first = this.#queue.peek();
      if (first === undefined) return undefined;
      if (!first.live) {
        this.#queue.pop();
        this.#cancelled -= 1;
      } else if (first.atMs <= untilMs) {
        return this.#queue.pop();
      } else {
        return undefined;
      }
    }
  }

  #arm(): void {
    if (this.#mode !== 'system' || this.#stopped) return;
    const first = this.#queue.peek();
    if (first === undefined) return;
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#timerAtMs = first.atMs;
    const delayMs = Math.min(Math.max(first.atMs - this.now(), 0), MAX_TIMEOUT_MS);
    this.#timer = setTimeout(this.#onTimer, delayMs);
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#timerAtMs = Number.POSITIVE_INFINITY;
  }

  /** In system mode a slow call holds up no other: it is started in its turn and not waited for. */
  readonly #onTimer = (): void => {
    this.#disarm();
    const sliceStart = performance.now();
    const nowMs = this.now();
    while (performance.now() - sliceStart <= SLICE_MS) {
      const entry = this.#takeDue(nowMs);
      if (entry === undefined) break;
      void entry.fire();
    }
    this.#arm();
  };
}
