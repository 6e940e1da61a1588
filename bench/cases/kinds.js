/**
 * What else a poll can be, on the mock alone: rejected, signed, under a plan or a clock of its own, with a fault in force
 * elsewhere, beside imports; each against the plain hit.
 */
import { median, pairedRatio, round } from '../figures.js';
import { INSTANCE, POLLS, pollPath, TOKEN, UNKNOWN_ID } from '../job.js';
import { interleave } from '../rounds.js';
import { startServer } from '../running.js';
import { signedPolls } from '../sign.js';
import { adminCall, endAtOnce, keepImporting } from './imports.js';

/** Imports sent each second beside the polls of the mixed case. */
export const IMPORTS_PER_SECOND = 10;

const LABELS = {
  hit: 'poll of a task that exists',
  miss: 'poll of an unknown task (404)',
  rejected: 'poll without a token (401)',
  unknownToken: 'poll with an unknown token (401)',
  signed: 'poll signed with AK/SK, 600 signatures in turn',
  planned: 'poll under a plan that counts polls',
  clocked: 'poll in a project with a clock of its own',
  faulted: 'poll with a fault in force in another project',
  mixed: `poll beside ${IMPORTS_PER_SECOND} imports of ten APIs a second`,
};

const withToken = (path, token = TOKEN) => ({ requests: [{ path, headers: { 'x-auth-token': token } }] });

/** A task that stays as it is, in a project of its own. */
async function taskIn(base, project, plan) {
  const task = { project_id: project, instance_id: INSTANCE, task_type: 'import_api', plan };
  const { task_id: id } = await adminCall(base, 'POST', 'tasks', task);
  return { ...withToken(pollPath(id, { project })), status: 200 };
}

async function contestantsOn(server, base) {
  const planned = await taskIn(base, 'benchmark-planned', { mode: 'polls', waiting_polls: 1_000_000 });
  await adminCall(base, 'PUT', 'clock', { project_id: 'benchmark-clocked', mode: 'manual' });
  const clocked = await taskIn(base, 'benchmark-clocked', { mode: 'time', waiting_ms: 1000 });
  const fault = { project_id: 'benchmark-elsewhere', action: { type: 'error', status: 500 } };
  const kinds = {
    ...POLLS,
    unknownToken: { ...withToken(pollPath(UNKNOWN_ID), 'unknown'), status: 401 },
    signed: { requests: signedPolls, status: 200 },
    planned,
    clocked,
    faulted: {
      ...POLLS.hit,
      during: async () => {
        const { id } = await adminCall(base, 'POST', 'faults', fault);
        return () => adminCall(base, 'DELETE', `faults/${id}`);
      },
    },
    mixed: { ...POLLS.hit, during: async () => keepImporting(base, IMPORTS_PER_SECOND) },
  };
  return Object.entries(kinds).map(([name, kind]) => ({ name, server, ...kind }));
}

export async function measureKinds({ all, plan, rig, progress }) {
  progress('polls of other kinds');
  const server = await startServer(all.mock, { core: rig.serverCore });
  try {
    const base = `http://127.0.0.1:${server.port}`;
    await endAtOnce(base);
    const contestants = await contestantsOn(server, base);
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
