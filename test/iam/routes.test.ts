/** The IAM routes and the token check over a socket: documented bodies, scopes, times, and each 401 and 403. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningMock } from '../../src/mock.ts';
import { type CallResponse, call, TOKEN, taskUrl, testMock } from '../support/mock.ts';

const HEX = /^[0-9a-f]{32}$/;
const TASK_ID = 'd9ce8c9eede54b3f841ec324fe0bfdc2';
const UNAUTHORIZED = '{"error_code":"APIG.1002","error_msg":"Incorrect token or token resolution failed"}';
const iamError = (code: number, message: string, title: string) => ({ error: { code, message, title } });
const NOT_AUTHENTICATED = iamError(401, 'The request you have made requires authentication.', 'Unauthorized');
const badRequest = (message: string) => iamError(400, message, 'Bad Request');
const FORBIDDEN = '{"error_code":"APIG.1005","error_msg":"No permissions to request this method"}';

let mock: RunningMock;
beforeAll(async () => {
  mock = await testMock({ tokenSecret: 'shared', clock: 'manual', readOnlyUsers: ['reader'] });
});
afterAll(() => mock.close());

interface Login {
  user?: object;
  scope?: object;
  query?: string;
}
const login = (url: string, { user = {}, scope, query = '' }: Login = {}): Promise<CallResponse> =>
  call(`${url}/v3/auth/tokens${query}`, {
    token: null,
    json: {
      auth: {
        identity: {
          methods: ['password'],
          password: { user: { name: 'user', password: 'any', domain: { name: 'company' }, ...user } },
        },
        ...(scope === undefined ? {} : { scope }),
      },
    },
  });
const tokenOf = async (...args: Parameters<typeof login>): Promise<string> =>
  String((await login(...args)).headers['x-subject-token']);
const poll = (token: string | null, projectId = 'p1', url = mock.url): Promise<CallResponse> =>
  call(taskUrl(url, TASK_ID, projectId), { token });

describe('POST /v3/auth/tokens', () => {
  it('returns 201 with the documented body and the token in X-Subject-Token', async () => {
    const response = await login(mock.url, { scope: { project: { name: 'cn-north-7' } } });
    expect(response.status).toBe(201);
    expect(response.headers['content-type']).toBe('application/json');
    expect(response.headers['x-subject-token']).toMatch(/^AMT1\./);
    expect(response.headers['x-request-id']).toMatch(HEX);
    const domain = { id: expect.stringMatching(HEX), name: 'company' };
    expect(response.body).toEqual({
      token: {
        expires_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}000Z$/),
        issued_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}000Z$/),
        methods: ['password'],
        project: { id: expect.stringMatching(HEX), name: 'cn-north-7', domain },
        user: { id: expect.stringMatching(HEX), name: 'user', domain, password_expires_at: '' },
        roles: expect.any(Array),
        catalog: expect.any(Array),
      },
    });
    const { issued_at, expires_at } = response.body.token;
    expect(Date.parse(expires_at) - Date.parse(issued_at)).toBe(24 * 3600 * 1000);
  });

  it('gives a project known by name a stable id, and takes an id as it is', async () => {
    const idOf = async (project: object) =>
      (await login(mock.url, { scope: { project } })).body.token.project.id;
    await using other = await testMock();
    const elsewhere = await login(other.url, { scope: { project: { name: 'mine' } } });
    expect(await idOf({ name: 'mine' })).toBe(elsewhere.body.token.project.id);
    expect(await idOf({ name: 'mine' })).not.toBe(await idOf({ name: 'yours' }));
    expect(await idOf({ id: 'p1' })).toBe('p1');
  });

  it('gives domain scope when no project is named', async () => {
    for (const scope of [undefined, { domain: { name: 'company' } }]) {
      const response = await login(mock.url, scope === undefined ? {} : { scope });
      expect(response.body.token.domain).toEqual({ id: expect.stringMatching(HEX), name: 'company' });
      expect(response.body.token).not.toHaveProperty('project');
    }
  });

  it('gives two tokens of one moment that differ', async () => {
    expect(await tokenOf(mock.url)).not.toBe(await tokenOf(mock.url));
  });

  it('lists what it serves at the address it was called at, and with nocatalog nothing', async () => {
    const response = await login(mock.url);
    for (const { endpoints } of response.body.token.catalog)
      for (const { url } of endpoints) expect(url.startsWith(mock.url)).toBe(true);
    expect((await login(mock.url, { query: '?nocatalog=true' })).body.token.catalog).toEqual([]);
  });

  it('needs no credentials, and no good ones', async () => {
    const body = {
      auth: { identity: { methods: ['password'], password: { user: { name: 'u', password: 'x' } } } },
    };
    expect((await call(`${mock.url}/v3/auth/tokens`, { token: 'bad', json: body })).status).toBe(201);
  });
});

describe('an issued token', () => {
  it('reads tasks of its own project and no other', async () => {
    const token = await tokenOf(mock.url, { scope: { project: { id: 'p1' } } });
    expect((await poll(token, 'p1')).status).toBe(200);
    const rejected = await poll(token, 'p2');
    expect([rejected.status, rejected.text]).toEqual([403, FORBIDDEN]);
    expect(rejected.headers['x-mock-reason']).toBe('the caller is scoped to project p1, not p2');
  });

  it('of a project by name works in the id that came back', async () => {
    const response = await login(mock.url, { scope: { project: { name: 'mine' } } });
    expect(
      (await poll(String(response.headers['x-subject-token']), response.body.token.project.id)).status,
    ).toBe(200);
  });

  it('of domain scope calls IAM and no task', async () => {
    const token = await tokenOf(mock.url);
    const rejected = await poll(token);
    expect([rejected.status, rejected.text]).toEqual([403, FORBIDDEN]);
    expect((await call(`${mock.url}/v3/auth/domains`, { token })).status).toBe(200);
  });

  it('of one who may only read, reads', async () => {
    const token = await tokenOf(mock.url, { user: { name: 'reader' }, scope: { project: { id: 'p1' } } });
    expect((await poll(token)).status).toBe(200);
  });

  it('is good in a second process with the same secret, and in no other', async () => {
    const token = await tokenOf(mock.url, { scope: { project: { id: 'p1' } } });
    await using second = await testMock({ tokenSecret: 'shared' });
    await using third = await testMock();
    expect((await poll(token, 'p1', second.url)).status).toBe(200);
    const rejected = await poll(token, 'p1', third.url);
    expect([rejected.status, rejected.text]).toEqual([401, UNAUTHORIZED]);
  });
});

describe('a mock of its own, on a manual clock', () => {
  it('takes a token for 24 hours of its clock, and then no more, remembered or not', async () => {
    await using own = await testMock({ clock: 'manual' });
    const token = await tokenOf(own.url, { scope: { project: { id: 'p1' } } });
    expect((await poll(token, 'p1', own.url)).status).toBe(200);
    await advance(own, 24 * 3600 * 1000 - 1);
    expect((await poll(token, 'p1', own.url)).status).toBe(200);
    await advance(own, 1);
    for (let at = 0; at < 2; at += 1) {
      const rejected = await poll(token, 'p1', own.url);
      expect([rejected.status, rejected.text]).toEqual([401, UNAUTHORIZED]);
      expect(rejected.headers['x-mock-reason']).toMatch(/^the token expired at /);
    }
    expect((await poll(TOKEN, 'p1', own.url)).status).toBe(200);
  });
});

const advance = (of: RunningMock, ms: number): Promise<CallResponse> =>
  call(`${of.url}/__admin/clock/advance`, { json: { ms } });

describe('an invalid token', () => {
  const WAYS_IN = 'take dev-token (--token), or POST /v3/auth/tokens';
  it.each([
    ['missing', null, `no X-Auth-Token header and no request signature; ${WAYS_IN}`],
    ['empty', '', `X-Auth-Token is empty; ${WAYS_IN}`],
    ['unknown', 'nobody', `unknown token; ${WAYS_IN}`],
    ['malformed', 'AMT1.x.y', /altered/],
  ])('(%s) gets 401 as documented, with a reason', async (_what, token, reason) => {
    const response = await poll(token);
    expect([response.status, response.text]).toEqual([401, UNAUTHORIZED]);
    const shown = response.headers['x-mock-reason'];
    if (typeof reason === 'string') expect(shown).toBe(reason);
    else expect(shown).toMatch(reason);
  });

  it('is not helped to a token that is a secret', async () => {
    await using own = await testMock({ tokens: ['hush-hush'] });
    const shown = (await poll('nobody', 'p1', own.url)).headers['x-mock-reason'];
    expect(shown).toBe('unknown token; take one given by --token, or POST /v3/auth/tokens');
  });

  it('comes before a bad id and an unknown task, and after an unknown route', async () => {
    expect((await call(taskUrl(mock.url, 'a.b'), { token: null })).status).toBe(401);
    expect((await call(taskUrl(mock.url, 'unknown'), { token: 'x' })).status).toBe(401);
    expect((await call(`${mock.url}/v2/p1/nowhere`, { token: null })).status).toBe(404);
  });
});

describe('the rest of IAM', () => {
  it('reads a token back, with its own expiry', async () => {
    const made = await login(mock.url, { scope: { project: { id: 'p1' } } });
    const subject = String(made.headers['x-subject-token']);
    const response = await call(`${mock.url}/v3/auth/tokens`, { headers: { 'x-subject-token': subject } });
    expect([response.status, response.headers['x-subject-token']]).toEqual([200, subject]);
    expect(response.body).toEqual(made.body);
  });

  it.each([
    ['none', {}, 400, badRequest("'X-Subject-Token' is a required property")],
    ['an unknown one', { 'x-subject-token': 'x' }, 401, NOT_AUTHENTICATED],
  ])('rejects to read %s back', async (_what, headers, status, body) => {
    const response = await call(`${mock.url}/v3/auth/tokens`, { headers: headers as Record<string, string> });
    expect([response.status, response.body]).toEqual([status, body]);
  });

  it('lists the project that a client asks for by name, under the id its token will have', async () => {
    const response = await call(`${mock.url}/v3/projects?name=mine`);
    const scoped = await login(mock.url, { scope: { project: { name: 'mine' } } });
    expect(response.body.projects).toMatchObject([
      { id: scoped.body.token.project.id, name: 'mine', enabled: true },
    ]);
    expect((await call(`${mock.url}/v3/projects`)).body.projects).toMatchObject([{ name: 'cn-north-7' }]);
  });

  it("lists the caller's domain, and the region", async () => {
    const token = await tokenOf(mock.url);
    expect((await call(`${mock.url}/v3/auth/domains`, { token })).body.domains).toMatchObject([
      { name: 'company', enabled: true },
    ]);
    expect((await call(`${mock.url}/v3/regions`)).body.regions).toMatchObject([{ id: 'cn-north-7' }]);
  });

  it.each([
    '/v3/auth/tokens',
    '/v3/projects',
    '/v3/auth/projects',
    '/v3/auth/domains',
    '/v3/auth/catalog',
    '/v3/regions',
  ])('asks for credentials on GET %s', async (path) => {
    const response = await call(`${mock.url}${path}`, { token: null });
    expect([response.status, response.body]).toEqual([401, NOT_AUTHENTICATED]);
  });

  it('lists the domain that a client asks for by name, under the id its token will have', async () => {
    const made = await login(mock.url);
    const listed = await call(`${mock.url}/v3/auth/domains?name=company`);
    expect(listed.body.domains).toMatchObject([{ id: made.body.token.domain.id, name: 'company' }]);
    expect((await call(`${mock.url}/v3/auth/domains`)).body.domains).toMatchObject([{ name: 'mock-domain' }]);
  });
});

describe('a token by another method', () => {
  const ask = (identity: object, scope?: object): Promise<CallResponse> =>
    call(`${mock.url}/v3/auth/tokens`, { token: null, json: { auth: { identity, scope } } });

  it('is issued for a token: the same user, another scope', async () => {
    const first = await login(mock.url);
    const id = String(first.headers['x-subject-token']);
    const second = await ask({ methods: ['token'], token: { id } }, { project: { id: 'p1' } });
    expect([second.status, second.body.token.methods]).toEqual([201, ['token']]);
    expect(second.body.token.user).toEqual(first.body.token.user);
    const token = String(second.headers['x-subject-token']);
    expect((await poll(token)).status).toBe(200);
    const again = await call(`${mock.url}/v3/auth/tokens`, { headers: { 'x-subject-token': token } });
    expect(again.body.token.methods).toEqual(['token']);
  });

  it.each([
    ['a token that is none', { methods: ['token'], token: { id: 'x' } }, NOT_AUTHENTICATED],
    ['no token', { methods: ['token'] }, badRequest("'token' is a required property")],
    ['no password', { methods: ['password'] }, badRequest("'password' is a required property")],
    ['no method', { methods: [] }, badRequest("Invalid input for field 'methods'.")],
    [
      'an agency',
      { methods: ['assume_role'], assume_role: { domain_name: 'd', agency_name: 'a' } },
      badRequest("Invalid input for field 'methods'."),
    ],
    [
      'a nameless user',
      { methods: ['password'], password: { user: { password: 'x' } } },
      badRequest("'name' is a required property"),
    ],
  ])('is rejected in the shape of IAM: %s', async (_what, identity, body) => {
    const response = await ask(identity);
    expect([response.status, response.body]).toEqual([body.error.code, body]);
  });
});

describe('a fault of IAM', () => {
  const CASES: [object, object][] = [
    [{ status: 401 }, NOT_AUTHENTICATED],
    [{ status: 400 }, badRequest("'auth' is a required property")],
    [{ status: 401, error_code: 'APIG.1002' }, JSON.parse(UNAUTHORIZED)],
    [
      { status: 403, error_code: 'X.1', error_msg: 'no' },
      { error_code: 'X.1', error_msg: 'no' },
    ],
  ];
  it.each(CASES)('%o has its shape, unless it names a code of the gateway', async (action, body) => {
    await using own = await testMock();
    await own.control.faults.add({
      operation: 'KeystoneCreateUserTokenByPassword',
      action: { type: 'error', ...action },
    });
    expect((await login(own.url)).body).toEqual(body);
  });
});

describe('clients of Open Telekom Cloud', () => {
  it.each([
    ['gophertelekomcloud', 'volumev2', (url: string) => url],
    ['python-otcextensions', 'apigv2', (url: string, project: string) => `${url}/${project}`],
  ])('%s finds the groups by %s of the catalogue', async (_client, type, baseOf) => {
    await using otc = await testMock({ region: 'eu-de' });
    const made = await login(otc.url, { scope: { project: { name: 'eu-de_mine' } } });
    const { catalog, project } = made.body.token;
    const service = catalog.find((one: { type: string }) => one.type === type);
    expect(service.endpoints[0].region).toBe('eu-de');
    const token = String(made.headers['x-subject-token']);
    const groups = `${baseOf(service.endpoints[0].url, project.id)}/apigw/instances/i1/api-groups`;
    const listed = await call(groups, { token });
    expect([listed.status, listed.body.groups]).toEqual([200, []]);
  });
});
