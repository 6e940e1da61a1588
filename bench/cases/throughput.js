/** The poll itself: the mock, the yardstick, the limit, both with logs, and the peers, in the same rounds. */
import { median, pairedRatio, round } from '../figures.js';
import { POLLS } from '../job.js';
import { interleave } from '../rounds.js';
import { startServer } from '../running.js';

/** Starts all, measures all, stops all. A peer that does not start is reported and left out. */
export async function measureThroughput({ all, peers, plan, rig, progress }) {
  const wanted = [all.mock, all.fastify, all.http, all.mockLogged, all.fastifyLogged, ...peers];
  const running = [];
  const missing = [];
  try {
    for (const server of wanted) {
      try {
        running.push({ ...server, server: await startServer(server, { core: rig.serverCore }) });
      } catch (cause) {
        if (server.peer !== true) throw cause;
        missing.push({ name: server.label, why: cause.message.split('\n', 1)[0] });
      }
    }
    progress(`poll: ${running.length} servers, ${plan.poll.rounds} rounds of ${plan.poll.seconds} s each`);
    const { requests, status } = POLLS.hit;
    const contestants = running.map(({ name, server, warmupSeconds }) => ({
      ...{ name, server, requests, status, warmupSeconds },
    }));
    const figures = await interleave(contestants, { ...plan.poll, ...rig });
    return {
      rows: running.map((server) => rowOf(server, figures)),
      missing,
      cpuOfFastify: round(pairedRatio(figures.mock.cpuPer100k, figures.fastify.cpuPer100k)),
      logged: round(pairedRatio(figures.mockLogged.perSecond, figures.fastifyLogged.perSecond)),
      figures,
    };
  } finally {
    await Promise.all(running.map(({ server }) => server.stop()));
  }
}

function rowOf({ name, label, version, peer }, figures) {
  const own = figures[name];
  const against = (other) => round(pairedRatio(own.perSecond, figures[other].perSecond));
  return {
    ...{ name, label, version, peer: peer === true },
    perSecond: round(median(own.perSecond), 0),
    ofFastify: against('fastify'),
    ofHttp: against('http'),
    cpuPer100k: round(median(own.cpuPer100k)),
    p50Ms: round(median(own.p50Ms)),
    p99Ms: round(median(own.p99Ms)),
    residentMib: round(own.residentMib.at(-1), 0),
  };
}
