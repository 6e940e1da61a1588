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
