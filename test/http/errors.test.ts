/** What the framework itself rejects gets a response in the provider's shape, with a request id, on every path. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningMock } from '../../src/mock.ts';
import { TOKEN, testMock } from '../support/mock.ts';
import { expectShape } from '../support/shape.ts';
import { parseResponse, sendBytes, wireCall } from '../support/wire.ts';

let mock: RunningMock;
beforeAll(async () => {
  mock = await testMock({ maxBodyMb: 1 });
});
afterAll(() => mock.close());

const TASK = '/v2/p1/apigw/instances/i1/async-tasks/d9ce8c9eede54b3f841ec324fe0bfdc2';
const JSON_BODY = { 'content-type': 'application/json' };
const TWO_MB = JSON.stringify({ text: 'x'.repeat(2 * 1024 * 1024) });

interface Case {
  target?: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

describe('the framework', () => {
  const cases: [what: string, call: Case, status: number, code: string][] = [
    ['an unknown route', { target: '/nowhere' }, 404, 'APIG.0101'],
    ['an unknown route without a token', { target: '/v2/p1/unknown' }, 404, 'APIG.0101'],
    ['the root', { target: '/' }, 404, 'APIG.0101'],
    ['a wrong method', { target: TASK, method: 'DELETE' }, 405, 'APIG.0101'],
    ['a rare method', { target: TASK, method: 'PROPFIND' }, 405, 'APIG.0101'],
    [
      'broken JSON',
      { target: '/v3/auth/tokens', method: 'POST', body: '{"auth":', headers: JSON_BODY },
      400,
      'APIG.0201',
    ],
    [
      'JSON that is cut',
      { target: '/v3/auth/tokens', method: 'POST', body: '"', headers: JSON_BODY },
      400,
      'APIG.0201',
    ],
    [
      'an empty JSON body',
      {
        target: '/v3/auth/tokens',
        method: 'POST',
        body: '',
        headers: { ...JSON_BODY, 'content-length': '0' },
      },
      400,
      'APIG.0201',
    ],
    [
      'a prototype in the body',
      { target: '/v3/auth/tokens', method: 'POST', body: '{"__proto__":{"auth":1}}', headers: JSON_BODY },
      400,
      'APIG.0201',
    ],
    [
      'a body too large',
      { target: '/v3/auth/tokens', method: 'POST', body: TWO_MB, headers: JSON_BODY },
      413,
      'APIG.0201',
    ],
    [
      'an unsupported media type',
      {
        target: '/v3/auth/tokens',
        method: 'POST',
        body: '<a/>',
        headers: { 'content-type': 'application/xml' },
      },
      415,
      'APIG.0201',
    ],
    [
      'a media type that is none',
      { target: '/v3/auth/tokens', method: 'POST', body: 'x', headers: { 'content-type': '%%%' } },
      415,
      'APIG.0201',
    ],
    ['broken percent encoding', { target: '/v2/%zz/apigw' }, 400, 'APIG.0201'],
    ['broken UTF-8 in the path', { target: '/v2/%c3%28/apigw' }, 400, 'APIG.0201'],
  ];
  it.each(cases)('responds to %s in the shape of the provider', async (_what, call, status, code) => {
    const { headers = {}, target = '/', ...rest } = call;
    const response = await wireCall({
      port: mock.port,
      target,
      ...rest,
      headers: { 'x-auth-token': TOKEN, ...headers },
    });
    expectShape(response, status, code);
  });

  const byRoute: [what: string, method: string, target: string, contentType: string, status: number][] = [
    ['an unknown route with a body of any kind', 'POST', '/nowhere', 'application/xml', 404],
    ['a wrong method with a body of any kind', 'PUT', TASK, 'application/xml', 405],
    ['an unknown route with a broken body', 'POST', '/nowhere', 'application/json', 404],
    ['a wrong method with a broken body', 'PUT', TASK, 'application/json', 405],
  ];
  const expectRejectedByRoute = async (
    method: string,
    target: string,
    contentType: string,
    status: number,
  ) => {
    const headers = { 'content-type': contentType };
    const response = await wireCall({ port: mock.port, method, target, headers, body: '{' });
    expectShape(response, status, 'APIG.0101');
  };
  it.each(byRoute.slice(0, 2))('responds to %s by the route', (_what, ...call) =>
    expectRejectedByRoute(...call),
  );
  // The contract's order is route before body; Fastify parses the JSON of what it has no route for.
  it.each(byRoute.slice(2))('responds to %s by the route', (_what, ...call) =>
    expectRejectedByRoute(...call),
  );

  it('names the methods that a path takes', async () => {
    const response = await wireCall({ port: mock.port, target: TASK, method: 'DELETE' });
    expect(response.headers['allow']).toBe('GET, HEAD');
    const tokens = await wireCall({ port: mock.port, target: '/v3/auth/tokens', method: 'PATCH' });
    expect(tokens.headers['allow']).toBe('GET, HEAD, POST');
  });

  it('responds to HEAD with the headers of GET and no body', async () => {
    for (const target of [TASK, '/nowhere']) {
      const headers = { 'x-auth-token': TOKEN };
      const get = await wireCall({ port: mock.port, target, headers });
      const head = await wireCall({ port: mock.port, target, headers, method: 'HEAD' });
      expect([head.status, head.text]).toEqual([get.status, '']);
      expect(head.headers['content-type']).toBe('application/json');
      expect(head.headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
    }
  });

  it('gives the reason in X-Mock-Reason, except in strict mode', async () => {
    await using strict = await testMock({ strict: true });
    for (const target of ['/nowhere', TASK, '/v2/%zz']) {
      const lenient = await wireCall({ port: mock.port, target });
      expect(lenient.headers['x-mock-reason']).toMatch(/./);
      const silent = await wireCall({ port: strict.port, target });
      expect(silent.headers).not.toHaveProperty('x-mock-reason');
      expect([silent.status, silent.text]).toEqual([lenient.status, lenient.text]);
    }
  });

  it.each([
    ['GET', '/', /^no route GET \/; the page is at \/__admin\/$/],
    ['POST', '/', /^POST is not allowed here; allowed: GET, HEAD$/],
    [
      'POST',
      '/v2/p1/apigw/instances/i1/apps',
      /^this mock does not emulate CreateAnAppV2: call the service itself, or stub the call in the client; what it emulates: \/__admin\/docs$/,
    ],
    [
      'POST',
      '/v2/p1/apigw/instances/i1/apis',
      /^this mock does not emulate CreateApiV2: import an OpenAPI file, POST .*async-import; /,
    ],
    ['GET', '/__admin/nope', /^no route GET \/__admin\/nope; every call is described at \/__admin\/docs$/],
    [
      'GET',
      '/__admin/task',
      /; did you mean \/__admin\/tasks\?; every call is described at \/__admin\/docs$/,
    ],
    ['POST', '/v3/auth/tokens', /^takes content-type: application\/json$/, 'application/xml'],
    ['POST', '/v3/auth/tokens', /^auth is missing$/, 'application/json'],
    ['POST', '/v3/auth/tokens', /^body is missing$/],
  ])('explains what to do about %s %s', async (method, target, reason, type?: string) => {
    const sent = type === undefined ? {} : { body: '{}', headers: { 'content-type': type } };
    const response = await wireCall({ port: mock.port, target, method, ...sent });
    expect(response.headers['x-mock-reason']).toMatch(reason);
  });

  it.each([
    ['text/html,application/xhtml+xml;q=0.9,*/*;q=0.8', 302, '/__admin/'],
    ['application/json', 404, undefined],
    ['*/*', 404, undefined],
    [undefined, 404, undefined],
  ])('leads a browser from / to the page, and nothing else: %s', async (accept, status, location) => {
    const headers: Record<string, string> = accept === undefined ? {} : { accept };
    const response = await wireCall({ port: mock.port, target: '/', headers });
    expect([response.status, response.headers['location']]).toEqual([status, location]);
  });

  it('leads nobody to a page that is not served', async () => {
    await using closed = await testMock({ admin: false });
    const response = await wireCall({ port: closed.port, target: '/', headers: { accept: 'text/html' } });
    expect([response.status, response.headers['x-mock-reason']]).toEqual([404, 'no route GET /']);
  });

  const INSTANCE = '/v2/p1/apigw/instances/i1';
  it.each(
    [
      '/v3/auth/tokens',
      `${INSTANCE}/openapi/async-export`,
      `${INSTANCE}/openapi/export`,
      `${INSTANCE}/apis/publish`,
    ].flatMap((target) =>
      ['text/plain', 'multipart/form-data; boundary=x', 'application/x-www-form-urlencoded'].map(
        (type) => [target, type] as const,
      ),
    ),
  )('responds with 415 to POST %s with %s, which is not JSON', async (target, type) => {
    const headers = { 'content-type': type, 'x-auth-token': 'dev-token' };
    const response = await wireCall({ port: mock.port, target, method: 'POST', headers, body: '{}' });
    expectShape(response, 415, 'APIG.0201');
    expect(response.headers['x-mock-reason']).toBe('takes content-type: application/json');
  });

  it('does not mention a page that is not served', async () => {
    await using bare = await testMock({ admin: false });
    for (const target of ['/', '/__admin/nope']) {
      const { status, headers } = await wireCall({ port: bare.port, target });
      expect([status, headers['x-mock-reason']]).toEqual([404, expect.not.stringMatching(/page|docs/)]);
    }
  });

  it('names the nearest route to one that is not there', async () => {
    const response = await wireCall({ port: mock.port, target: TASK.replace('async-tasks', 'async-task') });
    expect(response.headers['x-mock-reason']).toContain(
      'nearest: GET /v2/:project_id/apigw/instances/:instance_id/async-tasks/:task_id',
    );
  });
});

describe('the HTTP parser', () => {
  it.each([
    ['garbage', 'this is not HTTP\r\n\r\n', 400],
    ['binary', Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01]), 400],
    ['an unknown method', 'FROB / HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    ['an unknown version', 'GET / HTTP/9.9\r\nHost: x\r\n\r\n', 400],
    ['a header without a colon', 'GET / HTTP/1.1\r\nHost: x\r\nbad header\r\n\r\n', 400],
    ['a control character in a header', 'GET / HTTP/1.1\r\nHost: x\r\na: b\u0001\r\n\r\n', 400],
    ['two lengths', `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab`, 400],
    [
      'a length and chunks',
      `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nab`,
      400,
    ],
    ['a length that is no number', `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n`, 400],
    ['a header of 64 KB', `GET ${TASK} HTTP/1.1\r\nHost: x\r\na: ${'x'.repeat(65_536)}\r\n\r\n`, 431],
    [
      'a token of 1 MB',
      `GET ${TASK} HTTP/1.1\r\nHost: x\r\nX-Auth-Token: ${'x'.repeat(1_048_576)}\r\n\r\n`,
      431,
    ],
    ['a target of 1 MB', `GET /${'x'.repeat(1_048_576)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
  ])('responds to %s in the shape of the provider, and closes', async (_what, bytes, status) => {
    const text = await sendBytes(mock.port, bytes);
    const response = parseResponse(text);
    expectShape(response, status, 'APIG.0201');
    expect(response.headers['connection']).toBe('close');
    expect(Number(response.headers['content-length'])).toBe(response.text.length);
  });

  it('goes on serving others after any of it', async () => {
    for (let at = 0; at < 20; at += 1) await sendBytes(mock.port, `${'\u0000'.repeat(at + 1)}\r\n\r\n`);
    const response = await wireCall({ port: mock.port, target: TASK, headers: { 'x-auth-token': TOKEN } });
    expect(response.status).toBe(200);
  });

  // Node responds to these itself, with an empty body, before the app sees anything.
  it.each([
    ['no Host', `GET ${TASK} HTTP/1.1\r\nConnection: close\r\n\r\n`, 400],
    [
      'an unknown expectation',
      `GET ${TASK} HTTP/1.1\r\nHost: x\r\nExpect: wonders\r\nConnection: close\r\n\r\n`,
      417,
    ],
  ])('responds to %s in the shape of the provider', async (_what, bytes, status) => {
    expectShape(parseResponse(await sendBytes(mock.port, bytes)), status, 'APIG.0201');
  });
});
