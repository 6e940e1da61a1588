/** Time under control: freeze, set, advance, resume, on the main clock and on a scope's own. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ApigMock } from '../../src/index.ts';
import { call } from '../support/mock.ts';
import { callsOf, document, HERE, rejection, START, START_MS, stillMock, turns, until } from './scene.ts';

let mock: ApigMock;
beforeEach(async () => {
  mock = await stillMock();
});
afterEach(() => mock.close());

const create = (place = HERE as { project_id: string; instance_id: string }) =>
  mock.tasks.create({
    ...place,
    task_type: 'import_api',
    plan: { mode: 'time', waiting_ms: 100, processing_ms: 100 },
  });
const status = async (taskId: string) => (await mock.tasks.get(taskId)).task_status;

describe('the main clock', () => {
  it('stands, is set, advances, runs and stands again', async () => {
    expect(await mock.clock.get()).toEqual({ mode: 'manual', now: START, own: false });
    expect((await mock.clock.advance(1500)).now).toBe('2026-01-01T00:00:01.500Z');
    expect((await mock.clock.set({ mode: 'manual', now: '2030-06-01T02:00:00+02:00' })).now).toBe(
      '2030-06-01T00:00:00.000Z',
    );
    expect((await mock.clock.resume()).mode).toBe('system');
    await until(async () => (await mock.clock.get()).now > '2030-06-01T00:00:00.000Z');
    const frozen = await mock.clock.freeze();
    await turns(50);
    expect(await mock.clock.get()).toEqual(frozen);
  });

  it('goes back by set alone, and moves no task', async () => {
    const { task_id } = await create();
    await mock.clock.advance(100);
    await mock.clock.set({ mode: 'manual', now: START });
    expect(await status(task_id)).toBe('processing');
    await mock.clock.advance(199);
    expect(await status(task_id)).toBe('processing');
    await mock.clock.advance(1);
    expect(await status(task_id)).toBe('succeed');
    expect((await rejection(mock.clock.advance(-1))).status).toBe(400);
  });

  it.each([
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-01T25:00:00Z',
    '2026-01-01T00:00:61Z',
    '9999-12-31T23:59:59-01:00',
    '0000-01-01T00:00:00+01:00',
    '2026-01-01 00:00:00Z',
    '2026-01-01T00:00:00',
    'tomorrow',
  ])('is not set to %s, and stays as it was', async (now) => {
    const rejected = await rejection(mock.clock.set({ mode: 'system', now }));
    expect([rejected.status, rejected.why]).toEqual([400, expect.stringContaining('now')]);
    expect(await mock.clock.get()).toEqual({ mode: 'manual', now: START, own: false });
  });

  it('does not leave the calendar', async () => {
    await mock.clock.set({ mode: 'manual', now: '9999-12-31T23:59:59.000Z' });
    expect((await mock.clock.advance(999)).now).toBe('9999-12-31T23:59:59.999Z');
    expect((await rejection(mock.clock.advance(1))).why).toContain('9999');
  });
});

describe('advancing', () => {
  it('fires everything due in order, each at its exact time, before it responds', async () => {
    const late = await create();
    await mock.clock.advance(50);
    const later = await create();
    await mock.clock.advance(1000);
    const moves = await movesSince(0);
    expect(moves).toEqual([
      [late.task_id, 'waiting', 0],
      [later.task_id, 'waiting', 50],
      [late.task_id, 'processing', 100],
      [later.task_id, 'processing', 150],
      [late.task_id, 'succeed', 200],
      [later.task_id, 'succeed', 250],
    ]);
    expect((await mock.tasks.get(late.task_id)).ended_at).toBe(new Date(START_MS + 200).toISOString());
  });

  it.each(['manual', 'system'] as const)('includes the work of imports (%s clock)', async (mode) => {
    if (mode === 'system') await mock.clock.resume();
    const calls = callsOf(mock.url);
    const ids = await Promise.all(
      Array.from({ length: 20 }, (_one, at) => calls.importFile(document(`group${at}`))),
    );
    await mock.clock.advance(60_000);
    for (const id of ids) expect(await status(id)).toBe('succeed');
    expect(await calls.groups()).toBe(20);
  });

  it('includes the work of a file that is parsed in the thread, or would be', async () => {
    await mock.clock.resume();
    const paths = Object.fromEntries(
      Array.from({ length: 250 }, (_one, at) => [`/a${at}`, JSON.parse(document('x')).paths['/a']]),
    );
    const info = { title: 'big', version: '1', description: 'x'.repeat(300 * 1024) };
    const big = JSON.stringify({ swagger: '2.0', info, paths });
    const taskId = await callsOf(mock.url).importFile(big);
    await mock.clock.advance(60_000);
    expect((await mock.tasks.get(taskId)).task_result).toContain('"success":[{');
  });

  it('is made in turn by two callers at once', async () => {
    const { task_id } = await create();
    const [first, second] = await Promise.all([mock.clock.advance(150), mock.clock.advance(150)]);
    expect([first.now, second.now].sort()).toEqual(['2026-01-01T00:00:00.150Z', '2026-01-01T00:00:00.300Z']);
    expect(await status(task_id)).toBe('succeed');
  });

  it('ends before the clock is made to run: it does not end at a time in between', async () => {
    await callsOf(mock.url).importFile(document('between'));
    const [, running] = await Promise.all([mock.clock.advance(3_600_000), mock.clock.resume()]);
    expect(running.mode).toBe('system');
    expect(Date.parse(running.now)).toBeGreaterThanOrEqual(START_MS + 3_600_000);
  });

  it('stops once everything is reset', async () => {
    for (let at = 0; at < 20_000; at += 1) await create();
    const advanced = mock.clock.advance(3_600_000);
    await until(async () => (await mock.clock.get()).now > START, 'the move');
    await mock.reset();
    const after = await create();
    await advanced;
    expect(await status(after.task_id)).toBe('waiting');
    expect(Math.abs(Date.parse((await mock.clock.get()).now) - Date.now())).toBeLessThan(60_000);
  });
});

describe('everything with a time follows the clock', () => {
  const tokenRequest = {
    auth: {
      identity: {
        methods: ['password'],
        password: { user: { name: 'u', password: 'p', domain: { name: 'd' } } },
      },
      scope: { project: { id: 'p1' } },
    },
  };

  it('ends tokens', async () => {
    const issued = await call(`${mock.url}/v3/auth/tokens`, { json: tokenRequest });
    const token = String(issued.headers['x-subject-token']);
    const { task_id } = await create();
    const poll = async () => (await call(callsOf(mock.url).address(task_id), { token })).status;
    expect(await poll()).toBe(200);
    await mock.clock.advance(24 * 3600 * 1000 - 1);
    expect(await poll()).toBe(200);
    await mock.clock.advance(1);
    expect(await poll()).toBe(401);
    await mock.clock.set({ mode: 'manual', now: START });
    expect(await poll()).toBe(200);
    await mock.clock.advance(25 * 3600 * 1000, { project_id: HERE.project_id });
    expect(await poll()).toBe(401);
  });

  it('stamps journal entries, events and tasks', async () => {
    await mock.clock.set({ mode: 'manual', now: '2031-05-05T05:05:05.005Z' });
    const { task_id, created_at } = await create();
    await callsOf(mock.url).poll(task_id);
    await callsOf(mock.url).pollLong(task_id);
    const { requests } = await mock.requests.list();
    expect([created_at, ...requests.map(({ at }) => at)]).toEqual(Array(3).fill('2031-05-05T05:05:05.005Z'));
  });
});

/** Every move of a task since the start: id, state, ms since the start. */
async function movesSince(after: number): Promise<[string, string, number][]> {
  const stopping = new AbortController();
  const response = await fetch(`${mock.url}/__admin/events?after=${after}`, { signal: stopping.signal });
  let text = '';
  const decoder = new TextDecoder();
  const want = (await mock.tasks.list()).total * 3;
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.split('event: task').length > want) break;
  }
  stopping.abort();
  return [...text.matchAll(/^data: (.*)$/gm)]
    .map(([, data]) => JSON.parse(data ?? ''))
    .filter(({ type }) => type === 'task')
    .map(({ task_id, to, at }) => [task_id, to, Date.parse(at) - START_MS]);
}
