/** Memory: what a task, an entry and a connection weigh; resident memory after many polls; growth over very many. */
import { jsonFrom } from '../child.js';
import { round } from '../figures.js';
import { POLLS } from '../job.js';
import { residentMib } from '../machine.js';
import { startServer } from '../running.js';

/** Polls until `count` responses have arrived; `note(polls, MiB)` after every few seconds. */
async function pollMany(server, count, { generator, connections, core, batchSeconds, note = () => {} }) {
  let done = 0;
  while (done < count) {
    const order = {
      port: server.port,
      requests: POLLS.hit.requests,
      seconds: batchSeconds,
      connections,
      core,
    };
    const { requests, rejected, broken } = await generator.load(order);
    if (rejected + broken > 0 || requests === 0)
      throw new Error(`${server.name}: ${rejected + broken} polls failed`);
    done += requests;
    note(done, residentMib(server.pid));
  }
  return done;
}

/** Resident memory after the plan's number of polls, of the mock and of the bare route. */
export async function measureResident({ all, plan, rig, progress }) {
  progress(`resident memory after ${plan.memoryPolls.toLocaleString('en')} polls`);
  const rows = {};
  for (const wanted of [all.mock, all.fastify, all.http]) {
    const server = await startServer(wanted, { core: rig.serverCore });
    try {
      const atFirst = residentMib(server.pid);
      const polls = await pollMany(server, plan.memoryPolls, {
        ...rig,
        batchSeconds: plan.memoryBatchSeconds,
      });
      rows[wanted.name] = {
        label: wanted.label,
        firstMib: round(atFirst, 0),
        polls,
        mib: round(residentMib(server.pid), 0),
      };
    } finally {
      await server.stop();
    }
  }
  return { rows: Object.values(rows), ratio: round(rows.mock.mib / rows.fastify.mib) };
}

export async function weigh({ folder, progress }) {
  progress('bytes per task, journal entry and connection');
  const weights = await jsonFrom('cases/weigh-main.js', [`${folder}dist/index.js`], {
    flags: ['--expose-gc'],
  });
  return Object.fromEntries(Object.entries(weights).map(([name, bytes]) => [name, round(bytes, 0)]));
}

/** Growth: resident memory along so many polls. Compared are the peaks of the two halves. */
export async function soak({ all, polls, rig, progress }) {
  progress(`growth over ${polls.toLocaleString('en')} polls`);
  const server = await startServer(all.mock, { core: rig.serverCore });
  const points = [];
  try {
    await pollMany(server, polls, {
      ...rig,
      batchSeconds: 5,
      note: (done, mib) => {
        points.push({ polls: done, mib: round(mib, 1) });
        progress(`  ${done.toLocaleString('en')} polls: ${round(mib, 1)} MiB`);
      },
    });
  } finally {
    await server.stop();
  }
  const share = (from, to) =>
    points.filter((point) => point.polls > polls * from && point.polls <= polls * to);
  const highest = (list) => Math.max(...list.map(({ mib }) => mib));
  const half = highest(share(0, 0.5));
  return {
    polls: points.at(-1).polls,
    points,
    highestFirstHalfMib: half,
    highestSecondHalfMib: highest(share(0.5, 2)),
  };
}
