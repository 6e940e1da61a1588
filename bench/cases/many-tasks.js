/** The poll among a thousand tasks and among a hundred thousand, the default limit: ids in turn, so that no look-up is the last one again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { median, pairedRatio, round } from '../figures.js';
import { pollPath, TOKEN } from '../job.js';
import { residentMib } from '../machine.js';
import { interleave } from '../rounds.js';
import { ask, startServer } from '../running.js';
import { taskId } from '../tasks.js';

const SCRIPT = fileURLToPath(new URL('../servers/many-tasks.js', import.meta.url));
/** Different tasks that are asked for in turn. */
const ASKED = 1000;
const headers = { 'x-auth-token': TOKEN };

async function startWith(count, { module, core }) {
  const command = [process.execPath, '--max-old-space-size=4096', SCRIPT, module, String(count)];
  const server = await startServer({ name: `${count} tasks`, command }, { core, everyMs: 20 });
  const last = { path: pollPath(taskId(count - 1)), headers };
  const endMs = Date.now() + 120_000;
  while ((await ask(server.port, last).catch(() => undefined))?.status !== 200) {
    if (Date.now() > endMs) throw new Error(`${count} tasks were not there after two minutes`);
    await sleep(50);
  }
  const step = Math.max(1, Math.floor(count / ASKED));
  const requests = Array.from({ length: ASKED }, (_, at) => ({ path: pollPath(taskId(at * step)), headers }));
  return { name: String(count), server, requests, status: 200, residentMib: residentMib(server.pid) };
}

export async function measureManyTasks({ folder, plan, rig, progress }) {
  progress(`polls among 1,000 and ${plan.tasks.toLocaleString('en')} tasks`);
  const given = { module: `${folder}dist/index.js`, core: rig.serverCore };
  const few = await startWith(1000, given);
  try {
    const many = await startWith(plan.tasks, given);
    try {
      const figures = await interleave([few, many], { ...plan, ...rig });
      return {
        rows: [few, many].map((contestant) => ({
          tasks: Number(contestant.name),
          perSecond: round(median(figures[contestant.name].perSecond), 0),
          cpuPer100k: round(median(figures[contestant.name].cpuPer100k)),
          residentMib: round(contestant.residentMib, 0),
        })),
        ratio: round(pairedRatio(figures[many.name].perSecond, figures[few.name].perSecond)),
        cpuRatio: round(pairedRatio(figures[few.name].cpuPer100k, figures[many.name].cpuPer100k)),
      };
    } finally {
      await many.server.stop();
    }
  } finally {
    await few.server.stop();
  }
}
