/** JSON in pieces: together they are what `JSON.stringify` writes, and none is long. */
import { describe, expect, it } from 'vitest';
import { each, jsonPieces } from '../../../src/admin/state/json-pieces.ts';

const LONG = 'x'.repeat(200_000);

describe('pieces of JSON', () => {
  it.each<[string, unknown]>([
    ['small values', { a: [1, null, 'b', undefined], b: undefined, c: {}, d: [], ['__proto__']: 1 }],
    ['a long text', LONG],
    ['a long text amid others', { a: { b: [LONG, 1, { c: LONG }] }, d: undefined, e: '"\n' }],
    ['a long list', Array.from({ length: 20_000 }, (_, at) => ({ at, text: 'some text' }))],
    ['a long object', Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`"${at}`, at]))],
    ['escapes where a text is cut', `${'\n'.repeat(65_535)}"${LONG}`],
  ])('are together what JSON.stringify writes: %s', (_what, value) => {
    const pieces = [...jsonPieces(value)];
    expect(pieces.join('') === JSON.stringify(value)).toBe(true);
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(500_000);
  });

  it('read back a pair of surrogates that was cut in two', () => {
    const text = `${'x'.repeat(65_535)}😀${LONG}`;
    expect(JSON.parse([...jsonPieces({ text })].join('')).text === text).toBe(true);
  });

  it('take lists whose items are made as they are written', () => {
    const made: number[] = [];
    const note = (at: number): number => made.push(at);
    const pieces = jsonPieces({ none: each([], note), some: each([1, 2, 3], note) });
    while (!pieces.next().value?.includes('1'));
    expect(made).toEqual([1]);
    expect([...jsonPieces({ none: each([], note), some: each([1, 2], (at) => at) })].join('')).toBe(
      '{"none":[],"some":[1,2]}',
    );
  });
});
