/** This checkout against another commit of it: polls and starts in turn, and what differs by more than noise. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, round } from '../figures.js';
import { POLLS, ROOT } from '../job.js';
import { interleave } from '../rounds.js';
import { startServer } from '../running.js';
import { servers } from '../servers.js';
import { signedPolls } from '../sign.js';

/** A change smaller than this is none, however often it is seen. */
const SMALLEST = 0.02;

/** Checks a commit out beside this one and builds it with the packages of this one; returns its folder. */
function checkOut(commit, into) {
  const folder = join(into, 'checkout');
  execFileSync('git', ['worktree', 'add', '--detach', folder, commit], { cwd: ROOT, stdio: 'ignore' });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  execFileSync(process.execPath, ['scripts/build.js'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return `${folder}/`;
}

const KINDS = { ...POLLS, signed: { requests: signedPolls, status: 200 } };

/** The CPU of each kind of poll, by kind: `{now, before}`, a figure for each round. */
async function measurePolls(sides, { plan, rig }) {
  const started = {};
  try {
    for (const [side, { mock }] of Object.entries(sides))
      started[side] = await startServer(mock, { core: rig.serverCore });
    const contestants = Object.entries(KINDS).flatMap(([kind, poll]) =>
      Object.keys(sides).map((side) => ({ name: `${kind} ${side}`, server: started[side], ...poll })),
    );
    const figures = await interleave(contestants, { ...plan, ...rig });
    const of = (kind, side) => figures[`${kind} ${side}`].cpuPer100k;
    return Object.fromEntries(
      Object.keys(KINDS).map((kind) => [
        `CPU: ${kind}`,
        { now: of(kind, 'now'), before: of(kind, 'before') },
      ]),
    );
  } finally {
    for (const { stop } of Object.values(started)) await stop();
  }
}

/** The time from spawn to the first response, of the command and of the library. */
async function measureStarts(sides, { starts, rig }) {
  const ways = { 'start: command': 'mock', 'start: library': 'library' };
  const times = Object.fromEntries(Object.keys(ways).map((way) => [way, { now: [], before: [] }]));
  for (let at = -1; at < starts; at += 1)
    for (const [way, name] of Object.entries(ways))
      for (const side of at % 2 === 0 ? ['now', 'before'] : ['before', 'now']) {
        const server = await startServer(sides[side][name], { core: rig.serverCore });
        await server.stop();
        // The first one fills the caches of the disk.
        if (at >= 0) times[way][side].push(server.startMs);
      }
  return times;
}

/** What two lists of paired figures show: the middle ratio, and whether the rounds agree on its direction. */
export function compare({ now, before }) {
  const ratios = now.map((value, at) => value / before[at]).sort((a, b) => a - b);
  const ratio = median(ratios);
  const quarter = Math.floor(ratios.length / 4);
  const [low, high] = [ratios[quarter], ratios[ratios.length - 1 - quarter]];
  const isChange = Math.abs(ratio - 1) >= SMALLEST && (low > 1 || high < 1);
  return { ratio, quartiles: [low, high], verdict: !isChange ? 'noise' : ratio > 1 ? 'more' : 'less' };
}

/** `{commit, rows}`: each case's ratio of now to the commit; above 1 it costs more now. */
export async function measureAgainst({ commit, all, plan, rig, progress }) {
  const into = mkdtempSync(join(tmpdir(), 'apig-mock-bench-commit-'));
  try {
    progress(`building ${commit}`);
    const sides = { now: all, before: servers(checkOut(commit, into)) };
    progress('polls in turn');
    const polls = await measurePolls(sides, { plan: plan.kinds, rig });
    progress(`starts in turn, ${plan.starts} times each`);
    const starts = await measureStarts(sides, { starts: plan.starts, rig });
    const rows = Object.entries({ ...polls, ...starts }).map(([what, { now, before }]) => ({
      what,
      now: round(median(now)),
      before: round(median(before)),
      ...compare({ now, before }),
    }));
    return { commit, rows };
  } finally {
    execFileSync('git', ['worktree', 'remove', '--force', join(into, 'checkout')], {
      cwd: ROOT,
      stdio: 'ignore',
    });
    rmSync(into, { recursive: true, force: true });
  }
}
