/** Odd and hostile input on the emulated routes: a clear rejection in the right shape, never a 500, never a crash. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningMock } from '../../src/mock.ts';
import { TOKEN, testMock } from '../support/mock.ts';
import { expectShape } from '../support/shape.ts';
import { wireCall } from '../support/wire.ts';

let mock: RunningMock;
beforeAll(async () => {
  mock = await testMock();
});
afterAll(() => mock.close());

const TASK_ID = 'd9ce8c9eede54b3f841ec324fe0bfdc2';
const path = (taskId: string, projectId = 'p1', instanceId = 'i1'): string =>
  `/v2/${projectId}/apigw/instances/${instanceId}/async-tasks/${taskId}`;
const token = { 'x-auth-token': TOKEN };
const ask = (target: string, headers: Record<string, string | string[]> = token) =>
  wireCall({ port: mock.port, target, headers });

const LONG = 'x'.repeat(5000);
const BAD_IDS: [what: string, id: string][] = [
  ['5,000 characters', LONG],
  ['an encoded slash', 'a%2Fb'],
  ['an encoded backslash', 'a%5Cb'],
  ['NUL', 'a%00b'],
  ['two dots', '..'],
  ['encoded dots', '%2E%2E'],
  ['a space', 'a%20b'],
  ['a line break', 'a%0D%0Ab'],
  ['Chinese', '%E4%BB%BB%E5%8A%A1'],
  ['an emoji', '%F0%9F%98%80'],
  ['a quote', 'a%22b'],
  ['markup', '%3Cscript%3E'],
  ['a semicolon', 'a;b'],
  ['a star', '*'],
  ['a colon, as in a route', ':task_id'],
];

describe('an id', () => {
  it.each(BAD_IDS)('with %s is rejected by the name of its place', async (_what, id) => {
    for (const [name, target] of [
      ['task_id', path(id)],
      ['project_id', path(TASK_ID, id)],
      ['instance_id', path(TASK_ID, 'p1', id)],
    ] as const) {
      const response = await ask(target);
      expectShape(response, 400, 'APIG.2012');
      expect(JSON.parse(response.text)).toEqual({
        error_code: 'APIG.2012',
        error_msg: `Invalid parameter value,parameterName:${name}. Please refer to the support documentation`,
      });
    }
  });

  it('longer than the longest path step is rejected too, without a crash', async () => {
    const response = await ask(path('x'.repeat(15_000)));
    expectShape(response, 400, 'APIG.2012');
  });

  it('of a name that JavaScript knows is an unknown task', async () => {
    for (const id of ['__proto__', 'constructor', 'hasOwnProperty', 'undefined', 'null'])
      expectShape(await ask(path(id, id, id)), 404, 'APIG.3093');
  });

  it('has no field that the operation does not declare, in strict mode', async () => {
    await using strict = await testMock({ strict: true });
    const instance = `/v2/${'a'.repeat(32)}/apigw/instances/${'b'.repeat(32)}`;
    const token = { 'x-auth-token': 'dev-token' };
    for (const [path, field] of [
      [`${instance}/apis?limit=5&foo=bar`, 'foo'],
      [`${instance}/async-tasks/${'c'.repeat(32)}?x=1`, 'x'],
    ] as const) {
      const rejected = await wireCall({ port: strict.port, target: path, headers: token });
      expectShape(rejected, 400, 'APIG.2012');
      expect(JSON.parse(rejected.text).error_msg).toContain(`parameterName:${field}.`);
    }
    const ofIam = await wireCall({ port: strict.port, target: '/v3/regions?region=x', headers: token });
    expect(JSON.parse(ofIam.text).error.message).toBe("Invalid input for field 'region'.");
    for (const path of [`${instance}/apis?limit=5&name=x`, '/v3/auth/domains', '/v3/projects?name=x'])
      expect((await wireCall({ port: strict.port, target: path, headers: token })).status).toBe(200);
  });

  it('must be 32 hex digits in strict mode', async () => {
    await using strict = await testMock({ strict: true });
    const hex = '0123456789abcdef0123456789abcdef';
    for (const target of [path('t1', hex, hex), path(hex, 'p1', hex), path(hex, hex, hex.toUpperCase())])
      expectShape(await wireCall({ port: strict.port, target, headers: token }), 400, 'APIG.2012');
    expectShape(
      await wireCall({ port: strict.port, target: path(hex, hex, hex), headers: token }),
      404,
      'APIG.3093',
    );
  });

  it('of any bytes is never more than a rejection (property)', async () => {
    const bytes = fc
      .uint8Array({ minLength: 1, maxLength: 40 })
      .map((all) => [...all].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''));
    await fc.assert(
      fc.asyncProperty(bytes, async (id) => {
        const response = await ask(path(id));
        expect([400, 404]).toContain(response.status);
        expect(response.headers['content-type']).toBe('application/json');
      }),
      { numRuns: 150 },
    );
  });
});

describe('headers', () => {
  it.each<[string, Record<string, string | string[]>]>([
    ['the token twice', { 'x-auth-token': [TOKEN, TOKEN] }],
    ['an empty token', { 'x-auth-token': '' }],
    ['a token of 10,000 characters', { 'x-auth-token': 'x'.repeat(10_000) }],
    ['a token of ours, too long', { 'x-auth-token': `AMT1.${'x'.repeat(10_000)}` }],
    ['a token beyond ASCII', { 'x-auth-token': 'tökén' }],
    ['a token named as a method', { 'x-auth-token': '__proto__' }],
  ])('with %s are rejected as documented', async (_what, headers) => {
    const response = await ask(path(TASK_ID), headers);
    expectShape(response, 401, 'APIG.1002');
  });

  it('by the thousand are read or rejected, not fatal', async () => {
    const many = Object.fromEntries(Array.from({ length: 900 }, (_, at) => [`x-h-${at}`, 'v']));
    const response = await ask(path(TASK_ID), { ...token, ...many });
    expect([200, 431]).toContain(response.status);
  });
});

describe('a body on GET', () => {
  it.each([
    ['JSON', 'application/json', '{"a":1}'],
    ['broken JSON', 'application/json', '{'],
    ['XML', 'text/xml', '<a/>'],
  ])('of %s changes nothing', async (_what, type, body) => {
    const headers = { ...token, 'content-type': type, 'content-length': String(body.length) };
    const response = await wireCall({ port: mock.port, target: path(TASK_ID), headers, body });
    expect([response.status, JSON.parse(response.text).task_id]).toEqual([200, TASK_ID]);
  });
});

describe('the body of a token request', () => {
  const post = (body: string) =>
    wireCall({
      port: mock.port,
      method: 'POST',
      target: '/v3/auth/tokens',
      headers: { 'content-type': 'application/json' },
      body,
    });
  const user = { name: 'u', password: 'x' };
  const identity = { methods: ['password'], password: { user } };
  it.each<[string, unknown, string, string]>([
    ['null', null, 'APIG.2001', 'body'],
    ['a text', 'x', 'APIG.2012', 'body'],
    ['a list', [], 'APIG.2012', 'body'],
    ['nothing in it', {}, 'APIG.2001', 'auth'],
    ['no identity', { auth: {} }, 'APIG.2001', 'auth.identity'],
    ['no methods', { auth: { identity: { password: { user } } } }, 'APIG.2001', 'auth.identity.methods'],
    [
      'an empty list of methods',
      { auth: { identity: { ...identity, methods: [] } } },
      'APIG.2012',
      'auth.identity.methods',
    ],
    [
      'a method that is a number',
      { auth: { identity: { ...identity, methods: [1] } } },
      'APIG.2012',
      'auth.identity.methods[0]',
    ],
    [
      'another method',
      { auth: { identity: { ...identity, methods: ['totp'] } } },
      'APIG.2012',
      'auth.identity.methods',
    ],
    [
      'no user',
      { auth: { identity: { methods: ['password'], password: {} } } },
      'APIG.2001',
      'auth.identity.password.user',
    ],
    [
      'no password',
      { auth: { identity: { methods: ['password'], password: { user: { name: 'u' } } } } },
      'APIG.2001',
      'auth.identity.password.user.password',
    ],
    [
      'an empty password',
      { auth: { identity: { methods: ['password'], password: { user: { ...user, password: '' } } } } },
      'APIG.2012',
      'auth.identity.password.user.password',
    ],
    [
      'no name of the user',
      { auth: { identity: { methods: ['password'], password: { user: { password: 'x' } } } } },
      'APIG.2001',
      'auth.identity.password.user.name',
    ],
    [
      'a project without a name',
      { auth: { identity, scope: { project: {} } } },
      'APIG.2001',
      'auth.scope.project.name',
    ],
    [
      'a name that is too long',
      { auth: { identity, scope: { project: { name: LONG } } } },
      'APIG.2012',
      'auth.scope.project.name',
    ],
    [
      'a name that is a number',
      { auth: { identity, scope: { project: { name: 5 } } } },
      'APIG.2012',
      'auth.scope.project.name',
    ],
  ])('with %j is rejected by the name of its place: %s', async (_what, body, code, place) => {
    const response = await post(JSON.stringify(body));
    const field = place.split('.').at(-1);
    const message =
      code === 'APIG.2001' ? `'${field}' is a required property` : `Invalid input for field '${field}'.`;
    expect([response.status, JSON.parse(response.text)]).toEqual([
      400,
      { error: { code: 400, message, title: 'Bad Request' } },
    ]);
    expect(response.headers['x-mock-reason']).toContain(place === 'body' ? place : place.split('.')[0]);
    expect(response.text).not.toContain(LONG);
  });

  it('that nests 100,000 deep is rejected, not fatal', async () => {
    const response = await post('['.repeat(100_000) + ']'.repeat(100_000));
    expect(response.status).toBe(400);
  });
});
