/** Reads the multipart form of an import: its text fields and its one file, whatever kind of part that is. */
import type { Readable } from 'node:stream';
import { Busboy, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy';
import { errors } from '../../core/errors.ts';
import { FILE_FIELD, ImportForm } from './fields.ts';

export interface FormOptions {
  readonly contentType: string;
  /** The longest file. */
  readonly maxBytes: number;
  /** Aborted, the form is read no further: rejects with its reason. */
  readonly signal?: AbortSignal;
}

/** More parts than this are no import. */
const MAX_PARTS = 64;
/** What a form may hold beside its file. */
const OTHER_BYTES = 64 * 1024;

/**
 * Reads the form to its end. Rejects with `APIG.3603` for a file or form that is too long, `APIG.2012` for a part
 * that appears twice, and `APIG.0201` for what is no multipart form, or half of one.
 */
export function readForm(
  stream: Readable,
  { contentType, maxBytes, signal }: FormOptions,
): Promise<ImportForm> {
  return new Promise((resolve, reject) => {
    let parser: BusboyInstance | undefined;
    let bytes = 0;
    const count = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > maxBytes + OTHER_BYTES) fail(tooLong(maxBytes));
    };
    /** The rest of the request is read and discarded, so that the response reaches the client. */
    const fail = (error: Error): void => {
      stream.off('data', count);
      if (parser !== undefined) {
        stream.unpipe(parser);
        parser.removeAllListeners();
        parser.on('error', () => {});
      }
      stream.resume();
      reject(error);
    };
    if (signal?.aborted) return fail(signal.reason);
    signal?.addEventListener('abort', () => fail(signal.reason), { once: true });
    stream.on('error', (cause) => fail(broken(cause.message)));
    stream.on('aborted', () => fail(broken('the request was broken off')));
    try {
      parser = makeParser(contentType, maxBytes);
    } catch (cause) {
      fail(broken((cause as Error).message));
      return;
    }
    const parts = takeParts(parser, maxBytes, fail);
    parser.on('finish', () => resolve(parts()));
    stream.on('data', count);
    stream.pipe(parser);
  });
}

const broken = (what: string): Error => errors.badRequest({ reason: `multipart: ${what}` });
const tooLong = (maxBytes: number): Error =>
  errors.inputTooLong({ reason: `a file has at most ${maxBytes} bytes` });
const LONG_PART = `a part other than ${FILE_FIELD} has at most ${OTHER_BYTES} bytes; the file goes into ${FILE_FIELD}`;
const twice = (name: string): Error =>
  errors.parameterInvalid(name, { reason: `${name} appears twice in the form` });

function makeParser(contentType: string, maxBytes: number): BusboyInstance {
  return new Busboy({
    headers: { 'content-type': contentType } as BusboyHeaders,
    // By its name alone: clients send the file as text without a file name, and texts with types and file names.
    isPartAFile: (name) => name === FILE_FIELD,
    limits: { parts: MAX_PARTS, fieldSize: OTHER_BYTES, fileSize: maxBytes, headerPairs: 20 },
  });
}

/** Collects the parts as they arrive; the returned function gives the form once the parser has finished. */
function takeParts(parser: BusboyInstance, maxBytes: number, fail: (error: Error) => void): () => ImportForm {
  const fields = new Map<string, string>();
  let file: Buffer | undefined;
  let fileName: string | undefined;
  let files = 0;
  // A part without a name has none here either, whatever the parser's types claim.
  parser.on('field', (name: string | undefined, value, _nameCut, valueCut) => {
    if (name === undefined) return;
    if (valueCut) fail(errors.inputTooLong({ reason: LONG_PART }));
    else if (fields.has(name)) fail(twice(name));
    else fields.set(name, value);
  });
  parser.on('file', (name, part, sentName: string | undefined) => {
    const chunks: Buffer[] = [];
    part.on('data', (chunk: Buffer) => chunks.push(chunk));
    part.on('limit', () => fail(tooLong(maxBytes)));
    part.on('error', (cause: Error) => fail(broken(cause.message)));
    part.on('end', () => {
      file = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
    });
    fileName = sentName || undefined;
    files += 1;
    if (files > 1) fail(twice(name));
  });
  parser.on('partsLimit', () => fail(broken(`more than ${MAX_PARTS} parts`)));
  parser.on('error', (cause) => fail(broken((cause as Error).message)));
  return () => new ImportForm(Object.fromEntries(fields), file, fileName);
}
