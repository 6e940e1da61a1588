/** The control calls on clocks: the main one, and the own ones that scopes get by being named. */
import type { Clock } from '../core/clock.ts';
import { errors } from '../core/errors.ts';
import { MAX_TIME_MS, MIN_TIME_MS } from '../core/time-line.ts';
import type { Core } from '../mock.ts';
import type { ClockState, MockControl } from './old-calls.ts';
import type { ClockRequest, ScopeRequest } from './schemas.ts';
import { checkScope, filterOf, placeOf } from './scope-request.ts';

type ClockCalls = MockControl['clock'];

/** Makes the calls of `mock.clock`; `changed` is called after every change. */
export function clockCalls(options: Core, changed: (scope: ScopeRequest) => void): ClockCalls {
  const { clocks, worker } = options;

  const governing = ({ project_id, instance_id }: ScopeRequest): Clock =>
    clocks.ruling('task', project_id, instance_id);

  const stateOf = (scope: ScopeRequest): ClockState => {
    const clock = governing(scope);
    return { mode: clock.mode, now: new Date(clock.now()).toISOString(), own: clock !== clocks.get({}) };
  };

  /** Notifies the waits for a task that time stands still, or goes on. */
  const announce = (): void => worker.events.emit({ type: 'clock' });

  const afterChange = (scope: ScopeRequest): ClockState => {
    changed(placeOf(scope));
    return stateOf(scope);
  };

  const set = async ({ mode, now, ...scope }: ClockRequest): Promise<ClockState> => {
    checkScope(scope);
    const toMs = now === undefined ? undefined : timeOf(now);
    try {
      await clocks.ensure(filterOf(scope)).turn(mode, toMs);
    } finally {
      announce();
    }
    return afterChange(scope);
  };

  return {
    async get(scope = {}) {
      checkScope(scope);
      return stateOf(scope);
    },
    set,
    freeze: (scope = {}) => set({ ...placeOf(scope), mode: 'manual' }),
    resume: (scope = {}) => set({ ...placeOf(scope), mode: 'system' }),
    async advance(ms, scope = {}) {
      checkScope(scope);
      // Before the scope gets a clock of its own, and again in turn, after the moves asked for before.
      const isBeyond = governing(scope).now() + ms > MAX_TIME_MS;
      try {
        if (isBeyond || !(await clocks.ensure(filterOf(scope)).advance(ms)))
          throw errors.parameterInvalid('ms', { reason: 'ms takes the clock beyond the year 9999' });
      } finally {
        announce();
      }
      return afterChange(scope);
    },
  };
}

/** A time in ms. Throws for one that no calendar has, such as 30 February. */
function timeOf(now: string): number {
  const ms = Date.parse(now);
  const day = now.slice(0, 10);
  const exists = !Number.isNaN(ms) && new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10) === day;
  if (!exists || ms < MIN_TIME_MS || ms > MAX_TIME_MS) {
    throw errors.parameterInvalid('now', { reason: `now: there is no time ${now}` });
  }
  return ms;
}
