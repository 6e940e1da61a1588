/**
 * Verifies requests signed with an access key: reads `Authorization`, recomputes the signature, and returns the
 * outcome, with the texts the provider documents for each failure. Pure: the time comes in.
 * Sources: the signing guide (devg-apisign), APIG FAQ apig-faq-0003 and captured responses, read 2026-11.
 */
import { timingSafeEqual } from 'node:crypto';
import {
  ALGORITHM,
  canonicalRequest,
  headerValue,
  type SignedRequest,
  sign,
  signatureBytes,
  stringToSign,
} from './canonical-request.ts';

export { canonicalRequest, type SignedRequest, sign, stringToSign } from './canonical-request.ts';

/** How far `X-Sdk-Date` may be from the server's clock, either way. */
export const MAX_SKEW_MS = 15 * 60 * 1000;

const OTHER_ALGORITHMS: ReadonlySet<string> = new Set([
  'SDK-HMAC-SM3',
  'SDK-ECDSA-P256-SHA256',
  'SDK-SM2-SM3',
  'V11-HMAC-SHA256',
]);

/** The parsed header `Authorization: SDK-HMAC-SHA256 …`. */
export interface Authorization {
  accessKey: string;
  /** Lower-case names joined by `;`, in the order sent. */
  signedHeaders: string;
  /** 64 lower-case hex digits. */
  signature: string;
}

/**
 * The header read, or why it could not be: `missing` (no header), `otherScheme` (not a signature at all, such
 * as `Bearer`), `unsupported` (a real algorithm the mock does not verify), `malformed`.
 */
export type ParsedAuthorization =
  | ({ outcome: 'parsed' } & Authorization)
  | { outcome: 'missing' | 'otherScheme' | 'unsupported' | 'malformed'; reason: string };

/** What clients send, read ten times faster than field by field. */
const USUAL_FORM = /^SDK-HMAC-SHA256 +Access=([^,\s]+), *SignedHeaders=([^,\s]+), *Signature=([0-9a-f]{64})$/;

/** Reads an `Authorization` header. The three fields may come in any order. */
export function parseAuthorization(header: string | undefined): ParsedAuthorization {
  if (header === undefined || header.trim() === '') {
    return { outcome: 'missing', reason: 'the Authorization header is missing' };
  }
  const usual = USUAL_FORM.exec(header);
  if (usual !== null) {
    const [, accessKey = '', signedHeaders = '', signature = ''] = usual;
    return checkFields({ accessKey, signedHeaders, signature });
  }
  const [scheme = '', ...rest] = header.trim().split(/\s+/);
  if (OTHER_ALGORITHMS.has(scheme)) {
    return {
      outcome: 'unsupported',
      reason: `the algorithm ${scheme} is unsupported in mock, use ${ALGORITHM}`,
    };
  }
  if (scheme !== ALGORITHM) {
    return { outcome: 'otherScheme', reason: `Authorization does not start with ${ALGORITHM}` };
  }
  return parseFields(rest.join(''));
}

function malformed(reason: string): ParsedAuthorization {
  return { outcome: 'malformed', reason };
}

const FIELDS: readonly string[] = ['Access', 'SignedHeaders', 'Signature'];

function parseFields(text: string): ParsedAuthorization {
  const fields = new Map<string, string>();
  for (const field of text.split(',')) {
    const at = field.indexOf('=');
    const name = at < 0 ? field : field.slice(0, at);
    // A name that is none of the three may be a piece of a secret: it is not repeated.
    if (fields.has(name)) {
      return malformed(`Authorization names ${FIELDS.includes(name) ? name : 'a field'} twice`);
    }
    fields.set(name, at < 0 ? '' : field.slice(at + 1));
  }
  const accessKey = fields.get('Access');
  const signedHeaders = fields.get('SignedHeaders');
  const signature = fields.get('Signature');
  if (!accessKey) return malformed('Authorization lacks Access=');
  if (!signedHeaders) return malformed('Authorization lacks SignedHeaders=');
  if (!signature) return malformed('Authorization lacks Signature=');
  return checkFields({ accessKey, signedHeaders, signature });
}

function checkFields(fields: Authorization): ParsedAuthorization {
  if (!/^[0-9a-f]{64}$/.test(fields.signature))
    return malformed('Signature= is not 64 lower-case hex digits');
  if (fields.signedHeaders !== fields.signedHeaders.toLowerCase()) {
    return malformed('SignedHeaders= has upper-case letters');
  }
  return { outcome: 'parsed', ...fields };
}

/** A time as `X-Sdk-Date` has it: UTC, whole seconds, `20211217T064303Z`. */
export function formatSdkDate(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}

const SDK_DATE = /^\d{8}T\d{6}Z$/;

/** Milliseconds since 1970 of an `X-Sdk-Date`; undefined when it is no such date (30 February included). */
export function parseSdkDate(text: string): number | undefined {
  if (!SDK_DATE.test(text)) return undefined;
  const day = `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}`;
  const ms = Date.parse(`${day}T${text.slice(9, 11)}:${text.slice(11, 13)}:${text.slice(13)}`);
  // A day that its month does not have, and hour 24, become a later day.
  return new Date(ms).getUTCDate() === Number(text.slice(6, 8)) ? ms : undefined;
}

/** Who signed, as far as the request shows. The two ids need not be signed: some clients add them afterwards. */
export interface Signer {
  accessKey: string;
  projectId: string | undefined;
  domainId: string | undefined;
}

/** How a verification fails: `detail` is what `errors.signatureInvalid` takes, `reason` is for a person. */
export interface Failure {
  detail: string;
  reason: string;
}

/** How a verification ends. */
export type Verification =
  | ({ outcome: 'ok' } & Signer)
  | ({ outcome: 'unknownKey' | 'expired' } & Signer & Failure)
  | ({ outcome: 'mismatch'; canonicalRequest: string } & Signer & Failure)
  | ({ outcome: 'malformed' } & Failure);

/** What a verification needs to know beside the request. */
export interface VerifyOptions {
  /** The secret of an access key; undefined for an unknown one. */
  secretOf(accessKey: string): string | undefined;
  /** The times it may go by, in ms, at least one: near one of them is near enough. */
  times: readonly number[];
  /** Default: {@link MAX_SKEW_MS}. */
  maxSkewMs?: number;
}

/** Verifies the signature of a request, then its age. Compares in constant time. */
export function verifySignature(request: SignedRequest, options: VerifyOptions): Verification {
  const parsed = parseAuthorization(headerValue(request.headers, 'authorization'));
  if (parsed.outcome !== 'parsed') return malformedRequest(parsed.reason);
  const sdkDate = headerValue(request.headers, 'x-sdk-date') ?? '';
  const signedAtMs = parseSdkDate(sdkDate);
  if (signedAtMs === undefined) {
    return malformedRequest('the X-Sdk-Date header is missing or not of the form YYYYMMDDTHHMMSSZ');
  }
  if (!SIGNS_DATE.test(parsed.signedHeaders))
    return malformedRequest('x-sdk-date is not among SignedHeaders');

  const signer = signerOf(request, parsed.accessKey);
  const secret = options.secretOf(parsed.accessKey);
  if (secret === undefined) return { outcome: 'unknownKey', ...unknownKey(parsed.accessKey), ...signer };
  const canonical = canonicalRequest(request, parsed.signedHeaders);
  const expected = signatureBytes(secret, stringToSign(sdkDate, canonical));
  if (!timingSafeEqual(expected, Buffer.from(parsed.signature, 'hex'))) {
    return { outcome: 'mismatch', canonicalRequest: canonical, ...mismatch(canonical), ...signer };
  }
  const nowMs = nearestTime(signedAtMs, options.times);
  if (isOutsideSkew(signedAtMs, nowMs, options.maxSkewMs)) {
    return { outcome: 'expired', ...expired(sdkDate, nowMs), ...signer };
  }
  return { outcome: 'ok', ...signer };
}

const SIGNS_DATE = /(?:^|;)x-sdk-date(?:;|$)/;

function signerOf(request: SignedRequest, accessKey: string): Signer {
  return {
    accessKey,
    projectId: headerValue(request.headers, 'x-project-id'),
    domainId: headerValue(request.headers, 'x-domain-id'),
  };
}

/** The one of several times that a signature is held against. */
export const nearestTime = (signedAtMs: number, times: readonly number[]): number =>
  times.reduce((best, ms) => (Math.abs(ms - signedAtMs) < Math.abs(best - signedAtMs) ? ms : best));

/** Whether two times are further apart than allowed, in the whole seconds of `X-Sdk-Date`. */
export function isOutsideSkew(signedAtMs: number, nowMs: number, maxSkewMs = MAX_SKEW_MS): boolean {
  const nowAtSecondMs = Math.floor(nowMs / 1000) * 1000;
  return Math.abs(nowAtSecondMs - signedAtMs) > maxSkewMs;
}

/** The provider documents no text for these; its opening words are reused. */
function malformedRequest(reason: string): Verification {
  return { outcome: 'malformed', detail: `verify aksk signature fail, ${reason}`, reason };
}

function unknownKey(accessKey: string): Failure {
  return {
    detail: `Get secretKey failed,ak:${accessKey},err:ak not exist`,
    reason: `the access key ${accessKey} is not known`,
  };
}

function mismatch(canonical: string): Failure {
  const text = Buffer.from(canonical, 'latin1').toString('utf8').replaceAll('\n', '|');
  return {
    detail: `verify aksk signature fail, canonicalRequest:${text}`,
    reason: 'the signature does not match; POST /__admin/sign-check compares it step by step',
  };
}

function expired(sdkDate: string, nowMs: number): Failure {
  const serverDate = formatSdkDate(nowMs);
  return {
    detail: `calc aksk signature fail:signature expired, signature time:${sdkDate},server time:${serverDate}`,
    reason: `X-Sdk-Date ${sdkDate} is too far from the clock of the server, ${serverDate}`,
  };
}

/** Signs a request: the value for its `Authorization` header. `x-sdk-date` must be there and among the names. */
export function signRequest(
  request: SignedRequest,
  key: { accessKey: string; secret: string; signedHeaders: string },
): string {
  const sdkDate = headerValue(request.headers, 'x-sdk-date') ?? '';
  const signature = sign(key.secret, stringToSign(sdkDate, canonicalRequest(request, key.signedHeaders)));
  return `${ALGORITHM} Access=${key.accessKey}, SignedHeaders=${key.signedHeaders}, Signature=${signature}`;
}
