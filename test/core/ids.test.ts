/** Ids: their form, that they never repeat, and that a seed makes them repeat. */
import { describe, expect, it } from 'vitest';
import { createIdSources, idFromName } from '../../src/core/ids.ts';

const HEX = /^[0-9a-f]{32}$/;
const take = (count: number, draw: () => string): string[] => Array.from({ length: count }, draw);

describe.each([
  ['random', undefined],
  ['seeded', 'a seed'],
])('%s ids', (_name, seed) => {
  it('have the form of the service and do not repeat', () => {
    const source = createIdSources(seed).of('p1/i1');
    const drawn = take(10_000, () => source.next());
    expect(drawn.every((id) => HEX.test(id))).toBe(true);
    expect(new Set(drawn).size).toBe(10_000);
  });

  it('have letters, and numbers from 0 to below 1', () => {
    const source = createIdSources(seed).of('p1/i1');
    const seen = new Set<string>();
    for (let at = 0; at < 2000; at += 1) {
      const letters = source.letters();
      expect(letters).toMatch(/^[a-z]{4}$/);
      for (const letter of letters) seen.add(letter);
      const number = source.random();
      expect(number >= 0 && number < 1).toBe(true);
    }
    expect(seen.size).toBe(26);
  });
});

describe('a seed', () => {
  it('gives the same ids for the same calls', () => {
    const run = () => {
      const source = createIdSources('s').of('p1/i1');
      return [source.next(), source.letters(), source.random(), source.next()];
    };
    expect(run()).toEqual(run());
  });

  it('gives each scope ids of its own, whatever the others draw', () => {
    const alone = createIdSources('s').of('p1/i1');
    const among = createIdSources('s');
    const expected = take(5, () => alone.next());
    const drawn = take(5, () => {
      among.of('p2/i1').next();
      return among.of('p1/i1').next();
    });
    expect(drawn).toEqual(expected);
    expect(among.of('p2/i1').next()).not.toBe(expected[0]);
  });

  it('starts again for one scope or for all', () => {
    const sources = createIdSources('s');
    const first = sources.of('a').next();
    const other = sources.of('b').next();
    sources.restart('a');
    expect(sources.of('a').next()).toBe(first);
    expect(sources.of('b').next()).not.toBe(other);
    sources.restart();
    expect([sources.of('a').next(), sources.of('b').next()]).toEqual([first, other]);
  });

  it('differs from another seed, and its absence from every other start', () => {
    expect(createIdSources('s').of('a').next()).not.toBe(createIdSources('t').of('a').next());
    expect(createIdSources(undefined).of('a').next()).not.toBe(createIdSources(undefined).of('a').next());
  });
});

describe('an id from a name', () => {
  it('is stable: a change would part processes of two versions', () => {
    expect(idFromName('project', 'cn-north-7')).toBe('0084abf33db2f2bbc18e473734381a13');
  });

  it('has the form of an id and differs by every part', () => {
    const ids = [
      idFromName('user', 'a'),
      idFromName('project', 'a'),
      idFromName('user', 'b'),
      idFromName('', ''),
    ];
    expect(ids.every((id) => HEX.test(id))).toBe(true);
    expect(new Set(ids).size).toBe(4);
  });
});
