/** Time that never goes back: follows the system's, and when that is set back goes on by what has really passed. */

/** The times a clock may show: what RFC 3339 can write. At the last of them time ends: what is due later is due then. */
export const MIN_TIME_MS = Date.parse('0000-01-01T00:00:00.000Z');
export const MAX_TIME_MS = Date.parse('9999-12-31T23:59:59.999Z');

export class TimeLine {
  /** What is added to the system's time. */
  #offsetMs = 0;
  #lastMs = Number.NEGATIVE_INFINITY;
  #lastMonotonicMs = 0;

  /** The time to go by, in whole ms, when the system's clock shows `systemMs`; `monotonicMs` only ever grows. */
  at(systemMs: number, monotonicMs: number): number {
    const shiftedMs = systemMs + this.#offsetMs;
    this.#lastMs = shiftedMs >= this.#lastMs ? shiftedMs : this.#lastMs + monotonicMs - this.#lastMonotonicMs;
    this.#lastMonotonicMs = monotonicMs;
    return Math.floor(this.#lastMs);
  }

  /** Sets the clock to `ms`, ahead or back, when the system's shows `systemMs`. */
  set(ms: number, systemMs: number): void {
    this.#offsetMs = ms - systemMs;
    this.#lastMs = Number.NEGATIVE_INFINITY;
  }
}
