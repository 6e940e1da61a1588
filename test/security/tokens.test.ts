/** Tokens and the admin token over a socket: altered, cut, moved, late or from elsewhere, none is good; and how they are compared. */

import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settingsFrom } from '../../src/config/check.ts';
import { issueToken, readToken, type TokenClaims } from '../../src/iam/tokens.ts';
import { type RunningMock, startServer } from '../../src/mock.ts';
import { call, taskUrl, testMock } from '../support/mock.ts';
import { wireCall } from '../support/wire.ts';

const TASK_ID = 'd9ce8c9eede54b3f841ec324fe0bfdc2';
const NOW_MS = Date.UTC(2026, 0, 1);
const CLAIMS: TokenClaims = {
  ...{ userId: 'u1', userName: 'user', domainId: 'd1', domainName: 'domain' },
  ...{ project: { id: 'p1', name: 'one' }, issuedMs: NOW_MS, expiresMs: NOW_MS + 1000, nonce: 'abc' },
};

let mock: RunningMock;
beforeAll(async () => {
  mock = await testMock({ clock: 'manual', adminToken: 'the admin token' });
});
afterAll(() => mock.close());

async function login(url: string, scope: object = { project: { id: 'p1' } }): Promise<string> {
  const user = { name: 'user', password: 'any' };
  const identity = { methods: ['password'], password: { user } };
  const response = await call(`${url}/v3/auth/tokens`, { token: null, json: { auth: { identity, scope } } });
  return String(response.headers['x-subject-token']);
}
/** A poll with a token as it stands, whatever bytes it has. */
async function poll(token: string, projectId = 'p1', port = mock.port): Promise<number> {
  const { pathname } = new URL(taskUrl('http://x', TASK_ID, projectId));
  const sent = {
    port,
    target: pathname,
    headers: { 'x-auth-token': Buffer.from(token, 'latin1').toString('latin1') },
  };
  return (await wireCall(sent)).status;
}

describe('an issued token over a socket', () => {
  it('is rejected with any one byte flipped in any of its bits that a header can carry', async () => {
    const token = await login(mock.url);
    expect(await poll(token)).toBe(200);
    for (let at = 0; at < token.length; at += 1) {
      const code = token.charCodeAt(at);
      const others = [0, 1, 2, 3, 4, 5, 6, 7]
        .map((bit) => code ^ (1 << bit))
        .filter((other) => other > 0x20 && other !== 0x7f);
      const statuses = await Promise.all(
        others.map((other) => poll(token.slice(0, at) + String.fromCharCode(other) + token.slice(at + 1))),
      );
      expect([at, [...new Set(statuses)]]).toEqual([at, [401]]);
    }
    expect(await poll(token)).toBe(200);
  });

  it('is rejected cut, longer, twice, in another case and with its parts changed about', async () => {
    const token = await login(mock.url);
    const [head = '', body = '', mac = ''] = token.split('.');
    const other = (await login(mock.url, { project: { id: 'p2' } })).split('.');
    const bad = [
      ...[1, 2, 10, 43, 44].map((count) => token.slice(0, -count)),
      ...['A', '=', '.', ',', `.${mac}`, ` ${token}`].map((more) => token + more),
      ...[token.toLowerCase(), token.toUpperCase(), token.slice(5), `${head}.${mac}.${body}`],
      ...[
        `${head}.${body}.`,
        `${head}..${mac}`,
        `.${body}.${mac}`,
        `${head}.${other[1]}.${mac}`,
        `${head}.${body}.${other[2]}`,
      ],
    ];
    for (const each of bad) expect([each, await poll(each)]).toEqual([each, 401]);
  });

  it('is good in its own project alone, however the other is written', async () => {
    const token = await login(mock.url);
    expect(await poll(token, 'p1')).toBe(200);
    for (const elsewhere of ['p2', 'P1', 'p1-', '__proto__']) expect(await poll(token, elsewhere)).toBe(403);
  });

  it('is not moved by claims that are signed with anything but the secret', () => {
    const secret = 'the secret';
    const body = issueToken(secret, CLAIMS).split('.')[1] ?? '';
    const forged = Buffer.from(JSON.stringify({ ...CLAIMS, project: undefined })).toString('base64url');
    for (const key of ['', 'AMT1', body, 'dev-token', 'null', 'undefined'])
      for (const text of [`AMT1.${forged}`, forged, `AMT1.${body}`]) {
        const mac = createHmac('sha256', key).update(text).digest('base64url');
        expect(readToken(secret, `AMT1.${forged}.${mac}`, () => NOW_MS).kind).toBe('rejected');
      }
  });

  it('cannot be guessed: random ones of its form are rejected (property)', () => {
    const claims = fc.record({
      userId: fc.string(),
      userName: fc.string(),
      domainId: fc.string(),
      domainName: fc.string(),
      nonce: fc.string(),
    });
    const mac = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(claims, mac, (given, bytes) => {
        const all = { ...given, issuedMs: NOW_MS, expiresMs: NOW_MS + 1e9 };
        const body = `AMT1.${Buffer.from(JSON.stringify(all)).toString('base64url')}`;
        return (
          readToken('the secret', `${body}.${Buffer.from(bytes).toString('base64url')}`, () => NOW_MS)
            .kind === 'rejected'
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('expires by the clock of the project it polls in, and does not become valid again', async () => {
    await using own = await testMock({ clock: 'manual' });
    const token = await login(own.url);
    const day = 24 * 3600 * 1000;
    expect(await poll(token, 'p1', own.port)).toBe(200);
    await own.control.clock.advance(day, { project_id: 'p1' });
    expect(await poll(token, 'p1', own.port)).toBe(401);
    expect(await poll(token, 'p1', own.port)).toBe(401);
  });

  it('is good in no other mock, though both have the same seed', async () => {
    const settings = { port: 0, seed: 'same', clock: 'manual' as const };
    const [one, two] = [await startServer(settingsFrom(settings)), await startServer(settingsFrom(settings))];
    const token = await login(one.url);
    expect(await poll(token, 'p1', one.port)).toBe(200);
    expect(await poll(token, 'p1', two.port)).toBe(401);
    await Promise.all([one.close(), two.close()]);
  });

  it('is not signed with a secret that is empty: no setting may be', () => {
    for (const name of ['tokenSecret', 'adminToken'] as const)
      expect(() => settingsFrom({ [name]: '' })).toThrow();
    for (const name of ['tokens', 'accessKeys'] as const)
      expect(() => settingsFrom({ [name]: [''] })).toThrow();
  });
});

describe('the admin token over a socket', () => {
  const ask = async (authorization: string): Promise<number> =>
    (await wireCall({ port: mock.port, target: '/__admin/tasks', headers: { authorization } })).status;

  it('is rejected with any one byte changed, cut, or longer', async () => {
    const good = 'the admin token';
    expect(await ask(`Bearer ${good}`)).toBe(200);
    for (let at = 0; at < good.length; at += 1) {
      for (let bit = 0; bit < 7; bit += 1) {
        const code = good.charCodeAt(at) ^ (1 << bit);
        if (code <= 0x20 || code === 0x7f) continue;
        expect(
          await ask(`Bearer ${good.slice(0, at)}${String.fromCharCode(code)}${good.slice(at + 1)}`),
        ).toBe(401);
      }
      expect(await ask(`Bearer ${good.slice(0, at)}`)).toBe(401);
    }
    for (const more of ['x', ', Bearer x', ` ${good}`]) expect(await ask(`Bearer ${good}${more}`)).toBe(401);
  });
});

const ROOT = fileURLToPath(new URL('../../src', import.meta.url));
const sources = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.startsWith('page/'))
  .map((name) => ({ name, text: readFileSync(join(ROOT, name), 'utf8') }));

/** Comparisons of something with the name of a secret, with anything but "is it there". */
const comparisons = (text: string): string[] => {
  const word = String.raw`[\w.?!]*(?:[sS]ecret|[sS]ignature|[pP]assword|[aA]dminToken|\bmac|\btoken)\b[\w.?!()]*`;
  const other = String.raw`(?!undefined|null|''|"")[\w.'"(]+`;
  const found = new RegExp(
    String.raw`(?:${word}\s*[!=]==?\s*${other}|(?!undefined|null|'')[\w.'")]+\s*[!=]==?\s*${word}(?!\())`,
    'g',
  );
  return text.match(found) ?? [];
};

/** Comparisons that reveal nothing: of a type, of a mark, of the spelling after the bytes were compared, of a caller's own signature. */
const HARMLESS: Readonly<Record<string, readonly string[]>> = {
  'gateway/openapi/spelled.ts': ['number) === token', "token) === 'object'", "token === '\"'"],
  'http/admit.ts': ["token === 'string'", "token !== ''", "token === ''"],
  'iam/operations.ts': ["token !== 'string'"],
  'iam/signature-explain.ts': [')))) === parsed.signature', '))) === parsed.signature'],
  'iam/tokens.ts': ['mac.length === expected.length', "'base64url') === token.slice(dot"],
  'admin/overview.ts': ['secret !== true'],
  'http/fast-path.ts': ['token === SIGNED'],
};

describe('secrets are compared', () => {
  it('in constant time, wherever a thing has the name of one', () => {
    const plain = sources.flatMap(({ name, text }) =>
      comparisons(text)
        .filter((found) => !HARMLESS[name]?.includes(found))
        .map((found) => `${name}: ${found}`),
    );
    expect(plain).toEqual([]);
  });

  it('by these three places, and no other', () => {
    const users = sources.filter(({ text }) => /\btimingSafeEqual\(/.test(text)).map(({ name }) => name);
    expect(users.sort()).toEqual(['iam/credentials.ts', 'iam/signature.ts', 'iam/tokens.ts']);
    expect(
      sources
        .filter(({ text }) => /\bsameSecret\(/.test(text))
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['admin/guard.ts', 'iam/credentials.ts']);
  });

  it.each([
    'if (given === secret) x',
    'return adminToken !== given',
    'a.signature === b.signature',
    'token == expected',
  ])('or the rule finds it: %s', (text) => {
    expect(comparisons(text)).toHaveLength(1);
  });
});
