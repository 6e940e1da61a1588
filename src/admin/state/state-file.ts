/**
 * The state on disk: a snapshot, and beside it a log of what changed since. A change is saved by one line of that
 * log, so it costs the same however much there is; when the log has outgrown the snapshot, a new one is written
 * beside what goes on. Changes that come while a line is written go into the next, together.
 */
import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { yieldToOthers } from '../../core/clock.ts';
import { SettingError } from '../../core/errors.ts';
import { jsonFault } from '../../core/json-error.ts';
import { fileFault } from '../../core/system-error.ts';
import { readTextFile } from '../../core/text-file.ts';
import type { Task } from '../../tasks/task.ts';
import type { Snapshot } from './snapshot.ts';
import { type StateParts, snapshotText } from './state.ts';
import { MANY_CHANGES, StateChanges } from './state-changes.ts';
import { lockStateFile } from './state-lock.ts';
import { removeQuietly, StateLog } from './state-log.ts';
import { realStatePath, syncFolderOf, writeSnapshot } from './state-path.ts';
import { StateDraft } from './state-record.ts';

export interface StateFileOptions {
  readonly path: string;
  readonly parts: StateParts;
  /** Called when it could not be written: once, until the cause changes or it could be written again. */
  readonly onError: (cause: unknown) => void;
}

interface Round {
  readonly done: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (cause: unknown) => void;
}

/** A snapshot on disk under its temporary name, and the log that goes on from it. */
interface Prepared {
  readonly log: StateLog | undefined;
  readonly bytes: number;
}

/** A log that is shorter stays, however small the snapshot. */
const MIN_LOG_BYTES = 4 * 1024 * 1024;
/** At a stop, a state of up to this size is put into one file again. */
const FOLD_BYTES = 8 * 1024 * 1024;

function newRound(): Round {
  let resolve: () => void = () => {};
  let reject: (cause: unknown) => void = () => {};
  const done = new Promise<void>((onDone, onFail) => {
    resolve = onDone;
    reject = onFail;
  });
  // A caller that waits sees the failure; nobody need wait.
  done.catch(() => {});
  return { done, resolve, reject };
}

export class StateFile {
  readonly #options: StateFileOptions;
  /** The file itself, whatever links lead to it. */
  readonly #path: string;
  readonly #unlock: () => Promise<void>;
  #changes: StateChanges | undefined;
  #log: StateLog | undefined;
  /** While a snapshot is written beside what goes on: its log, which gets every line as well. */
  #nextLog: StateLog | undefined;
  #prepared: Prepared | undefined;
  #compacting: Promise<void> | undefined;
  #snapshotBytes = 0;
  #compactAtBytes = MIN_LOG_BYTES;
  #next: Round | undefined;
  #current: Round | undefined;
  #writing: Promise<void> | undefined;
  #lastFault: string | undefined;

  private constructor(options: StateFileOptions, path: string, unlock: () => Promise<void>) {
    this.#options = options;
    this.#path = path;
    this.#unlock = unlock;
  }

  /** Takes the file for this process. Throws `SettingError` when another has it or its folder cannot be written. */
  static async open(options: StateFileOptions): Promise<StateFile> {
    try {
      const path = await realStatePath(options.path);
      return new StateFile(options, path, await lockStateFile(path, options.path));
    } catch (cause) {
      if (cause instanceof SettingError) throw cause;
      throw new SettingError(`--state-file: cannot use '${options.path}': ${(cause as Error).message}`);
    }
  }

  /** The state that was saved; undefined when there is none yet. Throws `SettingError` for what is not one. */
  read(): Promise<unknown> {
    return readState(this.#path, this.#options.path);
  }

  /** Whether all that happened is on disk, as far as it could be written. */
  get isSaved(): boolean {
    return this.#writing === undefined;
  }

  /** Whether a task is not on disk as it is now. */
  isPending(task: Task): boolean {
    return this.#changes?.isPending(task) === true;
  }

  /**
   * From now on every change is saved here; the present state is, when this resolves. Until then the file stays as
   * it was found. Throws `SettingError` when it cannot be written.
   */
  async follow(): Promise<void> {
    this.#changes = new StateChanges(this.#options.parts, () => this.#schedule());
    await this.saved().catch((cause: NodeJS.ErrnoException) => {
      const { path } = this.#options;
      this.#changes?.stop();
      this.#changes = undefined;
      throw new SettingError(
        cause.code === 'EBUSY'
          ? `--state-file: '${path}' cannot be replaced, as when a container has it mounted by itself: mount its folder instead`
          : `--state-file: cannot write '${path}': ${fileFault(cause)}`,
      );
    });
  }

  /** Resolves when all that has happened so far is on disk (at once when it is), or could not be written. */
  async settled(): Promise<void> {
    await (this.#next ?? this.#current)?.done.catch(() => {});
  }

  /** Resolves when all that has happened so far is on disk, rejects when it could not be written. */
  async saved(): Promise<void> {
    if (this.#changes !== undefined && (this.#changes.size > 0 || this.#log === undefined)) this.#schedule();
    await (this.#next ?? this.#current)?.done;
  }

  /** Writes what is left and gives the file back. */
  async stop(): Promise<void> {
    await this.saved().catch(() => {});
    await this.#compacting;
    await this.#writing;
    this.#changes?.stop();
    await this.#dropPrepared();
    await this.#fold().catch((cause) => this.#report(cause));
    await this.#log?.close();
    await this.#unlock();
  }

  #schedule(): void {
    this.#next ??= newRound();
    this.#writing ??= this.#writeAll();
  }

  async #writeAll(): Promise<void> {
    for (let round = this.#next; round !== undefined; round = this.#next) {
      // What changes in this turn of the event loop is saved together.
      await yieldToOthers();
      this.#next = undefined;
      this.#current = round;
      try {
        await this.#save();
        this.#lastFault = undefined;
        round.resolve();
      } catch (cause) {
        this.#changes?.failed();
        this.#report(cause);
        round.reject(cause);
      }
    }
    this.#current = undefined;
    this.#writing = undefined;
  }

  async #save(): Promise<void> {
    const changes = this.#changes;
    if (changes === undefined) return;
    if (this.#log === undefined || changes.size > MANY_CHANGES) return this.#replace();
    const marks = changes.take();
    if (marks.size > 0) {
      const record = changes.record(marks);
      const [saved, savedNext] = await Promise.allSettled([
        this.#log.append(record),
        this.#nextLog?.append(record),
      ]);
      if (saved.status === 'rejected') throw saved.reason;
      changes.saved();
      if (savedNext.status === 'rejected') await this.#dropPrepared();
    }
    await this.#afterSave();
  }

  /** Puts a snapshot that is ready in place, or begins a new one when the log has grown long. */
  async #afterSave(): Promise<void> {
    if (this.#prepared !== undefined) {
      // The change is on disk in any case.
      await this.#install(this.#prepared).catch((cause) => this.#report(cause));
    } else if (this.#compacting === undefined && (this.#log?.bytes ?? 0) > this.#compactAtBytes) {
      this.#compacting = this.#compact().finally(() => {
        this.#compacting = undefined;
      });
    }
  }

  /** Writes a snapshot while saving goes on. It may show what changes meanwhile, so its log gets that too. */
  async #compact(): Promise<void> {
    this.#compactAtBytes += MIN_LOG_BYTES;
    try {
      const log = await StateLog.create(this.#otherLogPath());
      this.#nextLog = log;
      const bytes = await writeSnapshot(this.#path, snapshotText(this.#options.parts, log.id));
      // Dropped meanwhile, when a line could not be written to it.
      if (this.#nextLog !== log) return;
      this.#prepared = { log, bytes };
      this.#schedule();
    } catch (cause) {
      this.#report(cause);
      await this.#dropPrepared();
    }
  }

  /** Saves all by a new snapshot, in slices; what changes meanwhile is in the first line of its log. */
  async #replace(): Promise<void> {
    const changes = this.#changes;
    if (changes === undefined) return;
    await this.#compacting;
    await this.#dropPrepared();
    changes.take();
    const log = await StateLog.create(this.#otherLogPath());
    try {
      const bytes = await writeSnapshot(this.#path, snapshotText(this.#options.parts, log.id));
      const later = changes.take();
      if (later.size > 0) await log.append(changes.record(later));
      await this.#install({ log, bytes });
    } catch (cause) {
      if (this.#log !== log) await log.remove();
      throw cause;
    }
    changes.saved();
  }

  async #install({ log, bytes }: Prepared): Promise<void> {
    this.#prepared = undefined;
    this.#nextLog = undefined;
    try {
      await rename(`${this.#path}.new`, this.#path);
    } catch (cause) {
      await Promise.all([removeQuietly(`${this.#path}.new`), log?.remove()]);
      throw cause;
    }
    const before = this.#log;
    this.#log = log;
    this.#snapshotBytes = bytes;
    this.#compactAtBytes = Math.max(MIN_LOG_BYTES, bytes);
    await syncFolderOf(this.#path);
    await before?.remove();
  }

  async #dropPrepared(): Promise<void> {
    const log = this.#nextLog;
    this.#nextLog = undefined;
    this.#prepared = undefined;
    if (log === undefined) return;
    await Promise.all([log.remove(), removeQuietly(`${this.#path}.new`)]);
  }

  /** At the end: one file again, unless that would take long. */
  async #fold(): Promise<void> {
    const log = this.#log;
    if (log === undefined || this.#snapshotBytes + log.bytes > FOLD_BYTES) return;
    const bytes = await writeSnapshot(this.#path, snapshotText(this.#options.parts, undefined));
    await this.#install({ log: undefined, bytes });
  }

  /** Two names take turns, so that a log that was left behind is written over some time. */
  #otherLogPath(): string {
    const [first, second] = logPaths(this.#path);
    return this.#log?.path === first ? second : first;
  }

  /** Every change tries anew and fails alike: one line reports it for all of them. */
  #report(cause: unknown): void {
    const fault = String(cause);
    // Before there is a log, the caller that starts the mock gets the error.
    if (fault === this.#lastFault || this.#log === undefined) return;
    this.#lastFault = fault;
    this.#options.onError(cause);
  }
}

const logPaths = (path: string): [string, string] => [`${path}.1.log`, `${path}.2.log`];

/** The state in a file and its log, as one snapshot; undefined when there is no such file. */
export async function readState(path: string, name = path): Promise<unknown> {
  if (!existsSync(path)) return undefined;
  const text = await readTextFile(name, '--state-file', 'files');
  let state: unknown;
  try {
    state = JSON.parse(text);
  } catch (cause) {
    throw new SettingError(
      `--state-file: '${name}' is not a state of apig-mock: ${jsonFault(text, cause as Error)}`,
    );
  }
  if (typeof state !== 'object' || state === null || !('log' in state)) return state;
  const { log: id, ...snapshot } = state;
  return withLog(path, snapshot as Snapshot, String(id));
}

async function withLog(path: string, snapshot: Snapshot, id: string): Promise<Snapshot> {
  for (const logPath of logPaths(path)) {
    try {
      const records = await StateLog.read(logPath, id);
      if (records === undefined) continue;
      const draft = new StateDraft(snapshot);
      for (const record of records) draft.apply(record);
      return draft.snapshot();
    } catch (cause) {
      throw new SettingError(`--state-file: cannot use the log '${logPath}': ${(cause as Error).message}`);
    }
  }
  const [first, second] = logPaths(path);
  throw new SettingError(
    `--state-file: the log of '${path}' is missing: put '${first}' or '${second}' back beside it, or take the member "log" out of it to go on without`,
  );
}
