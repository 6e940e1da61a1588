/** `apig-mock clock`: shows, stops, sets and advances a clock of a mock; the main one, or that of a project or instance. */

import { SettingError } from '../../core/errors.ts';
import { scopeOf, withControl } from '../client/control.ts';
import { type Given, outputJson } from '../command.ts';
import type { Terminal } from '../terminal/terminal.ts';

interface ShownClock {
  readonly mode: string;
  readonly now: string;
  readonly own: boolean;
}

/** Runs the command. */
export const runClock = (given: Given, terminal: Terminal): Promise<void> =>
  withControl(given, async (call) => {
    const { action, subject } = given;
    const scope = scopeOf(given);
    const read = async () => (await call('getClock', scope)) as ShownClock;
    const set = (members: object) => call('setClock', { ...scope, ...members }) as Promise<ShownClock>;
    const calls: Readonly<Record<string, () => Promise<ShownClock>>> = {
      show: read,
      freeze: () => set({ mode: 'manual' }),
      resume: () => set({ mode: 'system' }),
      set: async () => set({ mode: (await read()).mode, now: subject }),
      advance: () => call('advanceClock', { ...scope, ms: wholeMs(subject) }) as Promise<ShownClock>,
    };
    const clock = await calls[action]?.();
    if (clock === undefined || outputJson(given, terminal, clock)) return;
    const state = clock.mode === 'manual' ? 'stands still' : 'runs';
    terminal.out(`${clock.now}  ${state}${clock.own ? ', a clock of its own' : ''}\n`);
  });

function wholeMs(given: string): number {
  if (/^\d{1,15}$/.test(given)) return Number(given);
  throw new SettingError(`clock advance: '${given}' is not what it takes: a whole number of milliseconds`);
}
