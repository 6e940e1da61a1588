/** What the benchmark makes of its figures: ratios of rounds, verdicts, and the place in the document. */
import { describe, expect, it } from 'vitest';

const load = async (path: string) => import(new URL(`../../bench/${path}`, import.meta.url).href);

describe('the ratio of two servers', () => {
  it('is the middle of the ratios of each round, whatever a slow round does to both', async () => {
    const { median, pairedRatio } = await load('figures.js');
    expect(pairedRatio([100, 10, 90], [50, 5, 45])).toBe(2);
    expect(pairedRatio([100, 10, 45], [50, 5, 45])).toBe(2);
    expect(median([3, 1, 2, 10])).toBe(2.5);
  });
});

describe('a commit against another', () => {
  it.each([
    ['noise', [10, 11, 9, 10], [10, 10, 10, 10]],
    ['noise', [101, 101, 101, 101], [100, 100, 100, 100]],
    ['noise', [13, 9, 13, 9], [10, 10, 10, 10]],
    ['more', [11, 12, 11, 10.9], [10, 10, 10, 10]],
    ['less', [9, 8, 9.1, 9], [10, 10, 10, 10]],
  ])('is %s', async (verdict, now, before) => {
    const { compare } = await load('cases/against.js');
    expect(compare({ now, before }).verdict).toBe(verdict);
  });
});

describe('the load generator', () => {
  const choose = async (wanted: string | undefined, isWrkThere: boolean) => {
    const { name, why } = (await load('load/generator.js')).chooseGenerator(wanted, isWrkThere);
    return `${name}: ${why}`;
  };

  it('is wrk where that is installed, else Node, and the run names it', async () => {
    expect(await choose(undefined, true)).toBe('wrk: it is installed');
    expect(await choose(undefined, false)).toBe('raw sockets of Node: wrk is not installed');
    expect(await choose('node', true)).toBe('raw sockets of Node: by --generator');
    await expect(choose('wrk', false)).rejects.toThrow('--generator=wrk: wrk is not installed');
  });
});

describe('the targets', () => {
  const poll = {
    rows: [{ name: 'mock', ofFastify: 1.02, ofHttp: 0.5 }],
    figures: { mock: { perSecond: [60, 50] }, mockttp: { perSecond: [10, 10] } },
    cpuOfFastify: 0.9,
  };

  it.each([
    ['poll vs bare Fastify route, throughput', 1.02, 'met'],
    ['poll vs plain node:http, throughput', 0.5, 'missed'],
    ['poll vs mockttp', 5.5, 'met'],
    ['poll vs WireMock, tuned and warm', undefined, 'not measured'],
    ['advance of 100,000 due tasks, ms', undefined, 'not measured'],
  ])('hold %s', async (what, value, verdict) => {
    const { holdAgainstTargets } = await load('targets.js');
    const row = holdAgainstTargets({ poll }).find((target: { what: string }) => target.what === what);
    expect(row).toMatchObject({ value, verdict });
  });
});

describe('the document', () => {
  const begin = '<!-- figures: begin (written by npm run bench) -->';
  const end = '<!-- figures: end -->';

  it('keeps what stands around the figures', async () => {
    const { fill } = await load('report/document.js');
    expect(fill(`before\n${begin}\nold\n${end}\nafter\n`, 'new')).toBe(
      `before\n${begin}\n\nnew\n\n${end}\nafter\n`,
    );
  });

  it('is rejected without its markers', async () => {
    const { fill } = await load('report/document.js');
    expect(() => fill(`before ${end} ${begin}`, 'new')).toThrow('lacks the markers');
  });
});
