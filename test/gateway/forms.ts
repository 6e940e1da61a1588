/** Multipart bodies for the tests of imports: the golden ones as clients send them, and made ones of any form. */
import { readdirSync, readFileSync } from 'node:fs';

export interface Part {
  name?: string;
  filename?: string;
  type?: string;
  /** Further header lines. */
  headers?: string[];
  content: string | Buffer;
}

export const BOUNDARY = '----apig-mock-test';

/** The body of a form. */
export function formBody(parts: readonly Part[], boundary = BOUNDARY): Buffer {
  const pieces: (string | Buffer)[] = [];
  for (const { name, filename, type, headers = [], content } of parts) {
    const disposition =
      'Content-Disposition: form-data' +
      (name === undefined ? '' : `; name="${name}"`) +
      (filename === undefined ? '' : `; filename="${filename}"`);
    const lines = [disposition, ...(type === undefined ? [] : [`Content-Type: ${type}`]), ...headers];
    pieces.push(`--${boundary}\r\n${lines.join('\r\n')}\r\n\r\n`, content, '\r\n');
  }
  pieces.push(`--${boundary}--\r\n`);
  return Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)));
}

export const formType = (boundary = BOUNDARY): string => `multipart/form-data; boundary=${boundary}`;

export const HELLO = readFileSync(new URL('../../fixtures/openapi/hello.yaml', import.meta.url));

export const filePart = (rest: Partial<Part> = {}): Part => ({
  name: 'file_name',
  filename: 'hello.yaml',
  type: 'application/octet-stream',
  content: HELLO,
  ...rest,
});

/** A form as a client sends it: `golden/README.md` lists which, and where they come from. */
export interface GoldenForm {
  client: string;
  body: Buffer;
  boundary: string;
}

const folder = new URL('./golden/', import.meta.url);

export const GOLDEN: readonly GoldenForm[] = readdirSync(folder)
  .filter((name) => name.endsWith('.txt'))
  .map((name) => {
    const body = readFileSync(new URL(name, folder));
    return {
      client: name.replace(/\.txt$/, ''),
      body,
      boundary: body.toString('latin1', 2, body.indexOf('\r\n')),
    };
  });
