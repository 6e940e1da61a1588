/** What a browser sends on behalf of a page of another site, over a socket: it reads nothing and changes nothing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rejectionOf } from '../../src/admin/guard.ts';
import type { RunningMock } from '../../src/mock.ts';
import { BOUNDARY, filePart, formBody, formType } from '../gateway/forms.ts';
import { TOKEN, testMock } from '../support/mock.ts';
import { expectShape } from '../support/shape.ts';
import { sendBytes, type WireResponse, wireCall } from '../support/wire.ts';

let mock: RunningMock;
beforeAll(async () => {
  mock = await testMock({ adminHosts: ['mock.example.com'], clock: 'manual' });
});
afterAll(() => mock.close());

const TASK = { project_id: 'p1', instance_id: 'i1', task_type: 'import_api', task_id: 'sneaked' };
const EVIL = 'http://evil.example';

interface Sent {
  method?: string;
  target?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}
const send = ({
  method = 'GET',
  target = '/__admin/tasks',
  headers = {},
  body,
}: Sent): Promise<WireResponse> => {
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const all = { host: `127.0.0.1:${mock.port}`, ...headers, ...length };
  return wireCall({ port: mock.port, method, target, headers: all, ...(body === undefined ? {} : { body }) });
};
/** Everything that a page could have changed. */
const state = async (): Promise<string> => (await send({ target: '/__admin/state' })).text;

const CHANGES: [method: string, target: string, body: object][] = [
  ['POST', '/__admin/tasks', TASK],
  ['POST', '/__admin/faults', { action: { type: 'reset' } }],
  ['PUT', '/__admin/plan', { plan: { mode: 'manual' } }],
  ['PUT', '/__admin/clock', { mode: 'system' }],
  ['POST', '/__admin/clock/advance', { ms: 1000 }],
  ['POST', '/__admin/reset', {}],
  ['DELETE', '/__admin/faults', {}],
  ['DELETE', '/__admin/requests', {}],
];
/** What a form, a script without leave, a beacon or an old plug-in can send. */
const SIMPLE_TYPES = [
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  '',
];
const FOREIGN = ['cross-site', 'same-site'];

describe('a page of another site', () => {
  it.each(CHANGES)('cannot %s %s with what needs no leave', async (method, target, json) => {
    const before = await state();
    for (const type of SIMPLE_TYPES)
      for (const site of [{}, { origin: EVIL }, { origin: 'null', referer: `${EVIL}/x` }]) {
        const headers = { ...site, ...(type === '' ? {} : { 'content-type': type }) };
        expectShape(await send({ method, target, headers, body: JSON.stringify(json) }), 415, 'APIG.0201');
      }
    expect(await state()).toBe(before);
  });

  it.each(CHANGES)(
    'cannot %s %s as JSON either, where the browser sends its origin',
    async (method, target, json) => {
      const before = await state();
      for (const site of FOREIGN)
        for (const mode of ['cors', 'no-cors', 'navigate']) {
          const headers = {
            'sec-fetch-site': site,
            'sec-fetch-mode': mode,
            'content-type': 'application/json',
          };
          expectShape(await send({ method, target, headers, body: JSON.stringify(json) }), 403, 'APIG.0306');
        }
      expect(await state()).toBe(before);
    },
  );

  it.each([
    '/__admin/state',
    '/__admin/events',
    '/__admin/idle',
    '/__admin/requests',
    '/__admin/openapi.json',
    '/__admin/',
  ])('cannot fetch, embed or follow %s', async (target) => {
    for (const site of FOREIGN)
      for (const mode of ['cors', 'no-cors', 'websocket', 'same-origin'])
        expectShape(
          await send({ target, headers: { 'sec-fetch-site': site, 'sec-fetch-mode': mode } }),
          403,
          'APIG.0306',
        );
  });

  it('may lead to the page, as any link does', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    expect((await send({ target: '/__admin/', headers })).status).toBe(200);
  });

  it('gets no permission when it asks: no response carries CORS headers', async () => {
    const asks = {
      origin: EVIL,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type,x-auth-token',
    };
    const targets = [
      ...CHANGES.map(([, target]) => target),
      '/v3/auth/tokens',
      '/v2/p1/apigw/instances/i1/openapi/async-import',
      '/nowhere',
    ];
    for (const target of targets)
      for (const method of ['OPTIONS', 'GET', 'POST']) {
        const response = await send({ method, target, headers: asks });
        if (method === 'OPTIONS') expect(response.status).toBeGreaterThanOrEqual(400);
        expect(Object.keys(response.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
      }
  });

  it('opens no WebSocket', async () => {
    const head = [
      'upgrade: websocket',
      'connection: Upgrade, close',
      'sec-websocket-version: 13',
      'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
    ];
    for (const target of ['/__admin/tasks', '/__admin/', '/v3/regions']) {
      const lines = [`GET ${target} HTTP/1.1`, `host: 127.0.0.1:${mock.port}`, `origin: ${EVIL}`, ...head];
      const response = await sendBytes(mock.port, `${lines.join('\r\n')}\r\n\r\n`);
      expect(response).not.toMatch(/^HTTP\/1\.1 101/);
      expect(response.toLowerCase()).not.toContain('sec-websocket-accept');
    }
  });
});

describe('the page of the mock itself, and clients that are no browser,', () => {
  it.each<[string, Record<string, string>]>([
    ['the page', { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }],
    ['a typed address', { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }],
    ['a client', {}],
    ['a page behind a proxy', { 'sec-fetch-site': 'same-origin', origin: 'http://localhost:5173' }],
  ])('are let in: %s', async (_who, headers) => {
    expect((await send({ headers })).status).toBe(200);
    const json = { ...headers, 'content-type': 'application/json' };
    expect(
      (await send({ method: 'POST', target: '/__admin/requests/count', headers: json, body: '{}' })).status,
    ).toBe(200);
  });
});

describe('a name made to lead here (DNS rebinding)', () => {
  const FOREIGN_NAMES = [
    'evil.example',
    'evil.example:8080',
    '127.0.0.1.evil.example',
    'localhost.evil.example:80',
    'evil.example.',
  ];

  it.each(FOREIGN_NAMES)('reads and changes nothing of /__admin as %s', async (host) => {
    const before = await state();
    const same = { host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' };
    for (const [method, target, json] of CHANGES) {
      const headers = { ...same, 'content-type': 'application/json' };
      expectShape(await send({ method, target, headers, body: JSON.stringify(json) }), 403, 'APIG.0306');
    }
    for (const target of [
      '/__admin/state',
      '/__admin/events',
      '/__admin/',
      '/__admin/docs',
      '/__admin/openapi.json',
    ])
      expectShape(await send({ target, headers: same }), 403, 'APIG.0306');
    expect(await state()).toBe(before);
  });

  it.each(FOREIGN_NAMES)('gets no token and imports nothing as %s, well-known token or not', async (host) => {
    const before = await state();
    const headers = { host, origin: `http://${host}`, 'x-auth-token': TOKEN };
    const login = {
      auth: { identity: { methods: ['password'], password: { user: { name: 'u', password: 'x' } } } },
    };
    const json = { ...headers, 'content-type': 'application/json' };
    const form = { ...headers, 'content-type': formType(BOUNDARY) };
    const responses = [
      await send({ method: 'POST', target: '/v3/auth/tokens', headers: json, body: JSON.stringify(login) }),
      await send({
        method: 'POST',
        target: '/v2/p1/apigw/instances/i1/openapi/async-import',
        headers: form,
        body: formBody([filePart()]),
      }),
      await send({
        method: 'POST',
        target: '/v2/p1/apigw/instances/i1/openapi/async-export',
        headers: json,
        body: '{}',
      }),
    ];
    for (const response of responses) {
      expectShape(response, 403, 'APIG.0306');
      expect(response.headers['x-subject-token']).toBeUndefined();
    }
    expect(await state()).toBe(before);
  });

  it('does not keep clients from calling by any name, nor pages from local ones', () => {
    for (const host of [...FOREIGN_NAMES, 'apig.cn-north-4.myhuaweicloud.com'])
      expect(rejectionOf({ host }, [])).toBeUndefined();
    for (const host of ['localhost:1', '127.0.0.1', '[::1]:8080', 'apig-mock', 'mock.example.com'])
      expect(rejectionOf({ host, origin: 'http://localhost:5173' }, ['mock.example.com'])).toBeUndefined();
  });
});
