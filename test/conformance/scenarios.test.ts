/** The scenarios of `apig-mock conform` against the mock itself: one list for the real service and for us. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyOf } from '../../src/conformance/run.ts';
import { SCENARIOS } from '../../src/conformance/scenarios/all.ts';
import type { RunningMock } from '../../src/mock.ts';
import { testMock } from '../support/mock.ts';
import { conform, found, KEY, TOKEN, targetAt } from './harness.ts';

let mock: RunningMock;
beforeAll(async () => {
  mock = await testMock({ progression: 'polls' });
});
afterAll(() => mock.close());

describe('the scenarios', () => {
  it('have steps with names of their own, and several hundred things that are checked', () => {
    const keys = SCENARIOS.flatMap((scenario) => scenario.steps.map((step) => keyOf(scenario, step)));
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.length).toBeGreaterThan(110);
  });

  it.each([
    ['a token', TOKEN, 2],
    ['an access key', KEY, 0],
  ])('all pass against the mock with %s', async (_name, credentials, skipped) => {
    const run = await conform({ target: targetAt(mock.url, credentials) });
    expect([found(run), run.stopped, run.left]).toEqual([[], undefined, []]);
    expect(run.results.filter(({ outcome }) => outcome === 'skipped')).toHaveLength(skipped);
    expect(run.results.filter(({ outcome }) => outcome === 'passed').length).toBeGreaterThan(110);
  });
});
