/** The advance of a clock over 100,000 due tasks: how long it takes, and the longest pause of the event loop. */
import { jsonFrom } from '../child.js';
import { median, round } from '../figures.js';

export async function measureAdvance({ folder, plan, rig, progress }) {
  const tasks = 100_000;
  progress(`advance of ${tasks.toLocaleString('en')} due tasks`);
  const runs = [];
  for (let at = 0; at < plan.advances; at += 1) {
    const run = await jsonFrom('cases/advance-main.js', [`${folder}dist/index.js`, String(tasks)], {
      core: rig.serverCore,
    });
    // Seeds are seen by every scope and have ended, too.
    if (run.moved < tasks) throw new Error(`only ${run.moved} of ${tasks} tasks ended`);
    runs.push(run);
  }
  return {
    tasks,
    tookMs: round(median(runs.map((run) => run.tookMs)), 0),
    longestPauseMs: round(median(runs.map((run) => run.longestPauseMs)), 1),
  };
}
