/** Events inside the mock: plain calls of the listeners, in order of subscription; one that throws affects no other. */

export class Emitter<E> {
  readonly #listeners = new Set<(event: E) => void>();
  readonly #onFailed: (cause: unknown) => void;

  /** `onFailed` receives what a listener threw; the emitting code never sees it. */
  constructor(onFailed: (cause: unknown) => void = () => {}) {
    this.#onFailed = onFailed;
  }

  /** Listens until the returned call. */
  on(listener: (event: E) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  get listened(): boolean {
    return this.#listeners.size > 0;
  }

  emit(event: E): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (cause) {
        this.#onFailed(cause);
      }
    }
  }
}
