/** Matchers: what fits, and the place and the words of what does not. */
import { describe, expect, it } from 'vitest';
import * as M from '../../src/conformance/matchers.ts';

const VARIABLES = new Map([['group', 'g1']]);
const differences = (expected: M.Expected, received: unknown): string[] =>
  M.compare(expected, received, { at: 'body', variables: VARIABLES }).map(
    ({ at, expected: wanted, received: got }) => `${at}: ${wanted} <> ${got}`,
  );
const ID = '0123456789abcdef0123456789abcdef';

const fits: readonly [name: string, expected: M.Expected, received: unknown][] = [
  ['a text', 'a', 'a'],
  ['a text with a variable', 'of {{group}}', 'of g1'],
  ['nested values', { a: [1, true, null] }, { a: [1, true, null] }],
  ['an id', M.anId, ID],
  ['members in any order', M.unordered({ a: 1, b: 2 }), { b: 2, a: 1 }],
  ['members beside others', M.holding({ a: 1 }), { z: 0, a: 1 }],
  ['items in any order', M.inAnyOrder({ a: 1 }, { a: 2 }), [{ a: 2 }, { a: 1 }]],
  ['JSON in a text', M.jsonText({ a: M.someCount }), '{"a":3}'],
  ['every item', M.each(M.someText), ['a', 'b']],
  ['an item among others', M.including(2), [1, 2]],
  ['no body', M.nothing, undefined],
  ['a time', M.aTime, '2026-01-02T03:04:05Z'],
  ['one of several', M.oneOf(1, 2), 2],
];

const misses: readonly [name: string, expected: M.Expected, received: unknown, differences: string[]][] = [
  ['another text', { a: 'x' }, { a: 'y' }, ['body/a: "x" <> "y"']],
  ['another type', { a: 1 }, { a: '1' }, ['body/a: 1 <> "1"']],
  ['a missing member', { a: 1, b: M.anId }, { a: 1 }, ['body/b: an id of 32 hex digits <> nothing']],
  ['a member more', { a: 1 }, { a: 1, b: 2 }, ['body/b: no such member <> 2']],
  ['another order', { a: 1, b: 2 }, { b: 2, a: 1 }, ['body: members in the order a, b <> b, a']],
  ['no object', { a: 1 }, [], ['body: an object with a <> []']],
  ['a list too short', [1, 2], [1], ['body: a list of 2 <> [1]']],
  ['no list', [1], {}, ['body: a list <> {}']],
  ['an item', [{ a: 1 }], [{ a: 2 }], ['body/0/a: 1 <> 2']],
  [
    'the nearest item',
    M.inAnyOrder({ a: 1, b: 1 }, { a: 2, b: 2 }),
    [
      { a: 2, b: 2 },
      { a: 1, b: 3 },
    ],
    ['body/0/b: 1 <> 3'],
  ],
  ['an item that none is', M.including(3), [1], ['body/0: 3 <> 1']],
  ['no JSON', M.jsonText({}), 'x', ['body: a text that holds JSON <> "x"']],
  ['an object where a text belongs', M.jsonText({}), {}, ['body: a text that holds JSON <> {}']],
  ['an inner value', M.jsonText({ a: 1 }), '{"a":2}', ['body/a: 1 <> 2']],
  ['a variable without a value', '{{other}}', 'x', ['body: nothing <> "x"']],
  ['an id in capitals', M.anId, ID.toUpperCase(), [`body: an id of 32 hex digits <> "${ID.toUpperCase()}"`]],
  ['a body where there is none', M.nothing, {}, ['body: nothing <> {}']],
  ['the first of two', M.both(M.holding({ a: 1 }), M.holding({ b: 1 })), { b: 2 }, ['body/a: 1 <> nothing']],
  ['the second of two', M.both(M.holding({ a: 1 }), M.holding({ b: 1 })), { a: 1, b: 2 }, ['body/b: 1 <> 2']],
];

describe('a value that fits', () => {
  it.each(fits)('%s', (_name, expected, received) => {
    expect(differences(expected, received)).toEqual([]);
  });
});

describe('a value that does not', () => {
  it.each(misses)('%s', (_name, expected, received, wanted) => {
    expect(differences(expected, received)).toEqual(wanted);
  });
});

describe('a recorded value', () => {
  const expected = M.holding({ id: M.anId, name: '{{group}}', kind: 'x', tags: M.someList });
  const recorded = M.withRecorded(expected, { id: ID, name: 'g7', kind: 'y', tags: [], more: 'm' });

  it.each([
    ['keeps the fixed values that were recorded', { id: ID, name: 'g1', kind: 'y', tags: [], more: 'x' }, []],
    [
      'rejects what was promised, but not recorded',
      { id: ID, name: 'g1', kind: 'x', tags: [], more: '' },
      ['body/kind: "y" <> "x"'],
    ],
    [
      'wants the members that were recorded',
      { id: ID, name: 'g1', kind: 'y', tags: [] },
      ['body/more: a text <> nothing'],
    ],
    [
      'leaves ids and names of the run open',
      { id: 1, name: 'g1', kind: 'y', tags: [], more: '' },
      ['body/id: an id of 32 hex digits <> 1'],
    ],
  ])('%s', (_name, received, wanted) => {
    expect(differences(recorded, received)).toEqual(wanted);
  });

  it.each([
    ['in any order', M.inAnyOrder({ a: 1, b: M.someText }), [{ a: 2, b: 'x' }], [{ a: 2, b: 'y' }]],
    [
      'in a text',
      M.jsonText({ a: M.anId, b: 'x' }),
      JSON.stringify({ a: ID, b: 'z' }),
      JSON.stringify({ a: ID.replace('0', 'f'), b: 'z' }),
    ],
    ['as a list that grew', [1], [2, 'x'], [2, 'y']],
  ])('%s', (_name, promised, value, received) => {
    expect(differences(M.withRecorded(promised, value), received)).toEqual([]);
    expect(differences(promised, received)).not.toEqual([]);
  });
});

describe('the shape of a value', () => {
  const shape = M.shapeOf({ a: 'x', b: [{ c: 1 }], d: [], e: null, f: false });
  it.each([
    [{ a: '', b: [{ c: 7 }, { c: 8 }], d: [1], e: 'x', f: true }, []],
    [
      { a: 1, b: [{ c: '7' }], d: {}, e: 0, f: 0 },
      [
        'body/a: a text <> 1',
        'body/b/0/c: a number <> "7"',
        'body/d: a list <> {}',
        'body/f: true or false <> 0',
      ],
    ],
  ])('is members and types', (received, wanted) => {
    expect(differences(shape, received)).toEqual(wanted);
  });
});
