/** A run that ends at each of its requests in turn, and a process that is killed at its steps. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NAME_PREFIX } from '../../src/conformance/clean-up.ts';
import { SCENARIOS } from '../../src/conformance/scenarios/all.ts';
import type { RunningMock } from '../../src/mock.ts';
import { command } from '../support/command.ts';
import { differingProxy, errorResponse } from '../support/differing-proxy.ts';
import { call, testMock } from '../support/mock.ts';
import { SHORT, stopAtEach, WAYS, type Way } from './stops.ts';

let mock: RunningMock;
beforeAll(async () => {
  mock = await testMock({ progression: 'polls' });
});
afterAll(() => mock.close());

describe('a run that ends at any request', { timeout: 600_000 }, () => {
  it.each(Object.keys(WAYS) as Way[])('%s: leaves nothing without a word', (way) =>
    stopAtEach(mock, SHORT, { way, from: 0, stride: 1 }),
  );

  it('of all scenarios, interrupted: leaves nothing without a word', () =>
    stopAtEach(mock, SCENARIOS, { way: 'interrupted', from: 0, stride: 3 }));
});

describe('the command', { timeout: 300_000 }, () => {
  // Where a group is there, or is about to be, and at the very end.
  it.each([3, 38, 40, 44, 60, 75, 90, 110, 150, 200])(
    'cleans up when Ctrl-C comes at its request %s',
    async (at) => {
      let interrupt = (): void => {};
      await using proxy = await differingProxy(mock.url, {
        // No apig-mock, so that it asks; `--yes` confirms.
        before: ({ target }) => (target.startsWith('/__admin') ? errorResponse(404, 'APIG.0101') : undefined),
        after: (response, request) => {
          if (request.at === at) interrupt();
          return response;
        },
      });
      const flags = ['--endpoint', proxy.url, '--yes', '--max-requests-per-second', '1000'];
      const one = command(['conform', ...flags]);
      interrupt = () => void one.child.kill('SIGINT');
      const { code, stderr } = await one.ended;
      expect(stderr).toMatch(/^interrupted: removing what was created; Ctrl-C again leaves it$/m);
      expect(stderr).toMatch(/^apig-mock: conform could not run to its end: it was interrupted/m);
      expect(code).toBe(2);
      const list = `${mock.url}/v2/p1/apigw/instances/i1/api-groups?name=${NAME_PREFIX}`;
      expect((await call(list)).body.groups).toEqual([]);
    },
  );
});
