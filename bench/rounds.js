/** Interleaved rounds: every contestant once per round, each round in another order, so that all see the same machine. */

import { cpuSeconds, residentMib } from './machine.js';
import { ask } from './running.js';

/** Whether the generator got what the case expects, and nothing else. */
function check({ name, status }, { requests, rejected, broken }) {
  const wrong = status < 400 ? rejected : requests - rejected;
  if (wrong > 0) throw new Error(`${name}: ${wrong} of ${requests} responses were not ${status}`);
  if (broken > 0) throw new Error(`${name}: ${broken} requests had no response`);
  if (requests === 0) throw new Error(`${name}: not a single response`);
}

async function loadOnce({ generator, connections, core }, contestant, seconds) {
  const { server, requests } = contestant;
  const before = cpuSeconds(server.pid);
  const result = await generator.load({
    port: server.port,
    requests: typeof requests === 'function' ? requests(server.port) : requests,
    ...{ seconds, connections, core },
  });
  check(contestant, result);
  const used = before === undefined ? undefined : cpuSeconds(server.pid) - before;
  return { ...result, cpuPer100k: used === undefined ? Number.NaN : (used / result.requests) * 100_000 };
}

/**
 * Measures contestants `{name, server, requests, status, during?}` against each other. `during()` starts what
 * runs beside the load and returns a function that ends it. The result has, by name, a list per figure.
 */
export async function interleave(contestants, { rounds, seconds, warmupSeconds, ...rig }) {
  const figures = new Map();
  for (const contestant of contestants) {
    const { server, requests, status, name, warmupSeconds: own = warmupSeconds } = contestant;
    const [first] = typeof requests === 'function' ? requests(server.port) : requests;
    const response = await ask(server.port, first);
    if (response.status !== status)
      throw new Error(`${name}: status ${response.status}, not ${status}: ${response.body}`);
    if (own > 0) await loadOnce(rig, contestant, own);
    figures.set(name, { perSecond: [], cpuPer100k: [], p50Ms: [], p99Ms: [], residentMib: [], requests: 0 });
  }
  for (let round = 0; round < rounds; round += 1) {
    for (let place = 0; place < contestants.length; place += 1) {
      const contestant = contestants[(place + round) % contestants.length];
      const end = await contestant.during?.();
      const result = await loadOnce(rig, contestant, seconds).finally(() => end?.());
      const list = figures.get(contestant.name);
      for (const key of ['perSecond', 'cpuPer100k', 'p50Ms', 'p99Ms']) list[key].push(result[key]);
      list.residentMib.push(residentMib(contestant.server.pid) ?? Number.NaN);
      list.requests += result.requests;
    }
  }
  return Object.fromEntries(figures);
}
