/** The clocks at a glance: what they show, how far a running one is off, when something moves by them. */
import { type Clock, systemNowMs } from '../clock.ts';
import type { Clocks } from '../clocks.ts';

/** A clock; `next_due` is when the next task moves by it, absent when none will. */
export interface ClockOverview {
  project_id?: string;
  instance_id?: string;
  mode: 'system' | 'manual';
  now: string;
  next_due?: string;
  /** A running clock only: how far it is ahead of real time, in ms; negative = behind. */
  offset_ms?: number;
}

const time = (ms: number): string => new Date(ms).toISOString();

/** Below this, two looks at the same time differ by what lies between them. */
const SAME_MS = 5;

function hands(clock: Clock): Pick<ClockOverview, 'now' | 'offset_ms'> {
  const nowMs = clock.now();
  if (clock.mode === 'manual') return { now: time(nowMs) };
  const offsetMs = Math.round(nowMs - systemNowMs());
  return { now: time(nowMs), offset_ms: Math.abs(offsetMs) < SAME_MS ? 0 : offsetMs };
}

/** The main clock, then those of scopes; `dues` = when the next task moves by each. */
export function clockOverviews(clocks: Clocks, dues: ReadonlyMap<Clock, number>): ClockOverview[] {
  const view = (clock: Clock, key?: string): ClockOverview => {
    const [project_id, instance_id] = key?.split('/') ?? [];
    const dueMs = dues.get(clock);
    return {
      ...(project_id === undefined ? {} : { project_id }),
      ...(instance_id === undefined ? {} : { instance_id }),
      mode: clock.mode,
      ...hands(clock),
      ...(dueMs === undefined ? {} : { next_due: time(dueMs) }),
    };
  };
  return [view(clocks.main), ...Array.from(clocks.entries(), ([key, clock]) => view(clock, key))];
}
