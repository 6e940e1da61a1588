/** Responses on the wire: how headers are spelled, byte for byte, and how long the rest of a rejected request is read. */
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discardRest, spelled, WireResponse } from '../../src/http/wire-response.ts';
import type { RunningMock } from '../../src/mock.ts';
import { call, TOKEN, testMock } from '../support/mock.ts';
import { parseResponse, sendBytes } from '../support/wire.ts';

let mock: RunningMock;
beforeAll(async () => {
  mock = await testMock({ adminToken: 'secret' });
});
afterAll(() => mock.close());

const TASK = '/v2/p1/apigw/instances/i1/async-tasks/d9ce8c9eede54b3f841ec324fe0bfdc2';
const LOGIN = JSON.stringify({
  auth: { identity: { methods: ['password'], password: { user: { name: 'u', password: 'x' } } } },
});

/** The header names of a response as they came. */
async function namesOf(request: string, body = ''): Promise<string[]> {
  const [line, ...headers] = request.split('\n');
  const head = [line, 'host: localhost', 'connection: close', ...headers];
  if (body !== '') head.push('content-type: application/json', `content-length: ${body.length}`);
  const { rawHeaders } = parseResponse(await sendBytes(mock.port, `${head.join('\r\n')}\r\n\r\n${body}`));
  return rawHeaders.filter((_, at) => at % 2 === 0).sort();
}

describe('headers', () => {
  const always = ['Connection', 'Content-Length', 'Content-Type', 'Date', 'X-Request-Id'];
  const token = `x-auth-token: ${TOKEN}`;
  it.each<[string, string, string[], string?]>([
    ['a poll', `GET ${TASK} HTTP/1.1\n${token}`, []],
    ['a poll that is no plain one', `GET ${TASK}?x=1 HTTP/1.1\n${token}`, []],
    ['a token', 'POST /v3/auth/tokens HTTP/1.1', ['X-Subject-Token'], LOGIN],
    ['a rejection', `GET ${TASK} HTTP/1.1`, ['X-Mock-Reason']],
    ['a wrong method', `DELETE ${TASK} HTTP/1.1`, ['Allow', 'X-Mock-Reason']],
    ['a request without a version', `GET ${TASK}`, ['X-Mock-Reason']],
  ])('of %s are spelled as documented', async (_what, request, own, body) => {
    const names = await namesOf(request, body);
    expect(names.filter((name) => name !== 'Date')).toEqual(
      [...always, ...own].filter((name) => name !== 'Date').sort(),
    );
  });

  it('of a fault are spelled as documented, however it spells them', async () => {
    const action = { type: 'error', status: 429, headers: { 'retry-after': '7' } };
    const headers = { authorization: 'Bearer secret' };
    await call(`${mock.url}/__admin/faults`, { headers, json: { operation: 'ListApisV2', action } });
    const names = await namesOf(`GET /v2/p1/apigw/instances/i1/apis HTTP/1.1\n${token}`);
    expect(names).toEqual([...always, 'Retry-After', 'X-Mock-Reason'].sort());
  });

  it('are all that the description has', async () => {
    const { body } = await call(`${mock.url}/__admin/openapi.json`, {
      headers: { authorization: 'Bearer secret' },
    });
    type Responses = Record<string, { headers?: object }>;
    const operations = Object.values(body.paths as Record<string, Record<string, { responses: Responses }>>);
    const names = operations.flatMap((methods) =>
      Object.values(methods).flatMap(({ responses }) =>
        Object.values(responses).flatMap(({ headers = {} }) => Object.keys(headers)),
      ),
    );
    expect(new Set(names).size).toBeGreaterThan(5);
    expect([...new Set(names)].filter((name) => spelled(name.toLowerCase()) !== name)).toEqual([]);
  });

  it('with a challenge have its irregular name', async () => {
    expect(await namesOf('GET /__admin/tasks HTTP/1.1')).toContain('WWW-Authenticate');
  });
});

describe('the rest of a request whose response is out', () => {
  const HEAD = 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000000\r\n\r\n';

  /** A server that rejects at once; when the connection of its one client has come to its end. */
  async function rejecting(limits: Parameters<typeof discardRest>[2]) {
    const server: Server = createServer({ ServerResponse: WireResponse }, (request, response) => {
      discardRest(request, response, limits);
      response.writeHead(400, { connection: 'close', 'content-length': 2 });
      response.end('no');
    });
    const ended = new Promise<Socket>((resolve) =>
      server.on('connection', (socket) => socket.once('close', () => resolve(socket))),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    client.on('error', () => {});
    const first = new Promise<string>((resolve) => client.once('data', (data) => resolve(String(data))));
    const close = (): void => {
      client.destroy();
      server.close();
    };
    return { client, ended, first, close };
  }
  type Limits = { bytes: number; ms: number; everyMs: number };
  const limits = (more: Partial<Limits>) =>
    ({ bytes: 1e12, ms: 1e12, everyMs: 1, ...more }) as unknown as Parameters<typeof discardRest>[2];

  it('is read for some time', async () => {
    const { client, ended, first, close } = await rejecting(limits({ ms: 20 }));
    client.write(HEAD);
    expect(await first).toMatch(/^HTTP\/1\.1 400 .*no$/s);
    expect((await ended).bytesRead).toBe(HEAD.length);
    close();
  });

  it('is read for some bytes', async () => {
    const { client, ended, first, close } = await rejecting(limits({ bytes: 1_000_000 }));
    const piece = Buffer.alloc(64 * 1024);
    const write = (): void => {
      if (client.writable) client.write(piece, write);
    };
    client.write(HEAD, write);
    expect(await first).toMatch(/^HTTP\/1\.1 400 .*no$/s);
    expect((await ended).bytesRead).toBeGreaterThan(1_000_000);
    close();
  });

  it('ends the connection when it is whole', async () => {
    const { client, ended, first, close } = await rejecting(limits({}));
    client.write(HEAD.replace('1000000000', '5000000'));
    expect(await first).toMatch(/^HTTP\/1\.1 400 /);
    client.write(Buffer.alloc(5_000_000));
    expect((await ended).bytesRead).toBe(HEAD.length - 3 + 5_000_000);
    close();
  });

  it('leaves nothing behind on a connection that goes on', async () => {
    const server = createServer({ ServerResponse: WireResponse }, (request, response) => {
      discardRest(request, response, limits({}));
      response.writeHead(400, { 'content-length': 2 });
      response.end('no');
    });
    const near = new Promise<Socket>((resolve) => server.once('connection', resolve));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const client = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
    const counts: number[] = [];
    for (let at = 0; at < 12; at += 1) {
      const response = new Promise((resolve) => client.once('data', resolve));
      client.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\nhe');
      await response;
      client.write('llo');
      counts.push((await near).listenerCount('close'));
    }
    expect(counts).toEqual(counts.map(() => counts[0]));
    client.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  it('is no request of its own: what comes behind it is not begun', async () => {
    const login = `POST /v3/auth/tokens HTTP/1.1\r\nhost: x\r\ncontent-type: application/xml\r\ncontent-length: 20000000\r\nconnection: close\r\n\r\n`;
    const behind = `POST /v3/auth/tokens HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${LOGIN.length}\r\n\r\n${LOGIN}`;
    const text = await sendBytes(
      mock.port,
      Buffer.concat([Buffer.from(login), Buffer.alloc(20_000_000, 'x'), Buffer.from(behind)]),
    );
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 415']);
  });
});
