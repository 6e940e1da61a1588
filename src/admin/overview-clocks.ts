/** The clocks at a glance: what they show, how far a running one is off, when something moves by them. */
import type { Clock } from '../core/clock.ts';
import type { Clocks, OwnedClock } from '../core/clocks.ts';

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

/** The main clock, then those of scopes; `dues` = when the next task moves by each. */
export function clockOverviews(clocks: Clocks, dues: ReadonlyMap<Clock, number>): ClockOverview[] {
  return clocks.list().map(({ projectId, instanceId, clock }: OwnedClock) => {
    const dueMs = dues.get(clock);
    return {
      ...(projectId === undefined ? {} : { project_id: projectId }),
      ...(instanceId === undefined ? {} : { instance_id: instanceId }),
      mode: clock.mode,
      now: time(clock.now()),
      ...(clock.mode === 'system' ? { offset_ms: clock.offsetMs } : {}),
      ...(dueMs === undefined ? {} : { next_due: time(dueMs) }),
    };
  });
}
