/** The fast path of a poll returns exactly what Fastify returns, whatever is odd about the request. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningMock } from '../../src/mock.ts';
import { TOKEN, testMock } from '../support/mock.ts';
import { type WireResponse, wireCall } from '../support/wire.ts';
import documented from './documented-responses.json' with { type: 'json' };

const [FIRST = '', SECOND = '', THIRD = '', FOURTH = '', FIFTH = ''] = documented.tasks.map(
  ({ task_id }) => task_id,
);
const HEX = 'a'.repeat(32);
const path = (taskId: string, projectId = 'p1', instanceId = 'i1'): string =>
  `/v2/${projectId}/apigw/instances/${instanceId}/async-tasks/${taskId}`;
type Headers = Record<string, string | string[]>;
const token: Headers = { 'x-auth-token': TOKEN };

const ODD: [what: string, target: string, headers: Headers, method?: string][] = [
  ...[FIRST, SECOND, THIRD, FOURTH, FIFTH].map((id): [string, string, Headers] => [
    `the documented ${id}`,
    path(id),
    token,
  ]),
  ['hex ids everywhere', path(FIRST, HEX, HEX), token],
  ['ids of 64 characters', path(FIRST, 'p'.repeat(64), '-'.repeat(64)), token],
  ['a project id of 65 characters', path(FIRST, 'p'.repeat(65)), token],
  ['a task id of 65 characters', path('t'.repeat(65)), token],
  ['a task id of 5,000 characters', path('t'.repeat(5000)), token],
  ['ids of _ and -', path('__--', '_', '-'), token],
  ['an unknown task', path('unknown'), token],
  ['names of JavaScript', path('__proto__', 'constructor', 'toString'), token],
  ['no task id', path(''), token],
  ['no project id', path(FIRST, ''), token],
  ['no instance id', path(FIRST, 'p1', ''), token],
  ['a slash at the end', `${path(FIRST)}/`, token],
  ['two slashes', path(FIRST).replace('/apigw', '//apigw'), token],
  ['another version', path(FIRST).replace('/v2/', '/v3/'), token],
  ['capitals in the path', path(FIRST).replace('instances', 'Instances'), token],
  ['capitals in the id', path(FIRST.toUpperCase()), token],
  ['a query', `${path(FIRST)}?a=1`, token],
  ['an empty query', `${path(FIRST)}?`, token],
  ['a semicolon', `${path(FIRST)};a=1`, token],
  ['a hash', `${path(FIRST)}#x`, token],
  ['a letter encoded', path(FIRST.replace('d', '%64')), token],
  ['a slash encoded', path('a%2Fb'), token],
  ['NUL encoded', path(`${FIRST}%00`), token],
  ['a dot', path('a.b'), token],
  ['two dots', path('..'), token],
  ['two dots encoded', path('%2e%2e'), token],
  ['Chinese', path('%E4%BB%BB%E5%8A%A1'), token],
  ['broken encoding', path('%zz'), token],
  ['half an encoding', path('abc%'), token],
  ['no token', path(FIRST), {}],
  ['an empty token', path(FIRST), { 'x-auth-token': '' }],
  ['an unknown token', path(FIRST), { 'x-auth-token': 'nobody' }],
  ['the token twice', path(FIRST), { 'x-auth-token': [TOKEN, TOKEN] }],
  ['two tokens', path(FIRST), { 'x-auth-token': ['nobody', TOKEN] }],
  ['the token in capitals', path(FIRST), { 'X-AUTH-TOKEN': TOKEN }],
  ['spaces around the token', path(FIRST), { 'x-auth-token': `  ${TOKEN} ` }],
  ['a token like ours', path(FIRST), { 'x-auth-token': 'AMT1.e30.AAAA' }],
  ['a signature beside the token', path(FIRST), { ...token, authorization: 'SDK-HMAC-SHA256 Access=x' }],
  ['a signature that is none', path(FIRST), { authorization: 'SDK-HMAC-SHA256 Access=x' }],
  [
    'other headers',
    path(FIRST),
    { ...token, range: 'bytes=0-1', 'if-none-match': '*', 'accept-encoding': 'gzip' },
  ],
  ['a header named as the prototype', path(FIRST), { ...token, constructor: 'x' }],
  ['what to accept', path(FIRST), { ...token, accept: 'text/html' }],
  ['a body type on GET', path(FIRST), { ...token, 'content-type': 'text/xml' }],
  ['an upgrade', path(FIRST), { ...token, connection: 'close, upgrade', upgrade: 'h2c' }],
  ['another method named in a header', path(FIRST), { ...token, 'x-http-method-override': 'DELETE' }],
  ['HEAD', path(FIRST), token, 'HEAD'],
  ['POST', path(FIRST), token, 'POST'],
  ['DELETE', path(FIRST), token, 'DELETE'],
  ['OPTIONS', path(FIRST), token, 'OPTIONS'],
];

/** Who calls by which name, and whether a web page may. */
const HOSTS: [host: string, isLocal: boolean][] = [
  ...['localhost', '127.0.0.1:8080', '[::1]:80', 'apig-mock', 'a.b.internal', 'Mock.Example.com:1'].map(
    (host): [string, boolean] => [host, true],
  ),
  ...['evil.example', 'EVIL.example:8080', '127.0.0.1.nip.io', 'localhost:80@evil.example', '.'].map(
    (host): [string, boolean] => [host, false],
  ),
];
const ORIGINS = [undefined, '', 'null', 'http://evil.example', 'http://localhost:8080'];
const CALLERS = HOSTS.flatMap(([host, isLocal]) =>
  ORIGINS.map((origin): [string, string | undefined, boolean] => [
    host,
    origin,
    isLocal || origin === undefined,
  ]),
);

/** Header names and values, except for what differs from response to response. */
const comparable = ({ status, rawHeaders, text }: WireResponse) => {
  const pairs: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase();
    pairs.push(name === 'date' || name === 'x-request-id' ? name : `${name}: ${rawHeaders[at + 1]}`);
  }
  return { status, headers: pairs.sort(), text };
};

describe.each([
  ['lenient', false],
  ['strict', true],
])('a %s mock', (_name, strict) => {
  let mock: RunningMock;
  const made: Record<string, string> = {};
  beforeAll(async () => {
    mock = await testMock({ strict, adminHosts: ['mock.example.com'] });
    for (const [name, scope] of [
      ['own', { project: { id: 'p1' } }],
      ['other', { project: { id: 'p2' } }],
      ['domain', { domain: { name: 'd' } }],
    ] as const) {
      const user = { name: 'u', password: 'x', domain: { name: 'd' } };
      const payload = { auth: { identity: { methods: ['password'], password: { user } }, scope } };
      const response = await (await mock.app()).inject({ method: 'POST', url: '/v3/auth/tokens', payload });
      made[name] = String(response.headers['x-subject-token']);
      // The fast path takes tokens that were verified before.
      await (await mock.app()).inject({ url: path(FIRST), headers: { 'x-auth-token': made[name] } });
    }
  });
  afterAll(() => mock.close());

  const bothWays = async (target: string, headers: Headers, method?: string) => {
    const call = { port: mock.port, target, ...(method === undefined ? {} : { method }) };
    const short = await wireCall({ ...call, headers });
    // A length, even of nothing, is unusual on a GET: the fast path leaves such requests to Fastify.
    const long = await wireCall({ ...call, headers: { ...headers, 'content-length': '0' } });
    return { short, long };
  };

  it.each(ODD)('returns the same on both paths: %s', async (_what, target, headers, method) => {
    const { short, long } = await bothWays(target, headers, method);
    expect(comparable(short)).toEqual(comparable(long));
    expect(short.status).toBeLessThan(500);
    expect(short.headers['content-type']).toBe('application/json');
    expect(short.headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
    expect(short.headers['x-request-id']).not.toBe(long.headers['x-request-id']);
  });

  it.each(CALLERS)('lets in alike both ways: host %j, origin %j: %s', async (host, origin, isLetIn) => {
    const headers = { ...token, host, ...(origin === undefined ? {} : { origin }) };
    const { short, long } = await bothWays(path(FIRST, HEX, HEX), headers);
    expect(comparable(short)).toEqual(comparable(long));
    expect([short.status, /"error_code":"(.*?)"/.exec(short.text)?.[1]]).toEqual(
      isLetIn ? [200, undefined] : [403, 'APIG.0306'],
    );
  });

  it.each(['own', 'other', 'domain'])(
    'returns the same on both paths: an issued token, scope %s',
    async (name) => {
      const { short, long } = await bothWays(path(FIRST), { 'x-auth-token': made[name] ?? '' });
      expect(comparable(short)).toEqual(comparable(long));
      expect(short.status).toBe(strict ? (name === 'own' ? 400 : 403) : name === 'own' ? 200 : 403);
    },
  );
});
