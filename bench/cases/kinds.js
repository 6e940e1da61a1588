/** What else a poll can be, on the mock alone: a miss, a rejection, signed, beside imports; each against the plain hit. */
import { median, pairedRatio, round } from '../figures.js';
import { POLLS } from '../job.js';
import { interleave } from '../rounds.js';
import { startServer } from '../running.js';
import { signedPolls } from '../sign.js';
import { endAtOnce, keepImporting } from './imports.js';

/** Imports sent each second beside the polls of the mixed case. */
export const IMPORTS_PER_SECOND = 10;

const LABELS = {
  hit: 'poll of a task that exists',
  miss: 'poll of an unknown task (404)',
  rejected: 'poll without a token (401)',
  signed: 'poll signed with AK/SK, 600 signatures in turn',
  mixed: `poll beside ${IMPORTS_PER_SECOND} imports of ten APIs a second`,
};

export async function measureKinds({ all, plan, rig, progress }) {
  progress('polls of other kinds');
  const server = await startServer(all.mock, { core: rig.serverCore });
  try {
    const base = `http://127.0.0.1:${server.port}`;
    await endAtOnce(base);
    const contestants = [
      ...Object.entries(POLLS).map(([name, poll]) => ({ name, server, ...poll })),
      { name: 'signed', server, requests: signedPolls, status: 200 },
      { name: 'mixed', server, ...POLLS.hit, during: async () => keepImporting(base, IMPORTS_PER_SECOND) },
    ];
    const figures = await interleave(contestants, { ...plan, ...rig });
    return contestants.map(({ name }) => ({
      name,
      label: LABELS[name],
      perSecond: round(median(figures[name].perSecond), 0),
      ofHit: round(pairedRatio(figures[name].perSecond, figures.hit.perSecond)),
      cpuPer100k: round(median(figures[name].cpuPer100k)),
      p99Ms: round(median(figures[name].p99Ms)),
    }));
  } finally {
    await server.stop();
  }
}
