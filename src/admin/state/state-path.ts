/** Where a state file really is, and how a whole one is written beside it before it takes its place. */
import { type FileHandle, open, readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { SettingError } from '../../core/errors.ts';
import { removeQuietly, writePieces } from './state-log.ts';

/** As many links in a row as Linux follows. */
const MAX_LINKS = 40;

/** The path of the file itself, there or not, with every link followed. Throws `SettingError` for no folder. */
export async function realStatePath(path: string): Promise<string> {
  let found = path;
  for (let links = 0; links < MAX_LINKS; links += 1) {
    const target = await readlink(found).catch(() => undefined);
    if (target === undefined) break;
    found = resolve(dirname(found), target);
  }
  await checkFolder(found);
  return join(await realpath(dirname(found)), basename(found));
}

/** The lock, which stands beside the file, would only report that it cannot be made there. */
async function checkFolder(path: string): Promise<void> {
  const folder = dirname(path);
  const reject = (what: string): never => {
    throw new SettingError(`--state-file: the folder '${folder}' ${what}, or name another file`);
  };
  const found = await stat(folder).catch(({ code }: NodeJS.ErrnoException) =>
    code === 'ENOENT' ? reject('does not exist: make it') : undefined,
  );
  if (found?.isDirectory() === false) reject('is not a directory: make it one');
}

/** Writes a new file beside `path`, `<path>.new`, and syncs it; gives its length. When that fails, it is gone. */
export async function writeSnapshot(path: string, pieces: Iterable<string>): Promise<number> {
  const fresh = `${path}.new`;
  const file = await open(fresh, 'w', 0o600);
  try {
    const bytes = await writePieces(file, pieces, 0);
    await file.sync();
    await file.close();
    return bytes;
  } catch (cause) {
    await closeQuietly(file);
    await removeQuietly(fresh);
    throw cause;
  }
}

const closeQuietly = (file: FileHandle): Promise<void> => file.close().catch(() => {});

/** A new name is on disk when its folder is; not every system lets a folder be synced. */
export async function syncFolderOf(path: string): Promise<void> {
  const folder = await open(dirname(path), 'r').catch(() => undefined);
  await folder?.sync().catch(() => {});
  await folder?.close();
}
