/** The soak: a short one is passed, and the verdict is another one when the mock is broken on purpose. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Figures, faultsOf } from '../../scripts/soak/verdict.js';

const SOAK = fileURLToPath(new URL('../../scripts/soak.js', import.meta.url));

function soak(seconds: string, sabotage = ''): Promise<{ code: number; text: string }> {
  return new Promise((resolve) => {
    const env = { PATH: process.env['PATH'], APIG_SOAK_SABOTAGE: sabotage };
    execFile(process.execPath, [SOAK, '--seconds', seconds], { env }, (failed, stdout, stderr) =>
      resolve({ code: Number(failed?.code ?? 0), text: stdout + stderr }),
    );
  });
}

describe('a soak', { timeout: 60_000 }, () => {
  it('of a few seconds is passed, with thousands of answers and everything done', async () => {
    const { code, text } = await soak('4');
    expect(text).toContain('the soak is passed');
    expect(code).toBe(0);
    const [, answers = '', done = ''] = /([\d,]+) answers checked; done: (.*)/.exec(text) ?? [];
    expect(Number(answers.replaceAll(',', ''))).toBeGreaterThan(5000);
    expect(JSON.parse(done)).toMatchObject({
      restore: expect.any(Number),
      polls: expect.any(Number),
      imports: expect.any(Number),
      exports: expect.any(Number),
    });
  });

  it.each([
    ['answer', /!! wrong answer: request \d+ of \d+, GET .*: must be .*"waiting".*came: 200 .*"wartend"/],
    ['memory', /!! the heap grew from [\d.]+ MiB to [\d.]+ MiB/],
    ['descriptors', /!! \d+ descriptors are open at the end, \d+ at the beginning/],
    ['delay', /!! the event loop was held up for \d+ ms/],
  ])('of a mock whose %s is broken is not passed, and says why', async (sabotage, fault) => {
    const { code, text } = await soak('4', sabotage);
    expect(text).toMatch(fault);
    expect(text).toContain('the soak is not passed');
    expect(code).toBe(1);
  });

  it('takes no time that is none', async () => {
    const { code, text } = await soak('soon');
    expect(code).toBe(1);
    expect(text).toContain("--seconds: 'soon' is no number above 0");
  });
});

const sample = { heapMiB: 50, rssMiB: 120, delayMs: 20, answered: 1000 };
const good: Figures = {
  samples: new Array(20).fill(sample),
  before: { descriptors: 21, handles: 6 },
  after: { descriptors: 21, handles: 6 },
  requests: 20_000,
  wrong: [],
  end: { code: 0, signal: null, tookMs: 300 },
};
/** Twenty samples, of which `change` says what differs. */
const course = (change: (at: number) => Partial<typeof sample>): Partial<Figures> => ({
  samples: good.samples.map((one, at) => ({ ...one, ...change(at) })),
});

describe('the verdict', () => {
  it.each<[what: string, figures: Partial<Figures>]>([
    ['of a flat course', {}],
    ['of one that fills up in the beginning', course((at) => ({ heapMiB: at < 4 ? 20 + at : 50 }))],
    ['of a heap that comes and goes', course((at) => ({ heapMiB: at % 3 === 0 ? 60 : 50 }))],
    ['of one peak', course((at) => (at === 18 ? { heapMiB: 90, rssMiB: 400 } : {}))],
    [
      'without descriptors, where the system does not tell',
      { before: { descriptors: undefined, handles: 6 } },
    ],
  ])('%s is good', (_what, figures) => {
    const given = { ...good, ...figures };
    const after =
      given.before.descriptors === undefined ? { ...given.before } : (given.after as Figures['before']);
    expect(faultsOf({ ...given, after })).toEqual([]);
  });

  it.each<[fault: string, figures: Partial<Figures>]>([
    ['the heap grew from 52.0 MiB to 63.0 MiB', course((at) => ({ heapMiB: 46 + at }))],
    ['resident memory grew from 120.0 MiB to 200.0 MiB', course((at) => ({ rssMiB: at < 12 ? 120 : 200 }))],
    ['the event loop was held up for 1001 ms', course((at) => ({ delayMs: at === 3 ? 1001 : 5 }))],
    ['nothing was answered in interval 8', course((at) => ({ answered: at === 7 ? 0 : 10 }))],
    ['24 descriptors are open at the end, 21 at the beginning', { after: { descriptors: 24, handles: 6 } }],
    ['11 handles are left at the end, 6 at the beginning', { after: { descriptors: 21, handles: 11 } }],
    ['wrong answer: such', { wrong: ['such'] }],
    ['nothing was answered', { requests: 0 }],
    ['4 samples are too few to judge by', { samples: good.samples.slice(0, 4) }],
    ['the mock ended with SIGKILL in place of 0', { end: { code: null, signal: 'SIGKILL', tookMs: 1 } }],
    ['the mock ended with 1 in place of 0', { end: { code: 1, signal: null, tookMs: 1 } }],
    ['the mock took 5001 ms to stop', { end: { code: 0, signal: null, tookMs: 5001 } }],
  ])('%s', (fault, figures) => {
    const faults = faultsOf({ ...good, ...figures });
    expect(faults).toEqual([fault]);
  });
});
