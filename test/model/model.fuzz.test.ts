/**
 * Random sequences of calls against a mock and against a small model of it: what the mock shows after each call
 * must be what the model predicts. By hand: APIG_MOCK_MODEL_RUNS gives another number of sequences, APIG_MOCK_MODEL_SEED
 * another seed (0: a new one each time). A failure prints its seed, path and replayPath: the first two, and
 * APIG_MOCK_MODEL_PATH and APIG_MOCK_MODEL_REPLAY, run it again.
 */
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { START_MS } from '../admin/scene.ts';
import { cases } from '../support/fuzz.ts';
import { clocks } from './commands-clocks.ts';
import { controls } from './commands-control.ts';
import { faults } from './commands-faults.ts';
import { imports, listEverything } from './commands-imports.ts';
import { journal } from './commands-journal.ts';
import { pollEverything, polls } from './commands-polls.ts';
import { states } from './commands-state.ts';
import { Model, type Setting } from './model.ts';
import { Real } from './real.ts';

const { env } = process;
const RUNS = Number(env['APIG_MOCK_MODEL_RUNS'] ?? 0);
const SEED = Number(env['APIG_MOCK_MODEL_SEED'] ?? 20_260_101);
const replay = {
  ...(SEED === 0 ? {} : { seed: SEED }),
  ...(env['APIG_MOCK_MODEL_PATH'] === undefined ? {} : { path: env['APIG_MOCK_MODEL_PATH'] }),
};
const commandReplay =
  env['APIG_MOCK_MODEL_REPLAY'] === undefined ? {} : { replayPath: env['APIG_MOCK_MODEL_REPLAY'] };

/** What makes and moves tasks more often, so that there is something for the others to meet. */
const ALL = [
  imports,
  polls,
  controls,
  clocks,
  states,
  faults,
  journal,
  imports,
  imports,
  clocks,
  polls,
  controls,
].flat();

const settings = (fixed: Pick<Setting, 'transport' | 'keeps'>): fc.Arbitrary<Setting> =>
  fc.record({
    transport: fc.constant(fixed.transport),
    keeps: fc.constant(fixed.keeps),
    workers: fc.constantFrom(1, 2, 4),
    maxRequests: fc.constantFrom(1000, 1000, 3, 0),
    progression: fc.constantFrom('time', 'time', 'polls', 'manual', 'immediate'),
    seeded: fc.boolean(),
    startMs: fc.constantFrom(START_MS, Date.parse('2090-01-01T00:00:00Z')),
  });

interface Scene extends Pick<Setting, 'transport' | 'keeps'> {
  readonly name: string;
  readonly runs: number;
  readonly length: number;
}

async function runCommands(
  setting: Setting,
  commands: Iterable<fc.AsyncCommand<Model, Real>>,
): Promise<void> {
  const real = await Real.start(setting);
  const model = new Model(setting);
  try {
    await fc.asyncModelRun(() => ({ model, real }), commands);
    await pollEverything(model, real);
    await listEverything(model, real);
  } finally {
    await real.close();
  }
}

describe('any sequence of calls shows what the model predicts', () => {
  it.each<Scene>([
    { name: 'through the application', transport: 'inject', keeps: 'snapshot', runs: 70, length: 40 },
    { name: 'over a socket', transport: 'socket', keeps: 'snapshot', runs: 40, length: 40 },
    { name: 'with a state file', transport: 'socket', keeps: 'file', runs: 10, length: 25 },
  ])(
    '$name',
    async ({ transport, keeps, runs, length }) => {
      const commands = fc.commands(ALL, { maxCommands: length, size: 'max', ...commandReplay });
      await fc.assert(fc.asyncProperty(settings({ transport, keeps }), commands, runCommands), {
        numRuns: RUNS > 0 ? RUNS : cases(runs),
        verbose: 1,
        ...replay,
      });
    },
    RUNS > 0 ? 24 * 60 * 60 * 1000 : 120_000,
  );
});
