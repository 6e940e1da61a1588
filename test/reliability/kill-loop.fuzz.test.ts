/**
 * Random sequences of calls, a `kill -9` with calls in flight, and a restart on the state file: all that was
 * acknowledged is there, and of what was in flight each call has happened whole or not at all.
 */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Snapshot } from '../../src/admin/state/snapshot.ts';
import { createIdSources } from '../../src/core/ids.ts';
import { type ApigMock, connectApigMock } from '../../src/index.ts';
import { callsOf, document } from '../admin/scene.ts';
import { FOLDER, type Started, start } from '../support/command.ts';
import { cases } from '../support/fuzz.ts';
import { call } from '../support/mock.ts';

const RUNS = cases(200, 8);
const STEPS = 12;
const START_MS = Date.parse('2026-03-01T00:00:00Z');
const DAY_MS = 24 * 60 * 60 * 1000;
const FILE = join(FOLDER, 'kill-loop.json');
const ARGS = ['--fixtures', 'none', '--state-file', FILE, '--log-level', 'warn', '--seed', 'kill'];

/** What one sequence works with. */
interface Scene {
  readonly mock: ApigMock;
  readonly child: Started['child'];
  readonly run: number;
  /** A whole number below `limit`. */
  readonly pick: (limit: number) => number;
}

const scope = (project: string) => ({ project_id: project, instance_id: 'i1' });
const listApis = (url: string, project: string) => call(`${url}/v2/${project}/apigw/instances/i1/apis`);
const ERROR = { type: 'error', status: 503 } as const;
const POLLS = { mode: 'polls', waiting_polls: 2, processing_polls: 3 } as const;

/** Calls made one after the other in a project whose clock stands still: what they leave is known to the last digit. */
const STEP_KINDS: readonly ((scene: Scene, project: string, step: number) => Promise<unknown>)[] = [
  async ({ mock }, project, step) => {
    await mock.plan({ ...scope(project), times: 1, plan: { mode: 'immediate' } });
    return callsOf(mock.url, scope(project)).importFile(document(`group-${step}`));
  },
  async ({ mock, pick }, project, step) => {
    await mock.plan({ ...scope(project), times: 1, plan: { mode: 'manual' } });
    const id = await callsOf(mock.url, scope(project)).importFile(document(`stepped-${step}`));
    for (let at = pick(3); at > 0; at -= 1) await mock.tasks.step(id, scope(project));
  },
  async ({ mock, pick }, project) => {
    const { task_id } = await mock.tasks.create({ ...scope(project), task_type: 'export_api', plan: POLLS });
    for (let at = pick(7); at > 0; at -= 1) await callsOf(mock.url, scope(project)).poll(task_id);
  },
  async ({ mock, pick }, project) => {
    const fault = { ...scope(project), operation: 'ListApisV2', times: 3, after: pick(2) } as const;
    const { id } = await mock.faults.add({ ...fault, action: ERROR });
    for (let at = pick(5); at > 0; at -= 1) await listApis(mock.url, project);
    if (pick(4) === 0) await mock.faults.remove(id);
  },
  async ({ mock, pick }, project) => {
    const plan = { mode: 'time', waiting_ms: pick(100), processing_ms: pick(100) } as const;
    await mock.tasks.create({ ...scope(project), task_type: 'import_api', plan });
    await mock.clock.advance(pick(200), { project_id: project });
  },
  async ({ mock, pick }, project) =>
    mock.plan({ ...scope(project), times: 1 + pick(3), task_type: 'export_api', plan: POLLS }),
  async ({ mock, pick }, project) => {
    const { apis = [] } = (await listApis(mock.url, project)).body;
    const ids = (apis as { id: string }[]).map(({ id }) => id).slice(0, 1 + pick(3));
    const action = pick(2) === 0 ? 'online' : 'offline';
    const json = { env_id: 'DEFAULT_ENVIRONMENT_RELEASE_ID', apis: ids };
    const url = `${mock.url}/v2/${project}/apigw/instances/i1/apis/publish?action=${action}`;
    if (ids.length > 0) expect((await call(url, { json })).status).toBeLessThan(300);
  },
  async ({ mock, pick }, project) =>
    mock.reset({
      project_id: project,
      only: [(['plans', 'faults', 'tasks', 'apis'] as const)[pick(4)] ?? 'plans'],
    }),
  async ({ mock }, project) =>
    mock.clock.set({ project_id: project, mode: 'manual', now: iso(START_MS + DAY_MS) }),
];

const iso = (ms: number): string => new Date(ms).toISOString();

/** Everything of one project in a snapshot. */
function partOf(snapshot: Snapshot, project: string) {
  const mine = (one: { project_id?: string }): boolean => one.project_id === project;
  const { scopes } = snapshot.apis as { scopes: { scope: string; instance: unknown }[] };
  return {
    tasks: snapshot.tasks.filter(mine),
    plans: snapshot.plans.filter(mine),
    faults: snapshot.faults.filter(mine),
    clocks: snapshot.clocks.filter(mine),
    apis: scopes.filter((one) => one.scope.startsWith(`${project}/`)),
    ids: Object.entries(snapshot.ids).filter(([key]) => key.startsWith(`${project}/`)),
  };
}

/** A call that may be cut: how many of its kind were sent, and how many got a response. */
class Tally {
  sent = 0;
  acknowledged = 0;
  isIn(count: number): boolean {
    return this.acknowledged <= count && count <= this.sent;
  }
}

/** The projects of the calls that are cut, each with what such a call changes. */
const projectsOf = (run: number) => ({
  polled: `polled-${run}`,
  matched: `matched-${run}`,
  planned: `planned-${run}`,
  imported: `imported-${run}`,
  moved: `moved-${run}`,
  cleared: `cleared-${run}`,
  ahead: `ahead-${run}`,
});

async function prepare({ mock, run }: Scene): Promise<void> {
  const { polled, matched, planned, imported, moved, cleared, ahead } = projectsOf(run);
  const plan = { mode: 'polls', waiting_polls: 1000, processing_polls: 0 } as const;
  await mock.tasks.create({ ...scope(polled), task_type: 'import_api', task_id: 'polled', plan });
  for (const project of [matched, cleared])
    await mock.faults.add({ ...scope(project), operation: 'ListApisV2', times: 1000, action: ERROR });
  await mock.plan({ ...scope(planned), times: 100, plan: { mode: 'manual' } });
  for (const project of [imported, cleared])
    await mock.plan({ ...scope(project), plan: { mode: 'immediate' } });
  await mock.clock.set({ project_id: moved, mode: 'manual', now: iso(START_MS) });
  await mock.clock.set({ project_id: ahead, mode: 'system', now: iso(Date.now() + DAY_MS) });
  for (const at of [1, 2, 3]) {
    const due = { mode: 'time', waiting_ms: at * 5, processing_ms: 5 } as const;
    await mock.tasks.create({ ...scope(moved), task_type: 'import_api', plan: due });
    await callsOf(mock.url, scope(cleared)).importFile(document(`gone-${at}`));
  }
}

/** Sends calls of every kind at once, and kills the mock when some number of them have got a response. */
async function cut({ mock, child, run, pick }: Scene): Promise<Record<string, Tally>> {
  const { polled, matched, planned, imported, moved, cleared } = projectsOf(run);
  let title = 0;
  const kinds: Record<string, () => Promise<unknown>> = {
    poll: () => callsOf(mock.url, scope(polled)).poll('polled'),
    hit: () => listApis(mock.url, matched),
    create: () => mock.tasks.create({ ...scope(planned), task_type: 'import_api' }),
    import: () => {
      title += 1;
      return callsOf(mock.url, scope(imported)).importFile(document(`cut-${title}`));
    },
    advance: () => mock.clock.advance(7, { project_id: moved }),
    reset: () => mock.reset({ project_id: cleared }),
  };
  const calls = Object.keys(kinds).flatMap((kind) =>
    Array<string>(kind === 'reset' ? 1 : 1 + pick(4)).fill(kind),
  );
  calls.sort(() => pick(3) - 1);
  const killAfter = pick(calls.length);
  const tallies = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, new Tally()]));
  let responded = 0;
  const sent = calls.map(async (kind) => {
    const tally = tallies[kind] as Tally;
    tally.sent += 1;
    await kinds[kind]?.();
    if (child.killed) return;
    tally.acknowledged += 1;
    responded += 1;
    if (responded === killAfter) child.kill('SIGKILL');
  });
  if (killAfter === 0) setImmediate(() => child.kill('SIGKILL'));
  await Promise.allSettled(sent);
  return tallies;
}

/** Of each kind as many are seen as were acknowledged, or some of those in flight more; none is half there. */
function checkCut(snapshot: Snapshot, run: number, tallies: Record<string, Tally>): void {
  const names = projectsOf(run);
  const part = (name: keyof typeof names) => partOf(snapshot, names[name]);
  const isIn = (kind: string, count: number): void =>
    expect([kind, count, tallies[kind]?.isIn(count), tallies[kind]]).toEqual([
      kind,
      count,
      true,
      tallies[kind],
    ]);
  isIn('poll', part('polled').tasks[0]?.polls ?? -1);
  isIn('hit', part('matched').faults[0]?.hits ?? -1);
  const { tasks, plans, ids } = part('planned');
  isIn('create', tasks.length);
  expect([plans[0]?.times, ids[0]?.[1] ?? 0]).toEqual([100 - tasks.length, tasks.length]);
  const imports = part('imported');
  isIn('import', imports.tasks.length);
  const groups = (imports.apis[0]?.instance as { groups: { id: string; apis: unknown[] }[] } | undefined)
    ?.groups;
  const ended = imports.tasks.filter(({ task_status }) => task_status === 'succeed');
  expect((groups ?? []).map(({ id, apis }) => [id, apis.length])).toEqual(
    ended.map(({ task_result }) => [JSON.parse(task_result).group_id, 1]),
  );
  const moved = part('moved');
  const byMs = (moved.clocks[0]?.now_ms ?? 0) - START_MS;
  isIn('advance', byMs / 7);
  for (const [at, task] of moved.tasks.entries())
    expect([byMs, task.task_status]).toEqual([byMs, stateAt(byMs, (at + 1) * 5, (at + 1) * 5 + 5)]);
  const { tasks: left, faults, apis, plans: rules } = part('cleared');
  const isWhole = [left.length, faults.length, apis.length, rules.length].join();
  expect(tallies['reset']?.acknowledged === 1 ? ['0,0,0,0'] : ['0,0,0,0', '3,1,1,1']).toContain(isWhole);
  expect(Math.abs((part('ahead').clocks[0]?.now_ms ?? 0) - Date.now() - DAY_MS)).toBeLessThan(5000);
}

const stateAt = (byMs: number, begunMs: number, endedMs: number): string =>
  byMs >= endedMs ? 'succeed' : byMs >= begunMs ? 'processing' : 'waiting';

it('shows after a kill and a restart what was acknowledged before', { timeout: 600_000 }, async () => {
  let child = await start({ args: ARGS });
  for (let run = 0; run < RUNS; run += 1) {
    const draw = createIdSources(`run ${run}`).of('');
    const pick = (limit: number): number => Math.floor(draw.random() * limit);
    const mock = await connectApigMock(child.url);
    const scene: Scene = { mock, child: child.child, run, pick };
    const project = `still-${run}`;
    if (pick(3) === 0) await mock.reset();
    await mock.clock.set({ project_id: project, mode: 'manual', now: iso(START_MS) });
    for (let step = 0; step < STEPS; step += 1)
      await STEP_KINDS[pick(STEP_KINDS.length)]?.(scene, project, step);
    await prepare(scene);
    const before = partOf(await mock.snapshot(), project);
    const tallies = await cut(scene);
    expect((await child.ended).signal).toBe('SIGKILL');
    await mock.close();

    child = await start({ args: ARGS });
    const again = await connectApigMock(child.url);
    const snapshot = await again.snapshot();
    expect({ run, ...partOf(snapshot, project) }).toEqual({ run, ...before });
    checkCut(snapshot, run, tallies);
    await again.close();
  }
  expect((await child.stop()).code).toBe(0);
});

it('keeps reads that a polls plan counted and hits of a fault', { timeout: 30_000 }, async () => {
  const args = ['--fixtures', 'none', '--state-file', join(FOLDER, 'counts.json'), '--log-level', 'warn'];
  const first = await start({ args });
  const mock = await connectApigMock(first.url);
  await mock.tasks.create({ ...scope('p'), task_type: 'import_api', task_id: 'polled', plan: POLLS });
  await mock.faults.add({
    ...scope('p'),
    operation: 'ListApisV2',
    times: 3,
    after: 1,
    action: { type: 'reset' },
  });
  const poll = () => callsOf(first.url, scope('p')).poll('polled');
  const shown = [await poll(), await poll(), await poll()].map(({ body }) => body.task_status);
  expect(shown).toEqual(['waiting', 'waiting', 'processing']);
  const list = () =>
    listApis(first.url, 'p').then(
      ({ status }) => status,
      () => 'cut',
    );
  expect([await list(), await list(), await list()]).toEqual([200, 'cut', 'cut']);
  first.child.kill('SIGKILL');
  await Promise.all([first.ended, mock.close()]);

  const second = await start({ args });
  const again = await connectApigMock(second.url);
  const { tasks, faults } = await again.snapshot();
  expect(tasks.map(({ task_status, polls }) => [task_status, polls])).toEqual([['processing', 1]]);
  expect(faults.map(({ hits, seen }) => [hits, seen])).toEqual([[2, 3]]);
  await again.close();
  expect((await second.stop()).code).toBe(0);
});
