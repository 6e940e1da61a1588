/**
 * The one way in which text comes out of a file or a body: UTF-8, with or without a byte order mark. Anything
 * else (UTF-16, a binary, a pipe that nobody writes to) is rejected with one line that names the file.
 */
import { constants as bufferLimits } from 'node:buffer';
import { closeSync, constants, createReadStream, openSync, readSync, type Stats } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import { SettingError } from './errors.ts';
import { fileFault } from './system-error.ts';

/** Text, or why the bytes hold none. */
export type Decoded = { readonly text: string } | { readonly fault: string };

const UTF8 = new TextDecoder('utf-8', { fatal: true });
/** Control characters that neither JSON nor YAML allows: the mark of a binary file. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const BINARY = /[\u0000-\u0008\u000e-\u001f]/;
/** No text can be longer. */
const MAX_BYTES = bufferLimits.MAX_STRING_LENGTH;

/** A text that was decoded elsewhere may still have its byte order mark. */
const withoutMark = (text: string): string => text.replace(/^\uFEFF/, '');

/** The text in these bytes (or in a text that may still have its byte order mark). */
export function decodeText(content: Uint8Array | string): Decoded {
  if (typeof content === 'string') return checked(withoutMark(content));
  const [first, second] = content;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    return { fault: 'it is UTF-16: save it as UTF-8' };
  try {
    return checked(UTF8.decode(content));
  } catch {
    return { fault: 'it is not UTF-8 text' };
  }
}

const checked = (text: string): Decoded =>
  BINARY.test(text) ? { fault: 'it is not UTF-8 text: it has NUL or other control characters' } : { text };

/** What may stand under the name of a file: pipes and devices too where a user names it, files alone elsewhere. */
export type Accepts = 'files and pipes' | 'files';

/** Reads a file as text. Throws `SettingError` with `spelling` (how the user named the file), its path and why. */
export async function readTextFile(path: string, spelling: string, accepts: Accepts): Promise<string> {
  const decoded = decodeText(await readBytes(path, spelling, accepts));
  if ('text' in decoded) return decoded.text;
  throw unreadable(path, spelling, decoded.fault);
}

/** Reads a file as it is. Throws as `readTextFile` does. */
export async function readBytes(path: string, spelling: string, accepts: Accepts): Promise<Buffer> {
  try {
    const found = await stat(path);
    if (found.isFile() && found.size <= MAX_BYTES) return await readFile(path);
    if (found.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
    if (found.isFile()) throw tooLong();
    if (accepts === 'files') throw new Error('not a regular file');
    return await readStream(path, found);
  } catch (cause) {
    throw unreadable(path, spelling, fileFault(cause as NodeJS.ErrnoException));
  }
}

const unreadable = (path: string, spelling: string, why: string): SettingError =>
  new SettingError(`${spelling}: cannot read '${path}': ${why}`);

const tooLong = (): Error => new Error(`it is longer than ${Math.floor(MAX_BYTES / 2 ** 20)} MB`);

/** A pipe or a device, to its end. */
async function readStream(path: string, found: Stats): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of found.isFIFO() ? pipeChunks(path) : createReadStream(path)) {
    chunks.push(chunk as Buffer);
    bytes += (chunk as Buffer).length;
    if (bytes > MAX_BYTES) throw tooLong();
  }
  if (bytes === 0) throw new Error('nothing comes from it');
  return Buffer.concat(chunks, bytes);
}

/** What is in a pipe. It is opened without waiting for a writer, who may never come: without one it is at its end. */
async function* pipeChunks(path: string): AsyncGenerator<Buffer> {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const first = Buffer.alloc(64 * 1024);
  try {
    const length = readSync(fd, first);
    if (length === 0) return closeSync(fd);
    yield first.subarray(0, length);
  } catch (cause) {
    // Somebody has it open and has written nothing yet.
    if ((cause as NodeJS.ErrnoException).code !== 'EAGAIN') throw cause;
  }
  yield* new Socket({ fd, readable: true });
}
