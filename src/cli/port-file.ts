/**
 * The file that holds the chosen port while the mock is up. It appears whole, and a port of before is gone before
 * anything listens, so that a reader gets the port of a mock that responds, or nothing.
 */
import {
  access,
  constants,
  type FileHandle,
  open,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { dirname } from 'node:path';
import { SettingError } from '../core/errors.ts';
import { writeFault } from '../core/system-error.ts';

export interface PortFile {
  /** Puts the port in. Throws `SettingError`. */
  write(port: number): Promise<void>;
  /** Takes the file away, if the port in it is still the one written. */
  remove(): Promise<void>;
}

/** Removes a file of before. Throws `SettingError` when none can be written there. */
export async function openPortFile(path: string): Promise<PortFile> {
  const orFail = <T>(done: Promise<T>): Promise<T> =>
    done.catch((cause: NodeJS.ErrnoException) => {
      throw new SettingError(`--port-file: cannot write '${path}': ${writeFault(cause)}`);
    });
  const found = await orFail(statOrNothing(path));
  if (found?.isDirectory()) throw new SettingError(`--port-file: cannot write '${path}': it is a folder`);
  if (found !== undefined && !found.isFile()) return pipeOrDevice(path, orFail);
  await orFail(access(dirname(path), constants.W_OK));
  await orFail(rm(path, { force: true }));
  let written = '';
  return {
    async write(port) {
      const fresh = `${path}.${port}.new`;
      written = `${port}\n`;
      await orFail(writeFile(fresh, written).then(() => rename(fresh, path)));
    },
    async remove() {
      // Another mock may have been started with the same file meanwhile.
      if ((await readFile(path, 'utf8').catch(() => '')) === written) await rm(path, { force: true });
    },
  };
}

const statOrNothing = (path: string) =>
  stat(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw cause;
  });

/** Its owner is another: it is written to and stays. Held open both ways, so that nobody need read it first. */
function pipeOrDevice(path: string, orFail: <T>(done: Promise<T>) => Promise<T>): PortFile {
  let handle: FileHandle | undefined;
  return {
    async write(port) {
      handle = await orFail(open(path, 'r+'));
      await orFail(handle.write(`${port}\n`));
    },
    async remove() {
      await handle?.close();
    },
  };
}
