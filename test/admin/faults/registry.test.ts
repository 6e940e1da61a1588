/** Which faults match a call, how often, and which of their parts exclude each other. */
import { describe, expect, it } from 'vitest';
import { FaultRegistry, type FaultTarget } from '../../../src/admin/faults/registry.ts';
import type { FaultRequest } from '../../../src/admin/faults/schema.ts';
import { createIdSources } from '../../../src/core/ids.ts';

const POLL: FaultTarget = {
  operation: 'ShowAsyncTaskResult',
  method: 'GET',
  projectId: 'p1',
  instanceId: 'i1',
  taskId: 't1',
};
const fail = { type: 'error', status: 500 } as const;
const registry = (seed = 'one', ...faults: Partial<FaultRequest>[]): FaultRegistry => {
  const made = new FaultRegistry(createIdSources(seed));
  for (const fault of faults) made.add({ action: fail, ...fault });
  return made;
};
const hits = (faults: FaultRegistry): number[] => faults.list().map((fault) => fault.hits);
/** Which of `count` polls are matched, as a text of x and . */
const matched = (faults: FaultRegistry, count: number, target = POLL): string =>
  Array.from({ length: count }, () => ([...faults.match(target, 'checked')].length > 0 ? 'x' : '.')).join('');

describe('a fault matches', () => {
  it.each<[Partial<FaultRequest>, Partial<FaultTarget>]>([
    [{ operation: 'ShowAsyncTaskResult' }, { operation: 'ImportApiDefinitionsAsync' }],
    [{ method: 'GET' }, { method: 'POST' }],
    [{ project_id: 'p1' }, { projectId: 'p2' }],
    [{ project_id: 'p1', instance_id: 'i1' }, { instanceId: 'i2' }],
    [{ instance_id: 'i1' }, { instanceId: 'i2' }],
    [{ task_id: 't1' }, { taskId: 't2' }],
    [{ task_id: 't1' }, { taskId: undefined }],
  ])('the calls that fit %o, not %o', (matcher, other) => {
    const faults = registry('one', matcher);
    expect(matched(faults, 1)).toBe('x');
    expect(matched(faults, 1, { ...POLL, ...other })).toBe('.');
    expect(hits(faults)).toEqual([1]);
  });

  it.each<[Partial<FaultRequest>, string]>([
    [{}, 'xxxxx'],
    [{ times: 2 }, 'xx...'],
    [{ after: 2 }, '..xxx'],
    [{ after: 1, times: 1 }, '.x...'],
    [{ after: 0, times: 1 }, 'x....'],
    [{ probability: 0 }, '.....'],
    [{ probability: 1, times: 3 }, 'xxx..'],
  ])('%o of five calls: %s', (when, expected) => {
    expect(matched(registry('one', when), 5)).toBe(expected);
  });

  it('the call it was put there for, whichever fault took the ones before', () => {
    const faults = registry('one', { times: 1 }, { after: 1, times: 1 }, { after: 2, times: 1 });
    const ids = faults.list().map(({ id }) => id);
    const order = [1, 2, 3, 4].map(() => Array.from(faults.match(POLL, 'checked'), ({ id }) => id));
    expect(order).toEqual([[ids[0]], [ids[1]], [ids[2]], []]);
    expect(hits(faults)).toEqual([1, 1, 1]);
  });

  it('and two of one kind are used up one after the other, not both by one call', () => {
    const faults = registry('one', { times: 1 }, { times: 1 });
    expect(matched(faults, 3)).toBe('xx.');
    expect(hits(faults)).toEqual([1, 1]);
  });

  it('after delays, which end nothing', () => {
    const faults = registry('one', { action: { type: 'delay', ms: 1 } }, {}, {});
    expect(Array.from(faults.match(POLL, 'checked'), ({ action }) => action.type)).toEqual([
      'delay',
      'error',
    ]);
    expect(hits(faults)).toEqual([1, 1, 0]);
  });

  it('in its phase alone; what shapes a response matches after the work', () => {
    const faults = registry(
      'one',
      { phase: 'before' },
      { phase: 'after' },
      { action: { type: 'malformed' } },
      {},
    );
    const at = (phase: 'before' | 'checked' | 'after') =>
      Array.from(faults.match(POLL, phase), ({ action, phase: of }) => of ?? action.type);
    expect([at('before'), at('checked'), at('after')]).toEqual([['before'], ['error'], ['after']]);
  });
});

describe('a probability', () => {
  it('repeats itself with the seed, and differs with another', () => {
    const run = (seed: string): string => matched(registry(seed, { probability: 0.5 }), 64);
    expect(run('one')).toBe(run('one'));
    expect(run('one')).not.toBe(run('two'));
    expect(run('one')).toMatch(/^(?=.*x)(?=.*\.)/);
  });

  it('is respected', () => {
    const share = matched(registry('one', { probability: 0.25 }), 4000).replaceAll('.', '').length / 4000;
    expect(Math.abs(share - 0.25)).toBeLessThan(0.03);
  });

  it('is drawn by the scope of the call: calls in other scopes change nothing', () => {
    const alone = matched(registry('one', { probability: 0.5 }), 32);
    const faults = registry('one', { probability: 0.5 });
    const mixed = Array.from({ length: 32 }, () => {
      matched(faults, 3, { ...POLL, projectId: 'p2' });
      return matched(faults, 1);
    });
    expect(mixed.join('')).toBe(alone);
  });
});

describe('delays by distribution', () => {
  const drawn = (distribution: object, seed = 'one'): number[] => {
    const faults = registry(seed, { action: { type: 'delay', distribution } as never });
    const [fault] = faults.list();
    return Array.from({ length: 2000 }, () => (fault === undefined ? 0 : faults.delayMs(fault, POLL)));
  };

  it('uniform: within its bounds, both reached, evenly', () => {
    const delays = drawn({ type: 'uniform', min: 10, max: 12 });
    expect([...new Set(delays)].sort()).toEqual([10, 11, 12]);
    expect(drawn({ type: 'uniform', min: 7, max: 7 }).every((ms) => ms === 7)).toBe(true);
  });

  it('lognormal: half of them below the median, none without end, the same with the same seed', () => {
    const delays = drawn({ type: 'lognormal', median: 100, sigma: 0.5 });
    const below = delays.filter((ms) => ms < 100).length / delays.length;
    expect(Math.abs(below - 0.5)).toBeLessThan(0.05);
    expect(drawn({ type: 'lognormal', median: 600_000, sigma: 5 }).every((ms) => ms <= 600_000)).toBe(true);
    expect(drawn({ type: 'lognormal', median: 100, sigma: 0.5 })).toEqual(delays);
    expect(drawn({ type: 'lognormal', median: 50, sigma: 0 }).every((ms) => ms === 50)).toBe(true);
  });
});

describe('the fast path of polls', () => {
  it.each<[Partial<FaultRequest>, boolean]>([
    [{}, true],
    [{ project_id: 'p1' }, true],
    [{ project_id: 'p2' }, false],
    [{ project_id: 'p1', instance_id: 'i2' }, false],
    [{ operation: 'ImportApiDefinitionsAsync' }, false],
    [{ operation: 'ShowAsyncTaskResult', method: 'GET' }, true],
    [{ method: 'POST' }, false],
  ])('is closed in p1/i1 by %o: %s', (matcher, expected) => {
    expect(registry('one', matcher).mayMatchPoll('p1', 'i1')).toBe(expected);
  });

  it('opens again when a fault has matched as often as it may', () => {
    const faults = registry('one', { times: 1 });
    faults.match(POLL, 'checked').next();
    expect(faults.mayMatchPoll('p1', 'i1')).toBe(false);
  });
});

describe('a fault is rejected', () => {
  it.each<[string, Partial<FaultRequest>, string]>([
    [
      'that shapes a response before there is one',
      { phase: 'before', action: { type: 'truncate' } },
      'phase',
    ],
    ['that delays by nothing', { action: { type: 'delay' } }, 'action'],
    [
      'that delays by both',
      { action: { type: 'delay', ms: 1, distribution: { type: 'uniform', min: 0, max: 1 } } },
      'action',
    ],
    [
      'whose least is more than its most',
      { action: { type: 'delay', distribution: { type: 'uniform', min: 2, max: 1 } } },
      'action.distribution',
    ],
    [
      'with a code nobody knows the status of',
      { action: { type: 'error', error_code: 'X.1' } },
      'action.error_code',
    ],
    [
      'that sets the length of its response',
      { action: { type: 'error', status: 500, headers: { 'Content-Length': '1' } } },
      'action.headers',
    ],
  ])('%s', (_what, fault, place) => {
    const faults = registry();
    expect(() => faults.add({ action: fail, ...fault })).toThrow(`parameterName:${place}`);
    expect(faults.list()).toEqual([]);
  });
});

describe('taking faults away', () => {
  const ids = (faults: FaultRegistry) =>
    faults.list().map(({ project_id, instance_id }) => [project_id, instance_id]);
  const four = () =>
    registry('one', {}, { project_id: 'p1' }, { project_id: 'p1', instance_id: 'i1' }, { project_id: 'p2' });

  it('goes by id, by project, by instance, or takes all', () => {
    const faults = four();
    expect(faults.remove(faults.list()[0]?.id ?? '')).toBe(true);
    expect(faults.remove('none')).toBe(false);
    expect(faults.size).toBe(3);
    faults.clear({ projectId: 'p1', instanceId: 'i1' });
    expect(ids(faults)).toEqual([
      ['p1', undefined],
      ['p2', undefined],
    ]);
    const others = four();
    others.clear({ projectId: 'p1' });
    expect(ids(others)).toEqual([
      [undefined, undefined],
      ['p2', undefined],
    ]);
    others.clear();
    expect(others.size).toBe(0);
  });
});
