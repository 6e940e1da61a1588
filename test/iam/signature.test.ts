/** Signatures: the vectors, what verifies and what does not, and the documented texts. */
import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type SignedRequest, wireText } from '../../src/iam/canonical-request.ts';
import {
  canonicalRequest,
  formatSdkDate,
  parseAuthorization,
  parseSdkDate,
  sign,
  signRequest,
  stringToSign,
  verifySignature,
} from '../../src/iam/signature.ts';
import { vectors } from './signature-vectors.ts';

const SIGNED_AT = '20211217T064303Z';
const SIGNED_AT_MS = Date.UTC(2021, 11, 17, 6, 43, 3);
const KEY = { accessKey: 'dev-ak', secret: 'dev-sk', signedHeaders: 'host;x-sdk-date' };
const options = {
  times: [SIGNED_AT_MS],
  secretOf: (accessKey: string) => (accessKey === 'dev-ak' ? 'dev-sk' : undefined),
};

function signed(change: Partial<SignedRequest> = {}, key = KEY): SignedRequest {
  const request: SignedRequest = {
    method: 'GET',
    target: '/v2/p1/apigw/instances/i1/async-tasks/t1',
    body: new Uint8Array(),
    ...change,
    headers: { host: 'localhost:8080', 'x-sdk-date': SIGNED_AT, ...change.headers },
  };
  return { ...request, headers: { ...request.headers, authorization: signRequest(request, key) } };
}

describe('the vectors', () => {
  test.each(vectors)('$name', ({ request, secret, signedHeaders, canonicalHash, signature }) => {
    const canonical = canonicalRequest(request, signedHeaders);
    const date = String(request.headers['x-sdk-date']);
    if (canonicalHash !== undefined) {
      expect(createHash('sha256').update(canonical).digest('hex')).toBe(canonicalHash);
    }
    expect(sign(secret, stringToSign(date, canonical))).toBe(signature);
    const authorization = `SDK-HMAC-SHA256 Access=AK, SignedHeaders=${signedHeaders}, Signature=${signature}`;
    const sent = { ...request, headers: { ...request.headers, authorization } };
    const nowMs = parseSdkDate(date) ?? 0;
    expect(verifySignature(sent, { times: [nowMs], secretOf: () => secret })).toMatchObject({
      outcome: 'ok',
    });
  });
});

describe('the Authorization header', () => {
  const hex = 'a'.repeat(64);
  test.each([
    [`SDK-HMAC-SHA256 Access=AK, SignedHeaders=host;x-sdk-date, Signature=${hex}`, 'parsed'],
    [`SDK-HMAC-SHA256 Signature=${hex},SignedHeaders=host,Access=AK`, 'parsed'],
    [undefined, 'missing'],
    ['', 'missing'],
    ['Bearer abc', 'otherScheme'],
    ['SDK-HMAC-SM3 Access=AK', 'unsupported'],
    ['SDK-ECDSA-P256-SHA256 Access=AK', 'unsupported'],
    ['SDK-SM2-SM3 Access=AK', 'unsupported'],
    ['V11-HMAC-SHA256 Credential=AK', 'unsupported'],
    ['SDK-HMAC-SHA256', 'malformed'],
    [`SDK-HMAC-SHA256 Access=, SignedHeaders=host, Signature=${hex}`, 'malformed'],
    [`SDK-HMAC-SHA256 Access=AK, Signature=${hex}`, 'malformed'],
    ['SDK-HMAC-SHA256 Access=AK, SignedHeaders=host', 'malformed'],
    [`SDK-HMAC-SHA256 Access=AK, SignedHeaders=host, Signature=${'A'.repeat(64)}`, 'malformed'],
    ['SDK-HMAC-SHA256 Access=AK, SignedHeaders=host, Signature=abc', 'malformed'],
    [`SDK-HMAC-SHA256 Access=AK, SignedHeaders=Host, Signature=${hex}`, 'malformed'],
    [`SDK-HMAC-SHA256 Access=A, Access=B, SignedHeaders=host, Signature=${hex}`, 'malformed'],
  ])('%j is %s', (header, outcome) => {
    expect(parseAuthorization(header).outcome).toBe(outcome);
  });

  const fields = { accessKey: 'AK', signedHeaders: 'host;x-sdk-date', signature: hex };
  test.each([
    `SDK-HMAC-SHA256 Access=AK, SignedHeaders=host;x-sdk-date, Signature=${hex}`,
    `SDK-HMAC-SHA256   Access=AK,SignedHeaders=host;x-sdk-date,Signature=${hex}`,
    `SDK-HMAC-SHA256 Access=AK,   SignedHeaders=host;x-sdk-date,   Signature=${hex}`,
    ` SDK-HMAC-SHA256 Signature=${hex} ,\tSignedHeaders=host;x-sdk-date , Access=AK `,
    `SDK-HMAC-SHA256 Access=AK, SignedHeaders=host;x-sdk-date, Signature=${hex}, Other`,
    `SDK-HMAC-SHA256 =, Access=AK, SignedHeaders=host;x-sdk-date, Signature=${hex}`,
  ])('%j has its three fields', (header) => {
    expect(parseAuthorization(header)).toEqual({ outcome: 'parsed', ...fields });
  });

  test('a value keeps what comes after a second equals sign', () => {
    const header = `SDK-HMAC-SHA256 Signature=${hex}, SignedHeaders=host, Access=A=K`;
    expect(parseAuthorization(header)).toMatchObject({ accessKey: 'A=K' });
  });

  const start = 'SDK-HMAC-SHA256';
  test.each([
    ['  ', 'the Authorization header is missing'],
    ['Bearer abc', 'Authorization does not start with SDK-HMAC-SHA256'],
    [` ${start} Signature=${hex}`, 'Authorization lacks Access='],
    [`${start} Access, SignedHeaders=host, Signature=${hex}`, 'Authorization lacks Access='],
    [`${start} Access=AK, Signature=${hex}`, 'Authorization lacks SignedHeaders='],
    [`${start} Access=AK, SignedHeaders=host`, 'Authorization lacks Signature='],
    [`${start} Access=A, Access=B`, 'Authorization names Access twice'],
    [`${start} secret, secret`, 'Authorization names a field twice'],
    [`${start} =1, =2`, 'Authorization names a field twice'],
    [`${start} Access=A, SignedHeaders=Host, Signature=${hex}`, 'SignedHeaders= has upper-case letters'],
    ...[`${hex}0`, `0${hex}`, hex.slice(1), hex.toUpperCase()].map((signature) => [
      `${start} Access=A, SignedHeaders=host, Signature=${signature}`,
      'Signature= is not 64 lower-case hex digits',
    ]),
  ])('%j is rejected: %s', (header, reason) => {
    expect(parseAuthorization(header)).toMatchObject({ reason });
  });

  test('an algorithm the mock does not verify is named', () => {
    expect(parseAuthorization('SDK-HMAC-SM3 Access=AK')).toMatchObject({
      reason: 'the algorithm SDK-HMAC-SM3 is unsupported in mock, use SDK-HMAC-SHA256',
    });
  });
});

describe('dates', () => {
  test('are written and read', () => {
    expect(formatSdkDate(SIGNED_AT_MS + 999)).toBe(SIGNED_AT);
    expect(parseSdkDate(SIGNED_AT)).toBe(SIGNED_AT_MS);
  });

  test.each([
    '',
    '20211217',
    '20211217T064303',
    '2021-12-17T06:43:03Z',
    '20210230T000000Z',
    '20211217T246000Z',
    'x20211217T064303Z',
    '20211217T064303Zx',
    '2021',
  ])('%j is none', (text) => {
    expect(parseSdkDate(text)).toBeUndefined();
  });
});

describe('verification', () => {
  test('names the signer, from signed and unsigned headers alike', () => {
    const request = signed({ headers: { 'x-project-id': 'p1', 'x-domain-id': 'd1' } });
    expect(verifySignature(request, options)).toEqual({
      outcome: 'ok',
      accessKey: 'dev-ak',
      projectId: 'p1',
      domainId: 'd1',
    });
  });

  test('reports an unknown key in the documented words', () => {
    const request = signed({ headers: { 'x-project-id': 'p1' } }, { ...KEY, accessKey: 'other' });
    expect(verifySignature(request, options)).toMatchObject({
      outcome: 'unknownKey',
      detail: 'Get secretKey failed,ak:other,err:ak not exist',
      reason: 'the access key other is not known',
      projectId: 'p1',
    });
  });

  test('takes header values as the bytes that were sent', () => {
    const key = { ...KEY, signedHeaders: 'host;x-name;x-sdk-date' };
    const request = signed({ headers: { 'x-name': wireText('图书馆') } }, key);
    const canonical = `GET\n/v2/p1/apigw/instances/i1/async-tasks/t1/\n\nhost:localhost:8080\nx-name:图书馆\nx-sdk-date:${SIGNED_AT}\n\nhost;x-name;x-sdk-date\n${createHash('sha256').digest('hex')}`;
    const text = `SDK-HMAC-SHA256\n${SIGNED_AT}\n${createHash('sha256').update(canonical).digest('hex')}`;
    expect(request.headers['authorization']).toContain(
      `Signature=${createHmac('sha256', 'dev-sk').update(text).digest('hex')}`,
    );
    expect(verifySignature(request, options)).toMatchObject({ outcome: 'ok' });
    expect(verifySignature(request, { ...options, secretOf: () => 'other' })).toMatchObject({
      detail: `verify aksk signature fail, canonicalRequest:${canonical.replaceAll('\n', '|')}`,
      reason: 'the signature does not match; POST /__admin/sign-check compares it step by step',
    });
  });

  test('shows its canonical request on a mismatch, in the form of the captured response', () => {
    const request = signed(
      {
        method: 'DELETE',
        target: '/v2/0bcc/fgs/functions/urn:fss:cn',
        headers: { host: 'fg.example.com', 'x-project-id': '0bcc' },
        body: Buffer.from('{}'),
      },
      { ...KEY, secret: 'wrong', signedHeaders: 'host;x-project-id;x-sdk-date' },
    );
    expect(verifySignature(request, options)).toMatchObject({
      outcome: 'mismatch',
      detail:
        'verify aksk signature fail, canonicalRequest:DELETE|/v2/0bcc/fgs/functions/urn%3Afss%3Acn/||host:fg.example.com' +
        '|x-project-id:0bcc|x-sdk-date:20211217T064303Z||host;x-project-id;x-sdk-date' +
        '|44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
    });
  });

  test.each([
    [900, 'ok'],
    [900.999, 'ok'],
    [901, 'expired'],
    [-900, 'ok'],
    [-901, 'expired'],
  ])('a clock %d s later: %s', (seconds, outcome) => {
    const nowMs = SIGNED_AT_MS + seconds * 1000;
    expect(verifySignature(signed(), { ...options, times: [nowMs] }).outcome).toBe(outcome);
  });

  test('near one of several times is near enough; too far from all of them, it is held against the nearest', () => {
    const far = SIGNED_AT_MS + 5_000_000;
    expect(verifySignature(signed(), { ...options, times: [far, SIGNED_AT_MS - 900_000] }).outcome).toBe(
      'ok',
    );
    expect(verifySignature(signed(), { ...options, times: [far, SIGNED_AT_MS - 901_000, 0] })).toMatchObject({
      outcome: 'expired',
      reason: expect.stringContaining(formatSdkDate(SIGNED_AT_MS - 901_000)),
    });
  });

  test('reports both times when the clocks are too far apart', () => {
    expect(verifySignature(signed(), { ...options, times: [SIGNED_AT_MS + 901_000] })).toMatchObject({
      reason: 'X-Sdk-Date 20211217T064303Z is too far from the clock of the server, 20211217T065804Z',
    });
  });

  test('reports the age of an expired signature in the captured words', () => {
    const nowMs = Date.UTC(2021, 11, 17, 6, 58, 4);
    expect(verifySignature(signed(), { ...options, times: [nowMs] })).toMatchObject({
      detail:
        'calc aksk signature fail:signature expired, signature time:20211217T064303Z,server time:20211217T065804Z',
    });
  });

  test('a wrong signature that is also old is a mismatch', () => {
    const request = signed({}, { ...KEY, secret: 'wrong' });
    expect(verifySignature(request, { ...options, times: [0] }).outcome).toBe('mismatch');
  });

  test.each([
    [
      'the date is not signed',
      signed({}, { ...KEY, signedHeaders: 'host' }),
      'x-sdk-date is not among SignedHeaders',
    ],
    [
      'the date is broken',
      signed({ headers: { 'x-sdk-date': 'today' } }),
      'the X-Sdk-Date header is missing or not',
    ],
    ['there is no signature', { ...signed(), headers: {} }, 'the Authorization header is missing'],
  ])('is malformed when %s', (_, request, reason) => {
    expect(verifySignature(request, options)).toMatchObject({
      outcome: 'malformed',
      reason: expect.stringContaining(reason),
      detail: expect.stringContaining('verify aksk signature fail, '),
    });
  });
});

const word = fc.stringMatching(/^[A-Za-z0-9]{1,12}$/);
const requests = fc
  .record({
    method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
    path: fc.array(word, { minLength: 1, maxLength: 4 }),
    query: fc.array(fc.tuple(word, word), { minLength: 1, maxLength: 4 }),
    header: word,
    body: fc.uint8Array({ minLength: 1, maxLength: 64 }),
  })
  .map(({ method, path, query, header, body }) =>
    signed(
      {
        method,
        target: `/${path.join('/')}?${query.map((pair) => pair.join('=')).join('&')}`,
        headers: { 'x-extra': header },
        body,
      },
      { ...KEY, signedHeaders: 'host;x-extra;x-sdk-date' },
    ),
  );

/** The text with the n-th of its letters and digits (counted round) replaced by another one. */
function changeOne(text: string, n: number): string {
  const places = [...text.matchAll(/[A-Za-z0-9]/g)].map(({ index }) => index);
  const at = places[n % places.length] ?? 0;
  return `${text.slice(0, at)}${text[at] === 'x' ? 'y' : 'x'}${text.slice(at + 1)}`;
}

describe('properties', () => {
  test('what is signed verifies, whatever the bytes', () => {
    const bytes = fc.string({
      unit: fc.integer({ min: 0x21, max: 0xff }).map((code) => String.fromCharCode(code)),
    });
    fc.assert(
      fc.property(bytes, bytes, fc.uint8Array(), (target, value, body) => {
        const request = signed({ target: `/${target}`, headers: { 'x-extra': value }, body });
        expect(verifySignature(request, options).outcome).toBe('ok');
      }),
    );
  });

  test('one other character in method, path, query or a signed header, or one other bit in the body, does not', () => {
    const part = fc.constantFrom('method', 'path', 'query', 'header', 'body');
    fc.assert(
      fc.property(requests, part, fc.nat(1000), (request, changed, n) => {
        expect(verifySignature(request, options).outcome).toBe('ok');
        expect(verifySignature(tampered(request, changed, n), options).outcome).toBe('mismatch');
      }),
      { numRuns: 500 },
    );
  });
});

function tampered(request: SignedRequest, part: string, n: number): SignedRequest {
  const [path = '', query = ''] = request.target.split('?');
  const body = Uint8Array.from(request.body);
  body[n % body.length] = (body[n % body.length] ?? 0) ^ (1 << (n % 8));
  const changes: Record<string, Partial<SignedRequest>> = {
    method: { method: changeOne(request.method, n) },
    path: { target: `${changeOne(path, n)}?${query}` },
    query: { target: `${path}?${changeOne(query, n)}` },
    header: { headers: { ...request.headers, 'x-extra': changeOne(String(request.headers['x-extra']), n) } },
    body: { body },
  };
  return { ...request, ...changes[part] };
}
