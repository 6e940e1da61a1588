/** Parts that are made when first needed: one promise for everyone who asks. */

/** Makes what a first call asks for; a failure reaches everyone who waits for it, and the next call tries again. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let making: Promise<T> | undefined;
  return () => {
    making ??= make().catch((cause: unknown) => {
      making = undefined;
      throw cause;
    });
    return making;
  };
}
