/** Mutated forms: the reader ends on each of them, the server responds to each of them, and other tasks go on. */
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { ApigError } from '../../src/core/errors.ts';
import { ImportForm } from '../../src/gateway/import/fields.ts';
import { readForm } from '../../src/gateway/import/form.ts';
import { cases } from '../support/fuzz.ts';
import { call, taskUrl, testMock } from '../support/mock.ts';
import { expectShape } from '../support/shape.ts';
import { filePart, formBody, formType, GOLDEN } from './forms.ts';

const MAX_BYTES = 2000;
/** What is wrong with a form, or with a part of it. */
const FORM_CODES = ['APIG.0201', 'APIG.2012', 'APIG.3603'];
/** And what an import rejects of a form that could be read: a field or a file that is missing, an empty file. */
const IMPORT_CODES = [...FORM_CODES, 'APIG.2001', 'APIG.3609'];

/** One change: at a place, so many bytes are replaced by others, or by a copy of another part of the body. */
interface Edit {
  at: number;
  length: number;
  insert: string | { from: number; length: number };
}
const place = fc.double({ min: 0, max: 1, noNaN: true });
const significant = fc.constantFrom(
  ...['\r\n', '\n', '\r', '\r\n\r\n', '--', '\r\n--', '--BOUNDARY', '\r\n--BOUNDARY', '--BOUNDARY--\r\n'],
  ...['"', ';', ':', '=', '\\', '\0', '\t', '%00', '\xff\xfe', "filename*=UTF-8''%E4%BD", 'name="file_name"'],
  ...['Content-Disposition: form-data; name="file_name"\r\n\r\n', 'Content-Disposition: form-data\r\n\r\n'],
  ...[
    'Content-Type: application/octet-stream\r\n',
    'name="__proto__"',
    'x'.repeat(MAX_BYTES),
    'a: b\r\n'.repeat(90),
  ],
);
const edit: fc.Arbitrary<Edit> = fc.record({
  at: place,
  length: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(400)),
  insert: fc.oneof(significant, fc.string({ maxLength: 5 }), fc.record({ from: place, length: fc.nat(300) })),
});

function mutate(source: Buffer, boundary: string, edits: readonly Edit[]): Buffer {
  let body = source;
  for (const { at, length, insert } of edits) {
    const start = Math.floor(at * body.length);
    const from = typeof insert === 'string' ? 0 : Math.floor(insert.from * body.length);
    const piece =
      typeof insert === 'string'
        ? Buffer.from(insert.replaceAll('BOUNDARY', boundary), 'latin1')
        : body.subarray(from, from + insert.length);
    body = Buffer.concat([body.subarray(0, start), piece, body.subarray(start + length)]);
  }
  return body;
}

const form = fc
  .tuple(fc.constantFrom(...GOLDEN), fc.array(edit, { maxLength: 5 }), fc.option(place))
  .map(([{ body, boundary }, edits, fraction]) => {
    const mutated = mutate(body, boundary, edits);
    return {
      boundary,
      body: fraction === null ? mutated : mutated.subarray(0, Math.floor(fraction * mutated.length)),
    };
  });
const cuts = fc.array(place, { maxLength: 8 });

/** The body in pieces, as a network may deliver it. */
function inPieces(body: Buffer, at: readonly number[]): Buffer[] {
  const ends = [...at.map((part) => Math.floor(part * body.length)), body.length].sort((a, b) => a - b);
  return ends
    .map((end, index) => body.subarray(ends[index - 1] ?? 0, end))
    .filter(({ length }) => length > 0);
}

describe('the reader of forms', { timeout: 120_000 }, () => {
  const read = (body: Buffer, at: readonly number[], contentType: string) =>
    readForm(Readable.from(inPieces(body, at)), { contentType, maxBytes: MAX_BYTES }).catch((cause) => cause);

  const expectEnd = (end: unknown): void => {
    if (end instanceof ImportForm) {
      for (const value of Object.values(end.fields)) expect(typeof value).toBe('string');
      if (end.file !== undefined) expect(end.file.length).toBeLessThanOrEqual(MAX_BYTES);
      return;
    }
    expect(end).toBeInstanceOf(ApigError);
    expect((end as ApigError).statusCode).toBe(400);
    expect(FORM_CODES).toContain((end as ApigError).code);
  };

  it('ends every changed form with a form or an error of 400', async () => {
    await fc.assert(
      fc.asyncProperty(form, cuts, async ({ body, boundary }, at) => {
        expectEnd(await read(body, at, formType(boundary)));
      }),
      { numRuns: cases(5000) },
    );
  });

  it('ends whatever comes, under whatever type', async () => {
    const type = fc.oneof(
      fc.string({ maxLength: 80 }).map((boundary) => `multipart/form-data; boundary=${boundary}`),
      fc.string({ maxLength: 80 }).map((rest) => `multipart/form-data${rest}`),
    );
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), type, cuts, async (bytes, contentType, at) => {
        expectEnd(await read(Buffer.from(bytes), at, contentType));
      }),
      { numRuns: cases(2000) },
    );
  });

  it('reads a form alike in whatever pieces it comes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...GOLDEN), cuts, async ({ body, boundary }, at) => {
        const whole = await read(body, [], formType(boundary));
        expect(whole).toBeInstanceOf(ImportForm);
        expect(await read(body, at, formType(boundary))).toEqual(whole);
      }),
      { numRuns: cases(500) },
    );
  });
});

describe('the import over a socket', { timeout: 120_000 }, () => {
  it('responds to every mutated form, and other tasks are unharmed', async () => {
    await using mock = await testMock({ clock: 'manual', fixtures: 'none' });
    const url = (instance: string) => `${mock.url}/v2/p1/apigw/instances/${instance}/openapi/async-import`;
    const send = (instance: string, body: Buffer, boundary?: string) =>
      call(url(instance), { method: 'POST', body, headers: { 'content-type': formType(boundary) } });
    const before = await send('good', formBody([filePart()]));
    const seen = new Set<string>();

    await fc.assert(
      fc.asyncProperty(form, async ({ body, boundary }) => {
        const response = await send('fuzzed', body, boundary);
        const outcome = response.status === 202 ? 'accepted' : response.body.error_code;
        seen.add(outcome);
        if (outcome === 'accepted') expect(response.body.task_id).toMatch(/^[0-9a-f]{32}$/);
        else expectShape({ ...response, rawHeaders: [] }, 400, expect.toBeOneOf(IMPORT_CODES));
      }),
      { numRuns: cases(400) },
    );
    // Enough cases meet each of these; the others need a form that is too long, or a file cut to nothing.
    const usual = ['accepted', 'APIG.0201', 'APIG.2001', 'APIG.2012'];
    if (inject('fuzz') === 'all') expect([...seen]).toEqual(expect.arrayContaining(usual));

    await mock.control.clock.advance(60 * 60 * 1000);
    await mock.control.idle({});
    const task = await call(taskUrl(mock.url, before.body.task_id, 'p1', 'good'));
    expect(task.body.task_status).toBe('succeed');
  });
});
