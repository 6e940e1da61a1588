/** Errors that no part of the mock catches: logged once each, and the process goes on. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FOLDER, start, waitFor } from '../support/command.ts';
import { call, taskUrl } from '../support/mock.ts';

const SEED = 'd9ce8c9eede54b3f841ec324fe0bfdc2';
/** Breaks something in the process on each signal. */
const BREAKER = `
process.on('SIGUSR2', () => {
  setImmediate(() => { throw new Error('thrown by nobody'); });
  setImmediate(() => { throw undefined; });
  Promise.reject(new Error('rejected by nobody'));
});`;

it('cost what they broke and nothing else', async () => {
  const breaker = join(FOLDER, 'breaker.mjs');
  writeFileSync(breaker, BREAKER);
  const mock = await start({ node: ['--import', breaker], args: ['--log-level', 'warn'] });
  mock.child.kill('SIGUSR2');
  const logged = () =>
    mock.output().match(/"msg":"unexpected error outside of any request; the mock goes on"/g) ?? [];
  await waitFor(() => logged().length >= 3 || undefined, 'the lines of the log');
  expect((await call(taskUrl(mock.url, SEED))).status).toBe(200);
  expect((await call(`${mock.url}/__admin/health`)).status).toBe(200);
  const end = await mock.stop();
  expect([end.code, end.signal, logged().length]).toEqual([0, null, 3]);
  expect(mock.output().match(/"message":"thrown by nobody"/g)).toHaveLength(1);
  expect(mock.output().match(/"message":"rejected by nobody"/g)).toHaveLength(1);
});
