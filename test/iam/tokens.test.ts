/** Self-contained tokens: what is good, and that nothing else is. */
import { beforeEach, describe, expect, it } from 'vitest';
import { CredentialStore } from '../../src/iam/credentials.ts';
import { issueToken, readToken, type TokenClaims } from '../../src/iam/tokens.ts';

const NOW_MS = Date.UTC(2026, 0, 1);
const SECRET = 'one secret';
const CLAIMS: TokenClaims = {
  userId: 'u1',
  userName: '用户',
  domainId: 'd1',
  domainName: 'domain',
  project: { id: 'p1', name: 'cn-north-7' },
  issuedMs: NOW_MS,
  expiresMs: NOW_MS + 1000,
  nonce: 'abc',
};
const TOKEN = issueToken(SECRET, CLAIMS);

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ ';

describe('a token', () => {
  it('is read back as it was issued', () => {
    expect(readToken(SECRET, TOKEN, () => NOW_MS)).toEqual({ kind: 'ok', claims: CLAIMS });
    expect(TOKEN).toMatch(/^AMT1\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}$/);
  });

  it('is good until the ms at which it expires, and then no more', () => {
    expect(readToken(SECRET, TOKEN, () => NOW_MS + 999).kind).toBe('ok');
    expect(readToken(SECRET, TOKEN, () => NOW_MS + 1000)).toEqual({
      kind: 'rejected',
      reason: 'the token expired at 2026-01-01T00:00:01.000Z',
    });
  });

  it('with any one character changed, at any place, to any other, is rejected', () => {
    for (let at = 0; at < TOKEN.length; at += 1) {
      for (const character of ALPHABET) {
        if (character === TOKEN[at]) continue;
        const altered = TOKEN.slice(0, at) + character + TOKEN.slice(at + 1);
        if (readToken(SECRET, altered, () => NOW_MS).kind === 'ok')
          expect.fail(`good with '${character}' at ${at}`);
      }
    }
  });

  it('cut, or with something put in, at any place, is rejected', () => {
    for (let at = 0; at < TOKEN.length; at += 1) {
      expect(readToken(SECRET, TOKEN.slice(0, at), () => NOW_MS).kind).toBe('rejected');
      for (const more of ['A', '.', '='])
        expect(readToken(SECRET, TOKEN.slice(0, at) + more + TOKEN.slice(at), () => NOW_MS).kind).toBe(
          'rejected',
        );
    }
    for (const more of ['A', '=', '.', ' '])
      expect(readToken(SECRET, TOKEN + more, () => NOW_MS).kind).toBe('rejected');
  });

  it.each(['', 'other secret', 'one secre', 'one secret '])("of the secret '%s' is another's", (secret) => {
    expect(readToken(secret, TOKEN, () => NOW_MS)).toEqual({
      kind: 'rejected',
      reason: expect.stringContaining('--token-secret'),
    });
  });

  it.each(['', 'AMT1', 'AMT1.', 'AMT1..', 'AMT1...', `AMT1.${'x'.repeat(9000)}`, 'nonsense', 'AMT2.a.b'])(
    "that is none is rejected: '%s'",
    (text) => {
      expect(readToken(SECRET, text, () => NOW_MS).kind).toBe('rejected');
    },
  );
});

describe('the credentials', () => {
  const options = {
    tokens: ['static', 'second'],
    accessKeys: ['ak:sk:with:colons'],
    tokenSecret: SECRET,
    readOnlyUsers: ['reader'],
    nowMs: () => nowMs,
  };
  let nowMs = NOW_MS;
  beforeEach(() => {
    nowMs = NOW_MS;
  });

  it('take the static tokens at any time, for every project', () => {
    const store = new CredentialStore(options);
    expect(store.firstToken).toBe('static');
    nowMs = NOW_MS * 100;
    for (const token of options.tokens)
      expect(store.identify(token)).toMatchObject({
        kind: 'static-token',
        projectId: undefined,
        readOnly: false,
      });
    expect(store.identify('third')).toBeUndefined();
    for (const name of ['__proto__', 'constructor', '']) expect(store.verify(name).kind).toBe('rejected');
  });

  it('take a token that another process with the same secret issued, and no other', () => {
    const token = new CredentialStore(options).issue(CLAIMS);
    expect(new CredentialStore(options).verify(token)).toMatchObject({
      kind: 'ok',
      identity: { kind: 'token', projectId: 'p1', userName: '用户', domainScoped: false, readOnly: false },
    });
    expect(new CredentialStore({ ...options, tokenSecret: 'other' }).verify(token).kind).toBe('rejected');
  });

  it('remember a verified token, and still reject it once it has expired', () => {
    const store = new CredentialStore(options);
    const token = store.issue(CLAIMS);
    expect(store.identify(token)).toBeUndefined();
    expect(store.verify(token).kind).toBe('ok');
    nowMs = NOW_MS + 999;
    expect(store.identify(token)?.projectId).toBe('p1');
    nowMs = NOW_MS + 1000;
    expect(store.identify(token)).toBeUndefined();
    expect(store.verify(token)).toMatchObject({
      kind: 'rejected',
      reason: expect.stringContaining('expired'),
    });
  });

  it('remember a bounded number, the rest are verified again', () => {
    const store = new CredentialStore(options);
    const tokens = Array.from({ length: 5000 }, (_, at) => store.issue({ ...CLAIMS, nonce: `${at}` }));
    for (const token of tokens) store.verify(token);
    const known = tokens.filter((token) => store.identify(token) !== undefined);
    expect(known.length).toBeLessThan(5000);
    expect(known.at(-1)).toBe(tokens.at(-1));
    expect(tokens.every((token) => store.verify(token).kind === 'ok')).toBe(true);
  });

  it('know who may only read, and who has no project', () => {
    const store = new CredentialStore(options);
    const { project: _project, ...domain } = CLAIMS;
    expect(store.verify(store.issue({ ...CLAIMS, userName: 'reader' }))).toMatchObject({
      identity: { readOnly: true },
    });
    expect(store.verify(store.issue(domain))).toMatchObject({
      identity: { domainScoped: true, projectId: undefined },
    });
  });

  it('keep colons in the secret of an access key', () => {
    const store = new CredentialStore(options);
    expect([store.secretOf('ak'), store.secretOf('sk')]).toEqual(['sk:with:colons', undefined]);
  });
});
