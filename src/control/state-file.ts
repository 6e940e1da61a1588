/**
 * The state on disk: after a change the whole state is written to a new file, synced, and put in the place of
 * the old one, so that whatever happens there is one complete file. Changes made while one is being written
 * go into the next, together.
 */
import { existsSync } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Emitter } from '../emitter.ts';
import { SettingError } from '../options.ts';
import { readTextFile } from '../text-file.ts';
import { lockStateFile } from './state-lock.ts';

export interface StateFileOptions {
  readonly path: string;
  /** The state as text. */
  readonly take: () => Promise<string>;
  /** Told why it could not be written: once, until it is for another reason or after it could be again. */
  readonly onError: (cause: unknown) => void;
}

interface Round {
  readonly done: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (cause: unknown) => void;
}

function newRound(): Round {
  let resolve: () => void = () => {};
  let reject: (cause: unknown) => void = () => {};
  const done = new Promise<void>((onDone, onFail) => {
    resolve = onDone;
    reject = onFail;
  });
  // Whoever waits sees the failure; nobody need wait.
  done.catch(() => {});
  return { done, resolve, reject };
}

export class StateFile {
  readonly #options: StateFileOptions;
  readonly #unlock: () => Promise<void>;
  #next: Round | undefined;
  #current: Round | undefined;
  #writing: Promise<void> | undefined;
  #unfollow: (() => void) | undefined;
  #lastFault: string | undefined;

  private constructor(options: StateFileOptions, unlock: () => Promise<void>) {
    this.#options = options;
    this.#unlock = unlock;
  }

  /** Takes the file for this process. Throws `SettingError` when another has it or its folder cannot be written. */
  static async open(options: StateFileOptions): Promise<StateFile> {
    await checkFolder(options.path);
    try {
      return new StateFile(options, await lockStateFile(options.path));
    } catch (cause) {
      if (cause instanceof SettingError) throw cause;
      throw new SettingError(`--state-file: cannot use '${options.path}': ${(cause as Error).message}`);
    }
  }

  /** What is in the file; undefined when there is none yet. Throws `SettingError` for what is not JSON. */
  async read(): Promise<unknown> {
    const { path } = this.#options;
    if (!existsSync(path)) return undefined;
    const text = await readTextFile(path, '--state-file', 'files');
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw new SettingError(`--state-file: '${path}' is no state of apig-mock: ${(cause as Error).message}`);
    }
  }

  /** Whether all that happened is on disk, as far as it could be written. */
  get isSaved(): boolean {
    return this.#writing === undefined;
  }

  /**
   * From now on the state is kept here: whenever something arrives, and at the end. Until then the file stays as
   * it was found, whatever comes in between.
   */
  follow(arrived: Emitter<void>): void {
    this.#unfollow = arrived.on(() => void this.saved());
  }

  /** Resolves when all that has happened so far is on disk (at once when it is), or could not be written. */
  async settled(): Promise<void> {
    await (this.#next ?? this.#current)?.done.catch(() => {});
  }

  /** Something changed: resolves when a state that has it is on disk, rejects when it could not be written. */
  saved(): Promise<void> {
    this.#next ??= newRound();
    const { done } = this.#next;
    this.#writing ??= this.#writeAll();
    return done;
  }

  /** Writes what is left and gives the file back. */
  async stop(): Promise<void> {
    if (this.#unfollow !== undefined) {
      this.#unfollow();
      await this.saved().catch(() => {});
    }
    await this.#writing;
    await this.#unlock();
  }

  async #writeAll(): Promise<void> {
    // What changes in this turn of the event loop goes into one file.
    await Promise.resolve();
    for (let round = this.#next; round !== undefined; round = this.#next) {
      this.#next = undefined;
      this.#current = round;
      try {
        await writeWhole(this.#options.path, await this.#options.take());
        this.#lastFault = undefined;
        round.resolve();
      } catch (cause) {
        this.#tell(cause);
        round.reject(cause);
      }
    }
    this.#current = undefined;
    this.#writing = undefined;
  }

  /** Every change tries anew and fails alike: one line says it for all of them. */
  #tell(cause: unknown): void {
    const fault = String(cause);
    if (fault === this.#lastFault) return;
    this.#lastFault = fault;
    this.#options.onError(cause);
  }
}

/** The lock, which stands beside the file, would only say that it may not be there. */
async function checkFolder(path: string): Promise<void> {
  const folder = dirname(path);
  const refuse = (what: string): never => {
    throw new SettingError(`--state-file: the folder '${folder}' ${what}, or name another file`);
  };
  const found = await stat(folder).catch(({ code }: NodeJS.ErrnoException) =>
    code === 'ENOENT' ? refuse('does not exist: make it') : undefined,
  );
  if (found?.isDirectory() === false) refuse('is no folder: make it one');
}

async function writeWhole(path: string, text: string): Promise<void> {
  const fresh = `${path}.new`;
  const file = await open(fresh, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } catch (cause) {
    await file.close();
    await rm(fresh, { force: true });
    throw cause;
  }
  await file.close();
  await rename(fresh, path);
  await syncFolder(dirname(path));
}

/** The new name is on disk when its folder is; not every system lets a folder be synced. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  await folder?.sync().catch(() => {});
  await folder?.close();
}
