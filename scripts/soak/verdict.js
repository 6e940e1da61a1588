/** From the figures of a soak to what is wrong with them: pure, so that each limit can be seen to be one. */

export const LIMITS = {
  /** Of the time: until then the mock fills up to its bounds. */
  warmUp: 0.2,
  /** What it holds after a collection may grow by so much from there to the end, and what is resident. */
  heapGrowth: 1.15,
  heapMiB: 8,
  rssGrowth: 1.3,
  rssMiB: 48,
  /** Open at the end beyond the beginning. */
  descriptors: 2,
  handles: 4,
  /** The longest that the mock's own work ever held up its event loop. */
  delayMs: 1000,
  stopMs: 5000,
};

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** How a figure went from after the warm-up to the end: the medians of the first and the last third. */
export function courseOf(samples, figure) {
  const warm = samples.slice(Math.floor(samples.length * LIMITS.warmUp)).map((sample) => sample[figure]);
  const third = Math.max(1, Math.floor(warm.length / 3));
  return { from: median(warm.slice(0, third)), to: median(warm.slice(-third)) };
}

function grew(samples, figure, { growth, atLeast, what }) {
  const { from, to } = courseOf(samples, figure);
  if (to <= Math.max(from * growth, from + atLeast)) return [];
  return [`${what} grew from ${from.toFixed(1)} MiB to ${to.toFixed(1)} MiB`];
}

/** What is wrong, in words; nothing when all is well. */
export function faultsOf({ samples, before, after, requests, wrong, end }) {
  const { heapGrowth, heapMiB, rssGrowth, rssMiB, descriptors, handles, delayMs, stopMs } = LIMITS;
  const faults = wrong.map((what) => `wrong response: ${what}`);
  if (requests === 0) faults.push('no response');
  if (samples.length < 5) faults.push(`${samples.length} samples are too few to judge by`);
  else {
    faults.push(...grew(samples, 'heapMiB', { growth: heapGrowth, atLeast: heapMiB, what: 'the heap' }));
    faults.push(...grew(samples, 'rssMiB', { growth: rssGrowth, atLeast: rssMiB, what: 'resident memory' }));
  }
  const stuck = samples.findIndex((sample) => sample.responses === 0);
  if (stuck >= 0) faults.push(`no response in interval ${stuck + 1}`);
  if (after !== undefined) {
    if ((after.descriptors ?? 0) > (before.descriptors ?? 0) + descriptors)
      faults.push(
        `${after.descriptors} descriptors are open at the end, ${before.descriptors} at the beginning`,
      );
    if (after.handles > before.handles + handles)
      faults.push(`${after.handles} handles are left at the end, ${before.handles} at the beginning`);
  }
  const longest = Math.max(0, ...samples.map((sample) => sample.delayMs));
  if (longest > delayMs) faults.push(`the event loop was held up for ${longest.toFixed(0)} ms`);
  if (end.code !== 0) faults.push(`the mock ended with ${end.signal ?? end.code} in place of 0`);
  else if (end.tookMs > stopMs) faults.push(`the mock took ${end.tookMs.toFixed(0)} ms to stop`);
  return faults;
}
