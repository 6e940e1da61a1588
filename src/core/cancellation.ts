/**
 * What has begun and is not over, by scope. Whatever waits, or changes something after it has waited, begins here; a
 * reset, a restore and a stop cancel what was begun before them, and a hang-up cancels what one caller began. Each entry
 * has a signal of its own: one for all would collect a listener per wait.
 */
import { setMaxListeners } from 'node:events';
import { type ApigError, errors } from './errors.ts';
import { inScope, type ScopeFilter } from './scope.ts';

export type CancelCause = 'reset' | 'restore' | 'stop' | 'hang-up';

/** The parts of a reset that cancel what waits on them. */
export type CancelPart = 'tasks' | 'apis' | 'faults';

export interface Begin {
  /** Where it belongs; left out = no scope, so that only a reset of everything cancels it. */
  readonly scope?: ScopeFilter | undefined;
  /** A reset of one of these parts cancels it, and so does a restore; none = neither does. */
  readonly parts?: readonly CancelPart[];
  /** The caller's signal: cancelled with it. */
  readonly outer?: AbortSignal | undefined;
  /** A stop lets it end by itself, as it does with requests that were begun. */
  readonly drains?: boolean;
}

const WHY: Readonly<Record<CancelCause, string>> = {
  reset: 'the scope was reset while this was in progress; nothing was changed',
  restore: 'a snapshot was restored while this was in progress; nothing was changed',
  stop: 'the mock was stopped while this was in progress; nothing was changed',
  'hang-up': 'the caller hung up',
};

/** One thing that has begun. */
export class Cancellable {
  readonly begin: Begin;
  readonly #forget: (entry: Cancellable) => void;
  #cause: CancelCause | undefined;
  #reason: unknown;
  #controller: AbortController | undefined;

  constructor(begin: Begin, forget: (entry: Cancellable) => void) {
    this.begin = begin;
    this.#forget = forget;
    const { outer } = begin;
    if (outer === undefined) return;
    // One caller's signal may end any number of waits: that many listeners are no leak, each goes with its wait.
    setMaxListeners(0, outer);
    if (outer.aborted) this.#onOuter();
    else outer.addEventListener('abort', this.#onOuter, { once: true });
  }

  /** What cancelled it, if anything did. */
  get cause(): CancelCause | undefined {
    return this.#cause;
  }

  /** The cause in words, for the error of a control call. */
  get why(): string {
    return WHY[this.#cause ?? 'reset'];
  }

  /** Aborted when it is cancelled. The reason is the error for the caller, or the one the caller's signal has. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#cause !== undefined) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  throwIfCancelled(): void {
    if (this.#cause !== undefined) throw this.#reason;
  }

  /** The first cause counts; what is over cannot be cancelled. */
  cancel(cause: CancelCause, reason: unknown = cancelled(cause)): void {
    if (this.#cause !== undefined) return;
    this.#cause = cause;
    this.#reason = reason;
    this.end();
    this.#controller?.abort(reason);
  }

  /** It is over. */
  end(): void {
    this.#forget(this);
    this.begin.outer?.removeEventListener('abort', this.#onOuter);
  }

  readonly #onOuter = (): void => {
    const { outer } = this.begin;
    this.cancel('hang-up', outer?.reason);
  };
}

/** The error of a cancelled request, in the provider's shape. */
function cancelled(cause: CancelCause): ApigError {
  return errors.systemError({ reason: WHY[cause] });
}

export class Cancellations {
  readonly #entries = new Set<Cancellable>();
  #stopped = false;

  /** How many have begun and are not over. */
  get size(): number {
    return this.#entries.size;
  }

  /** Begins something; call `end` when it is over. After a stop it is cancelled at once. */
  begin(begin: Begin): Cancellable {
    const entry = new Cancellable(begin, this.#forget);
    if (this.#stopped && begin.drains !== true) entry.cancel('stop');
    if (entry.cause === undefined) this.#entries.add(entry);
    return entry;
  }

  /** Does something that has begun with this call and is over when it settles. */
  async during<T>(begin: Begin, work: (entry: Cancellable) => Promise<T>): Promise<T> {
    const entry = this.begin(begin);
    try {
      return await work(entry);
    } finally {
      entry.end();
    }
  }

  /** Cancels what a reset of these parts of a scope makes void. */
  reset(filter: ScopeFilter, parts: ReadonlySet<string>): void {
    this.#cancelWhere('reset', ({ scope = {}, parts: own = [] }) => {
      return own.some((part) => parts.has(part)) && inScope(scope, filter);
    });
  }

  /** Cancels what a restore makes void: all that belongs to the state. */
  restore(): void {
    this.#cancelWhere('restore', ({ parts = [] }) => parts.length > 0);
  }

  /** Cancels everything that does not end by itself, and whatever begins from now on. */
  stop(): void {
    this.#stopped = true;
    this.#cancelWhere('stop', ({ drains }) => drains !== true);
  }

  #cancelWhere(cause: CancelCause, isMeant: (begin: Begin) => boolean): void {
    for (const entry of [...this.#entries]) if (isMeant(entry.begin)) entry.cancel(cause);
  }

  readonly #forget = (entry: Cancellable): void => void this.#entries.delete(entry);
}
