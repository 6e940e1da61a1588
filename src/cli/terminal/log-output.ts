/**
 * Where the log goes: standard output, in batches, so that a poll never waits for the terminal. A log that cannot
 * be written (a full disk, a reader that has gone) costs its lines and nothing else.
 */
import pino from 'pino';

/** What is held back at most while it cannot be written; later lines are lost. */
const MAX_PENDING_BYTES = 32 * 1024 * 1024;

/** Opens it; `end` writes what is left and gives up what cannot be written. */
export function openLog() {
  const destination = pino.destination({
    ...{ fd: 1, sync: false, minLength: 16_000, periodicFlush: 100 },
    maxLength: MAX_PENDING_BYTES,
  });
  const flushSync = destination.flushSync.bind(destination);
  let broken = false;
  // Unheard, the first failure would end the process, whose last act is to try again without end.
  destination.on('error', (cause: NodeJS.ErrnoException) => {
    destination.flushSync = () => {};
    if (!broken && cause.code !== 'EPIPE') complain(cause);
    broken = true;
  });
  destination.on('write', () => {
    destination.flushSync = flushSync;
    broken = false;
  });
  const end = (): Promise<void> =>
    new Promise((done) => {
      const giveUp = (): void => {
        destination.destroy();
        done();
      };
      // A destination that failed emits nothing any more, neither `error` nor `close`.
      if (broken) return giveUp();
      destination.once('close', done);
      destination.once('error', giveUp);
      destination.end();
    });
  return { destination, end };
}

/** Reports it on stderr, where it may still be read; that nobody reads it is no error. */
function complain({ code, message }: NodeJS.ErrnoException): void {
  process.stderr.on('error', () => {});
  process.stderr.write(
    `apig-mock: the log cannot be written (${code ?? message}); lines are lost until it can be\n`,
  );
}
