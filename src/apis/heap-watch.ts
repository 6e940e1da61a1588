/**
 * How full the heap is of what is kept: what was left after the last whole collection. What has been imported is
 * bounded by no number, and a process that runs out of memory is gone with everybody's tasks.
 */
import { constants, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';

/** Of the limit that V8 tells, as much is for young objects, which are not kept. */
const YOUNG_BYTES = 48 * 1024 * 1024;

/** What objects that are kept may take. */
const roomOf = (limit: number): number => Math.max(limit - YOUNG_BYTES, limit / 2);

/** Watches until told to stop; the answer tells how full it is, from 0 to 1, about. Costs nothing between collections. */
export function watchHeap(stopping: AbortSignal): () => number {
  let keptBytes = 0;
  const observer = new PerformanceObserver((list) => {
    if (list.getEntries().some(isWhole)) keptBytes = getHeapStatistics().used_heap_size;
  });
  observer.observe({ entryTypes: ['gc'] });
  stopping.addEventListener('abort', () => observer.disconnect(), { once: true });
  return () => {
    const { heap_size_limit: limit, used_heap_size: usedBytes } = getHeapStatistics();
    // What is used now, garbage included, may be less: there was a collection of which nobody told yet.
    return Math.min(keptBytes, usedBytes) / roomOf(limit);
  };
}

const isWhole = (entry: PerformanceEntry): boolean =>
  (entry as { detail?: { kind?: number } }).detail?.kind === constants.NODE_PERFORMANCE_GC_MAJOR;
