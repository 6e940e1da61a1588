/** The mock at a glance: exact counts, who works on what, clocks, and the cards of each state. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type ApigMock, type ApigMockOptions, connectApigMock, startApigMock } from '../../src/index.ts';
import { call, taskUrl } from '../support/mock.ts';

const HERE = { project_id: 'p1', instance_id: 'i1' } as const;
const THERE = { project_id: 'p2', instance_id: 'i1' } as const;
const START = '2026-01-01T00:00:00.000Z';
const timed = { mode: 'time', waiting_ms: 1000, processing_ms: 5000 } as const;

async function still(options: ApigMockOptions = {}): Promise<ApigMock> {
  const mock = await startApigMock({ fixtures: 'none', clock: 'manual', workers: 2, ...options });
  await mock.clock.set({ mode: 'manual', now: START });
  return mock;
}
const put = (mock: ApigMock, task_id: string, more: object = {}) =>
  mock.tasks.create({ ...HERE, task_id, task_type: 'import_api', plan: timed, ...more });

describe('the overview', () => {
  it('counts by state, by scope and in all, whatever the filter', async () => {
    await using mock = await still();
    for (const id of ['a', 'b', 'c']) await put(mock, id);
    await put(mock, 'd', { ...THERE, plan: { mode: 'immediate' } });
    await mock.clock.advance(1000);
    const view = await mock.overview({ project_id: 'p1' });
    expect(view.counts).toEqual({ waiting: 1, processing: 2, succeed: 0, failed: 0 });
    expect(view.totals).toEqual({ waiting: 1, processing: 2, succeed: 1, failed: 0 });
    expect(view.scopes).toEqual([
      { ...HERE, counts: { waiting: 1, processing: 2, succeed: 0, failed: 0 }, busy: 2, queued: 1 },
      { ...THERE, counts: { waiting: 0, processing: 0, succeed: 1, failed: 0 }, busy: 0, queued: 0 },
    ]);
    expect(view.scopes_total).toBe(2);
  });

  it('shows when each task moves on, who is in line, and when the next move is', async () => {
    await using mock = await still();
    for (const id of ['a', 'b', 'c']) await put(mock, id);
    await put(mock, 'p', { plan: { mode: 'polls', waiting_polls: 3, processing_polls: 1 } });
    await mock.clock.advance(1000);
    await call(taskUrl(mock.url, 'p'));
    const { cards, clocks } = await mock.overview({ cards: 10 });
    expect(cards.processing.map(({ task_id, due_at }) => [task_id, due_at])).toEqual([
      ['a', '2026-01-01T00:00:06.000Z'],
      ['b', '2026-01-01T00:00:06.000Z'],
    ]);
    expect(cards.waiting).toMatchObject([
      { task_id: 'c', queued: true },
      { task_id: 'p', reads: 1, reads_wanted: 3 },
    ]);
    expect(clocks).toEqual([
      { mode: 'manual', now: '2026-01-01T00:00:01.000Z', next_due: '2026-01-01T00:00:06.000Z' },
    ]);
  });

  it('shows the newest ends first, by pages of one state', async () => {
    await using mock = await still();
    for (let index = 0; index < 5; index += 1) {
      await put(mock, `t${index}`, { plan: { mode: 'immediate' } });
      await mock.clock.advance(1);
    }
    const page = async (offset: number): Promise<string[]> =>
      (await mock.overview({ task_status: 'succeed', cards: 2, offset })).cards.succeed.map(
        ({ task_id }) => task_id,
      );
    expect(await page(0)).toEqual(['t4', 't3']);
    expect(await page(2)).toEqual(['t2', 't1']);
    expect(await page(4)).toEqual(['t0']);
    expect(await page(6)).toEqual([]);
  });

  it('shows a scope with a clock of its own, and faults and requests', async () => {
    await using mock = await still();
    await put(mock, 'a');
    await mock.clock.freeze({ project_id: 'p1' });
    await mock.faults.add({ action: { type: 'reset' }, project_id: 'nobody' });
    await call(taskUrl(mock.url, 'a'));
    const view = await mock.overview();
    expect(view.clocks).toMatchObject([
      { mode: 'manual' },
      { project_id: 'p1', next_due: '2026-01-01T00:00:01.000Z' },
    ]);
    expect(view.faults).toBe(1);
    expect(view.requests).toEqual({ last_id: 1, dropped: 0 });
  });

  it('leads to the events: none between the two is missed', async () => {
    await using mock = await still();
    await put(mock, 'a');
    const { last_event_id } = await mock.overview();
    await put(mock, 'b');
    const response = await fetch(`${mock.url}/__admin/events?after=${last_event_id}`);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let read = '';
    while (!read.includes('"task"')) read += (await reader?.read())?.value ?? '';
    expect(JSON.parse(/^data: (.*)$/m.exec(read)?.[1] ?? '')).toMatchObject({
      id: last_event_id.replace(/\d+$/, (number) => String(Number(number) + 1)),
      task_id: 'b',
    });
    await reader?.cancel();
  });

  it('holds no secret, no result and no more scopes than a thousand', async () => {
    await using mock = await still({ tokens: ['hush-1'], accessKeys: ['ak:hush-2'], tokenSecret: 'hush-3' });
    await put(mock, 'a', {
      plan: { mode: 'immediate' },
      outcome: { status: 'succeed', task_result: 'hush-4' },
    });
    for (let index = 0; index < 1001; index += 1) await put(mock, 'x', { project_id: `q${index}` });
    const view = await mock.overview({ cards: 200 });
    expect(JSON.stringify(view)).not.toContain('hush');
    expect([view.scopes.length, view.scopes_total]).toEqual([1000, 1002]);
    expect(view.settings).toMatchObject({ workers: 2, clock: 'manual' });
  });

  it('is the same over HTTP, and rejects what it does not take', async () => {
    await using mock = await still();
    await put(mock, 'a');
    await using remote = await connectApigMock(mock.url);
    expect(await remote.overview({ cards: 1 })).toEqual(await mock.overview({ cards: 1 }));
    await expect(mock.overview({ cards: 201 })).rejects.toMatchObject({ statusCode: 400 });
    expect((await call(`${mock.url}/__admin/overview?cards=x`)).status).toBe(400);
  });
});

describe('the groups of the overview', () => {
  it('are the newest under the filter, as many as asked for, and none unasked', async () => {
    await using mock = await still();
    const places = [HERE, THERE, HERE];
    for (const [at, place] of places.entries()) {
      const body = new FormData();
      const doc = { swagger: '2.0', info: { title: `group-${at}` }, paths: {} };
      body.set('file_name', new Blob([JSON.stringify(doc)]), 'a.json');
      const { project_id, instance_id } = place;
      const url = `${mock.url}/v2/${project_id}/apigw/instances/${instance_id}/openapi/import`;
      await fetch(url, { method: 'POST', headers: { 'x-auth-token': mock.token }, body });
      await mock.clock.advance(1000);
    }
    const namesOf = async (request: object) => {
      const { groups } = await mock.overview(request);
      return [groups?.total, groups?.newest.map(({ name }) => name)];
    };
    expect(await namesOf({ groups: 2 })).toEqual([3, ['group-2', 'group-1']]);
    expect(await namesOf({ groups: 9, project_id: 'p1' })).toEqual([2, ['group-2', 'group-0']]);
    expect(await namesOf({ groups: 0 })).toEqual([3, []]);
    expect(await namesOf({})).toEqual([undefined, undefined]);
    await using client = await connectApigMock(mock.url);
    expect((await client.overview({ groups: 1 })).groups?.newest).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{32}$/),
        name: 'group-2',
        ...HERE,
        apis: 0,
        created_at: '2026-01-01T00:00:02.000Z',
      },
    ]);
  });
});

const PROTECTED = new URL('../../fixtures/openapi/protected-3.0.yaml', import.meta.url);

/** Imports a file, as a task or at once. */
async function importFile(mock: ApigMock, way: 'async-import' | 'import', name?: string): Promise<string> {
  const body = new FormData();
  body.set('file_name', new Blob([readFileSync(PROTECTED)]), name);
  const url = `${mock.url}/v2/p1/apigw/instances/i1/openapi/${way}`;
  const response = await fetch(url, { method: 'POST', headers: { 'x-auth-token': mock.token }, body });
  const { task_id, group_id } = (await response.json()) as { task_id?: string; group_id?: string };
  return task_id ?? group_id ?? '';
}

describe('the subject of a task', () => {
  it('is the file or the group, in cards, details, events and snapshots, and is found by a search', async () => {
    await using mock = await still();
    const { last_event_id } = await mock.overview();
    const imported = await importFile(mock, 'async-import', 'Orders.yaml');
    const group = await importFile(mock, 'import');
    const exported = await call(`${mock.url}/v2/p1/apigw/instances/i1/openapi/async-export`, {
      json: { env_id: 'DEFAULT_ENVIRONMENT_RELEASE_ID', group_id: group },
    });
    const { name } = (await call(`${mock.url}/__admin/groups/${group}/apis?project_id=p1&instance_id=i1`))
      .body as { name: string };
    const subjects = async (search?: string) =>
      (await mock.overview({ cards: 9, ...(search && { search }) })).cards.waiting.map(
        ({ subject }) => subject,
      );
    expect(await subjects()).toEqual(['Orders.yaml', name]);
    expect(await subjects('oRDERS')).toEqual(['Orders.yaml']);
    expect(await subjects(imported.slice(3, 20))).toEqual(['Orders.yaml']);
    expect(await subjects('nothing')).toEqual([]);
    expect((await mock.tasks.get(exported.body['task_id'] as string)).subject).toBe(name);
    const response = await fetch(`${mock.url}/__admin/events?after=${last_event_id}`);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toContain('"subject":"Orders.yaml"');
    await reader?.cancel();
    const before = await mock.snapshot();
    await mock.reset();
    await mock.restore(before);
    expect(await subjects()).toEqual(['Orders.yaml', name]);
  });

  it('is absent where a client names no file, and cut where the name is long', async () => {
    await using mock = await still();
    await mock.tasks.create({ ...HERE, task_id: 't1', task_type: 'import_api' });
    expect(await mock.tasks.get('t1')).not.toHaveProperty('subject');
    const id = await importFile(mock, 'async-import', `${'n'.repeat(400)}.yaml`);
    expect((await mock.tasks.get(id)).subject).toBe('n'.repeat(255));
  });
});

describe('a group in full', () => {
  it('shows its APIs by pages and by search, with what they are attached to', async () => {
    await using mock = await still();
    const group = await importFile(mock, 'import');
    const show = async (query: string) =>
      (await call(`${mock.url}/__admin/groups/${group}/apis?project_id=p1&instance_id=i1${query}`)).body as {
        apis: number;
        total: number;
        environments: { name: string }[];
        page: { id: string; req_uri: string; auth_type: string; attached: { kind: string }[] }[];
      };
    const all = await show('');
    expect(all.total).toBe(all.apis);
    expect(all.page).toHaveLength(all.apis);
    expect(all.environments.map(({ name }) => name)).toEqual(['RELEASE']);
    const [first, second] = all.page;
    expect((await show('&offset=1&limit=1')).page).toEqual([second]);
    expect((await show(`&api_id=${first?.id}`)).page).toEqual([first]);
    expect((await show(`&search=${first?.req_uri.toUpperCase()}`)).page).toContainEqual(first);
    expect((await show('&search=nowhere')).total).toBe(0);
    const protectedOnes = all.page.filter(({ attached }) =>
      attached.some(({ kind }) => kind === 'authorizer'),
    );
    expect(protectedOnes.length).toBeGreaterThan(0);
    expect(protectedOnes[0]?.attached).toContainEqual(
      expect.objectContaining({ kind: 'authorizer', definition: expect.any(Object) }),
    );
  });

  it('is rejected where there is none, or without its place', async () => {
    await using mock = await still();
    const at = `${mock.url}/__admin/groups/g1/apis`;
    expect((await call(`${at}?project_id=p1&instance_id=i1`)).body['error_code']).toBe('APIG.3001');
    expect((await call(at)).body['error_code']).toBe('APIG.2001');
  });
});

describe('the clocks of the overview', () => {
  it('show how far a running one is off, and nothing for one that stands still', async () => {
    await using mock = await startApigMock({ fixtures: 'none' });
    expect((await mock.overview()).clocks).toMatchObject([{ mode: 'system', offset_ms: 0 }]);
    await mock.clock.advance(3_600_000);
    const [ahead] = (await mock.overview()).clocks;
    // The time that the move itself took is lost to it.
    expect(ahead?.offset_ms).toBeGreaterThan(3_540_000);
    expect(ahead?.offset_ms).toBeLessThan(3_660_000);
    await mock.clock.set({ mode: 'system', now: START });
    expect((await mock.overview()).clocks[0]?.offset_ms).toBeLessThan(0);
    await mock.clock.freeze();
    expect((await mock.overview()).clocks[0]).not.toHaveProperty('offset_ms');
  });
});
