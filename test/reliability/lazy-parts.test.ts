/** A part that is loaded when it is first needed, and could not be, is loaded by the next who needs it. */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runChild } from '../support/child.ts';
import { COMMAND, FOLDER } from '../support/command.ts';

/** Every descriptor of the process is taken while a call asks for parts that are yet to be loaded, then given back. */
const SCRIPT = `
const { closeSync, openSync } = require('node:fs');
const { startApigMock } = require(${JSON.stringify(join(dirname(COMMAND), 'index.js'))});
(async () => {
  const mock = await startApigMock();
  const taken = [];
  const results = [];
  const attempt = async (what, work) => results.push([what, await work().then(() => 'done', (cause) => cause.code ?? cause.message)]);
  const url = mock.url + '/v2/p1/apigw/instances/i1/apis';
  const get = async () => {
    const { status } = await fetch(url, { headers: { 'x-auth-token': mock.token } });
    if (status !== 200) throw new Error(String(status));
  };
  try { for (;;) taken.push(openSync('/dev/null', 'r')); } catch {}
  await attempt('call', () => mock.faults.list());
  await attempt('checked call', () => mock.tasks.list({ limit: 1 }));
  for (const one of taken) closeSync(one);
  await attempt('call', () => mock.faults.list());
  await attempt('checked call', () => mock.tasks.list({ limit: 1 }));
  await attempt('request', get);
  await mock.close();
  console.log(JSON.stringify(results));
})();
`;

describe('a part that could not be loaded because descriptors ran out', () => {
  it('is loaded by the next call', async () => {
    const script = join(FOLDER, 'lazy.cjs');
    writeFileSync(script, SCRIPT);
    const { stdout } = await runChild('bash', [
      '-c',
      `ulimit -n 100; exec "$0" "$1"`,
      process.execPath,
      script,
    ]);
    expect(JSON.parse(stdout)).toEqual([
      ['call', 'EMFILE'],
      ['checked call', 'EMFILE'],
      ['call', 'done'],
      ['checked call', 'done'],
      ['request', 'done'],
    ]);
  });
});
