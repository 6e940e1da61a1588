/** The client against what is no mock, what fails, and what is many: one clear line, no leak, no warning. */
import { getEventListeners, once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ApigMock, connectApigMock, startApigMock } from '../../src/index.ts';
import { runChild } from '../support/child.ts';
import { otherServer, proxyTo, type Served } from './remote-servers.ts';
import { HERE, until } from './scene.ts';

const respondWith =
  (status: number, type: string, text: string, headers: Record<string, string> = {}) =>
  (): Promise<Served> =>
    otherServer((request, response) => {
      request.resume();
      response.writeHead(status, { 'content-type': type, ...headers }).end(text);
    });

/** A port of TLS, and one of nothing at all. */
async function tlsServer(): Promise<Served> {
  const server = createTlsServer().listen(0, '127.0.0.1');
  server.on('tlsClientError', () => {});
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    open: () => 0,
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}
async function nothing(): Promise<Served> {
  const served = await otherServer(() => {});
  await served[Symbol.asyncDispose]();
  return { ...served, [Symbol.asyncDispose]: async () => {} };
}

const messageOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'it was not rejected',
    (cause: Error) => cause.message,
  );

describe('what is no mock', () => {
  const HTML = '<!doctype html><title>x</title>';
  it.each<[string, () => Promise<Served>, RegExp]>([
    ['a page', respondWith(200, 'text/html', HTML), /GET \/__admin\/\w+ returned 200 text\/html/],
    [
      'a page that is not there',
      respondWith(404, 'text/html; charset=utf-8', HTML),
      /returned 404 text\/html/,
    ],
    [
      'an API',
      respondWith(404, 'application/json', '{"message":"Not Found"}'),
      /returned 404 application\/json/,
    ],
    [
      'an API that has such a path',
      respondWith(200, 'application/json', '{"tasks":[]}'),
      /returned 200 application\/json/,
    ],
    [
      'JSON that is none',
      respondWith(200, 'application/json', '{"tasks":', { 'x-request-id': 'x' }),
      /returned 200/,
    ],
    ['a proxy without a mock', respondWith(502, 'text/html', HTML), /returned 502 text\/html/],
    ['no content', respondWith(204, '', ''), /returned 204/],
    ['a port that nobody has', nothing, /nothing listens there/],
    ['a port of TLS', tlsServer, /check connectApigMock|TLS/],
  ])('%s: one line that names the address', async (_what, start, expected) => {
    await using server = await start();
    await using client = await connectApigMock(server.url);
    for (const call of [
      () => client.tasks.list(),
      () => client.overview(),
      () => client.events[Symbol.asyncIterator]().next(),
    ]) {
      const message = await messageOf(call());
      expect(message).toMatch(expected);
      expect(
        message.startsWith(`no apig-mock responds at ${server.url}: `) ||
          message.startsWith(`cannot reach ${server.url}: `),
      ).toBe(true);
      expect(message).not.toContain('\n');
      expect(message).not.toMatch(/Unexpected|JSON\.parse|:error:/);
    }
  });

  it('TLS spoken to a port of plain HTTP', async () => {
    await using mock = await startApigMock({ fixtures: 'none' });
    const url = mock.url.replace('http:', 'https:');
    await using client = await connectApigMock(url);
    expect(await messageOf(client.tasks.list())).toMatch(
      new RegExp(`^cannot reach ${url}: it does not speak TLS: [^\\n]*http:`),
    );
  });
});

describe('close', () => {
  it('ends the calls under way and rejects later ones, with one line', async () => {
    await using mock = await startApigMock({ fixtures: 'none' });
    await mock.tasks.create({
      ...HERE,
      task_type: 'import_api',
      task_id: 't1',
      plan: { mode: 'time', waiting_ms: 1e6 },
    });
    const client = await connectApigMock(mock.url);
    const waiting = messageOf(client.tasks.wait('t1'));
    await client.tasks.list();
    await client.close();
    await client.close();
    for (const message of [await waiting, await messageOf(client.tasks.list())])
      expect(message).toBe(`the connection to ${mock.url} was closed by close()`);
  });

  it('lets the process end, with streams and waits open', async () => {
    await using mock = await startApigMock({ fixtures: 'none' });
    const index = new URL('../../dist/index.js', import.meta.url).href;
    const script = `import { connectApigMock } from '${index}';
      const client = await connectApigMock('${mock.url}');
      const reading = (async () => { for await (const event of client.events) console.log(event.type); })();
      const idle = client.tasks.wait('t1').catch(() => {});
      await client.tasks.list();
      setTimeout(() => void client.close(), 50);
      await Promise.all([reading, idle]);
      console.log('ended');`;
    await mock.tasks.create({
      ...HERE,
      task_type: 'import_api',
      task_id: 't1',
      plan: { mode: 'time', waiting_ms: 1e6 },
    });
    const { code, stdout } = await runChild(process.execPath, ['--input-type=module', '-e', script]);
    expect([code, stdout]).toEqual([0, 'ended\n']);
  });
});

describe('many calls', () => {
  const warnings: string[] = [];
  const note = ({ name, message }: Error): void => void warnings.push(`${name}: ${message}`);
  beforeEach(() => {
    warnings.length = 0;
    process.on('warning', note);
  });
  afterEach(() => void process.off('warning', note));

  it('that fail leave no connection, listener or client open', async () => {
    const large = 'x'.repeat(100_000);
    await using rejecting = await respondWith(500, 'text/html', large)();
    await using gone = await nothing();
    await using mock = await startApigMock({ fixtures: 'none' });
    await using proxy = await proxyTo(Number(new URL(mock.url).port));
    const caller = new AbortController();
    for (const url of [rejecting.url, gone.url, proxy.url]) {
      await using client = await connectApigMock(url);
      const once = () =>
        Promise.all([
          client.tasks.wait('nothing', {}, { signal: caller.signal }).catch(() => {}),
          url === proxy.url
            ? undefined
            : client.events[Symbol.asyncIterator]()
                .next()
                .catch(() => {}),
        ]);
      for (let at = 0; at < 30; at += 1) await once();
      await until(() => getEventListeners(caller.signal, 'abort').length === 0, 'the end of the listeners');
      await until(() => rejecting.open() <= 2 && proxy.open() <= 2, 'the connections');
      const before = process.getActiveResourcesInfo().length;
      for (let at = 0; at < 60; at += 1) await once();
      await until(() => process.getActiveResourcesInfo().length <= before + 4, 'the end of the rest');
      await until(() => getEventListeners(caller.signal, 'abort').length === 0, 'the end of the listeners');
    }
    expect(warnings).toEqual([]);
  });

  it('that wait at once print no warning, in process and over HTTP, with a signal and without', async () => {
    await using mock = await startApigMock({ fixtures: 'none' });
    await using client = await connectApigMock(mock.url);
    await mock.tasks.create({ ...HERE, task_type: 'import_api', task_id: 't1', plan: { mode: 'manual' } });
    await mock.tasks.create({
      ...HERE,
      task_type: 'import_api',
      task_id: 't2',
      plan: { mode: 'time', waiting_ms: 1e6 },
    });
    const caller = new AbortController();
    const controls: ApigMock[] = [mock, client];
    const waits = controls.flatMap((control) =>
      Array.from({ length: 20 }, (_, at) => [
        control.tasks.wait('t2', {}, at % 2 === 0 ? { signal: caller.signal } : {}),
        control.events[Symbol.asyncIterator]().next(),
      ]).flat(),
    );
    const settled = Promise.allSettled(waits);
    await client.tasks.list();
    await mock.plan({ plan: { mode: 'manual' } });
    caller.abort();
    await client.close();
    await mock.close();
    await settled;
    // A warning is emitted in a turn of its own.
    await new Promise((resolve) => setImmediate(resolve));
    expect(warnings).toEqual([]);
    expect(getEventListeners(caller.signal, 'abort')).toHaveLength(0);
  });
});
