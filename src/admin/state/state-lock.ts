/**
 * One process per state file: its process listens on a socket beside it, so that the lock is gone with the
 * process, however it ends, and a second one (in another container on the same volume, too) is rejected.
 */
import { createHash } from 'node:crypto';
import { link, rename, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { platform, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { SettingError } from '../../core/errors.ts';
import { createIdSources } from '../../core/ids.ts';

/** Systems take socket paths up to about a hundred bytes. */
const MAX_SOCKET_PATH = 100;

function lockPathOf(stateFile: string): string {
  const full = resolve(stateFile);
  const name = `apig-mock-${createHash('sha256').update(full).digest('hex').slice(0, 24)}`;
  if (platform() === 'win32') return `\\\\.\\pipe\\${name}`;
  const beside = `${full}.lock`;
  return Buffer.byteLength(beside) <= MAX_SOCKET_PATH ? beside : join(tmpdir(), name);
}

const listenOn = (path: string): Promise<Server | undefined> =>
  new Promise((done, fail) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (cause: NodeJS.ErrnoException) =>
      cause.code === 'EADDRINUSE' ? done(undefined) : fail(cause),
    );
    server.listen(path, () => done(server));
  });

const isListening = (path: string): Promise<boolean> =>
  new Promise((done) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    // Nobody listens, or the file is gone; a socket that may not be used has somebody who listens.
    socket.once('error', ({ code }: NodeJS.ErrnoException) =>
      done(code !== 'ECONNREFUSED' && code !== 'ENOENT'),
    );
  });

/**
 * Takes away a lock that nobody holds. Two processes may find the same one left behind: it is moved aside, which
 * one of them does first, and what the other one moves aside then is put back, since it is held.
 */
async function removeLeftBehind(path: string): Promise<void> {
  if (await isListening(path)) return;
  const aside = `${path}.${createIdSources(undefined).of('').next().slice(0, 8)}`;
  await rename(path, aside).catch(() => {});
  if (await isListening(aside)) await link(aside, path).catch(() => {});
  await rm(aside, { force: true });
}

/**
 * Takes the lock of a state file, given by its real path and by the name that the user gave it; the result gives
 * it back. Throws `SettingError` when another mock has it.
 */
export async function lockStateFile(realPath: string, name: string): Promise<() => Promise<void>> {
  const path = lockPathOf(realPath);
  let server = await listenOn(path);
  if (server === undefined) {
    // Perhaps left by a process that was killed.
    await removeLeftBehind(path);
    server = await listenOn(path);
  }
  if (server === undefined) {
    throw new SettingError(
      `--state-file: '${name}' is in use by another apig-mock; stop it, or name another file`,
    );
  }
  const held = server;
  return () => new Promise((done) => held.close(() => done()));
}
