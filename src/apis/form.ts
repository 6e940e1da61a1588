/** Reads the multipart form of an import: its text fields and its one file, which may be either kind of part. */
import type { Readable } from 'node:stream';
import { Busboy, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy';
import { errors } from '../errors.ts';

/** The part that holds the file. */
export const FILE_FIELD = 'file_name';

export interface ImportForm {
  readonly fields: Readonly<Record<string, string>>;
  readonly file: Uint8Array | string | undefined;
}

export interface FormOptions {
  readonly contentType: string;
  /** The longest file. */
  readonly maxBytes: number;
}

/** More parts than this are no import. */
const MAX_PARTS = 64;

/**
 * Reads the form to its end. Rejects with `APIG.3603` for a file that is too long, `APIG.2012` for a part that
 * stands twice, and 400 for what is no multipart form, or half of one.
 */
export function readForm(stream: Readable, { contentType, maxBytes }: FormOptions): Promise<ImportForm> {
  return new Promise((resolve, reject) => {
    const fields: Record<string, string> = Object.create(null) as Record<string, string>;
    let file: Uint8Array | string | undefined;
    let parser: BusboyInstance;
    const fail = (error: Error): void => {
      stream.unpipe(parser);
      stream.resume();
      parser.removeAllListeners();
      parser.on('error', () => {});
      reject(error);
    };
    const broken = (cause: Error): void => fail(errors.badRequest({ reason: `multipart: ${cause.message}` }));
    const tooLong = (): void => fail(errors.inputTooLong({ reason: `a file has at most ${maxBytes} bytes` }));
    const twice = (name: string): void =>
      fail(errors.parameterInvalid(name, { reason: `${name} stands twice in the form` }));
    try {
      parser = new Busboy({
        headers: { 'content-type': contentType } as BusboyHeaders,
        limits: {
          parts: MAX_PARTS,
          fieldSize: maxBytes + 1,
          fileSize: maxBytes + 1,
          fieldNameSize: 100,
          headerPairs: 20,
        },
      });
    } catch (cause) {
      stream.resume();
      reject(errors.badRequest({ reason: `multipart: ${(cause as Error).message}` }));
      return;
    }
    parser.on('field', (name, value) => {
      if (Buffer.byteLength(value) > maxBytes) return tooLong();
      if (name === FILE_FIELD) {
        if (file !== undefined) return twice(name);
        file = value;
        return;
      }
      if (name in fields) return twice(name);
      fields[name] = value;
    });
    parser.on('file', (name, part) => {
      const chunks: Buffer[] = [];
      part.on('data', (chunk: Buffer) => chunks.push(chunk));
      part.on('limit', tooLong);
      part.on('error', broken);
      part.on('end', () => {
        if (name !== FILE_FIELD) return;
        if (file !== undefined) return twice(name);
        file = Buffer.concat(chunks);
      });
    });
    parser.on('partsLimit', () => broken(new Error(`more than ${MAX_PARTS} parts`)));
    parser.on('error', (cause) => broken(cause as Error));
    parser.on('finish', () => resolve({ fields: { ...fields }, file }));
    stream.on('error', broken);
    stream.on('aborted', () => broken(new Error('the request was broken off')));
    stream.pipe(parser);
  });
}
