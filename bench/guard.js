/** The ratio that the guard in the tests looks at: a few short rounds of two servers, one after the other. */
import { pairedRatio } from './figures.js';
import { POLLS } from './job.js';
import { loadBySockets } from './load/sockets.js';
import { cpuSeconds } from './machine.js';
import { startServer } from './running.js';

const CONNECTIONS = 16;

/** What a hundred thousand polls cost: CPU seconds where the system reports them, else seconds. */
async function costOf(server, count) {
  const before = cpuSeconds(server.pid);
  const { requests } = POLLS.hit;
  const result = await loadBySockets({ port: server.port, requests, connections: CONNECTIONS, count });
  if (result.rejected + result.broken > 0) throw new Error(`${server.name}: polls failed`);
  const spent = before === undefined ? result.seconds : cpuSeconds(server.pid) - before;
  return (spent / result.requests) * 100_000;
}

/**
 * How cheap `mock` is against `yardstick`: 1 = a poll costs the same, 0.5 = twice as much. The median of the
 * ratios of `rounds` rounds with `polls` polls on each side.
 */
export async function measureRatio({ mock, yardstick, rounds = 5, polls = 6000 }) {
  const servers = [];
  try {
    for (const wanted of [mock, yardstick]) servers.push(await startServer(wanted));
    const costs = servers.map(() => []);
    for (const server of servers) await costOf(server, polls);
    for (let round = 0; round < rounds; round += 1) {
      for (const at of round % 2 === 0 ? [0, 1] : [1, 0]) costs[at].push(await costOf(servers[at], polls));
    }
    const [mockCosts, yardstickCosts] = costs;
    return pairedRatio(yardstickCosts, mockCosts);
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}
