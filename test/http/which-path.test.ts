/** Each project of vitest.config.ts runs what it declares: plain polls by the fast path, or none. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect, inject, it } from 'vitest';
import { call, taskUrl, testMock } from '../support/mock.ts';

it('a plain poll takes the fast path, or Fastify where the fast path is off', async () => {
  let handled = 0;
  const count = (): void => {
    handled += 1;
  };
  subscribe('tracing:fastify.request.handler:start', count);
  try {
    await using mock = await testMock();
    const { status } = await call(taskUrl(mock.url, 'd9ce8c9eede54b3f841ec324fe0bfdc2'));
    expect([status, handled]).toEqual([200, inject('fastPath') ? 0 : 1]);
  } finally {
    unsubscribe('tracing:fastify.request.handler:start', count);
  }
});
