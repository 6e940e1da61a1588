/** Clocks moved on, set back and on, frozen, and let run for a moment. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { commandOf, partOf } from './command.ts';
import type { Model } from './model.ts';
import type { Real } from './real.ts';

const advance = commandOf<{ part: number; ms: number }>('advance', {
  async run(model, real, { part, ms }) {
    await real.control.clock.advance(ms, partOf(part));
    const key = model.ownClock(partOf(part));
    model.moveClock(key, (model.state.clocks.get(key) ?? 0) + ms);
  },
});

const setClock = commandOf<{ part: number; by: number }>('setClock', {
  async run(model, real, { part, by }) {
    const key = model.ownClock(partOf(part));
    const toMs = (model.state.clocks.get(key) ?? 0) + by;
    await real.control.clock.set({ ...partOf(part), mode: 'manual', now: new Date(toMs).toISOString() });
    model.moveClock(key, toMs);
  },
});

const freeze = commandOf<{ part: number }>('freeze', {
  async run(model, real, { part }) {
    await real.control.clock.freeze(partOf(part));
    model.ownClock(partOf(part));
  },
});

/** Long enough for a slow machine between two calls. */
const MOMENT_MS = 5000;

const isQuiet = (model: Model, part: number): boolean => {
  const key = model.clockKey(partOf(part));
  const now = model.state.clocks.get(key) ?? 0;
  return model.state.tasks.every(({ due }) => due === undefined || due.atMs > now + MOMENT_MS);
};

/** Lets a clock run with the system's time, and takes over where it stopped. */
async function runForAMoment(
  model: Model,
  real: Real,
  { part, meanwhile }: { part: number; meanwhile?: () => Promise<void> },
): Promise<void> {
  const key = model.ownClock(partOf(part));
  const before = model.state.clocks.get(key) ?? 0;
  await real.control.clock.resume(partOf(part));
  await meanwhile?.();
  const { now } = await real.control.clock.freeze(partOf(part));
  expect(Date.parse(now)).toBeGreaterThanOrEqual(before);
  expect(Date.parse(now)).toBeLessThan(before + MOMENT_MS);
  model.moveClock(key, Date.parse(now));
}

/** Runs with the system's time for a moment in which nothing is due. */
const letRun = commandOf<{ part: number }>('letRun', {
  when: (model, { part }) => isQuiet(model, part),
  run: (model, real, { part }) => runForAMoment(model, real, { part }),
});

/** A clock that runs, as far from the system's as the run has it, goes on from there over a restart. */
const restartRunning = commandOf<{ part: number }>('restartRunning', {
  when: (model, { part }) => isQuiet(model, part),
  async run(model, real, { part }) {
    await runForAMoment(model, real, { part, meanwhile: () => real.restart() });
    model.restore(model.state);
    model.traffic.clear({});
  },
});

const part = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(5) });

export const clocks = [
  fc.record({ part, ms: fc.constantFrom(0, 100, 500, 1000, 1500, 2000, 10_000) }).map(advance),
  fc.record({ part, ms: fc.constantFrom(0, 100, 500, 1000, 1500, 2000, 10_000) }).map(advance),
  fc.record({ part, by: fc.constantFrom(-3000, -700, 0, 700, 2000) }).map(setClock),
  fc.record({ part }).map(freeze),
  fc.record({ part }).map(letRun),
  fc.record({ part }).map(restartRunning),
];
