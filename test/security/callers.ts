/** Who may call, rightly or wrongly: each way to bring credentials, with known secrets in all of them. */
import { formatSdkDate, signRequest } from '../../src/iam/signature.ts';
import { SECRETS } from './secrets.ts';

export const ACCESS_KEY = 'known-ak';

export interface Target {
  readonly method: string;
  readonly target: string;
  readonly body: Buffer;
}

/** The headers of a caller for one request. */
export type Caller = (of: Target) => Record<string, string>;

/** What every caller brings beside its own: nothing of it is looked at, nothing of it may be stored. */
const LUGGAGE = { 'x-security-token': SECRETS.securityToken, cookie: `session=${SECRETS.cookie}` };

const HEX64 = /[0-9a-f]{64}$/;

/** Signs as the provider's clients do; `made` takes the signature, so that it can be looked for. */
function signer(made: Set<string>, accessKey: string, secret: string, atMs: () => number): Caller {
  return ({ method, target, body }) => {
    const headers = { host: '127.0.0.1', 'x-sdk-date': formatSdkDate(atMs()) };
    const key = { accessKey, secret, signedHeaders: 'host;x-sdk-date' };
    const authorization = signRequest({ method, target, headers, body }, key);
    made.add(HEX64.exec(authorization)?.[0] ?? '');
    return { ...headers, authorization };
  };
}

/** Every way to bring credentials; `issued` is a token that the mock gave. */
export function callersOf(made: Set<string>, nowMs: () => number, issued: string): [string, Caller][] {
  const fixed =
    (headers: Record<string, string>): Caller =>
    () =>
      headers;
  const half = `SDK-HMAC-SHA256 Access=${ACCESS_KEY}, SignedHeaders=host, Signature=`;
  const callers: [string, Caller][] = [
    ['a static token', fixed({ 'x-auth-token': SECRETS.staticToken })],
    ['an issued token', fixed({ 'x-auth-token': issued })],
    ['an altered token', fixed({ 'x-auth-token': `${issued.slice(0, -1)}_` })],
    ['an unknown token', fixed({ 'x-auth-token': SECRETS.strangeToken })],
    ['a token with more behind it', fixed({ 'x-auth-token': `${SECRETS.staticToken}x` })],
    ['a bearer', fixed({ authorization: `Bearer ${SECRETS.bearer}` })],
    ['a basic login', fixed({ authorization: `Basic ${btoa(`u:${SECRETS.password}`)}` })],
    [
      'a token for another to look at',
      fixed({ 'x-auth-token': SECRETS.staticToken, 'x-subject-token': SECRETS.strangeToken }),
    ],
    ['a good signature', signer(made, ACCESS_KEY, SECRETS.secretKey, nowMs)],
    ['a signature with another secret', signer(made, ACCESS_KEY, SECRETS.strangeKey, nowMs)],
    ['a signature of an unknown key', signer(made, 'nobody', SECRETS.strangeKey, nowMs)],
    ['an old signature', signer(made, ACCESS_KEY, SECRETS.secretKey, () => nowMs() - 3_600_000)],
    [
      'a secret for a signature',
      fixed({ authorization: half + SECRETS.secretKey, 'x-sdk-date': formatSdkDate(nowMs()) }),
    ],
    [
      'a signature in pieces',
      fixed({ authorization: `SDK-HMAC-SHA256 ${SECRETS.secretKey}=1,${SECRETS.secretKey}=2` }),
    ],
    ['a secret for a date', fixed({ authorization: half + 'a'.repeat(64), 'x-sdk-date': SECRETS.secretKey })],
    ['another algorithm', fixed({ authorization: `SDK-HMAC-SM3 Access=x, Signature=${SECRETS.secretKey}` })],
    ['nothing', fixed({})],
  ];
  return callers.map(([name, caller]) => [name, (of) => ({ host: '127.0.0.1', ...LUGGAGE, ...caller(of) })]);
}

/** Every way to bring an admin token. */
export const ADMIN_CALLERS: [string, Record<string, string>][] = [
  ['the admin token', { authorization: `Bearer ${SECRETS.adminToken}` }],
  ['another', { authorization: `Bearer ${SECRETS.strangeAdmin}` }],
  ['it under another scheme', { authorization: `Basic ${SECRETS.adminToken}` }],
  ['a token of the API', { 'x-auth-token': SECRETS.staticToken }],
  ['it at a foreign name', { authorization: `Bearer ${SECRETS.adminToken}`, host: 'evil.example' }],
].map(([name, headers]) => [name as string, { ...LUGGAGE, ...(headers as Record<string, string>) }]);
