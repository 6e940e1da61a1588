/** Events inside the mock: plain calls to whoever listens, in order of listening; who throws harms nobody else. */

export class Emitter<E> {
  readonly #listeners = new Set<(event: E) => void>();
  readonly #onFailed: (cause: unknown) => void;

  /** `onFailed` is told what a listener threw; whoever emits never sees it. */
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
