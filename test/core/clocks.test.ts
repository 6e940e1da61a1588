/** Which clock governs which project and instance, and which of them rules what. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Clock, type Handover } from '../../src/core/clock.ts';
import { Clocks, type Purpose, RULED_BY } from '../../src/core/clocks.ts';
import type { Scope } from '../../src/core/scope.ts';

const START_MS = Date.UTC(2026, 0, 1);
const clocks = () => new Clocks(new Clock('manual', START_MS));
const P1 = { projectId: 'p1' };
const I1 = { projectId: 'p1', instanceId: 'i1' };
const keys = (all: Clocks) =>
  all.list().map(({ projectId, instanceId }) => [projectId, instanceId].filter(Boolean).join('/'));

describe('clocks', () => {
  it('are the main one until a part gets its own', () => {
    const all = clocks();
    expect(all.ruling('task', 'p1', 'i1')).toBe(all.get({}));
    expect(all.get(P1)).toBeUndefined();
    expect(all.ensure({})).toBe(all.get({}));
  });

  it('are found from narrow to wide: instance, project, main', () => {
    const all = clocks();
    const project = all.ensure(P1);
    const instance = all.ensure(I1);
    expect(all.ruling('task', 'p1', 'i1')).toBe(instance);
    expect(all.ruling('task', 'p1', 'i2')).toBe(project);
    expect(all.ruling('task', 'p1')).toBe(project);
    expect(all.ruling('task', 'p2', 'i1')).toBe(all.get({}));
    expect(all.ensure(I1)).toBe(instance);
  });

  it('start as the clock that governed the part so far', async () => {
    const all = clocks();
    const project = all.ensure(P1);
    await project.advance(500);
    const instance = all.ensure(I1);
    expect(instance.now()).toBe(START_MS + 500);
    expect(all.ensure({ projectId: 'p2' }).now()).toBe(START_MS);
    await instance.advance(1);
    expect([project.now(), all.now('task')]).toEqual([START_MS + 500, START_MS]);
  });

  it('are dropped by instance, or by project with all its instances, and not by a like name', () => {
    const all = clocks();
    for (const [projectId, instanceId] of [
      ['p1'],
      ['p1', 'i1'],
      ['p1', 'i2'],
      ['p10'],
      ['p10', 'i1'],
    ] as const)
      all.ensure({ projectId, instanceId });
    all.reset(I1, 'manual');
    expect(keys(all)).toEqual(['', 'p1', 'p1/i2', 'p10', 'p10/i1']);
    all.reset(P1, 'manual');
    expect(keys(all)).toEqual(['', 'p10', 'p10/i1']);
    all.reset({}, 'system');
    expect([keys(all), all.get({})?.mode]).toEqual([[''], 'system']);
    all.stop();
  });

  it('fire nothing more once stopped', async () => {
    const all = clocks();
    const own = all.ensure(P1);
    const fired: string[] = [];
    for (const { clock } of all.list()) {
      clock.schedule(START_MS + 1, (name: string) => void fired.push(name), 'a');
    }
    all.stop();
    await Promise.all([all.ensure({}).advance(10), own.advance(10)]);
    expect(fired).toEqual([]);
  });
});

describe('work of a scope', () => {
  /** A mock's clocks with one thing due in each of three instances, 1000 ms on; what has fired, with its time. */
  function scene() {
    const all = clocks();
    const fired: string[] = [];
    const plan = (projectId: string, instanceId: string, afterMs = 1000) => {
      const clock = all.ruling('task', projectId, instanceId);
      const due = { atMs: clock.now() + afterMs, scope: { projectId, instanceId } };
      return clock.schedule(due, (name, atMs) => void fired.push(`${name} @${atMs - START_MS}`), instanceId);
    };
    const announced: [Handover, Scope | undefined][] = [];
    const probes = [undefined, I1, { ...I1, instanceId: 'i2' }, { ...I1, projectId: 'p2' }];
    all.handovers.on((handover) => {
      for (const scope of probes) if (handover.holds(scope)) announced.push([handover, scope]);
    });
    const shifts = () =>
      announced.splice(0).map(([{ byMs }, scope]) => `${scope?.projectId}/${scope?.instanceId} ${byMs}`);
    return { all, fired, plan, shifts };
  }

  it('goes with it to its own clock, in order, due when it was; nobody else does', async () => {
    const { all, fired, plan, shifts } = scene();
    for (const instance of ['i1', 'i2', 'i3']) plan('p1', instance);
    plan('p2', 'i1');
    plan('p1', 'i1', 500);
    all.ensure({}).schedule(START_MS + 1000, (name: string) => void fired.push(name), 'of nobody');
    const instance = all.ensure(I1);
    const project = all.ensure(P1);
    expect(shifts()).toEqual([]);
    expect([instance, project, all.ensure({})].map(({ scheduledCount }) => scheduledCount)).toEqual([
      2, 2, 2,
    ]);
    await instance.advance(5000);
    expect(fired.splice(0)).toEqual(['i1 @500', 'i1 @1000']);
    await project.advance(1000);
    expect(fired.splice(0)).toEqual(['i2 @1000', 'i3 @1000']);
    await all.ensure({}).advance(1000);
    expect(fired).toEqual(['i1 @1000', 'of nobody']);
  });

  it('goes by the time of the wider clock once its own is gone, due as soon as it was', async () => {
    const { all, fired, plan, shifts } = scene();
    await all.ensure(P1).advance(100);
    await all.ensure(I1).advance(7000);
    const cancelled = plan('p1', 'i1', 10);
    plan('p1', 'i1');
    plan('p1', 'i2', 1500);
    all.reset(P1, 'manual');
    cancelled.cancel();
    expect(shifts()).toEqual(['p1/i1 -7000', 'p1/i1 -100', 'p1/i2 -100']);
    await all.ensure({}).advance(2000);
    expect(fired).toEqual(['i1 @1000', 'i2 @1500']);
  });

  it('is due as soon as it was when all clocks start over', () => {
    const { all, plan, shifts } = scene();
    all.ensure({ projectId: 'p2' });
    const [due] = [plan('p1', 'i1')];
    all.reset({}, 'manual');
    const byMs = all.now('task') - START_MS;
    expect(shifts()).toEqual(
      [undefined, 'p1/i1', 'p1/i2', 'p2/i1'].map((whose) => `${whose ?? 'undefined/undefined'} ${byMs}`),
    );
    expect(due.atMs).toBe(all.now('task') + 1000);
  });

  it('that sleeps goes with it too; it wakes when its clock is reset', async () => {
    const all = clocks();
    const slept: unknown[] = [];
    for (const instanceId of ['i1', 'i2'])
      void all.sleep({ ...P1, instanceId }, 100).then((whole) => slept.push([instanceId, whole]));
    const own = all.ensure(I1);
    await own.advance(99);
    await all.ensure({}).advance(99);
    expect(slept).toEqual([]);
    await own.advance(1);
    expect(slept).toEqual([['i1', true]]);
    all.ensure({ ...P1, instanceId: 'i2' });
    all.reset(P1, 'manual');
    await new Promise((resolve) => setImmediate(resolve));
    expect(slept).toEqual([
      ['i1', true],
      ['i2', false],
    ]);
    expect(all.ensure({}).scheduledCount).toBe(0);
  });
});

describe('which clock rules what', () => {
  /** The main clock is at 1 h, that of p1 at 2 h, that of p1/i1 at 3 h, of p1/i2 none. */
  const HOUR = 3_600_000;
  async function threeClocks() {
    const all = clocks();
    await all.ensure(I1).advance(3 * HOUR);
    await all.ensure(P1).advance(2 * HOUR);
    await all.ensure({}).advance(HOUR);
    return all;
  }
  const hours = (ms: number) => (ms - START_MS) / HOUR;

  const INSTANCE = [3, 2, 2, 1, 1];
  const PROJECT = [2, 2, 2, 1, 1];
  it.each<[Exclude<Purpose, 'signature' | 'wait' | 'connection' | 'log'>, number[]]>([
    ['task', INSTANCE],
    ['delay', INSTANCE],
    ['resource', INSTANCE],
    ['journal', INSTANCE],
    ['event', INSTANCE],
    ['token', PROJECT],
  ])('%s', async (purpose, expected) => {
    const all = await threeClocks();
    const places = [['p1', 'i1'], ['p1', 'i2'], ['p1'], ['p2', 'i1'], []] as const;
    expect(places.map(([project, instance]) => hours(all.now(purpose, project, instance)))).toEqual(expected);
  });

  it('signature: real time, or the time of the project', async () => {
    const all = await threeClocks();
    const [realMs = 0, projectMs = 0] = all.times('signature', 'p1');
    expect(Math.abs(realMs - Date.now())).toBeLessThan(1000);
    expect([hours(projectMs), hours(all.times('signature')[1] ?? 0)]).toEqual([2, 1]);
  });

  it('of credentials: a restore does not move it, all else does', async () => {
    const all = await threeClocks();
    const token = () => [hours(all.now('token', 'p1')), hours(all.now('token'))];
    all.restore([
      { mode: 'manual', nowMs: START_MS + 50 * HOUR },
      { ...P1, mode: 'manual', nowMs: START_MS - 50 * HOUR },
    ]);
    expect([hours(all.now('task', 'p1')), hours(all.now('task'))]).toEqual([-50, 50]);
    expect(token()).toEqual([2, 1]);
    await all.ensure(P1).advance(HOUR);
    expect(token()).toEqual([3, 1]);
    expect(hours(all.ensure({ projectId: 'p2' }).credentialsNow())).toBe(1);
    all.restore([{ mode: 'manual', nowMs: START_MS }]);
    expect(token()).toEqual([1, 1]);
    await all.ensure({}).set(START_MS + 5 * HOUR);
    expect(token()).toEqual([5, 5]);
    all.restore([{ mode: 'manual', nowMs: START_MS, credentialsMs: START_MS + 9 * HOUR }]);
    expect(token()).toEqual([9, 9]);
    all.reset({}, 'manual');
    expect(all.now('token')).toBe(all.now('task'));
  });

  it('matches docs/clocks.md, purpose by purpose', () => {
    const rows = readFileSync(new URL('../../docs/clocks.md', import.meta.url), 'utf8').matchAll(
      /^\| .* \| `(\w+)` \| (.*) \|$/gm,
    );
    const documented = Object.fromEntries(Array.from(rows, ([, purpose = '', by]) => [purpose, by]));
    const WORDS = {
      instance: 'the clock of the instance',
      project: 'the clock of the project; a restore does not move it',
      'real or project': 'real time, or the clock of the project as for tokens',
      real: 'real time',
    };
    expect(documented).toEqual(
      Object.fromEntries(Object.entries(RULED_BY).map(([purpose, by]) => [purpose, WORDS[by]])),
    );
  });
});
