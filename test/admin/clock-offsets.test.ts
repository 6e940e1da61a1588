/** A clock that was moved, after a restart on the state file and after its reset: what was due in a second and a half still is. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type ApigMock, startApigMock } from '../../src/index.ts';
import { HERE, START_MS, stillMock } from './scene.ts';

const DAY = 24 * 3_600_000;
const folder = mkdtempSync(join(tmpdir(), 'apig-mock-clocks-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const newFile = (): string => {
  files += 1;
  return join(folder, `state-${files}.json`);
};
const start = (stateFile: string, clock: 'system' | 'manual' = 'system') =>
  startApigMock({ fixtures: 'none', stateFile, clock });

const PROJECT = { project_id: HERE.project_id };
const WHOSE = [
  ['the main clock', {}],
  ["a project's own", PROJECT],
  ["an instance's own", HERE],
] as const;

const create = (mock: ApigMock, waiting_ms = 1500) =>
  mock.tasks.create({
    ...HERE,
    task_type: 'import_api',
    plan: { mode: 'time', waiting_ms, processing_ms: 0 },
  });
const timeOf = async (mock: ApigMock, scope: object) => Date.parse((await mock.clock.get(scope)).now);
/** In how many ms by its clock the task is due. */
const dueIn = async (mock: ApigMock) => {
  const { cards } = await mock.overview({ cards: 10 });
  const card = cards.waiting.find(({ mode }) => mode === 'time');
  return Date.parse(card?.due_at ?? '') - (await timeOf(mock, HERE));
};

describe('a restart on the state file', () => {
  it.each(WHOSE)('keeps how far %s is ahead, and its tasks due when they were', async (_whose, scope) => {
    const path = newFile();
    const first = await start(path);
    await first.clock.advance(DAY, scope);
    await create(first, 60_000);
    await first.close();
    await using second = await start(path);
    expect((await timeOf(second, scope)) - Date.now() - DAY).toBeLessThan(1000);
    expect((await timeOf(second, scope)) - Date.now() - DAY).toBeGreaterThan(-5000);
    expect(await dueIn(second)).toBeLessThanOrEqual(60_000);
    if (scope !== WHOSE[0][1]) expect((await timeOf(second, {})) - Date.now()).toBeLessThan(1000);
  });

  it('ends the tasks of a clock that is ahead, a moment later and not the next day', async () => {
    const path = newFile();
    const first = await start(path);
    await first.clock.advance(DAY);
    await create(first, 1);
    await first.close();
    await using second = await start(path);
    await second.idle({ timeout_ms: 5000 });
  });

  it('keeps a clock behind that was set back, and what stands still where it stood', async () => {
    const path = newFile();
    const first = await start(path);
    await first.clock.set({ mode: 'system', now: new Date(Date.now() - DAY).toISOString() });
    await first.clock.set({ ...PROJECT, mode: 'manual', now: new Date(START_MS).toISOString() });
    await first.close();
    await using second = await start(path);
    expect(Math.abs((await timeOf(second, {})) - Date.now() + DAY)).toBeLessThan(5000);
    expect(await second.clock.get(PROJECT)).toMatchObject({
      mode: 'manual',
      now: new Date(START_MS).toISOString(),
    });
  });

  it('takes a state that was written before offsets were: its clocks go with the system', async () => {
    const path = newFile();
    const first = await start(path);
    await first.clock.advance(DAY);
    await first.close();
    const state = JSON.parse(readFileSync(path, 'utf8'));
    expect(state.clocks[0].offset_ms).toBeGreaterThan(DAY - 5000);
    for (const clock of state.clocks) delete clock.offset_ms;
    writeFileSync(path, JSON.stringify(state));
    await using second = await start(path);
    expect(Math.abs((await timeOf(second, {})) - Date.now())).toBeLessThan(5000);
  });
});

describe('a reset of the clock alone', () => {
  it.each([
    ['an instance, back to the main clock', {}, HERE, {}],
    ['a project, back to the main clock', {}, PROJECT, {}],
    ['an instance, back to the clock of its project', PROJECT, HERE, PROJECT],
    ['a project that an instance had left', HERE, PROJECT, {}],
  ])(
    'of %s: it follows that time again, and its tasks are due as soon as they were',
    async (_whose, first, scope, parent) => {
      await using mock = await stillMock();
      await mock.clock.advance(3 * DAY);
      await mock.clock.advance(DAY, first);
      await mock.clock.advance(5 * DAY, scope);
      const { task_id } = await create(mock);
      await mock.clock.advance(500, first === HERE ? HERE : scope);
      await mock.reset({ ...scope, only: ['clock'] });
      expect(await mock.clock.get(HERE)).toEqual(await mock.clock.get(parent));
      expect(await dueIn(mock)).toBe(1000);
      await mock.clock.advance(999, parent);
      expect((await mock.tasks.get(task_id)).task_status).toBe('waiting');
      await mock.clock.advance(1, parent);
      const task = await mock.tasks.get(task_id);
      expect(task.task_status).toBe('succeed');
      const now = await timeOf(mock, parent);
      expect(
        [task.created_at, task.started_at, task.ended_at].map((at) => Date.parse(at ?? '') - now),
      ).toEqual([-1500, 0, 0]);
    },
  );

  it('of everything: it goes by the time of the system, and no task is due a day later for it', async () => {
    await using mock = await startApigMock({ fixtures: 'none', clock: 'manual' });
    await mock.clock.advance(DAY);
    const line = await mock.tasks.create({ ...HERE, task_type: 'import_api', plan: { mode: 'polls' } });
    const { task_id } = await create(mock);
    await mock.reset({ only: ['clock'] });
    expect(await dueIn(mock)).toBe(1500);
    expect(Date.parse((await mock.tasks.get(line.task_id)).created_at)).toBeLessThanOrEqual(
      await timeOf(mock, {}),
    );
    await mock.clock.advance(1500);
    expect((await mock.tasks.get(task_id)).task_status).toBe('succeed');
  });

  it('survives a snapshot: who waits in line for a worker is not due in the future', async () => {
    await using mock = await startApigMock({ fixtures: 'none', clock: 'manual', workers: 1 });
    await mock.clock.advance(DAY, HERE);
    const plan = { mode: 'time', waiting_ms: 0, processing_ms: 100 } as const;
    for (const _task of [1, 2]) await mock.tasks.create({ ...HERE, task_type: 'import_api', plan });
    await mock.reset({ ...HERE, only: ['clock'] });
    await mock.restore(JSON.parse(JSON.stringify(await mock.snapshot())));
    await mock.clock.advance(200);
    expect((await mock.tasks.list()).tasks.map(({ task_status }) => task_status)).toEqual([
      'succeed',
      'succeed',
    ]);
  });
});
