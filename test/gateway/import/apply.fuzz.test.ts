import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { cases } from '../../support/fuzz.ts';
import { value } from '../arbitrary-texts.ts';
import { exportText, importText } from '../harness.ts';

const folder = new URL('../../../fixtures/openapi/', import.meta.url);
const fixtures = readdirSync(folder).map((name) => readFileSync(new URL(name, folder)));
const DOCUMENT_CODES = /^APIG\.(3600|3601|3602|3609|3127|2044)$/;
const API_CODES = /^APIG\.(2001|2011|202[678]|3111|3202|3301)$/;
const prototypeBefore = Reflect.ownKeys(Object.prototype).length;

/** A case must end in a declared outcome, and what was imported must come out as a readable file. */
function survives(content: string | Uint8Array): void {
  const { outcome, report, state } = importText(content);
  if (outcome.status === 'failed') {
    expect(outcome.error_code).toMatch(DOCUMENT_CODES);
    return;
  }
  for (const failure of report.failure) expect(failure.error_code).toMatch(API_CODES);
  for (const type of ['json', 'yaml']) expect(exportText(state, report.group_id, { type })).not.toBe('');
}

type Edit = { at: number; length: number; insert: string };
const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.nat(12),
  insert: fc.oneof(
    fc.string({ maxLength: 6 }),
    fc.constantFrom(
      '*mock',
      '&mock ',
      '$ref',
      '\n',
      '  ',
      '\t',
      '{',
      '}',
      '[',
      ']',
      ': ',
      '- ',
      '<<: ',
      '"',
      'null',
      '\0',
      '__proto__: ',
      '!!binary ',
      '?',
      '---\n',
    ),
  ),
});

function mutate(source: Uint8Array, edits: readonly Edit[]): Uint8Array {
  let bytes = Buffer.from(source);
  for (const { at, length, insert } of edits) {
    const start = Math.floor(at * bytes.length);
    bytes = Buffer.concat([bytes.subarray(0, start), Buffer.from(insert), bytes.subarray(start + length)]);
  }
  return bytes;
}

/** Any value in any of the places an import reads. */
const member = (key: string) =>
  fc.option(value, { nil: undefined }).map((content) => [key, content] as const);
const members = (...keys: string[]) =>
  fc
    .tuple(...keys.map(member))
    .map((pairs) => Object.fromEntries(pairs.filter(([, content]) => content !== undefined)));
const wildOperation = members(
  'operationId',
  'parameters',
  'security',
  'schemes',
  'servers',
  'tags',
  'summary',
  'responses',
  'x-apigateway-backend',
  'x-apigateway-backend-policies',
  'x-apigateway-match-mode',
  'x-apigateway-cors',
);
const wildDocument = fc
  .tuple(
    fc.constantFrom({ swagger: '2.0' }, { openapi: '3.0.0' }),
    members(
      'basePath',
      'schemes',
      'security',
      'securityDefinitions',
      'components',
      'x-apigateway-ratelimits',
      'x-apigateway-responses',
    ),
    fc.dictionary(
      fc.constantFrom('/a', '/b/{c}', '/{d+}', '', 'e'),
      fc.dictionary(
        fc.constantFrom('get', 'put', 'parameters', '$ref', 'x-apigateway-any-method'),
        fc.oneof(wildOperation, value),
      ),
    ),
  )
  .map(([version, rest, paths]) => JSON.stringify({ info: { title: 'wild' }, ...rest, ...version, paths }));

describe('an import of whatever comes', { timeout: 60_000 }, () => {
  afterAll(() => expect(Reflect.ownKeys(Object.prototype)).toHaveLength(prototypeBefore));

  it('survives edited fixtures', () => {
    const edits = fc.array(edit, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.constantFrom(...fixtures), edits, (source, list) => survives(mutate(source, list))),
      { numRuns: cases(3000) },
    );
  });

  it('survives truncated fixtures', () => {
    const part = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.constantFrom(...fixtures), part, (source, fraction) =>
        survives(source.subarray(0, fraction * source.length)),
      ),
      { numRuns: cases(500) },
    );
  });

  it('survives random bytes and random texts', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), survives), { numRuns: cases(1000) });
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), survives), { numRuns: cases(500) });
  });

  it('survives any value in any place it reads', () => {
    fc.assert(fc.property(wildDocument, survives), { numRuns: cases(600) });
  });
});
