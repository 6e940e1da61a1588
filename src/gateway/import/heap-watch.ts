/**
 * How much of the heap is live: what was left after the last full collection. Nothing bounds the number of
 * imported APIs, and a process that runs out of memory takes everybody's tasks with it.
 */
import { constants, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';

const MIB = 1024 * 1024;

/** The share of V8's reported limit for young objects, which do not count as live: three times the largest semi-space. */
function youngBytes(major: number): number {
  if (major < 24) return 48 * MIB;
  // Of versions that are yet to come, the most that any had.
  return major === 26 ? 96 * MIB : 192 * MIB;
}

/** How many bytes live objects may take of the limit that V8 reports under a major version of Node. */
export const limitOf = (limit: number, major: number): number =>
  Math.max(limit - youngBytes(major), limit / 8);

/** The major version of this Node; the oldest ones have no navigator. */
const majorVersion = (): number => {
  const { navigator } = globalThis as { navigator?: { userAgent?: string } };
  return Number(/^Node\.js\/(\d+)/.exec(navigator?.userAgent ?? '')?.[1] ?? 20);
};

/** How many bytes live objects may take in this process. */
export const heapLimit = (): number => limitOf(getHeapStatistics().heap_size_limit, majorVersion());

/** Watches until `stopping` aborts; returns a gauge of the heap, from 0 to 1. Free between collections. */
export function watchHeap(stopping: AbortSignal): () => number {
  const limitBytes = heapLimit();
  let liveBytes = 0;
  const observer = new PerformanceObserver((list) => {
    if (list.getEntries().some(isWhole)) liveBytes = getHeapStatistics().used_heap_size;
  });
  observer.observe({ entryTypes: ['gc'] });
  stopping.addEventListener('abort', () => observer.disconnect(), { once: true });
  return () => {
    // What is used now, garbage included, may be less: a collection may have run that was not reported yet.
    return Math.min(liveBytes, getHeapStatistics().used_heap_size) / limitBytes;
  };
}

const isWhole = (entry: PerformanceEntry): boolean =>
  (entry as { detail?: { kind?: number } }).detail?.kind === constants.NODE_PERFORMANCE_GC_MAJOR;
