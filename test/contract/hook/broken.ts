/** Run by hook.slow.test.ts in a vitest of its own: a poll whose response is broken, and a test that does not look at it. */
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { command } from '../../support/command.ts';
import { call, taskUrl, testMock } from '../../support/mock.ts';

const BREAKER = new URL('break.cjs', import.meta.url).pathname;

it('gets a response in this process', async () => {
  await using mock = await testMock();
  createRequire(import.meta.url)(BREAKER);
  expect(await call(taskUrl(mock.url, '4dfbf6acaacf4c41a8b3c50daa90d3dc', 'here'))).toBeDefined();
});

it('gets a response of a process that it starts', async () => {
  // After the recorder of the suite, which must see what is broken.
  const { ready, stop } = command(['--port', '0'], {
    env: { NODE_OPTIONS: `${process.env['NODE_OPTIONS']} --require=${JSON.stringify(BREAKER)}` },
  });
  const url = taskUrl(await ready, '4dfbf6acaacf4c41a8b3c50daa90d3dc', 'there');
  expect(await call(url).finally(() => stop())).toBeDefined();
});
