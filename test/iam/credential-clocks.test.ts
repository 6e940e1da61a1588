/** The time that credentials go by: tokens by the clock of their project, signatures by real time or that clock; a restore moves neither. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunningMock } from '../../src/mock.ts';
import { call, testMock } from '../support/mock.ts';
import { signedCall, TASK } from './signed-call.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
let mock: RunningMock;
beforeEach(async () => {
  mock = await testMock();
});
afterEach(() => mock.close());

const login = async (scope: object = { project: { id: 'p1' } }): Promise<string> => {
  const identity = { methods: ['password'], password: { user: { name: 'u', password: 'p' } } };
  const response = await call(`${mock.url}/v3/auth/tokens`, {
    token: null,
    json: { auth: { identity, scope } },
  });
  return String(response.headers['x-subject-token']);
};
const poll = async (token: string, target = TASK): Promise<number> =>
  (await call(mock.url + target, { token })).status;
/** The way of Fastify, beside the fast path. */
const pollBoth = async (token: string, target = TASK) => [
  await poll(token, target),
  await poll(token, `${target}?long=1`),
];
const validate = async (token: string): Promise<number> =>
  (await call(`${mock.url}/v3/auth/tokens`, { headers: { 'x-subject-token': token } })).status;
const P1 = { project_id: 'p1' };

describe('a token', () => {
  it('issued after the clock of its project was moved past a day is good, and for a day', async () => {
    await mock.control.clock.freeze(P1);
    await mock.control.clock.advance(30 * HOUR, P1);
    const token = await login();
    expect(await pollBoth(token)).toEqual([200, 200]);
    expect(await validate(token)).toBe(200);
    await mock.control.clock.advance(DAY - 1, P1);
    expect(await pollBoth(token)).toEqual([200, 200]);
    await mock.control.clock.advance(1, P1);
    expect(await pollBoth(token)).toEqual([401, 401]);
    expect(await validate(token)).toBe(401);
    expect((await call(`${mock.url}/v3/projects`, { token })).status).toBe(401);
  });

  it('is good as long in every instance of its project, whatever clocks those have', async () => {
    const token = await login();
    await mock.control.clock.advance(3 * DAY, { ...P1, instance_id: 'i1' });
    await mock.control.clock.set({ ...P1, instance_id: 'i2', mode: 'manual', now: '2020-01-01T00:00:00Z' });
    for (const target of [TASK, TASK.replace('/i1/', '/i2/')])
      expect(await pollBoth(token, target)).toEqual([200, 200]);
    await mock.control.clock.advance(DAY, P1);
    for (const target of [TASK, TASK.replace('/i1/', '/i2/')])
      expect(await pollBoth(token, target)).toEqual([401, 401]);
  });

  it('of another project is rejected for that and not as expired, wherever the clock of this one is', async () => {
    await mock.control.clock.advance(3 * DAY, P1);
    expect(await pollBoth(await login({ project: { id: 'p2' } }))).toEqual([403, 403]);
  });

  it('of a domain follows the main clock', async () => {
    const token = await login({});
    const ask = async () => (await call(`${mock.url}/v3/auth/domains`, { token })).status;
    await mock.control.clock.advance(3 * DAY, P1);
    expect([await ask(), await validate(token)]).toEqual([200, 200]);
    await mock.control.clock.advance(DAY);
    expect([await ask(), await validate(token)]).toEqual([401, 401]);
  });

  it.each([
    ['later', 3 * DAY],
    ['earlier', -3 * DAY],
  ])(
    'is as good as before when a snapshot of a %s time is restored, and goes on from there',
    async (_when, byMs) => {
      const at = new Date(Date.now() + byMs).toISOString();
      await mock.control.clock.set({ ...P1, mode: 'manual', now: at });
      await mock.control.clock.set({ mode: 'manual', now: at });
      const snapshot = await mock.control.snapshot();
      await mock.control.reset();
      const token = await login();
      await mock.control.restore(snapshot);
      expect((await mock.control.clock.get(P1)).now).toBe(at);
      expect(await pollBoth(token)).toEqual([200, 200]);
      await mock.control.clock.advance(DAY - HOUR, P1);
      expect(await pollBoth(token)).toEqual([200, 200]);
      await mock.control.clock.advance(HOUR, P1);
      expect(await pollBoth(token)).toEqual([401, 401]);
    },
  );

  it('follows the time the clock is set to, even after a restore', async () => {
    const snapshot = await mock.control.snapshot();
    const token = await login();
    await mock.control.restore(snapshot);
    await mock.control.clock.set({ mode: 'system', now: new Date(Date.now() + 25 * HOUR).toISOString() });
    expect(await pollBoth(token)).toEqual([401, 401]);
  });
});

describe('a signature of a client that uses real time', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['the clock is moved on', () => mock.control.clock.advance(DAY)],
    [
      'the clock stands elsewhere',
      () => mock.control.clock.set({ mode: 'manual', now: '2021-12-17T06:58:04Z' }),
    ],
    ['its project has a clock elsewhere', () => mock.control.clock.advance(DAY, P1)],
    ['an old snapshot is restored', () => restoreOf('2021-12-17T06:58:04Z')],
    ['a snapshot of the future is restored', () => restoreOf('2031-12-17T06:58:04Z')],
  ])('is good when %s', async (_what, change) => {
    const signed = { running: mock, date: () => Date.now() };
    expect((await signedCall(signed)).status).toBe(200);
    await change();
    expect((await signedCall(signed)).status).toBe(200);
    expect((await signedCall({ ...signed, target: `${TASK}?long=1` })).status).toBe(200);
    expect((await signedCall({ ...signed, offsetMs: -HOUR })).status).toBe(401);
  });

  it('is as good when its own time is that of the clock it set', async () => {
    await mock.control.clock.set({ ...P1, mode: 'manual', now: '2021-12-17T06:58:04Z' });
    const date = () => Date.parse('2021-12-17T06:58:04Z');
    expect((await signedCall({ running: mock, date })).status).toBe(200);
    expect((await signedCall({ running: mock, date, offsetMs: HOUR })).status).toBe(401);
    expect((await signedCall({ running: mock, date, target: TASK.replace('/p1/', '/p2/') })).status).toBe(
      401,
    );
  });

  async function restoreOf(now: string): Promise<void> {
    await mock.control.clock.set({ mode: 'system', now });
    const snapshot = await mock.control.snapshot();
    await mock.control.reset();
    await mock.control.restore(snapshot);
  }
});
