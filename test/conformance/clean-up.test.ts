/** Wherever a run ends, no group is left without a word. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CREATE } from '../../src/conformance/scenarios/importing.ts';
import type { RunningMock } from '../../src/mock.ts';
import { errorResponse } from '../support/differing-proxy.ts';
import { testMock } from '../support/mock.ts';
import { conform, senderTo, targetAt } from './harness.ts';
import { SHORT, stopAtEach, WAYS, type Way } from './stops.ts';

let mock: RunningMock;
beforeAll(async () => {
  mock = await testMock({ progression: 'polls' });
});
afterAll(() => mock.close());

describe('a run that ends at a request', () => {
  // Every fifth here; all of them in clean-up.slow.test.ts.
  it.each(Object.keys(WAYS).map((way, from) => [way as Way, from] as const))(
    '%s: leaves nothing without a word',
    (way, from) => stopAtEach(mock, SHORT, { way, from, stride: 5 }),
  );
});

describe('a clean-up that cannot', () => {
  it('reports the group, its id and why', async () => {
    const target = targetAt(mock.url);
    const send = senderTo(target);
    const run = await conform({
      target,
      scenarios: [CREATE],
      options: {
        send: (request) =>
          request.method === 'DELETE'
            ? Promise.resolve(errorResponse(403, 'APIG.1005', 'No permissions to request this method'))
            : send(request),
      },
    });
    expect(run.left).toEqual([
      expect.stringMatching(
        new RegExp(
          `^API group ${run.name} \\([0-9a-f]{32}\\): 403 APIG\\.1005 No permissions to request this method$`,
        ),
      ),
    ]);
  });

  it('touches no group but its own, whatever the list returns', async () => {
    await using other = await testMock({ progression: 'polls' });
    const target = targetAt(other.url);
    const send = senderTo(target);
    const mine = await send({ method: 'POST', path: '/api-groups', json: { name: 'somebody_elses' } });
    const run = await conform({
      target,
      scenarios: [CREATE],
      options: {
        // A service that ignores the filter of the list.
        send: ({ query: { name: _, ...query } = {}, ...request }) => send({ ...request, query }),
      },
    });
    expect(run.left).toEqual([]);
    const after = await send({ method: 'GET', path: '/api-groups' });
    expect(JSON.parse(after.text).groups).toEqual([JSON.parse(mine.text)]);
  });

  it('waits for an import that is still under way', async () => {
    await using slow = await testMock({ progression: 'polls', processingPolls: 8 });
    const controller = new AbortController();
    const target = targetAt(slow.url);
    const send = senderTo(target);
    const run = await conform({
      target,
      scenarios: [CREATE],
      options: {
        signal: controller.signal,
        send: async (request) => {
          const received = await send(request);
          if (request.path === '/openapi/async-import') controller.abort();
          return received;
        },
      },
    });
    expect([run.stopped, run.left]).toEqual(['it was interrupted', []]);
    expect(JSON.parse((await send({ method: 'GET', path: '/api-groups' })).text).groups).toEqual([]);
  });

  it('names the group that a task may yet create', async () => {
    await using manual = await testMock({ progression: 'manual' });
    const target = targetAt(manual.url);
    const run = await conform({ target, scenarios: [CREATE], options: { timeoutMs: 5000 } });
    expect(run.left).toEqual([
      expect.stringMatching(
        new RegExp(`^API group ${run.name}, if task [0-9a-f]{32} creates it: the task has not ended$`),
      ),
    ]);
  });

  it('comes soon when tasks do not end, instead of waiting for each', async () => {
    await using manual = await testMock({ progression: 'manual' });
    const run = await conform({ target: targetAt(manual.url), options: { timeoutMs: 5000 } });
    expect(run.stopped).toBe('2 tasks have not ended, each within 5 s');
    expect(run.left.length).toBeGreaterThan(0);
  });
});
