/** The verdict on a soak: what its figures must be. The soak itself is run by `soak.slow.test.ts`. */
import { describe, expect, it } from 'vitest';
import { type Figures, faultsOf } from '../../scripts/soak/verdict.js';

const sample = { heapMiB: 50, rssMiB: 120, delayMs: 20, responses: 1000 };
const good: Figures = {
  samples: new Array(20).fill(sample),
  before: { descriptors: 21, handles: 6 },
  after: { descriptors: 21, handles: 6 },
  requests: 20_000,
  wrong: [],
  end: { code: 0, signal: null, tookMs: 300 },
};
/** Twenty samples; `change` gives what differs. */
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
      'without descriptors, where the system does not report them',
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
    ['no response in interval 8', course((at) => ({ responses: at === 7 ? 0 : 10 }))],
    ['24 descriptors are open at the end, 21 at the beginning', { after: { descriptors: 24, handles: 6 } }],
    ['11 handles are left at the end, 6 at the beginning', { after: { descriptors: 21, handles: 11 } }],
    ['wrong response: such', { wrong: ['such'] }],
    ['no response', { requests: 0 }],
    ['4 samples are too few to judge by', { samples: good.samples.slice(0, 4) }],
    ['the mock ended with SIGKILL in place of 0', { end: { code: null, signal: 'SIGKILL', tookMs: 1 } }],
    ['the mock ended with 1 in place of 0', { end: { code: 1, signal: null, tookMs: 1 } }],
    ['the mock took 5001 ms to stop', { end: { code: 0, signal: null, tookMs: 5001 } }],
  ])('%s', (fault, figures) => {
    const faults = faultsOf({ ...good, ...figures });
    expect(faults).toEqual([fault]);
  });
});
