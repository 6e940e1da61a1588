/** How a client command fails: one line with what happened, why, and what to do. */

/** Shown without a stack; exit code 1. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
}
