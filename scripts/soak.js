/**
 * `npm run soak -- --minutes N`: puts the built mock under load from clients that know what every response must be,
 * and judges its memory, its speed and how it ends. Run `npm run build` first.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Line } from './soak/line.js';
import { Load } from './soak/load.js';
import { descriptorsOf, measure, startMock, stopMock } from './soak/mock.js';
import { readOptions, USAGE } from './soak/options.js';
import { expectStatus, plain } from './soak/requests.js';
import { courseOf, faultsOf } from './soak/verdict.js';

/** How often it is measured, at least and at most. */
const [LEAST_SAMPLES, MOST_SECONDS] = [10, 10];

const figuresLine = (atMs, sample) =>
  [
    `${(atMs / 1000).toFixed(0).padStart(6)} s`,
    `${sample.perSecond.toFixed(0).padStart(7)} responses/s`,
    `heap ${sample.heapMiB.toFixed(1)} MiB`,
    `resident ${sample.rssMiB.toFixed(1)} MiB`,
    `${sample.descriptors ?? '?'} descriptors`,
    `delay ${sample.delayMs.toFixed(0)} ms`,
  ].join('  ');

/** Measures again and again until the time is over or something is wrong. */
async function sampling(mock, load, seconds) {
  const samples = [];
  const intervalMs = Math.min(seconds / LEAST_SAMPLES, MOST_SECONDS) * 1000;
  const beganMs = performance.now();
  // From one measure to the next, so that one that takes long leaves no empty interval behind it.
  let last = { responses: load.responses, ms: beganMs };
  for (let next = 1; next * intervalMs <= seconds * 1000 + 1 && !load.signal.aborted; next += 1) {
    const restMs = Math.max(beganMs + next * intervalMs - performance.now(), 0);
    await sleep(restMs, undefined, { signal: load.signal }).catch(() => {});
    if (load.signal.aborted) break;
    const now = { responses: load.responses, ms: performance.now() };
    const responses = now.responses - last.responses;
    const perSecond = (responses / (now.ms - last.ms)) * 1000;
    last = now;
    const sample = { ...(await measure(mock)), responses, perSecond };
    samples.push(sample);
    console.log(figuresLine(performance.now() - beganMs, sample));
  }
  return samples;
}

/** Descriptors of closed connections are given back within a moment. */
async function settled(mock, before) {
  for (let attempt = 0; attempt < 60 && descriptorsOf(mock) > before.descriptors; attempt += 1)
    await sleep(50);
  return measure(mock);
}

async function soak(mock, { seconds, clients, seed }) {
  // All parts are loaded before the first measure.
  const line = new Line(mock.port);
  await line.send(plain('GET', '/__admin/health'), 1, expectStatus(200));
  line.close();
  await sleep(200);
  const before = await measure(mock);
  const load = new Load(mock.port, clients, seed);
  const running = load.run();
  const figures = { samples: [], before, after: undefined, end: undefined };
  try {
    figures.samples = await sampling(mock, load, seconds);
    load.stop();
    await running;
    figures.after = await settled(mock, before);
  } catch (cause) {
    load.wrong.push(cause.message);
    load.stop();
  }
  figures.end = await stopMock(mock);
  return { ...figures, requests: load.responses, wrong: load.wrong, done: load.done };
}

function report({ samples, before, after, requests, done }) {
  console.log(`\n${requests.toLocaleString('en')} responses checked; done: ${JSON.stringify(done)}`);
  if (samples.length === 0) return;
  for (const [figure, what] of [
    ['heapMiB', 'heap after a collection'],
    ['rssMiB', 'resident'],
  ]) {
    const { from, to } = courseOf(samples, figure);
    console.log(`${what}: ${from.toFixed(1)} MiB after the warm-up, ${to.toFixed(1)} MiB at the end`);
  }
  console.log(`descriptors: ${before.descriptors} before, ${after?.descriptors ?? '?'} after`);
  console.log(
    `longest delay of the event loop: ${Math.max(...samples.map(({ delayMs }) => delayMs)).toFixed(0)} ms`,
  );
}

const options = readOptions(process.argv.slice(2));
if (options.help) console.log(USAGE);
else {
  const folder = await mkdtemp(join(tmpdir(), 'apig-mock-soak-'));
  let mock;
  try {
    mock = await startMock(folder, process.env.APIG_SOAK_SABOTAGE);
    const figures = await soak(mock, options);
    report(figures);
    const faults = faultsOf(figures);
    for (const fault of faults) console.log(`!! ${fault}`);
    console.log(faults.length === 0 ? 'the soak is passed' : 'the soak is not passed');
    process.exitCode = faults.length === 0 ? 0 : 1;
  } finally {
    mock?.child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
}
