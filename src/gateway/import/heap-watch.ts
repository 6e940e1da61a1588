/**
 * How full the heap is of what is kept: what was left after the last whole collection. What has been imported is
 * bounded by no number, and a process that runs out of memory is gone with everybody's tasks.
 */
import { constants, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';

const MIB = 1024 * 1024;

/** Of the limit that V8 tells, so much is for young objects, which are not kept: three times the largest semi-space. */
function youngBytes(major: number): number {
  if (major < 24) return 48 * MIB;
  // Of versions that are yet to come, the most that any had.
  return major === 26 ? 96 * MIB : 192 * MIB;
}

/** What objects that are kept may take, in bytes, of the limit that V8 tells under a major version of Node. */
export const limitOf = (limit: number, major: number): number =>
  Math.max(limit - youngBytes(major), limit / 8);

/** The major version of this Node; the oldest ones have no navigator. */
const majorVersion = (): number => {
  const { navigator } = globalThis as { navigator?: { userAgent?: string } };
  return Number(/^Node\.js\/(\d+)/.exec(navigator?.userAgent ?? '')?.[1] ?? 20);
};

/** What objects that are kept may take in this process, in bytes. */
export const heapLimit = (): number => limitOf(getHeapStatistics().heap_size_limit, majorVersion());

/** Watches until told to stop; the answer tells how full it is, from 0 to 1, about. Costs nothing between collections. */
export function watchHeap(stopping: AbortSignal): () => number {
  const room = heapLimit();
  let keptBytes = 0;
  const observer = new PerformanceObserver((list) => {
    if (list.getEntries().some(isWhole)) keptBytes = getHeapStatistics().used_heap_size;
  });
  observer.observe({ entryTypes: ['gc'] });
  stopping.addEventListener('abort', () => observer.disconnect(), { once: true });
  return () => {
    // What is used now, garbage included, may be less: there was a collection of which nobody told yet.
    return Math.min(keptBytes, getHeapStatistics().used_heap_size) / room;
  };
}

const isWhole = (entry: PerformanceEntry): boolean =>
  (entry as { detail?: { kind?: number } }).detail?.kind === constants.NODE_PERFORMANCE_GC_MAJOR;
