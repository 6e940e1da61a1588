/**
 * The log beside a state file: a line per save, appended and synced. Its first line names the snapshot that it
 * goes on from; a last line that is not whole was never acknowledged, and is dropped.
 */
import { type FileHandle, open, readFile, rm } from 'node:fs/promises';
import { monotonicMs, SLICE_MS, yieldToOthers } from '../../core/clock.ts';
import { createIdSources } from '../../core/ids.ts';
import { jsonPieces } from './json-pieces.ts';
import type { StateRecord } from './state-record.ts';

/** Pieces are put together up to this many characters for one write. */
const WRITE_CHARS = 64 * 1024;
const LINE_FEED = 10;

const head = (id: string): string => `{"format":"apig-mock-log","id":${JSON.stringify(id)}}\n`;

export class StateLog {
  readonly path: string;
  /** The name by which a snapshot refers to the log that continues it. */
  readonly id: string;
  readonly #file: FileHandle;
  #bytes: number;
  /** A line was begun that could not be written whole. */
  #torn = false;

  private constructor(path: string, id: string, file: FileHandle) {
    this.path = path;
    this.id = id;
    this.#file = file;
    this.#bytes = Buffer.byteLength(head(id));
  }

  /** An empty log, in place of whatever was there. */
  static async create(path: string): Promise<StateLog> {
    const id = createIdSources(undefined).of('').next();
    const file = await open(path, 'w', 0o600);
    try {
      await writeAt(file, head(id), 0);
      await file.sync();
    } catch (cause) {
      await file.close();
      await removeQuietly(path);
      throw cause;
    }
    return new StateLog(path, id, file);
  }

  /** The records of a log; undefined when there is none of this id. Throws for one that is damaged. */
  static async read(path: string, id: string): Promise<StateRecord[] | undefined> {
    const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT') return Buffer.alloc(0);
      throw cause;
    });
    const lines = linesOf(bytes);
    if (lines[0] !== head(id).trimEnd()) return undefined;
    return lines.slice(1).flatMap((line, at) => {
      try {
        return [JSON.parse(line) as StateRecord];
      } catch (cause) {
        if (at === lines.length - 2) return [];
        throw new Error(`line ${at + 2} is damaged`, { cause });
      }
    });
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Resolves when the record is on disk; when that fails, the log is as it was. */
  async append(record: StateRecord): Promise<void> {
    if (this.#torn) await this.#file.truncate(this.#bytes);
    this.#torn = true;
    const end = await writePieces(this.#file, lineOf(record), this.#bytes);
    await this.#file.datasync();
    this.#bytes = end;
    this.#torn = false;
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  /** Takes the log away: there is a snapshot that needs it no more. */
  async remove(): Promise<void> {
    await this.#file.close();
    await removeQuietly(this.path);
  }
}

/** What cannot be removed is not looked at again. */
export const removeQuietly = (path: string): Promise<void> => rm(path, { force: true }).catch(() => {});

function* lineOf(record: StateRecord): Generator<string> {
  yield* jsonPieces(record);
  yield '\n';
}

/** Whole lines; what comes after the last line feed is none. */
function linesOf(bytes: Buffer): string[] {
  const lines: string[] = [];
  let from = 0;
  for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, from)) {
    lines.push(bytes.toString('utf8', from, end));
    from = end + 1;
  }
  return lines;
}

/** Writes text from a position on, in slices between which everybody else gets a turn; gives the new end. */
export async function writePieces(
  file: FileHandle,
  pieces: Iterable<string>,
  position: number,
): Promise<number> {
  let end = position;
  let pending: string[] = [];
  let chars = 0;
  const flush = async (): Promise<void> => {
    end = await writeAt(file, pending.join(''), end);
    pending = [];
    chars = 0;
  };
  let sliceStart = monotonicMs();
  for (const piece of pieces) {
    pending.push(piece);
    chars += piece.length;
    if (chars >= WRITE_CHARS) await flush();
    else if (monotonicMs() - sliceStart > SLICE_MS) await yieldToOthers();
    else continue;
    sliceStart = monotonicMs();
  }
  await flush();
  return end;
}

/** A write may take a part of what it is given. */
async function writeAt(file: FileHandle, text: string, position: number): Promise<number> {
  const bytes = Buffer.from(text);
  let done = 0;
  while (done < bytes.length)
    done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
  return position + done;
}
