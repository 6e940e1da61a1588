/** Who may call `/__admin`: host names, content types and the admin token, as rules and over a socket. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guard, isLocalHost } from '../../src/admin/guard.ts';
import type { RunningMock } from '../../src/mock.ts';
import { testMock } from '../support/mock.ts';
import { expectShape } from '../support/shape.ts';
import { parseResponse, sendBytes, wireCall } from '../support/wire.ts';

describe('a Host', () => {
  it.each([
    'localhost',
    'LOCALHOST:8080',
    'localhost.',
    '127.0.0.1',
    '127.0.0.1:8080',
    '10.1.2.3:80',
    '[::1]',
    '[::1]:8080',
    'apig-mock',
    'apig-mock:8080',
    'mock.localhost',
    'host.docker.internal:8080',
    'printer.local',
    'a.b.internal',
  ])('of %s is local', (host) => {
    expect(isLocalHost(host, [])).toBe(true);
  });

  it.each([
    undefined,
    '',
    ':8080',
    '.',
    'example.com',
    'example.com:8080',
    'localhost.example.com',
    '127.0.0.1.example.com',
    '127.0.0.1.nip.io',
    'internal.example',
    'notlocal.localx',
    '1.2.3',
    '999.1.1.1',
    'a.localhost.evil.com',
    // Of another form than name and port.
    'x:y@evil.example',
    'localhost:80@evil.example',
    '[::1].evil.example',
    '[::1',
    '[localhost]',
    'localhost:80:evil.example',
    'localhost@evil',
  ])('of %s is not', (host) => {
    expect(isLocalHost(host, [])).toBe(false);
  });

  it('that was allowed is taken by its name: any port, any case, and no other', () => {
    const allowed = ['mock.example.com', 'Other.Example.com:8080'];
    for (const host of ['mock.example.com', 'MOCK.example.com:1', 'other.example.com', 'mock.example.com.'])
      expect(isLocalHost(host, allowed)).toBe(true);
    for (const host of ['example.com', 'x.mock.example.com']) expect(isLocalHost(host, allowed)).toBe(false);
  });
});

describe('the guard', () => {
  const open = { adminToken: undefined, adminHosts: [] };
  const request = {
    method: 'POST',
    host: 'localhost',
    contentType: 'application/json',
    authorization: undefined,
  };

  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON',
    'application/json ;x=1',
  ])('takes changes of type %s', (contentType) => {
    expect(() => guard({ ...request, contentType }, open)).not.toThrow();
  });

  // The first three are what a form or a plain script of any web page may send without being asked.
  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    undefined,
    '',
    'application/jsonx',
    'text/plain; application/json',
    'application/json-patch+json',
    ' text/json',
  ])('rejects changes of type %s', (contentType) => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH'])
      expect(() => guard({ ...request, method, contentType }, open)).toThrow(
        expect.objectContaining({ statusCode: 415 }),
      );
  });

  it('lets reads be of any type', () => {
    for (const method of ['GET', 'HEAD'])
      expect(() => guard({ ...request, method, contentType: undefined }, open)).not.toThrow();
  });

  it.each([
    ['Bearer secret', true],
    ['bearer  secret', true],
    ['Bearer secre', false],
    ['Bearer secret2', false],
    ['Bearer', false],
    ['Basic secret', false],
    ['secret', false],
    ['', false],
    [undefined, false],
  ])('takes the admin token as %s: %s', (authorization, good) => {
    const attempt = (): void => guard({ ...request, authorization }, { ...open, adminToken: 'secret' });
    if (good) expect(attempt).not.toThrow();
    else expect(attempt).toThrow(expect.objectContaining({ statusCode: 401, code: 'APIG.1002' }));
  });

  it('looks at the host first: a stranger learns nothing of tokens and types', () => {
    expect(() =>
      guard({ ...request, host: 'evil.example', contentType: undefined }, { ...open, adminToken: 'x' }),
    ).toThrow(expect.objectContaining({ statusCode: 403, code: 'APIG.0306' }));
  });
});

describe('/__admin over a socket', () => {
  let mock: RunningMock;
  beforeAll(async () => {
    mock = await testMock({ adminToken: 'secret', adminHosts: ['mock.example.com'] });
  });
  afterAll(() => mock.close());

  const ask = (target: string, headers: Record<string, string>, method = 'GET', body?: string) =>
    wireCall({ port: mock.port, target, headers, method, ...(body === undefined ? {} : { body }) });
  const good = { authorization: 'Bearer secret' };

  it('responds with 403, 401 and 415 in the shape of the provider', async () => {
    expectShape(await ask('/__admin/tasks', { ...good, host: 'evil.example' }), 403, 'APIG.0306');
    const noToken = await ask('/__admin/tasks', {});
    expectShape(noToken, 401, 'APIG.1002');
    expect(noToken.headers['www-authenticate']).toBe('Bearer');
    expectShape(
      await ask('/__admin/reset', { ...good, 'content-type': 'text/plain' }, 'POST', '{}'),
      415,
      'APIG.0201',
    );
  });

  const BARE: [method: string, target: string, status: number][] = [
    ['DELETE', '/__admin/faults', 204],
    ['DELETE', '/__admin/requests', 204],
    ['POST', '/__admin/reset', 204],
    ['POST', '/__admin/tasks', 400],
  ];
  it.each(BARE)('takes a bare %s %s, as curl -X sends it: %i', async (method, target, status) => {
    expect((await ask(target, good, method)).status).toBe(status);
    const head = `${method} ${target} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer secret\r\n`;
    const text = await sendBytes(mock.port, `${head}connection: close\r\n\r\n`);
    expect(parseResponse(text).status).toBe(status);
  });

  const SIGNS: [string, Record<string, string>, string?][] = [
    ['an origin, its own too', { origin: 'http://localhost' }],
    ['no origin', { origin: 'null' }],
    ['the Sec-Fetch-Site header of a browser', { 'sec-fetch-site': 'none' }],
    ['the Sec-Fetch-Mode header of a browser', { 'sec-fetch-mode': 'no-cors' }],
    ['an empty form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['a body', { 'content-length': '2' }, '{}'],
    ['a body in pieces', { 'transfer-encoding': 'chunked' }, '{}'],
  ];
  it.each(SIGNS)('rejects a change without JSON that has %s', async (_what, headers, body) => {
    for (const [method, target] of BARE)
      expectShape(await ask(target, { ...good, ...headers }, method, body), 415, 'APIG.0201');
  });

  it('takes an allowed host with the token', async () => {
    expect((await ask('/__admin/tasks', { ...good, host: 'mock.example.com' })).status).toBe(200);
  });

  it('does not take a token of the emulated API, nor the other way round', async () => {
    expect((await ask('/__admin/tasks', { 'x-auth-token': 'dev-token' })).status).toBe(401);
    expect((await ask('/v3/regions', { 'x-auth-token': 'secret' })).status).toBe(401);
  });

  it('leaves nothing behind a rejected change', async () => {
    const body = JSON.stringify({
      project_id: 'p1',
      instance_id: 'i1',
      task_type: 'import_api',
      task_id: 'sneaked',
    });
    await ask(
      '/__admin/tasks',
      { ...good, host: 'evil.example', 'content-type': 'application/json' },
      'POST',
      body,
    );
    await ask('/__admin/tasks', { ...good, 'content-type': 'text/plain' }, 'POST', body);
    expect((await ask('/__admin/tasks/sneaked', good)).status).toBe(404);
  });

  it('does not exist when it is switched off, health included', async () => {
    await using closed = await testMock({ admin: false });
    for (const target of ['/__admin/health', '/__admin/tasks', '/__admin/'])
      expectShape(await wireCall({ port: closed.port, target }), 404, 'APIG.0101');
  });
});
