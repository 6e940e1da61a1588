/** Parts that are made when first needed: one promise for everyone who asks. */

export interface Once<T> {
  (): Promise<T>;
  /** What was made, if it has been: no promise, so that nothing waits for it. */
  readonly made: T | undefined;
  /** Whether anyone has asked. */
  readonly asked: boolean;
}

/** Makes the asking call; a failure is told to everyone who asked, and the next one tries again. */
export function once<T>(make: () => Promise<T>): Once<T> {
  let making: Promise<T> | undefined;
  let made: T | undefined;
  const ask = (): Promise<T> => {
    making ??= make().then(
      (value) => {
        made = value;
        return value;
      },
      (cause: unknown) => {
        making = undefined;
        throw cause;
      },
    );
    return making;
  };
  return Object.defineProperties(ask, {
    made: { get: () => made },
    asked: { get: () => making !== undefined },
  }) as Once<T>;
}
