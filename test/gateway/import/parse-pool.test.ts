import { setMaxListeners } from 'node:events';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareImport } from '../../../src/gateway/import/apply.ts';
import {
  createParseRunner,
  findThread,
  type StartThread,
  THREAD_FILE,
} from '../../../src/gateway/import/parse-pool.ts';
import { writeJson } from '../../../src/gateway/openapi/spelled.ts';
import { layOutYaml } from '../../../src/gateway/openapi/yaml-layout.ts';
import { longestTurn } from '../../support/own-work.ts';

const BROKEN = {
  ok: false,
  failure: {
    error_code: 'APIG.9999',
    error_msg: 'System error',
    reason: expect.stringMatching(/^reading the file broke off: it needs more than 1024 MB/),
  },
};
const modes = { mockMode: false, simpleMode: false };
let folder = '';
/** The thread as the build makes it: one bundled file. */
let threadUrl: URL;
/** A thread that ends as soon as it is given work. */
let dyingUrl: URL;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parse-thread-'));
  // One folder down, so that what is looked for beside a bundle is in the folder of this test too.
  const outfile = join(folder, 'thread', 'parse-thread.mjs');
  const entry = new URL('../../../src/gateway/import/parse-thread.ts', import.meta.url).pathname;
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
  });
  threadUrl = pathToFileURL(outfile);
  const dying = join(folder, 'dying.mjs');
  writeFileSync(
    dying,
    "import { parentPort } from 'node:worker_threads'; parentPort.once('message', () => { throw new Error('x'); });",
  );
  dyingUrl = pathToFileURL(dying);
});
afterAll(() => rm(folder, { recursive: true }));

/** A document of about `bytes`: 300 APIs with parameters of a hundred characters each. */
function largeDocument(bytes: number) {
  const parameter = (index: number) => ({
    name: `p${index}`,
    in: 'query',
    type: 'string',
    description: 'what it means, in words; 用中文也行. '.repeat(6),
  });
  const perApi = Math.ceil(bytes / 300 / JSON.stringify(parameter(10)).length);
  const operation = (index: number) => ({
    operationId: `api-${index}`,
    parameters: Array.from({ length: perApi }, (_, position) => parameter(position)),
    'x-apigateway-backend': { type: 'MOCK', mockEndpoints: { 'result-content': 'ok' } },
  });
  const paths = Object.fromEntries(
    Array.from({ length: 300 }, (_, index) => [`/a${index}`, { get: operation(index) }]),
  );
  return { swagger: '2.0', info: { title: 'large' }, paths };
}

describe('the parse runner', () => {
  it('prepares a large file in the thread as it would here', async () => {
    const runner = createParseRunner(threadUrl);
    const content = JSON.stringify(largeDocument(1_000_000));
    expect(await runner.prepare({ content, ...modes })).toEqual(prepareImport({ content, ...modes }));
    const bytes = Buffer.from(content);
    expect(await runner.prepare({ content: bytes, ...modes })).toEqual(prepareImport({ content, ...modes }));
    await runner.stop();
  });

  it('hands on numbers that JavaScript has not', async () => {
    const runner = createParseRunner(threadUrl);
    const content = JSON.stringify({ ...largeDocument(400_000), 'x-numbers': [0] }).replace(
      '"x-numbers":[0]',
      '"x-numbers":[9007199254740993,1.10]',
    );
    const prepared = await runner.prepare({ content, ...modes });
    expect(prepared).toEqual(prepareImport({ content, ...modes }));
    const numbers = prepared.ok && prepared.content.extensions['x-numbers'];
    expect(writeJson(numbers)).toBe('[9007199254740993,1.10]');
    await runner.stop();
  });

  it('hands on the rejection of a large file', async () => {
    const runner = createParseRunner(threadUrl);
    const content = `${' '.repeat(300_000)}{"swagger":`;
    expect(await runner.prepare({ content, ...modes })).toMatchObject({
      ok: false,
      failure: { error_code: 'APIG.3600' },
    });
    await runner.stop();
  });

  it('returns the results of many files in the order they arrived, each with its own', async () => {
    const runner = createParseRunner(threadUrl);
    const files = ['one', 'two', 'three'].map((title) =>
      JSON.stringify({ ...largeDocument(300_000), info: { title } }),
    );
    const prepared = await Promise.all(files.map((content) => runner.prepare({ content, ...modes })));
    expect(prepared.map((one) => one.ok && one.content.title)).toEqual(['one', 'two', 'three']);
    await runner.stop();
  });

  it('prepares small files here, and all files where there is no thread', async () => {
    const small = JSON.stringify({ swagger: '2.0', info: { title: 'small' }, paths: {} });
    expect(await createParseRunner(dyingUrl).prepare({ content: small, ...modes })).toMatchObject({
      ok: true,
    });
    const missing = createParseRunner(pathToFileURL(join(folder, 'none.mjs')));
    const content = JSON.stringify(largeDocument(300_000));
    expect(await missing.prepare({ content, ...modes })).toMatchObject({ ok: true });
  });

  it('finds the thread beside the bundle and above a chunk of it', () => {
    const beside = new URL('../index.js', threadUrl);
    const built = new URL(`./${THREAD_FILE}`, beside);
    expect(findThread(beside.href)).toBeUndefined();
    writeFileSync(built, '');
    expect(findThread(beside.href)).toEqual(built);
    expect(findThread(new URL('./chunks/chunk-a.js', beside).href)).toEqual(built);
  });

  it('fails only the file whose thread died', async () => {
    const runner = createParseRunner(dyingUrl);
    const content = ' '.repeat(300_000);
    const both = [runner.prepare({ content, ...modes }), runner.prepare({ content, ...modes })];
    expect(await Promise.all(both)).toEqual([BROKEN, BROKEN]);
    expect(await runner.prepare({ content: '{}', ...modes })).toMatchObject({
      ok: false,
      failure: { error_code: 'APIG.3602' },
    });
    await runner.stop();
  });

  it('stops at once, twice if need be, and reports what it leaves undone as broken off', async () => {
    const runner = createParseRunner(threadUrl);
    const content = JSON.stringify(largeDocument(1_000_000));
    const pending = [runner.prepare({ content, ...modes }), runner.prepare({ content, ...modes })];
    await Promise.all([runner.stop(), runner.stop()]);
    expect(await Promise.all(pending)).toEqual([BROKEN, BROKEN]);
    expect(await runner.prepare({ content: '{}', ...modes })).toEqual(BROKEN);
  });

  it('is ended by a signal: what waits is taken out, what runs ends its thread, the others go on', async () => {
    const runner = createParseRunner(threadUrl);
    const content = JSON.stringify(largeDocument(3_600_000));
    const gone = new AbortController();
    setMaxListeners(0, gone.signal);
    const reason = new Error('reset');
    const twelve = Array.from({ length: 12 }, () => runner.prepare({ content, ...modes }, gone.signal));
    const startMs = performance.now();
    const last = runner.prepare({ content: JSON.stringify(largeDocument(300_000)), ...modes });
    gone.abort(reason);
    const settled = await Promise.allSettled(twelve);
    expect(settled.map((one) => one.status === 'rejected' && one.reason)).toEqual(twelve.map(() => reason));
    expect(await last).toMatchObject({ ok: true });
    // Any two of them would take longer.
    expect(performance.now() - startMs).toBeLessThan(3000);
    await expect(runner.prepare({ content: '{}', ...modes }, gone.signal)).rejects.toBe(reason);
    expect(await runner.prepare({ content, ...modes })).toMatchObject({ ok: true });
    await runner.stop();
  });

  const failing = (cause: unknown): StartThread => {
    let count = 0;
    return (url) => {
      count += 1;
      if (count === 1) throw cause;
      return new Worker(url);
    };
  };
  const withCode = (code: string) => Object.assign(new Error(code), { code });
  const noThread = (code: string) => ({
    ok: false,
    failure: {
      error_code: 'APIG.9999',
      reason: `the thread that reads large files failed (${code}): send the file again`,
    },
  });

  it('costs one file when no thread can be started, and has one for the next', async () => {
    const runner = createParseRunner(threadUrl, failing(withCode('ERR_WORKER_INIT_FAILED')));
    const content = JSON.stringify(largeDocument(300_000));
    const [one, two] = await Promise.all([
      runner.prepare({ content, ...modes }),
      runner.prepare({ content, ...modes }),
    ]);
    expect([one, two]).toMatchObject([noThread('ERR_WORKER_INIT_FAILED'), { ok: true }]);
    await runner.stop();
  });

  it.each<[string, (thread: Worker) => void]>([
    ['reports that it failed before it was up', (thread) => thread.emit('error', withCode('EAGAIN'))],
    ['sends what cannot be read', (thread) => thread.emit('messageerror', withCode('EAGAIN'))],
  ])('costs one file when a thread %s', async (_what, happen) => {
    let count = 0;
    const runner = createParseRunner(threadUrl, (url) => {
      const thread = new Worker(url);
      count += 1;
      if (count === 1) setImmediate(() => happen(thread));
      return thread;
    });
    const content = JSON.stringify(largeDocument(1_000_000));
    expect(await runner.prepare({ content, ...modes })).toMatchObject(noThread('EAGAIN'));
    expect(await runner.prepare({ content, ...modes })).toMatchObject({ ok: true });
    await runner.stop();
  });

  it('costs one file when that cannot be sent to the thread', async () => {
    const runner = createParseRunner(threadUrl);
    const content = JSON.stringify(largeDocument(300_000));
    const cannotBeCloned = { content, ...modes, more: () => {} };
    expect(await runner.prepare(cannotBeCloned)).toMatchObject(noThread('25'));
    expect(await runner.prepare({ content, ...modes })).toMatchObject({ ok: true });
    await runner.stop();
  });

  it('costs one file when the thread sends what is no JSON', async () => {
    const broken = join(folder, 'broken.mjs');
    writeFileSync(
      broken,
      "import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => parentPort.postMessage({ part: '{' }));",
    );
    const runner = createParseRunner(pathToFileURL(broken));
    const content = ' '.repeat(300_000);
    expect(await runner.prepare({ content, ...modes })).toMatchObject(noThread('no code'));
    await runner.stop();
  });

  it('prepares large files here where the process may have no threads', async () => {
    const denied: StartThread = () => {
      throw withCode('ERR_ACCESS_DENIED');
    };
    const runner = createParseRunner(threadUrl, denied);
    const content = JSON.stringify(largeDocument(300_000));
    for (let at = 0; at < 2; at += 1)
      expect(await runner.prepare({ content, ...modes })).toMatchObject({ ok: true });
    await runner.stop();
  });

  it.each(['json', 'yaml'])('leaves the event loop free while it reads 5 MB of %s', async (type) => {
    const source = largeDocument(5_000_000);
    const content = Buffer.from(
      type === 'json' ? JSON.stringify(source) : layOutYaml(JSON.parse(JSON.stringify(source)), {}),
    );
    const runner = createParseRunner(threadUrl);
    const startMs = performance.now();
    const { result: prepared, ms } = await longestTurn(() => runner.prepare({ content, ...modes }));
    const tookMs = performance.now() - startMs;
    await runner.stop();
    expect(prepared.ok && prepared.content.apis.length).toBe(300);
    // Alone it takes under 1 s, and its longest turn 10 ms.
    expect(tookMs).toBeLessThan(5000);
    expect(ms).toBeLessThan(50);
  });
});
