/** Requests that no good client sends: each gets one response in the provider's shape or a closed socket, and the next one works. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RunningMock } from '../../src/mock.ts';
import { testMock } from '../support/mock.ts';
import { exchange } from './wire-exchange.ts';

let mock: RunningMock;
beforeAll(async () => {
  mock = await testMock();
});
afterAll(() => mock.close());

const TASK = '/v2/p1/apigw/instances/i1/async-tasks/d9ce8c9eede54b3f841ec324fe0bfdc2';
const AUTH = 'Host: localhost\r\nX-Auth-Token: dev-token\r\n';
const CLOSE = 'Connection: close\r\n';
const JSON_TYPE = 'Content-Type: application/json\r\n';
const TOKENS = 'POST /v3/auth/tokens HTTP/1.1\r\nHost: localhost\r\n';
const CHUNKED = 'Transfer-Encoding: chunked\r\n';
/** What a smuggled request would do if it were ever read as one. */
const SMUGGLED = 'POST /__admin/reset HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\r\n';

afterEach(async () => {
  const good = await exchange({
    port: mock.port,
    bytes: `GET ${TASK} HTTP/1.1\r\n${AUTH}\r\n`,
    responses: 1,
  });
  expect(good.responses.map(({ status }) => status)).toEqual([200]);
});

const send = (bytes: string | Buffer) => exchange({ port: mock.port, bytes });
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

describe('framing that two readers may read differently', () => {
  it.each([
    ['a length and chunks', `${TOKENS}${JSON_TYPE}Content-Length: 5\r\n${CHUNKED}\r\n0\r\n\r\n${SMUGGLED}`],
    ['chunks and a length', `${TOKENS}${JSON_TYPE}${CHUNKED}Content-Length: 5\r\n\r\n0\r\n\r\n${SMUGGLED}`],
    [
      'two lengths that differ',
      `${TOKENS}${JSON_TYPE}Content-Length: 0\r\nContent-Length: 4\r\n\r\n${SMUGGLED}`,
    ],
    [
      'two lengths that agree',
      `${TOKENS}${JSON_TYPE}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}${SMUGGLED}`,
    ],
    ['a list of lengths', `${TOKENS}${JSON_TYPE}Content-Length: 2, 2\r\n\r\n{}${SMUGGLED}`],
    ['a length with a sign', `${TOKENS}${JSON_TYPE}Content-Length: +2\r\n\r\n{}${SMUGGLED}`],
    ['a length below nothing', `${TOKENS}${JSON_TYPE}Content-Length: -1\r\n\r\n${SMUGGLED}`],
    ['a length in hex', `${TOKENS}${JSON_TYPE}Content-Length: 0x2\r\n\r\n{}${SMUGGLED}`],
    [
      'an unknown transfer coding',
      `${TOKENS}${JSON_TYPE}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${SMUGGLED}`,
    ],
    [
      'chunks that are not last',
      `${TOKENS}${JSON_TYPE}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${SMUGGLED}`,
    ],
    ['chunks twice', `${TOKENS}${JSON_TYPE}${CHUNKED}${CHUNKED}\r\n0\r\n\r\n${SMUGGLED}`],
    [
      'a coding with a bad space',
      `${TOKENS}${JSON_TYPE}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`,
    ],
    [
      'a coding with a vertical tab',
      `${TOKENS}${JSON_TYPE}Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n${SMUGGLED}`,
    ],
    ['bare line feeds', `GET ${TASK} HTTP/1.1\nHost: localhost\nX-Auth-Token: dev-token\n\n`],
    ['a bare line feed amid headers', `GET ${TASK} HTTP/1.1\r\n${AUTH}A: b\nContent-Length: 3\r\n\r\nabc`],
    ['a bare carriage return', `GET ${TASK} HTTP/1.1\r\n${AUTH}A: b\rContent-Length: 3\r\n\r\nabc`],
    ['a folded header', `GET ${TASK} HTTP/1.1\r\n${AUTH}A: b\r\n c\r\n\r\n`],
    ['a header that begins with a space', `GET ${TASK} HTTP/1.1\r\n Host: localhost\r\n\r\n`],
    ['a chunk that is longer than it declares', `${TOKENS}${JSON_TYPE}${CHUNKED}\r\n1\r\n{}\r\n0\r\n\r\n`],
    ['a chunk of no number', `${TOKENS}${JSON_TYPE}${CHUNKED}\r\nZZ\r\n`],
    ['a chunk beyond all numbers', `${TOKENS}${JSON_TYPE}${CHUNKED}\r\nFFFFFFFFFFFFFFFFF\r\n`],
    ['chunk extensions without end', `${TOKENS}${JSON_TYPE}${CHUNKED}\r\n1;${'x'.repeat(100_000)}\r\n`],
    ['two hosts', `GET ${TASK} HTTP/1.1\r\n${AUTH}Host: evil.example\r\n\r\n`],
    ['two hosts on /__admin', 'GET /__admin/state HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n'],
    ['no host', 'GET /nowhere HTTP/1.1\r\n\r\n'],
    ['HTTP/2 without asking', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['a TLS greeting', latin1('\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003')],
    [
      'bytes that are no UTF-8 in the path',
      latin1('GET /v2/\u00ff\u00fe HTTP/1.1\r\nHost: localhost\r\n\r\n'),
    ],
    ['a space in the path', 'GET /v2/a b HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['NUL in a header', `GET ${TASK} HTTP/1.1\r\n${AUTH}A: b\u0000c\r\n\r\n`],
    ['headers of a megabyte', `GET ${TASK} HTTP/1.1\r\n${AUTH}${'A: b\r\n'.repeat(170_000)}\r\n`],
  ])('with %s is rejected once, and the connection closed', async (_what, bytes) => {
    const { responses, rest, closed } = await send(bytes);
    expect(closed).toBe(true);
    expect(rest).toBe('');
    expect(responses.length).toBeLessThanOrEqual(1);
    for (const response of responses) {
      expect([400, 413, 431]).toContain(response.status);
      expect(Object.keys(JSON.parse(response.text))).toEqual(['error_code', 'error_msg']);
      expect(response.headers['content-type']).toBe('application/json');
      expect(response.headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
    }
  });
});

describe('requests that are rare and right', () => {
  const admin = (target: string, host: string): string =>
    `GET ${target} HTTP/1.1\r\nHost: ${host}\r\n${CLOSE}\r\n`;
  it.each<[string, string | Buffer, number]>([
    ['HTTP/1.0', `GET ${TASK} HTTP/1.0\r\nX-Auth-Token: dev-token\r\n\r\n`, 200],
    ['an absolute target', `GET http://localhost${TASK} HTTP/1.1\r\n${AUTH}${CLOSE}\r\n`, 200],
    ['an absolute target of /__admin', admin('http://localhost:1/__admin/health', 'localhost'), 200],
    [
      'an absolute target whose host is another, on /__admin',
      admin('http://evil.example/__admin/health', 'localhost'),
      403,
    ],
    [
      'a good absolute target with a bad Host, on /__admin',
      admin('http://localhost/__admin/health', 'evil.example'),
      200,
    ],
    ['an encoded path to /__admin from elsewhere', admin('/%5f%5fadmin/state', 'evil.example'), 403],
    [
      'an encoded path to a task',
      `GET ${TASK.replace('async-tasks', '%61sync-tasks')} HTTP/1.1\r\n${AUTH}${CLOSE}\r\n`,
      200,
    ],
    ['steps upwards', `GET /v2/../__admin/state HTTP/1.1\r\n${AUTH}${CLOSE}\r\n`, 404],
    ['OPTIONS of everything', `OPTIONS * HTTP/1.1\r\n${AUTH}${CLOSE}\r\n`, 404],
    ['OPTIONS of a task', `OPTIONS ${TASK} HTTP/1.1\r\n${AUTH}${CLOSE}\r\n`, 405],
    [
      'a wish for a web socket',
      `GET ${TASK} HTTP/1.1\r\n${AUTH}Connection: upgrade, close\r\nUpgrade: websocket\r\n\r\n`,
      200,
    ],
    [
      'a wish for HTTP/2',
      `GET ${TASK} HTTP/1.1\r\n${AUTH}Connection: Upgrade, close\r\nUpgrade: h2c\r\n\r\n`,
      200,
    ],
    ['chunk extensions', `${TOKENS}${JSON_TYPE}${CLOSE}${CHUNKED}\r\n2;a=b\r\n{}\r\n0\r\n\r\n`, 400],
    ['trailers', `${TOKENS}${JSON_TYPE}${CLOSE}${CHUNKED}\r\n2\r\n{}\r\n0\r\nX-Auth-Token: x\r\n\r\n`, 400],
    [
      'a body that is awaited',
      `${TOKENS}${JSON_TYPE}${CLOSE}Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{}`,
      400,
    ],
  ])('%s: one response in the right shape', async (_what, bytes, status) => {
    const { responses, rest } = await send(bytes);
    expect([rest, responses.map((response) => response.status)]).toEqual(['', [status]]);
    expect(() => JSON.parse(responses[0]?.text ?? '')).not.toThrow();
    expect(responses[0]?.headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
  });

  it('CONNECT is closed, and contacts no one', async () => {
    expect(await send('CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n')).toEqual({
      ...{ responses: [], rest: '', closed: true },
    });
  });

  it('HEAD ends at once on every route that GET has, the stream of events included', async () => {
    for (const [target, status] of [
      [TASK, 200],
      ['/__admin/health', 200],
      ['/__admin/', 200],
      ['/__admin/events', 405],
      ['/v3/projects', 200],
      ['/nowhere', 404],
    ] as const) {
      const bytes = `HEAD ${target} HTTP/1.1\r\n${AUTH}\r\n`;
      const { responses } = await exchange({ port: mock.port, bytes, responses: 1, heads: [true] });
      expect([target, responses[0]?.status]).toEqual([target, status]);
    }
  });
});
