/** A run names each way in which a service differs, and nothing else. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyOf } from '../../src/conformance/run.ts';
import type { RunningMock } from '../../src/mock.ts';
import { differingProxy } from '../support/differing-proxy.ts';
import { testMock } from '../support/mock.ts';
import { DEVIATIONS, type Deviation, deviating } from './differences.ts';
import { conform, targetAt } from './harness.ts';

let mock: RunningMock;
beforeAll(async () => {
  mock = await testMock({ progression: 'polls' });
});
afterAll(() => mock.close());

const placeOf = ({ step, at }: Deviation): string => `${step === '*' ? 'states/all-seen' : step} ${at}`;

describe('a service that differs', () => {
  it(`in ${DEVIATIONS.length} places has them all in the report, and no other`, async () => {
    expect(DEVIATIONS.length).toBeGreaterThanOrEqual(20);
    const behaviour = deviating(DEVIATIONS);
    await using proxy = await differingProxy(mock.url, behaviour);
    const run = await conform({
      target: targetAt(proxy.url),
      options: { onStep: (_at, _of, step, scenario) => behaviour.enter(keyOf(scenario, step)) },
    });
    const places = run.results.flatMap(({ scenario, step, differences }) =>
      differences.map(({ at }) => `${keyOf(scenario, step)} ${at}`),
    );
    expect(places.sort()).toEqual(DEVIATIONS.map(placeOf).sort());
    expect([run.stopped, run.left]).toEqual([undefined, []]);
  });
});
