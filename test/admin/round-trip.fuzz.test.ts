/**
 * Whatever a mock accepts through seeds, calls of the object and HTTP, a restore of its snapshot takes and a restart
 * on its state file takes; and nothing that a client can see differs, then or from then on.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type ApigMock, type ApigMockOptions, type Snapshot, startApigMock } from '../../src/index.ts';
import { cases } from '../support/fuzz.ts';
import { call } from '../support/mock.ts';
import { type Act, acts, apigw, groupsOf, PLACES, plan, text } from './round-trip-acts.ts';
import { START } from './scene.ts';

const root = mkdtempSync(join(tmpdir(), 'apig-mock-round-trip-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A response without what belongs to the call; a connection that a fault cut has none. */
const shown = (of: Promise<{ status: number; text: string }>) =>
  of.then(
    ({ status, text: body }) => ({ status, body }),
    () => ({ status: 0, body: '' }),
  );

/** The order of the tasks, whatever numbers express it. */
function withRanks({ tasks, ...snapshot }: Snapshot): unknown {
  const order = tasks.map((task) => task.order ?? 0).sort((a, b) => a - b);
  const ranked = tasks.map((task) => ({ ...task, order: order.indexOf(task.order ?? 0) }));
  return JSON.parse(JSON.stringify({ ...snapshot, tasks: ranked }));
}

/** All that the control shows; nothing is changed by looking. */
async function viewOf(mock: ApigMock): Promise<unknown> {
  const {
    last_event_id: _,
    requests: _requests,
    settings: _settings,
    ...overview
  } = await mock.overview({
    cards: 200,
    groups: 200,
  });
  return {
    overview,
    snapshot: withRanks(await mock.snapshot()),
    tasks: await mock.tasks.list({ limit: 1000 }),
    plans: await mock.plans(),
    faults: await mock.faults.list(),
    clocks: await Promise.all([{}, ...PLACES].map((part) => mock.clock.get(part))),
  };
}

/** All that a client sees, which counts reads, uses faults up and moves tasks: what two equal mocks show alike. */
async function observe(mock: ApigMock): Promise<unknown[]> {
  const observed: unknown[] = [];
  const { tasks } = await mock.tasks.list({ limit: 1000 });
  for (const { project_id = 'p1', instance_id = 'i1', task_id } of tasks)
    observed.push(
      await shown(call(`${apigw(mock.url, { project_id, instance_id })}/async-tasks/${task_id}`)),
    );
  for (const at of PLACES) {
    for (const list of ['api-groups', 'apis', 'envs'])
      observed.push(await shown(call(`${apigw(mock.url, at)}/${list}`)));
    for (const { id: group_id, apis } of await groupsOf(mock, at)) {
      for (const { id } of apis) {
        observed.push(await shown(call(`${apigw(mock.url, at)}/apis/${id}`)));
        observed.push(await shown(call(`${apigw(mock.url, at)}/apis/publish/${id}`)));
      }
      for (const type of ['json', 'yaml']) {
        const json = {
          env_id: 'DEFAULT_ENVIRONMENT_RELEASE_ID',
          group_id,
          type,
          define: 'all',
          version: '1',
        };
        observed.push(await shown(call(`${apigw(mock.url, at)}/openapi/export`, { json })));
      }
    }
    // With few tasks allowed, these push out those that ended first.
    observed.push(await mock.tasks.create({ ...at, task_type: 'import_api' }).catch(String));
  }
  await mock.clock.advance(1000).catch(() => {});
  observed.push(await viewOf(mock));
  return observed;
}

const seedTask = fc.record({
  task_id: fc.constantFrom('s1', 's2', 's3', '__proto__'),
  task_type: fc.constantFrom('import_api', 'export_api'),
  task_status: fc.constantFrom('waiting', 'processing', 'succeed', 'failed'),
  task_result: fc.oneof(fc.constant(''), text),
  hold: fc.option(fc.boolean(), { nil: undefined }),
  plan: fc.option(plan, { nil: undefined }),
});
const seedFile = fc
  .record({ at: fc.constantFrom({}, ...PLACES), tasks: fc.array(seedTask, { maxLength: 3 }) })
  .map(({ at, tasks }) => ({ ...at, tasks }));
const setting = fc.record({
  workers: fc.constantFrom(1, 2),
  maxTasks: fc.constantFrom(4, 1000),
  progression: fc.constantFrom('time', 'polls', 'manual', 'immediate'),
  autoPublish: fc.boolean(),
});

let runs = 0;
/** A mock with these seeds, or without any if they are none that a mock takes. */
async function startSeeded(seeds: readonly unknown[], options: ApigMockOptions): Promise<ApigMock> {
  runs += 1;
  const fixtures = mkdtempSync(join(root, `seeds-${runs}-`));
  for (const [at, seed] of seeds.entries()) writeFileSync(join(fixtures, `${at}.json`), JSON.stringify(seed));
  return startApigMock({ ...options, fixtures }).catch(() => startApigMock({ ...options, fixtures: 'none' }));
}

async function roundTrip(given: {
  seeds: readonly unknown[];
  options: ApigMockOptions;
  acting: readonly Act[];
}): Promise<void> {
  const options: ApigMockOptions = { ...given.options, clock: 'manual', seed: 'round', fixtures: 'none' };
  const stateFile = join(root, `state-${runs}.json`);
  const first = await startSeeded(given.seeds, { ...options, stateFile });
  await first.clock.set({ mode: 'manual', now: START });
  for (const { does } of given.acting) await does(first).catch(() => {});

  await using restored = await startApigMock(options);
  await restored.restore(JSON.parse(JSON.stringify(await first.snapshot())));
  expect(await viewOf(restored)).toEqual(await viewOf(first));
  expect(await observe(restored)).toEqual(await observe(first));

  await first.close();
  await using restarted = await startApigMock({ ...options, stateFile });
  expect(await viewOf(restarted)).toEqual(await viewOf(restored));
  expect(await observe(restarted)).toEqual(await observe(restored));
}

describe('whatever is accepted', () => {
  it('comes through a snapshot and a restart, and shows the same from then on', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          seeds: fc.array(seedFile, { maxLength: 2 }),
          options: setting as fc.Arbitrary<ApigMockOptions>,
          acting: fc.array(fc.oneof(...acts), { maxLength: 12, size: 'max' }),
        }),
        roundTrip,
      ),
      { numRuns: cases(200, 20), verbose: 1 },
    );
  }, 300_000);

  it('may have come through a seed with every member', async () => {
    const at = PLACES[0];
    const task = {
      task_id: 's1',
      task_type: 'import_api',
      task_status: 'failed',
      task_result: '\ud800\u0000',
    };
    await roundTrip({
      seeds: [{ ...at, tasks: [{ ...task, hold: true, plan: { mode: 'polls' } }] }, { tasks: [task] }],
      options: {},
      acting: [],
    });
  });
});
