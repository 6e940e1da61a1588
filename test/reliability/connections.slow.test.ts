/** Connections that dawdle, idle or are too many: each ends in its time, and others are served meanwhile. */
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createListener, listen, stopListening, TIMEOUTS } from '../../src/http/listener.ts';
import { connectionsWithin, mostConnections } from '../../src/http/open-files.ts';
import type { RunningMock } from '../../src/mock.ts';
import { start, waitFor } from '../support/command.ts';
import { call, taskUrl, testMock } from '../support/mock.ts';
import { exchange } from './wire-exchange.ts';

const TASK_ID = 'd9ce8c9eede54b3f841ec324fe0bfdc2';
const TASK = `/v2/p1/apigw/instances/i1/async-tasks/${TASK_ID}`;
const POST = 'POST /v3/auth/tokens HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
const SHORT = {
  headersTimeout: 150,
  requestTimeout: 300,
  keepAliveTimeout: 200,
  connectionsCheckingInterval: 25,
};

describe('time-outs', () => {
  let mock: RunningMock;
  let port = 0;
  let server: ReturnType<typeof createListener>;
  beforeAll(async () => {
    mock = await testMock();
    const app = await mock.app();
    let count = 0;
    server = createListener({
      fastPath: () => false,
      loadApp: async () => app.routing,
      onLoadFailed: () => {},
      onFailed: () => {},
      showReason: true,
      nextRequestId: () => {
        count += 1;
        return count.toString(16).padStart(32, '0');
      },
      timeouts: SHORT,
    });
    port = await listen(server, { host: '127.0.0.1', port: 0 });
  });
  afterAll(async () => {
    await stopListening(server);
    await mock.close();
  });

  it.each([
    ['a head that never ends', `GET ${TASK} HTTP/1.1\r\nHost: localhost\r\nX-Slow: `, undefined],
    ['a head that drips', `GET ${TASK} HTTP/1.1\r\nX: ${'x'.repeat(15_000)}`, 1],
    ['a body that never comes', `${POST}Content-Length: 10\r\n\r\n{"a"`, undefined],
    ['chunks that never end', `${POST}Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n`, undefined],
  ])('%s gets 408 and is closed', async (_what, bytes, pieceBytes) => {
    const pieces = pieceBytes === undefined ? {} : { pieceBytes };
    const { responses, rest, closed } = await exchange({ port, bytes, ...pieces });
    expect([responses.map(({ status }) => status), rest, closed]).toEqual([[408], '', true]);
    expect(Object.keys(JSON.parse(responses[0]?.text ?? ''))).toEqual(['error_code', 'error_msg']);
  });

  it('a connection that stays idle is closed, after its response', async () => {
    const bytes = `GET ${TASK} HTTP/1.1\r\nHost: localhost\r\nX-Auth-Token: dev-token\r\n\r\n`;
    const { responses, closed } = await exchange({ port, bytes });
    expect([responses.map(({ status }) => status), closed]).toEqual([[200], true]);
  });

  it('stand in docs/limits.md as they are in the code', () => {
    const text = readFileSync(new URL('../../docs/limits.md', import.meta.url), 'utf8');
    for (const ms of [TIMEOUTS.headersTimeout, TIMEOUTS.requestTimeout, TIMEOUTS.keepAliveTimeout])
      expect(text).toContain(`${ms / 1000} s`);
  });
});

const opened = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
    socket.once('error', reject);
  });

/** Opens so many, a few hundred at a time. */
async function openMany(port: number, count: number): Promise<Socket[]> {
  const sockets: Socket[] = [];
  while (sockets.length < count) {
    const some = Math.min(250, count - sockets.length);
    sockets.push(...(await Promise.all(Array.from({ length: some }, () => opened(port)))));
  }
  for (const socket of sockets) socket.on('error', () => {});
  return sockets;
}

describe('many connections', () => {
  it('10,000 idle ones (or as many as the system allows) delay no other response', async () => {
    const count = Math.min(10_000, mostConnections() - 200);
    const mock = await start({ args: ['--log-level', 'warn'] });
    const sockets = await openMany(mock.port, count);
    for (let at = 0; at < 20; at += 1) expect((await call(taskUrl(mock.url, TASK_ID))).status).toBe(200);
    expect(sockets.filter((socket) => socket.destroyed)).toEqual([]);
    // They hold up no end either.
    const end = await mock.stop();
    expect([end.code, end.signal]).toEqual([0, null]);
    for (const socket of sockets) socket.destroy();
  });

  it('leave descriptors for the parts that are yet to be loaded', async () => {
    const mock = await start({ openFiles: 128, args: ['--log-level', 'warn'] });
    // More than it takes: those beyond its bound are closed by the mock.
    const sockets = await openMany(mock.port, 200);
    for (const socket of sockets) socket.resume();
    await waitFor(
      () => (sockets.filter((one) => one.destroyed).length > 100 ? true : undefined),
      'the bound',
    );
    const asking = sockets.find((socket) => !socket.destroyed);
    const response = await new Promise<string>((resolve) => {
      asking?.once('data', (chunk: Buffer) => resolve(chunk.toString()));
      // Nothing but plain polls is loaded at the start: this call needs the whole application.
      asking?.write('GET /__admin/health HTTP/1.1\r\nHost: localhost\r\n\r\n');
    });
    expect(response).toMatch(/^HTTP\/1\.1 200 /);
    for (const socket of sockets) socket.destroy();
    const ask = () => call(`${mock.url}/__admin/health`).catch(() => undefined);
    expect((await waitFor(ask, 'a response once a connection is free')).status).toBe(200);
    expect((await mock.stop()).code).toBe(0);
    expect(mock.output()).not.toContain('EMFILE');
  });

  it.each([
    ['Max open files            1024                 524288               files', 960],
    ['Max open files            20                   20                   files', 5],
    ['Max open files            unlimited            unlimited            files', Number.POSITIVE_INFINITY],
    ['nothing of the kind', Number.POSITIVE_INFINITY],
  ])('are bounded by the limits of the system: %j', (line, most) => {
    expect(connectionsWithin(`Max processes  1  1  processes\n${line}\n`)).toBe(most);
  });
});
