/** `npm run bench`: builds, measures part after part, prints the tables, and writes them down after a full run. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { measureAdvance } from './cases/advance.js';
import { measureAgainst } from './cases/against.js';
import { measureFleet } from './cases/fleet.js';
import { measureImports } from './cases/imports.js';
import { measureKinds } from './cases/kinds.js';
import { measureManyTasks } from './cases/many-tasks.js';
import { measureResident, soak, weigh } from './cases/memory.js';
import { measureStarts } from './cases/start.js';
import { measureThroughput } from './cases/throughput.js';
import { chooseGenerator } from './load/generator.js';
import { describeMachine, findCores, pinSelf } from './machine.js';
import { PARTS, readOptions, USAGE } from './options.js';
import { preparePeers } from './peers.js';
import { preambleOf, writeDocument } from './report/document.js';
import { tablesOf } from './report/tables.js';
import { servers } from './servers.js';
import { holdAgainstTargets } from './targets.js';

const beganMs = performance.now();
const progress = (text) =>
  process.stderr.write(`${((performance.now() - beganMs) / 1000).toFixed(0).padStart(5)} s  ${text}\n`);
const versionIn = (path) => JSON.parse(readFileSync(path, 'utf8')).version;

/** The measurements, by part; each is called once, in order. */
const measures = {
  poll: measureThroughput,
  kinds: (given) => measureKinds({ ...given, plan: given.plan.kinds }),
  many: (given) => measureManyTasks({ ...given, plan: given.plan.many }),
  starts: measureStarts,
  memory: async (given) => ({ ...(await measureResident(given)), weights: await weigh(given) }),
  imports: measureImports,
  advance: measureAdvance,
  fleet: (given) => measureFleet({ ...given, plan: given.plan.kinds }),
};

function aboutOf({ argv, options, generator, cores, machine }) {
  return {
    date: new Date().toISOString().slice(0, 10),
    command: ['npm run bench', ...(argv.length > 0 ? ['--', ...argv] : [])].join(' '),
    machine,
    versions: {
      mock: versionIn(`${options.folder}package.json`),
      fastify: versionIn(new URL('../node_modules/fastify/package.json', import.meta.url)),
    },
    generator: generator.name,
    connections: options.connections,
    pinnedCores: cores !== undefined,
    plan: options.plan,
  };
}

async function measure(options, given) {
  if (options.soak !== undefined) return { soak: await soak({ ...given, polls: options.soak }) };
  if (options.against !== undefined)
    return { against: await measureAgainst({ ...given, commit: options.against }) };
  const results = {};
  for (const part of PARTS.filter((name) => options.only.includes(name)))
    results[part] = await measures[part](given);
  return results;
}

async function main(argv) {
  const options = readOptions(argv);
  if (options.help) return void process.stdout.write(`${USAGE}\n`);
  const { folder, plan } = options;
  if (options.build) execFileSync(process.execPath, ['scripts/build.js'], { cwd: folder, stdio: 'inherit' });
  const machine = describeMachine();
  const cores = findCores();
  const generator = chooseGenerator(options.generator);
  progress(`load by ${generator.name}: ${generator.why}`);
  pinSelf(cores?.load);

  const { ready: peers, missing } = await preparePeers(options.peers, progress);
  const rig = { generator, connections: options.connections, core: cores?.load, serverCore: cores?.server };
  const measured = await measure(options, { all: servers(folder), peers, folder, plan, rig, progress });
  measured.poll?.missing.push(...missing);

  const about = aboutOf({ argv, options, generator, cores, machine });
  const isWhole = options.soak === undefined && options.against === undefined;
  const targets = isWhole ? { targets: holdAgainstTargets(measured) } : {};
  const results = { about, ...targets, ...measured };
  progress('done');
  process.stdout.write(`${preambleOf(about)}\n\n${tablesOf(results)}`);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(results, undefined, 2)}\n`);
  if (options.writesDocs && isWhole) writeDocument(results);
}

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));
main(process.argv.slice(2)).catch((cause) => {
  process.stderr.write(`bench: ${cause.message}\n`);
  process.exit(1);
});
