/** Large imports are parsed in a thread of the built command: what a reset and a stop make of them, and a process that may have none. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { callsOf, document, HERE } from '../admin/scene.ts';
import { FOLDER, type Started, start } from '../support/command.ts';
import { call } from '../support/mock.ts';

/** A document of about `megabytes` with one API, which takes long to read: YAML of many small parts. */
function largeDocument(title: string, megabytes: number): string {
  const bulk = '- {a: 1, b: 2}\n';
  const small = JSON.parse(document(title)) as Record<string, unknown>;
  const head = Object.entries(small).map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`);
  return `${head.join('')}x-bulk:\n${bulk.repeat((megabytes * 1_000_000) / bulk.length)}`;
}

const FAST = [
  '--fixtures',
  'none',
  '--waiting-ms',
  '1',
  '--processing-ms',
  '1',
  '--workers',
  '16',
  '--log-level',
  'warn',
];
const ended = ({ url }: Started, taskId: string) =>
  call(`${url}/__admin/tasks/${taskId}/wait?timeout_ms=20000`).then(({ body }) => body);
const reset = ({ url }: Started, scope: object) => call(`${url}/__admin/reset`, { json: scope });

describe('imports that are being parsed', { timeout: 60_000 }, () => {
  it.each([
    ['its scope', HERE],
    ['everything', {}],
  ])('hold up nothing after a reset of %s', async (_what, scope) => {
    const mock = await start({ args: FAST });
    const calls = callsOf(mock.url);
    const file = largeDocument('large', 1.2);
    const alone = performance.now();
    await ended(mock, await calls.importFile(file));
    const aloneMs = performance.now() - alone;
    await Promise.all(Array.from({ length: 12 }, () => calls.importFile(file)));
    const startMs = performance.now();
    expect((await reset(mock, scope)).status).toBe(204);
    const { task_status } = await ended(mock, await calls.importFile(file));
    const tookMs = performance.now() - startMs;
    expect(task_status).toBe('succeed');
    // As long as one alone, with a margin for a busy machine; the twelve before it take twelve times as long.
    expect(tookMs).toBeLessThan(aloneMs * 4);
    expect(await calls.groups()).toBe(1);
    await mock.stop();
  });

  it('at once: a reset leaves nothing of them, whatever is sent back', async () => {
    const mock = await start({ args: FAST });
    const url = `${mock.url}/v2/p1/apigw/instances/i1/openapi/import`;
    const form = new FormData();
    form.set('file_name', new Blob([largeDocument('now', 3.6)]), 'file.json');
    form.set('is_create_group', 'true');
    const importing = fetch(url, { method: 'POST', headers: { 'x-auth-token': 'dev-token' }, body: form });
    // Its upload is over when the mock is at work on it: the next request gets its response after that.
    const journal = async () => (await call(`${mock.url}/__admin/overview`)).status;
    for (let turn = 0; turn < 20; turn += 1) await journal();
    await reset(mock, HERE);
    const response = await importing;
    expect([response.status, await response.json()]).toEqual([
      500,
      { error_code: 'APIG.9999', error_msg: 'System error' },
    ]);
    expect(response.headers.get('x-mock-reason')).toBe(
      'the scope was reset while this was in progress; nothing was changed',
    );
    expect(await callsOf(mock.url).groups()).toBe(0);
    await mock.stop();
  });

  it('go on after a restart when the mock is stopped during the parse', async () => {
    const args = [...FAST, '--state-file', join(FOLDER, 'amid.json')];
    const mock = await start({ args });
    const titles = ['one', 'two', 'three', 'four', 'five', 'six'];
    const tasks = await Promise.all(
      titles.map((title) => callsOf(mock.url).importFile(largeDocument(title, 1.2))),
    );
    expect((await mock.stop()).code).toBe(0);
    const again = await start({ args });
    for (const taskId of tasks) expect(await ended(again, taskId)).toMatchObject({ task_status: 'succeed' });
    expect(await callsOf(again.url).groups()).toBe(titles.length);
    await again.stop();
  });

  it('are parsed in the process, where it may have no threads', async () => {
    const flag = ['--permission', '--experimental-permission'].find((name) =>
      process.allowedNodeEnvironmentFlags.has(name),
    );
    const node = [flag ?? '', '--allow-fs-read=*', '--allow-fs-write=*', '--no-warnings'];
    const mock = await start({ args: FAST, node });
    const calls = callsOf(mock.url);
    for (const title of ['one', 'two']) {
      const task = await ended(mock, await calls.importFile(largeDocument(title, 0.5)));
      expect(task).toMatchObject({ task_status: 'succeed' });
    }
    await mock.stop();
  });
});
