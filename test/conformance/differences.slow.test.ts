/** Each way in which a service may differ, alone. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyOf } from '../../src/conformance/run.ts';
import type { RunningMock } from '../../src/mock.ts';
import { differingProxy } from '../support/differing-proxy.ts';
import { testMock } from '../support/mock.ts';
import { DEVIATIONS, deviating } from './differences.ts';
import { conform, targetAt } from './harness.ts';

let mock: RunningMock;
beforeAll(async () => {
  mock = await testMock({ progression: 'polls' });
});
afterAll(() => mock.close());

describe('a service that differs in one place', () => {
  it.each(DEVIATIONS)('by $name has that alone in the report', async (deviation) => {
    const behaviour = deviating([deviation]);
    await using proxy = await differingProxy(mock.url, behaviour);
    const run = await conform({
      target: targetAt(proxy.url),
      options: { onStep: (_at, _of, step, scenario) => behaviour.enter(keyOf(scenario, step)) },
    });
    const differing = run.results.filter(({ outcome }) => outcome === 'differs');
    expect(
      differing.map(({ scenario, step, differences }) => [
        keyOf(scenario, step),
        differences.map(({ at }) => at),
      ]),
    ).toEqual([[deviation.step === '*' ? 'states/all-seen' : deviation.step, [deviation.at]]]);
  });
});
