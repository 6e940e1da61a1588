/** What the mock needs of a log: pino has this form; without one, nothing is written. */

export interface Log {
  isLevelEnabled(level: string): boolean;
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** Writes a line that is JSON already; a log without it is given fields instead. */
  writeLine?(line: string): void;
}

const nothing = (): void => {};

/** A log that is off. */
export const silentLog: Log = {
  isLevelEnabled: () => false,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
};

/** A log whose lines may be lost, whatever throws: no response and no task depends on it. */
export function forgivingLog(log: Log): Log {
  const forgive =
    <Given extends unknown[]>(write: (...given: Given) => void) =>
    (...given: Given): void => {
      try {
        write(...given);
      } catch {
        // There is nowhere left to report it.
      }
    };
  return {
    isLevelEnabled: (level) => log.isLevelEnabled(level),
    debug: forgive((fields: object, message: string) => log.debug(fields, message)),
    info: forgive((fields: object, message: string) => log.info(fields, message)),
    warn: forgive((fields: object, message: string) => log.warn(fields, message)),
    error: forgive((fields: object, message: string) => log.error(fields, message)),
    ...(log.writeLine === undefined ? {} : { writeLine: forgive((line: string) => log.writeLine?.(line)) }),
  };
}
