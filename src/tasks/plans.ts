/** Fills in what a plan leaves open. */
import type { Plan, PlanInput } from './task.ts';

/** The settings a plan falls back on. */
export interface PlanDefaults {
  readonly progression: Plan['mode'];
  readonly waitingMs: number;
  readonly processingMs: number;
  readonly waitingPolls: number;
  readonly processingPolls: number;
}

/** A plan with every time and count, those not given taken from the settings. */
export function fillPlan(given: PlanInput, defaults: PlanDefaults): Plan {
  switch (given.mode) {
    case 'time':
      return {
        ...given,
        waiting_ms: given.waiting_ms ?? defaults.waitingMs,
        processing_ms: given.processing_ms ?? defaults.processingMs,
      };
    case 'polls':
      return {
        ...given,
        waiting_polls: given.waiting_polls ?? defaults.waitingPolls,
        processing_polls: given.processing_polls ?? defaults.processingPolls,
      };
    default:
      return given;
  }
}
