/** The command line of the benchmark, and what a quick and a full run do. */
import { parseArgs } from 'node:util';
import { ROOT } from './job.js';

/** One run through everything with nothing but Node (and wrk, where it is), in less than three minutes. */
const QUICK = {
  poll: { rounds: 5, seconds: 1, warmupSeconds: 2 },
  kinds: { rounds: 3, seconds: 1, warmupSeconds: 1 },
  many: { rounds: 3, seconds: 1, warmupSeconds: 1, tasks: 100_000 },
  starts: 5,
  npx: false,
  memoryPolls: 150_000,
  memoryBatchSeconds: 1,
  imports: 5,
  advances: 1,
};

const FULL = {
  poll: { rounds: 9, seconds: 5, warmupSeconds: 5 },
  kinds: { rounds: 7, seconds: 4, warmupSeconds: 2 },
  many: { rounds: 7, seconds: 4, warmupSeconds: 2, tasks: 100_000 },
  starts: 15,
  npx: true,
  memoryPolls: 1_000_000,
  memoryBatchSeconds: 5,
  imports: 15,
  advances: 5,
};

/** The parts of a run, in order; `--only` takes some of them. */
export const PARTS = ['poll', 'kinds', 'many', 'starts', 'memory', 'imports', 'advance', 'fleet'];

export const USAGE = `npm run bench -- [options]
  --quick             less than three minutes, no peers; prints the table only
  --peers[=a,b]       the peers too, or some of them (installed on demand)
  --only=a,b          some parts: ${PARTS.join(', ')}
  --soak=N            resident memory along N polls, and nothing else
  --against=commit    this checkout against a commit of it, in turn: what costs more or less, and nothing else
  --generator=wrk|node
  --connections=32
  --package=folder    the checkout to measure; default: this one
  --json=file         writes the figures
  --no-build          takes dist/ as it is
  --no-docs           leaves docs/performance.md and the chart alone`;

const list = (text) => text.split(',').filter((item) => item !== '');

/** Reads the command line; throws for what it does not know. */
export function readOptions(argv) {
  // `--peers` alone means all of them, which parseArgs does not know.
  const { values } = parseArgs({
    args: argv.map((arg) => (arg === '--peers' ? '--peers=all' : arg)),
    allowNegative: true,
    options: {
      quick: { type: 'boolean', default: false },
      peers: { type: 'string', default: '' },
      only: { type: 'string', default: '' },
      soak: { type: 'string' },
      against: { type: 'string' },
      generator: { type: 'string' },
      connections: { type: 'string', default: '32' },
      package: { type: 'string', default: ROOT },
      json: { type: 'string' },
      build: { type: 'boolean', default: true },
      docs: { type: 'boolean', default: true },
      help: { type: 'boolean', default: false },
    },
  });
  const only =
    values.only === '' ? PARTS.filter((part) => !values.quick || part !== 'fleet') : list(values.only);
  const unknown = only.find((part) => !PARTS.includes(part));
  if (unknown !== undefined)
    throw new Error(`--only: there is no part '${unknown}'; there are ${PARTS.join(', ')}`);
  if (![undefined, 'wrk', 'node'].includes(values.generator))
    throw new Error('--generator takes wrk or node');
  return {
    ...values,
    only,
    peers: values.peers === 'all' ? 'all' : list(values.peers),
    connections: Number(values.connections),
    soak: values.soak === undefined ? undefined : Number(values.soak),
    folder: values.package.endsWith('/') ? values.package : `${values.package}/`,
    // Only a whole, full run of this checkout is worth writing down.
    writesDocs: values.docs && !values.quick && values.only === '' && values.package === ROOT,
    plan: values.quick ? QUICK : FULL,
  };
}
