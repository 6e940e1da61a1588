/** Two processes behind nginx against one: throughput on the cores there are, and the CPU that each part takes. */
import { readFileSync } from 'node:fs';
import { startFleet } from '../../examples/fleet/start.js';
import { median, pairedRatio, round } from '../figures.js';
import { pollPath, TOKEN } from '../job.js';
import { availableCores, cpuSeconds, has, unpinned } from '../machine.js';
import { interleave } from '../rounds.js';

/** Instances that are asked in turn: enough that both processes get about half. */
const INSTANCES = 200;
const headers = { 'x-auth-token': TOKEN };
const REQUESTS = Array.from({ length: INSTANCES }, (_, at) => ({
  path: pollPath(undefined, { instance: `instance-${at}` }),
  headers,
}));

/** The workers of an nginx master, which do its work. */
const workersOf = (pid) =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);

const portOf = ({ url }) => Number(new URL(url).port);

export async function measureFleet({ folder, plan, rig, progress }) {
  if (!has('nginx', ['-v'])) {
    return { rows: [], note: 'Not measured: there is no nginx on this machine (Debian: nginx-light).' };
  }
  progress('one process, two behind nginx');
  // Nothing is pinned here: the question is what all cores together can do.
  const fleet = await startFleet({ processes: 2, cli: `${folder}dist/cli.js`, wrap: unpinned });
  try {
    const [one] = fleet.mocks;
    const ways = [
      { name: 'one', label: 'one process, asked directly', port: portOf(one), pid: one.pid },
      { name: 'two', label: 'two processes behind nginx', port: portOf(fleet), pid: one.pid },
    ];
    const contestants = ways.map(({ name, port, pid }) => ({
      ...{ name, server: { name, port, pid }, requests: REQUESTS, status: 200 },
    }));
    const free = { ...rig, core: availableCores() };
    const figures = await interleave(contestants, { ...plan, ...free });
    const shares = await cpuShares(fleet, free, plan.seconds);
    return {
      rows: ways.map(({ name, label }) => ({
        label,
        perSecond: round(median(figures[name].perSecond), 0),
        ratio: round(pairedRatio(figures[name].perSecond, figures.one.perSecond)),
      })),
      shares,
      note: noteOf(shares),
    };
  } finally {
    await fleet.stop();
  }
}

/** CPU seconds per 100,000 polls through the front, by part. */
async function cpuShares(fleet, { generator, connections, core }, seconds) {
  const mocks = fleet.mocks.map(({ pid }) => pid);
  const proxy = workersOf(fleet.nginx.pid);
  const used = (pids) => pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0);
  const before = [...mocks.map((pid) => used([pid])), used(proxy)];
  const { requests } = await generator.load({
    port: portOf(fleet),
    requests: REQUESTS,
    seconds,
    connections,
    core,
  });
  const after = [...mocks.map((pid) => used([pid])), used(proxy)];
  const [first, second, nginx] = after.map((value, at) => round(((value - before[at]) / requests) * 100_000));
  return { first, second, mocks: round(first + second), nginx };
}

const noteOf = ({ first, second, mocks, nginx }) =>
  `Nothing is pinned here. Per 100,000 polls through the front, the two mocks take ${mocks} CPU seconds (${first} and ${second}) and nginx ${nginx}; \
the load generator comes on top. \
Where all share two cores, the proxy takes what the second process brings.`;
