/** The system's time is set back or leaps ahead under a mock that runs: tasks end, in order, and nothing is negative. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Clock } from '../../src/core/clock.ts';
import { call, taskUrl, testMock } from '../support/mock.ts';
import { USER } from './route-requests.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const systemNow = Date.now;
let shiftMs = 0;
beforeEach(() => {
  shiftMs = 0;
  vi.spyOn(Date, 'now').mockImplementation(() => systemNow() + shiftMs);
});
afterEach(() => vi.restoreAllMocks());

const JUMPS: [what: string, byMs: number[]][] = [
  ['an hour back', [-HOUR]],
  ['a day ahead', [DAY]],
  ['a day ahead and back again', [DAY, -DAY]],
  ['back and back again', [-HOUR, -HOUR]],
];
const ORDER = ['waiting', 'processing', 'succeed'];

describe.each(JUMPS)('the system time leaps %s', (_what, jumps) => {
  it('and every task ends, once, in order', { timeout: 10_000 }, async () => {
    await using mock = await testMock({ workers: 2, waitingMs: 15, processingMs: 15, fixtures: 'none' });
    const seen = new Map<string, string[]>();
    const create = async (): Promise<string> => {
      const json = { project_id: 'p1', instance_id: 'i1', task_type: 'import_api' };
      return (await call(`${mock.url}/__admin/tasks`, { json })).body.task_id;
    };
    const poll = async (id: string): Promise<void> => {
      const { status, body } = await call(taskUrl(mock.url, id));
      expect(status).toBe(200);
      seen.set(id, [...(seen.get(id) ?? []), body.task_status]);
    };
    const ids: string[] = [];
    for (const jump of [0, ...jumps]) {
      shiftMs += jump;
      for (let at = 0; at < 6; at += 1) ids.push(await create());
      await Promise.all(ids.map(poll));
      if (jump !== 0) await mock.control.tasks.wait(ids[0] ?? '', { timeout_ms: 3000 });
    }
    await mock.control.idle({ timeout_ms: 3000 });
    await Promise.all(ids.map(poll));

    expect(new Set(ids).size).toBe(6 * (jumps.length + 1));
    for (const id of ids) {
      const states = (seen.get(id) ?? []).map((state) => ORDER.indexOf(state));
      expect(states).toEqual([...states].sort((a, b) => a - b));
      expect(states.at(-1)).toBe(2);
    }
    const { requests } = await mock.control.requests.list();
    expect(requests.map(({ at }) => at)).toEqual(requests.map(({ at }) => at).sort());
    expect(requests.map(({ id }) => id)).toEqual(requests.map(({ id }) => id).sort((a, b) => a - b));
    expect(requests.filter(({ duration_ms }) => duration_ms < 0)).toEqual([]);
    expect(new Set(requests.map(({ request_id }) => request_id)).size).toBe(requests.length);
    const { tasks } = await mock.control.snapshot();
    for (const { created_ms = 0, started_ms = 0, ended_ms = 0 } of tasks as Times[]) {
      expect(started_ms - created_ms).toBeGreaterThanOrEqual(15);
      expect(ended_ms - started_ms).toBeGreaterThanOrEqual(15);
    }
  });

  it('and sleepers wake when the time has passed', { timeout: 10_000 }, async () => {
    const clock = new Clock('system');
    const slept = clock.sleep(20);
    for (const jump of jumps) {
      shiftMs += jump;
      await clock.sleep(5);
    }
    expect(await slept).toBe(true);
    clock.stop();
  });
});

interface Times {
  readonly created_ms?: number;
  readonly started_ms?: number;
  readonly ended_ms?: number;
}

describe('a token', () => {
  it('is good for its day whatever the system time does, and reports when it expired', async () => {
    await using mock = await testMock();
    const login = async (): Promise<string> =>
      String(
        (await call(`${mock.url}/v3/auth/tokens`, { token: null, json: USER })).headers['x-subject-token'],
      );
    const ask = (token: string) => call(`${mock.url}/v3/auth/domains`, { token });
    const first = await login();
    shiftMs = -HOUR;
    expect((await ask(first)).status).toBe(200);
    const second = await login();
    expect((await ask(second)).status).toBe(200);
    shiftMs = DAY + HOUR;
    const late = await ask(first);
    expect([late.status, late.body]).toMatchObject([401, { error: { code: 401, title: 'Unauthorized' } }]);
    expect(late.headers['x-mock-reason']).toContain('the token expired at ');
    expect((await ask(await login())).status).toBe(200);
  });
});

it('a clock that was set goes by its setting, also backwards', async () => {
  const clock = new Clock('system');
  const before = clock.now();
  shiftMs = -HOUR;
  expect(clock.now()).toBeGreaterThanOrEqual(before);
  await clock.set(before - 2 * HOUR);
  expect(clock.now() - (before - 2 * HOUR)).toBeLessThan(1000);
  clock.restart('system');
  expect(Math.abs(clock.now() - Date.now())).toBeLessThan(50);
  clock.stop();
});
