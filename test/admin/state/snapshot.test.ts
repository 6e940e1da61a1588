/** Snapshots: the same responses on another mock, and broken ones, which change nothing. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApigMock, connectApigMock, type Snapshot } from '../../../src/index.ts';
import { call } from '../../support/mock.ts';
import { callsOf, document, HERE, rejection, stillMock } from '../scene.ts';

const THERE = { project_id: 'p2', instance_id: 'i1' };

/** A mock with something of everything, amid its work. */
async function busyMock(): Promise<{ mock: ApigMock; ids: string[] }> {
  const mock = await stillMock({ workers: 1, seed: 'one' });
  const { importFile, poll } = callsOf(mock.url);
  const ids = [await importFile(document('first'))];
  await mock.clock.advance(5000);
  await mock.plan({ ...THERE, plan: { mode: 'polls', waiting_polls: 2, processing_polls: 2 } });
  await mock.plan({ ...HERE, times: 3, task_type: 'export_api', plan: { mode: 'manual' } });
  const plan = (waiting_ms: number) => ({ mode: 'time', waiting_ms, processing_ms: 1000 }) as const;
  const create = async (waiting_ms: number) =>
    (await mock.tasks.create({ ...HERE, task_type: 'import_api', plan: plan(waiting_ms) })).task_id;
  // The last of these begins first and holds the one slot; the first of them is third in line.
  for (const waitingMs of [300, 200, 100]) ids.push(await create(waitingMs));
  await mock.clock.advance(400);
  ids.push(await importFile(document('pending')));
  const polled = await callsOf(mock.url, THERE).importFile(document('polled'));
  await callsOf(mock.url, THERE).poll(polled);
  await mock.faults.add({
    ...THERE,
    operation: 'ListApisV2',
    after: 1,
    action: { type: 'error', status: 503 },
  });
  await call(`${mock.url}/v2/p2/apigw/instances/i1/apis`);
  await mock.clock.advance(7, { project_id: 'p3' });
  await poll(ids[0] ?? '');
  return { mock, ids };
}

/** What a mock returns from here on. */
async function observe(mock: ApigMock, ids: readonly string[]): Promise<unknown[]> {
  const observed: unknown[] = [];
  const { poll, groups, importFile } = callsOf(mock.url);
  for (let round = 0; round < 12; round += 1) {
    observed.push(await Promise.all(ids.map(async (id) => (await poll(id)).text)));
    await mock.clock.advance(400);
  }
  const there = callsOf(mock.url, THERE);
  const polled = (await mock.tasks.list(THERE)).tasks[0]?.task_id ?? '';
  for (let round = 0; round < 5; round += 1) observed.push((await there.poll(polled)).text);
  observed.push(await groups(), await there.groups());
  observed.push((await call(`${mock.url}/v2/p2/apigw/instances/i1/apis`)).text);
  observed.push(await mock.plans(), await mock.faults.list(), await mock.clock.get({ project_id: 'p3' }));
  observed.push(await importFile(document('later')), (await mock.tasks.list()).tasks);
  return observed;
}

describe('a snapshot', () => {
  it.each(['the object', 'HTTP'])(
    'restored on another mock gives the same responses from then on, by %s',
    async (by) => {
      const { mock, ids } = await busyMock();
      const snapshot = JSON.parse(JSON.stringify(await mock.snapshot())) as Snapshot;
      await using other = await stillMock({ workers: 1, seed: 'one' });
      await callsOf(other.url).importFile(document('gone'));
      await using client = await connectApigMock(other.url);
      await (by === 'HTTP' ? client : other).restore(snapshot);
      expect(await other.snapshot()).toEqual(snapshot);
      expect(await observe(other, ids)).toEqual(await observe(mock, ids));
      await mock.close();
    },
  );

  it('may be larger than any import: 50,000 tasks go over HTTP and back', async () => {
    await using mock = await stillMock();
    const { tasks, ...rest } = await mock.snapshot();
    const task = { ...HERE, task_type: 'import_api', task_status: 'succeed', hold: false, polls: 0 } as const;
    const many = Array.from({ length: 50_000 }, (_one, at) => ({
      ...task,
      task_id: `t${at}`,
      task_result: 'x'.repeat(300),
      plan: { mode: 'immediate' as const },
      created_ms: 0,
    }));
    await using client = await connectApigMock(mock.url);
    await client.restore({ ...rest, tasks: [...tasks, ...many] });
    expect((await client.snapshot()).tasks.length).toBe(50_000);
  });
});

describe('a broken snapshot', () => {
  let mock: ApigMock;
  let good: Snapshot;
  beforeAll(async () => {
    ({ mock } = await busyMock());
    good = JSON.parse(JSON.stringify(await mock.snapshot())) as Snapshot;
  });
  afterAll(() => mock.close());

  const [HEX] = ['a'.repeat(32)];
  type Break = (snapshot: Snapshot & Record<string, never>) => unknown;
  const first = <T>(list: readonly T[]): T => list[0] as T;
  it.each<[string, Break, string]>([
    ['nothing', () => null, 'snapshot'],
    ['a list', () => [], 'snapshot'],
    ['another format', (s) => ({ ...s, format: 'x' }), 'format'],
    [
      'another version, whatever else it holds',
      () => ({ format: 'apig-mock-snapshot', version: 2 }),
      'version',
    ],
    ['no tasks', ({ tasks: _, ...s }) => s, 'tasks'],
    ['a task twice', (s) => ({ ...s, tasks: [...s.tasks, first(s.tasks)] }), 'task_id'],
    [
      'half a scope',
      (s) => ({ ...s, tasks: [{ ...first(s.tasks), instance_id: undefined }] }),
      'tasks[0].project_id',
    ],
    [
      'an id that is none',
      (s) => ({ ...s, tasks: [{ ...first(s.tasks), task_id: 'a/b' }] }),
      'tasks[0].task_id',
    ],
    [
      'a result too early',
      (s) => ({ ...s, tasks: [{ ...first(s.tasks), task_status: 'waiting', task_result: 'x' }] }),
      'tasks[0].task_result',
    ],
    [
      'a start too early',
      (s) => ({
        ...s,
        tasks: [{ ...first(s.tasks), task_status: 'waiting', task_result: '', ended_ms: undefined }],
      }),
      'tasks[0].started_ms',
    ],
    [
      'an end too early',
      (s) => ({ ...s, tasks: [{ ...first(s.tasks), task_status: 'processing', task_result: '' }] }),
      'tasks[0].ended_ms',
    ],
    [
      'an input too late',
      (s) => ({
        ...s,
        tasks: [{ ...s.tasks.find(({ input }) => input !== undefined), task_status: 'succeed' }],
      }),
      'tasks[0].input',
    ],
    ['an input that is none', (s) => ({ ...s, tasks: [{ ...first(s.tasks), input: 5 }] }), 'tasks[0].input'],
    [
      'half an input',
      (s) => ({
        ...s,
        tasks: [
          { ...s.tasks.find(({ input }) => input !== undefined), input: { content: 'x', encoding: 'utf8' } },
        ],
      }),
      'tasks[0].input.options',
    ],
    [
      'the input of another type',
      (s) => ({
        ...s,
        tasks: [{ ...s.tasks.find(({ input }) => input !== undefined), task_type: 'export_api' }],
      }),
      'tasks[0].input.options.envId',
    ],
    [
      'an unknown version of OpenAPI',
      (s) => {
        const options = { envId: 'e', groupId: 'g', define: 'all', type: 'json', oasVersion: '2x0' };
        const task = { ...s.tasks.find(({ input }) => input !== undefined), task_type: 'export_api' };
        return { ...s, tasks: [{ ...task, input: { options } }] };
      },
      'tasks[0].input.options.oasVersion',
    ],
    [
      'a type that there is not',
      (s) => ({ ...s, tasks: [{ ...first(s.tasks), task_type: 'x' }] }),
      'tasks[0].task_type',
    ],
    ['no main clock', (s) => ({ ...s, clocks: s.clocks.slice(1) }), 'clocks'],
    [
      'a time beyond the calendar',
      (s) => ({ ...s, clocks: [{ mode: 'manual', now_ms: 8.6e15 }] }),
      'clocks[0].now_ms',
    ],
    ['two main clocks', (s) => ({ ...s, clocks: [first(s.clocks), first(s.clocks)] }), 'clocks[1]'],
    [
      'a plan for no task',
      (s) => ({ ...s, plans: [{ times: 0, plan: { mode: 'manual' } }] }),
      'plans[0].times',
    ],
    [
      'a fault that contradicts itself',
      (s) => ({ ...s, faults: [{ id: HEX, hits: 0, seen: 0, action: { type: 'delay' } }] }),
      'faults[0]',
    ],
    [
      'a fault for an operation that is not there',
      (s) => ({ ...s, faults: [{ id: HEX, hits: 0, seen: 0, operation: 'x', action: { type: 'empty' } }] }),
      'faults[0]',
    ],
    ['a fault twice', (s) => ({ ...s, faults: [...s.faults, ...s.faults] }), 'faults[1].id'],
    ['no APIs', (s) => ({ ...s, apis: {} }), 'scopes'],
    [
      'an API that is none',
      (s) => ({ ...s, apis: { scopes: [{ scope: 'p1/i1', instance: { groups: [{ id: 1 }] } }] } }),
      'group',
    ],
  ])('(%s) is rejected with its place and changes nothing', async (_what, breakIt, place) => {
    const broken = breakIt(structuredClone(good) as never);
    for (const rejected of [
      await rejection(mock.restore(broken as Snapshot)),
      await overHttp(mock.url, broken),
    ]) {
      expect([rejected.status, rejected.code]).toEqual([400, 'APIG.2012']);
      expect(rejected.why).toContain(place);
    }
    expect(await mock.snapshot()).toEqual(good);
  });

  it('of scopes that drew no id leaves nothing behind', async () => {
    await mock.restore({ ...good, ids: { ...good.ids, a: 0, b: 3 } });
    await mock.restore(good);
    expect(await mock.snapshot()).toEqual(good);
  });

  it('with more tasks than there is space for is rejected', async () => {
    await using small = await stillMock({ maxTasks: 2 });
    expect((await rejection(small.restore(good))).why).toContain('--max-tasks');
    expect((await small.tasks.list()).total).toBe(0);
  });

  it('made of a good one by any change is rejected whole, or taken whole; the mock goes on responding', async () => {
    const places = placesOf(good);
    const junk = fc.oneof(
      fc.constantFrom(null, '', 'x', -1, 0, 1.5, 1e300, true, [], {}, [null], '__proto__', { a: 1 }),
      fc.jsonValue({ maxDepth: 2 }),
    );
    const property = fc.asyncProperty(
      fc.nat(places.length - 1),
      junk,
      fc.boolean(),
      async (at, value, drop) => {
        const mutant = structuredClone(good);
        change(mutant, places[at] ?? [], drop ? undefined : value);
        const { status } = await rejection(mock.restore(mutant));
        expect([0, 400]).toContain(status);
        if (status === 400) expect(await mock.snapshot()).toEqual(good);
        for (const path of ['api-groups', 'apis', 'envs'])
          expect((await call(`${mock.url}/v2/p1/apigw/instances/i1/${path}`)).status).not.toBe(500);
        expect((await call(`${mock.url}/__admin/state`, { token: null })).status).toBe(200);
        if (status === 0) await mock.restore(good);
      },
    );
    await fc.assert(property, { numRuns: 300 });
  });
});

async function overHttp(url: string, json: unknown) {
  const { status, body, headers } = await call(`${url}/__admin/state`, { method: 'PUT', json, token: null });
  return { status, code: body.error_code as string, why: String(headers['x-mock-reason'] ?? body.error_msg) };
}

type Path = (string | number)[];

/** The way to every value within. */
function placesOf(value: unknown, way: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [way];
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value);
  return [way, ...entries.flatMap(([key, inner]) => placesOf(inner, [...way, key]))].filter(
    (at) => at.length > 0,
  );
}

// biome-ignore lint/suspicious/noExplicitAny: any place of any shape
function change(root: any, way: Path, value: unknown): void {
  const last = way.at(-1) ?? '';
  const holder = way.slice(0, -1).reduce((at, key) => at[key], root);
  if (value !== undefined) holder[last] = value;
  else if (Array.isArray(holder)) holder.splice(Number(last), 1);
  else delete holder[last];
}
