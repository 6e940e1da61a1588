/** Scopes: which ids are ids, what falls under a filter, and that no two scopes share a key. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idPattern, inScope, scopeKey } from '../../src/core/scope.ts';

describe('an id', () => {
  const hex = '0123456789abcdef0123456789abcdef';
  it.each<[string, boolean, boolean]>([
    [hex, true, true],
    [hex.toUpperCase(), true, false],
    [hex.slice(1), true, false],
    [`${hex}0`, true, false],
    ['p1', true, false],
    ['a-b_C9', true, false],
    ['-', true, false],
    ['x'.repeat(64), true, false],
    ['x'.repeat(65), false, false],
    ['', false, false],
    ['a b', false, false],
    ['a/b', false, false],
    ['a.b', false, false],
    ['a\n', false, false],
    [`${hex}\n`, false, false],
    ['任务', false, false],
  ])('of %j is one, lenient: %s, strict: %s', (id, lenient, strict) => {
    expect([idPattern(false).test(id), idPattern(true).test(id)]).toEqual([lenient, strict]);
  });
});

describe('a filter', () => {
  const scope = { projectId: 'p1', instanceId: 'i1' };
  it.each([
    [{}, true],
    [{ projectId: 'p1' }, true],
    [{ instanceId: 'i1' }, true],
    [{ projectId: 'p1', instanceId: 'i1' }, true],
    [{ projectId: undefined, instanceId: undefined }, true],
    [{ projectId: 'p2' }, false],
    [{ projectId: 'p1', instanceId: 'i2' }, false],
    [{ projectId: 'p' }, false],
    [{ projectId: '' }, false],
  ])('of %j takes p1/i1: %s', (filter, taken) => {
    expect(inScope(scope, filter)).toBe(taken);
  });
});

describe('a key', () => {
  it('is shared by no two scopes (property)', () => {
    const id = fc.stringMatching(idPattern(false));
    fc.assert(
      fc.property(id, id, id, id, (a, b, c, d) => {
        expect(scopeKey(a, b) === scopeKey(c, d)).toBe(a === c && b === d);
      }),
    );
  });
});
