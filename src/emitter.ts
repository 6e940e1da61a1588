/** Events inside the mock: plain calls to whoever listens, in order of listening. */

export class Emitter<E> {
  readonly #listeners = new Set<(event: E) => void>();

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
    for (const listener of this.#listeners) listener(event);
  }
}
