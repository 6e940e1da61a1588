/** What the control calls work on: the parts of the mock, and what it started with. */
import type { ApiStore } from '../apis/store.ts';
import type { Cancellations } from '../cancellation.ts';
import type { Clock } from '../clock.ts';
import type { Clocks } from '../clocks.ts';
import type { IdSources } from '../ids.ts';
import type { Planting } from '../tasks/planting.ts';
import type { TaskStore } from '../tasks/store.ts';
import type { TaskWorker } from '../tasks/worker.ts';
import type { EventLog } from './events.ts';
import type { FaultBook } from './fault-book.ts';
import type { FaultRequest } from './faults.ts';
import type { Journal } from './journal.ts';
import type { PlanBook } from './plans.ts';

export interface ControlOptions {
  readonly store: TaskStore;
  readonly worker: TaskWorker;
  readonly apis: ApiStore;
  readonly clocks: Clocks;
  readonly ids: IdSources;
  readonly plans: PlanBook;
  readonly journal: Journal;
  readonly faults: FaultBook;
  readonly events: EventLog;
  /** What the mock starts with, and goes back to. */
  readonly planting: Planting;
  readonly startFaults: readonly FaultRequest[];
  readonly startClock: Clock['mode'];
  /** Settings that may be shown, and the version, for the overview. */
  readonly shown: Readonly<Record<string, unknown>>;
  readonly version: string;
  readonly secretOf: (accessKey: string) => string | undefined;
  /** Whatever waits, or changes something after it has waited, begins here. */
  readonly cancellations: Cancellations;
}
