/**
 * Time: the only file that reads the system's clock or sets a timer. A clock runs with the system's or stands
 * still until it is moved; whatever is scheduled on it fires in order of due time, then of scheduling.
 */
import { type Due, type DueAction, DueQueue, type Handover, type Scheduled } from './due-queue.ts';
import { Emitter } from './emitter.ts';
import type { Scope } from './scope.ts';
import { MAX_TIME_MS, TimeLine } from './time-line.ts';

export type { Handover, Scheduled } from './due-queue.ts';

export type ClockMode = 'system' | 'manual';

/** Longest delay that setTimeout keeps; later dues are reached in steps. */
const MAX_TIMEOUT_MS = 0x7fff_ffff;
/** How long due calls may run in one go before other work gets its turn. */
export const SLICE_MS = 4;

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
  /** It was moved, frozen, resumed or started anew: its time is no longer what passed time made of it. */
  readonly changed = new Emitter<void>();
  #mode: ClockMode;
  /** system mode: the time it shows. */
  readonly #line = new TimeLine();
  /** manual mode, and amid a move: where the clock stands. */
  #standsAtMs: number;
  readonly #queue = new DueQueue();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timerAtMs = Number.POSITIVE_INFINITY;
  #moves: Promise<void> = Promise.resolve();
  /** How often the clock was started anew: a move that began before goes no further. */
  #life = 0;
  #moving = false;
  /** Moves asked for that have not ended. */
  #pendingMoves = 0;
  /** How far it was moved by restores, which credentials do not follow. */
  #restoredByMs = 0;
  #stopped = false;

  constructor(mode: ClockMode = 'system', startMs?: number, credentialsMs?: number) {
    // One look at the system's time: two would put a new clock off by what lies between them.
    const systemMs = Date.now();
    this.#mode = mode;
    this.#standsAtMs = startMs ?? systemMs;
    this.#restoredByMs = this.#standsAtMs - (credentialsMs ?? this.#standsAtMs);
    if (mode === 'system') this.#line.set(this.#standsAtMs, systemMs);
  }

  get mode(): ClockMode {
    return this.#mode;
  }

  /** The present time of this clock, in whole ms since the epoch; amid a move, when what fires now was due. */
  now(): number {
    return this.#at(Date.now());
  }

  /** How far a running clock is ahead of the system's; negative = behind. */
  get offsetMs(): number {
    const systemMs = Date.now();
    return this.#at(systemMs) - systemMs;
  }

  /** The time for credentials: every move of this clock moves it, a restore does not. */
  credentialsNow(): number {
    return this.now() - this.#restoredByMs;
  }

  /** Whether it is being moved, or is about to be: what stands still now may yet come to pass. */
  get isMoving(): boolean {
    return this.#pendingMoves > 0;
  }

  /** How many calls are scheduled. */
  get scheduledCount(): number {
    return this.#queue.size;
  }

  /**
   * Calls `action(subject, atMs)` when the clock reaches the time; a time already past fires at the next turn. What
   * belongs to a scope goes with it when it gets another clock.
   */
  schedule<T>(due: number | Due, action: DueAction<T>, subject: T): Scheduled {
    const { atMs, ...whose }: Due = typeof due === 'number' ? { atMs: due } : due;
    const scheduled = this.#queue.add({ ...whose, atMs: Math.min(atMs, MAX_TIME_MS) }, action, subject);
    if (scheduled.atMs < this.#timerAtMs) this.#arm();
    return scheduled;
  }

  /** Gives the work of some scopes to another clock. */
  handOver(to: Clock, handover: Handover): void {
    this.#queue.handOver(to.#queue, handover);
    to.#arm();
  }

  /**
   * Resolves when the clock of this scope has moved on by `delayMs`; true when it did, false when `signal` or `wake`
   * ended it before, or the clock was stopped, so that nobody waits for a time that does not come.
   */
  sleep(delayMs: number, signal?: AbortSignal, scope?: Scope): Promise<boolean> {
    // No time is over at once, even on a clock that stands still.
    if (delayMs <= 0) return yieldToOthers().then(() => true);
    return new Promise((resolve) => {
      const end = (slept: boolean): void => {
        signal?.removeEventListener('abort', wake);
        resolve(slept);
      };
      const wake = (): void => {
        scheduled.cancel();
        end(false);
      };
      const onDue = (): Promise<void> => {
        end(true);
        return yieldToOthers();
      };
      const atMs = this.now() + delayMs;
      const scheduled = this.schedule({ atMs, scope, onLost: () => end(false) }, onDue, undefined);
      signal?.addEventListener('abort', wake, { once: true });
      if (this.#stopped || signal?.aborted) wake();
    });
  }

  /** Ends the sleeps of some scopes. */
  wake(holds: Handover['holds']): void {
    this.#queue.lose(holds);
  }

  /** Stands still from now on. */
  freeze(): void {
    if (this.#mode === 'manual') return;
    this.#standsAtMs = this.now();
    this.#mode = 'manual';
    this.#disarm();
    this.changed.emit();
  }

  /** Runs with the system's clock again, on from where it stands. */
  resume(): void {
    if (this.#mode === 'system') return;
    this.#line.set(this.#standsAtMs, Date.now());
    this.#mode = 'system';
    this.#arm();
    this.changed.emit();
  }

  /**
   * As new, at the system's time or another, running or standing still; credentials go by the same time, unless
   * theirs is given. What is scheduled is due as soon as it was.
   */
  restart(mode: ClockMode, toMs?: number, credentialsMs?: number): void {
    const systemMs = Date.now();
    const startMs = toMs ?? systemMs;
    this.#queue.handOver(this.#queue, { holds: () => true, byMs: startMs - this.now() });
    this.#restoredByMs = startMs - (credentialsMs ?? startMs);
    this.#life += 1;
    this.#moves = Promise.resolve();
    this.#pendingMoves = 0;
    this.#moving = false;
    this.#disarm();
    this.#mode = mode;
    this.#line.set(startMs, systemMs);
    this.#standsAtMs = startMs;
    this.#arm();
    this.changed.emit();
  }

  /**
   * Moves by `ms` (not negative); resolves once everything that fell due has fired, in order: to false when that is
   * beyond the end of time, and then nothing has moved.
   */
  advance(ms: number): Promise<boolean> {
    return this.#inTurn(async () => {
      const toMs = this.now() + ms;
      if (toMs > MAX_TIME_MS) return false;
      await this.#moveTo(toMs);
      return true;
    }, true);
  }

  /** Jumps to a time, back or on; resolves once everything that fell due has fired. */
  set(toMs: number): Promise<void> {
    return this.#inTurn(() => this.#jumpTo(toMs), undefined);
  }

  /** Freezes or resumes, then jumps to a time if one is given: after the moves asked for before, not amid one. */
  turn(mode: ClockMode, toMs?: number): Promise<void> {
    return this.#inTurn(async () => {
      if (mode === 'manual') this.freeze();
      else this.resume();
      if (toMs !== undefined) await this.#jumpTo(toMs);
    }, undefined);
  }

  /** Fires nothing any more. */
  stop(): void {
    this.#stopped = true;
    this.#life += 1;
    this.#pendingMoves = 0;
    this.wake(() => true);
    this.#disarm();
    this.#queue.clear();
  }

  #at(systemMs: number): number {
    const runs = this.#mode === 'system' && !this.#moving;
    return Math.min(runs ? this.#line.at(systemMs, performance.now()) : this.#standsAtMs, MAX_TIME_MS);
  }

  /**
   * Moves are made one after the other, so that two callers never interleave what fires. One that was asked for before
   * the clock was started anew is not made: it comes to `unmade`.
   */
  #inTurn<T>(move: () => Promise<T>, unmade: T): Promise<T> {
    const life = this.#life;
    this.#pendingMoves += 1;
    const moved = this.#moves
      .then(() => (life === this.#life ? move() : unmade))
      .finally(() => {
        if (life === this.#life) this.#pendingMoves -= 1;
      });
    this.#moves = moved.then(
      () => {},
      () => {},
    );
    return moved;
  }

  /** A time given by the caller applies to credentials, too. */
  #jumpTo(toMs: number): Promise<void> {
    this.#restoredByMs = 0;
    return this.#moveTo(Math.min(toMs, MAX_TIME_MS));
  }

  async #moveTo(toMs: number): Promise<void> {
    const life = this.#life;
    this.#standsAtMs = Math.min(this.now(), toMs);
    this.#disarm();
    this.#moving = true;
    try {
      await this.#fireUntil(toMs, life);
    } finally {
      if (life === this.#life) {
        this.#moving = false;
        this.#standsAtMs = toMs;
        this.#line.set(toMs, Date.now());
        this.#arm();
        this.changed.emit();
      }
    }
  }

  /** Fires what is due by `untilMs`, in order; each call sees the very time it was due at. */
  async #fireUntil(untilMs: number, life: number): Promise<void> {
    let sliceStart = performance.now();
    for (
      let entry = this.#queue.takeDue(untilMs);
      entry !== undefined;
      entry = this.#life === life ? this.#queue.takeDue(untilMs) : undefined
    ) {
      if (entry.atMs > this.#standsAtMs) {
        this.#standsAtMs = entry.atMs;
        this.changed.emit();
      }
      const pending = entry.fire();
      if (pending !== undefined) await pending;
      if (performance.now() - sliceStart > SLICE_MS) {
        await yieldToOthers();
        sliceStart = performance.now();
      }
    }
  }

  /** While a move fires what is due, in order, no timer does so beside it. */
  #arm(): void {
    if (this.#mode !== 'system' || this.#stopped || this.#moving) return;
    const firstAtMs = this.#queue.firstAtMs;
    if (firstAtMs === undefined) return;
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#timerAtMs = firstAtMs;
    const delayMs = Math.min(Math.max(firstAtMs - this.now(), 0), MAX_TIMEOUT_MS);
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
      const entry = this.#queue.takeDue(nowMs);
      if (entry === undefined) break;
      void entry.fire();
    }
    this.#arm();
  };
}
