/** The sign check: every known mistake of a client is named, with and without the client's canonical request. */
import { describe, expect, test } from 'vitest';
import { canonicalRequest, type SignedRequest } from '../../src/iam/canonical-request.ts';
import { signRequest, stringToSign } from '../../src/iam/signature.ts';
import { explainSignature, type SignCheck } from '../../src/iam/signature-explain.ts';

const DATE = '20240102T030405Z';
const NOW_MS = Date.UTC(2024, 0, 2, 3, 4, 5);
const KEY = { accessKey: 'dev-ak', secret: 'dev-sk', signedHeaders: 'content-type;host;x-sdk-date' };
const options = {
  times: [NOW_MS],
  secretOf: (accessKey: string) => (accessKey === 'dev-ak' ? 'dev-sk' : undefined),
};

interface Sent {
  method: string;
  target: string;
  headers: Record<string, string>;
  body: string;
}

const poll: Sent = {
  method: 'GET',
  target: '/v2/p1/async-tasks/t1?limit=1',
  headers: { 'content-type': 'application/json', host: 'localhost:8080', 'x-sdk-date': DATE },
  body: '',
};

/** A check of `sent`, carrying the signature and the texts of `signedAs`. */
function checkOf(sent: Sent, signedAs: SignedRequest, withTexts: boolean, key = KEY): SignCheck {
  const canonical = canonicalRequest(signedAs, key.signedHeaders);
  const authorization = signRequest(signedAs, key);
  return {
    ...sent,
    headers: { ...sent.headers, Authorization: authorization },
    ...(withTexts && { canonical_request: canonical, string_to_sign: stringToSign(DATE, canonical) }),
  };
}

function asSigned(sent: Sent, change: Partial<Sent> = {}): SignedRequest {
  const merged = { ...sent, ...change, headers: { ...sent.headers, ...change.headers } };
  return { ...merged, body: Buffer.from(merged.body) };
}

type Mistake = [name: string, sent: Partial<Sent>, signed: Partial<Sent>, step: string, hint: string];

const json = { method: 'POST', body: '{"a": 1, "b": [1, 2]}' };
const mistakes: Mistake[] = [
  ['an endpoint with a trailing slash', {}, { target: `/${poll.target}` }, 'canonical_uri', 'trailing slash'],
  [
    'a path encoded twice',
    { target: '/urn%3Aa' },
    { target: '/urn%253Aa' },
    'canonical_uri',
    'encoded twice',
  ],
  ['a query left out', {}, { target: '/v2/p1/async-tasks/t1' }, 'canonical_query', 'left out'],
  [
    'a + that means a space',
    { target: '/a?b=c+d' },
    { target: '/a?b=c%2Bd' },
    'canonical_query',
    'means a space',
  ],
  ['{} signed on a GET', {}, { body: '{}' }, 'payload_hash', 'the body {} was signed'],
  ['{} sent on a GET', { body: '{}' }, { body: '' }, 'payload_hash', 'an empty body was signed'],
  ['JSON serialised again', json, { body: '{"a":1,"b":[1,2]}' }, 'payload_hash', 'serialised again'],
  [
    'JSON as Python spaces it',
    { ...json, body: '{"a":1,"b":[1,2]}' },
    json,
    'payload_hash',
    'serialised again',
  ],
  ['a newline after JSON', json, { body: `${json.body}\n` }, 'payload_hash', 'serialised again'],
  [
    'a payload declared unsigned only to the signer',
    { ...json },
    { headers: { 'x-sdk-content-sha256': 'UNSIGNED-PAYLOAD' } },
    'payload_hash',
    'UNSIGNED-PAYLOAD was signed',
  ],
  [
    'a host without its port',
    {},
    { headers: { host: 'localhost' } },
    'canonical_headers',
    'without its port',
  ],
  [
    'a charset added on the way',
    { headers: { 'content-type': 'application/json;charset=utf-8' } },
    { headers: { 'content-type': 'application/json' } },
    'canonical_headers',
    'without its charset',
  ],
];

describe('known mistakes', () => {
  test.each(mistakes)('%s', (_, sentChange, signedChange, step, hint) => {
    const sent = { ...poll, ...sentChange, headers: { ...poll.headers, ...sentChange.headers } };
    const signedAs = asSigned(sent, signedChange);

    const withTexts = explainSignature(checkOf(sent, signedAs, true), options);
    expect(withTexts).toMatchObject({ ok: false, first_difference: step });
    expect(withTexts.hint).toContain(hint);

    const signatureOnly = explainSignature(checkOf(sent, signedAs, false), options);
    expect(signatureOnly).toMatchObject({ ok: false, first_difference: 'signature' });
    expect(signatureOnly.hint).toContain(hint);
  });

  test.each<Mistake>([
    [
      'a mapped port',
      {},
      { headers: { host: 'mock:80' } },
      'canonical_headers',
      'signed as mock:80 but arrived as loc',
    ],
    [
      'a rewritten header',
      {},
      { headers: { 'content-type': 'x/y' } },
      'canonical_headers',
      'signed as "x/y"',
    ],
    ['a base path', {}, { target: `/base${poll.target}` }, 'canonical_uri', 'a base path in the endpoint'],
    ['another path', {}, { target: '/other?limit=1' }, 'canonical_uri', 'the paths differ'],
    [
      'another query',
      {},
      { target: '/v2/p1/async-tasks/t1?limit=2' },
      'canonical_query',
      'the queries differ',
    ],
    ['another method', {}, { method: 'POST' }, 'method', 'POST was signed but GET arrived'],
    ['another body', json, { body: 'x' }, 'payload_hash', 'hash the raw bytes'],
    [
      'a path with its placeholder',
      { target: '/v2/%7Bproject_id%7D/a' },
      { target: '/v2//a' },
      'canonical_uri',
      'give the client its project id',
    ],
  ])('%s, seen in the canonical request', (_, sentChange, signedChange, step, hint) => {
    const sent = { ...poll, ...sentChange };
    const report = explainSignature(checkOf(sent, asSigned(sent, signedChange), true), options);
    expect(report).toMatchObject({ ok: false, first_difference: step });
    expect(report.hint).toContain(hint);
  });
});

describe('the report', () => {
  const canonical = canonicalRequest(asSigned(poll), KEY.signedHeaders);

  test('of a good signature is ok at every step', () => {
    const report = explainSignature(checkOf(poll, asSigned(poll), true), options);
    expect(report).toMatchObject({ ok: true, hint: 'the signature verifies' });
    expect(report.steps.map(({ name }) => name)).toEqual([
      'authorization',
      'x_sdk_date',
      'access_key',
      'method',
      'canonical_uri',
      'canonical_query',
      'canonical_headers',
      'signed_headers',
      'payload_hash',
      'string_to_sign',
      'signature',
      'age',
    ]);
    expect(report.steps.every(({ equal }) => equal)).toBe(true);
    expect(JSON.stringify(report)).not.toContain('dev-sk');
  });

  test('takes the canonical request as the 401 text writes it, and the body in base64', () => {
    const sent = { ...poll, method: 'POST', body: 'é' };
    const { body: _, ...check } = checkOf(sent, asSigned(sent), true);
    const report = explainSignature(
      {
        ...check,
        body_base64: Buffer.from('é').toString('base64'),
        canonical_request: check.canonical_request?.replaceAll('\n', '|'),
      },
      options,
    );
    expect(report.ok).toBe(true);
  });

  test.each<[string, Partial<SignCheck>, string, string]>([
    ['no signature', { headers: {} }, 'authorization', 'the Authorization header is missing'],
    [
      'an unsupported algorithm',
      { headers: { authorization: 'SDK-SM2-SM3 x' } },
      'authorization',
      'unsupported in mock',
    ],
    [
      'a canonical request without its empty line',
      { canonical_request: canonical.replace(/\n\n(?=content-type;)/, '\n') },
      'canonical_headers',
      'end with a newline',
    ],
    [
      'other signed names',
      { canonical_request: canonical.replace('type;host', 'type;hosts') },
      'signed_headers',
      'not those',
    ],
    ['a string to sign of two lines', { string_to_sign: 'a\nb' }, 'string_to_sign', 'three lines'],
    ['another first line', { string_to_sign: `A\n${DATE}\nx` }, 'string_to_sign', 'the first line'],
    ['another date', { string_to_sign: 'SDK-HMAC-SHA256\nx\nx' }, 'string_to_sign', 'the date in the string'],
    [
      'another hash',
      { string_to_sign: `SDK-HMAC-SHA256\n${DATE}\nx` },
      'string_to_sign',
      'add canonical_request',
    ],
  ])('of %s', (_, change, step, hint) => {
    const report = explainSignature({ ...checkOf(poll, asSigned(poll), false), ...change }, options);
    expect(report.first_difference).toBe(step);
    expect(report.hint).toContain(hint);
  });

  test.each([
    [
      'a date that is not signed',
      { ...KEY, signedHeaders: 'host' },
      NOW_MS,
      'x_sdk_date',
      'among SignedHeaders',
    ],
    ['an unknown key', { ...KEY, accessKey: 'other' }, NOW_MS, 'access_key', '--access-key'],
    ['a wrong secret', { ...KEY, secret: 'wrong' }, NOW_MS, 'signature', 'the key differs'],
    ['an old request', KEY, NOW_MS + 901_000, 'age', 'more than 15 minutes'],
  ])('of %s', (_, key, nowMs, step, hint) => {
    const report = explainSignature(checkOf(poll, asSigned(poll), true, key), { ...options, times: [nowMs] });
    expect(report.first_difference).toBe(step);
    expect(report.hint).toContain(hint);
  });

  test('of a wrong secret with nothing to compare asks for more', () => {
    const report = explainSignature(checkOf(poll, asSigned(poll), false, { ...KEY, secret: 'x' }), options);
    expect(report.hint).toContain('check the secret');
  });
});
