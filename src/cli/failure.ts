/** How a client command ends badly: one line that says what happened, why, and what to do. */

/** Shown without a stack; exit code 1. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
}
