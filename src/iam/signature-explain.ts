/**
 * Explains a signature that does not verify, step by step, for `POST /__admin/sign-check`: what the server
 * computes beside what the client reports, the first difference, and the likely cause. Pure.
 */
import {
  ALGORITHM,
  type CanonicalParts,
  canonicalParts,
  headerValue,
  joinCanonical,
  type RequestHeaders,
  type SignedRequest,
  sign,
  stringToSign,
  wireText,
} from './canonical-request.ts';
import {
  type Authorization,
  formatSdkDate,
  isOutsideSkew,
  nearestTime,
  parseAuthorization,
  parseSdkDate,
  type VerifyOptions,
} from './signature.ts';
import {
  hasPlaceholder,
  type PartName,
  type Trap,
  trapsOf,
  UNFILLED_TEMPLATE,
  usualCause,
} from './signature-traps.ts';

/** The body of `POST /__admin/sign-check`: a request as the client believes it signed and sent it. */
export interface SignCheck {
  method: string;
  /** Path and query. */
  target: string;
  /** Names in any case; `authorization` and `x-sdk-date` among them. */
  headers: RequestHeaders;
  /** The body as text, or its bytes in base64; neither means no body. */
  body?: string | undefined;
  body_base64?: string | undefined;
  /** The client's own canonical request, with line ends or with `|` for them as in the 401 text. */
  canonical_request?: string | undefined;
  /** The client's own string to sign. */
  string_to_sign?: string | undefined;
}

/** One step: the server's value, the client's if known, and whether they agree. */
export interface SignStep {
  name: string;
  ours: string;
  theirs?: string;
  equal?: boolean;
}

/** The response of `POST /__admin/sign-check`. No secret is in it. */
export interface SignReport {
  ok: boolean;
  /** Name of the first step that differs, when one does. */
  first_difference?: string;
  /** What to do, in words. */
  hint: string;
  steps: SignStep[];
}

const PARTS: readonly (readonly [name: string, part: PartName])[] = [
  ['method', 'method'],
  ['canonical_uri', 'uri'],
  ['canonical_query', 'query'],
  ['canonical_headers', 'headers'],
  ['signed_headers', 'signedHeaders'],
  ['payload_hash', 'payloadHash'],
];

/** Computes every step of a signature and compares it with what the client sent and reports. */
export function explainSignature(check: SignCheck, options: VerifyOptions): SignReport {
  const request = requestOf(check);
  const header = headerValue(request.headers, 'authorization');
  const parsed = parseAuthorization(header);
  const form = step('authorization', `${ALGORITHM} Access=…, SignedHeaders=…, Signature=…`, header ?? '');
  if (parsed.outcome !== 'parsed') return report([{ ...form, equal: false }], () => parsed.reason);

  const secret = options.secretOf(parsed.accessKey);
  const parts = canonicalParts(request, parsed.signedHeaders);
  const theirs = readCanonical(check.canonical_request);
  const date = headerValue(request.headers, 'x-sdk-date') ?? '';
  const text = stringToSign(date, joinCanonical(parts));
  const steps: SignStep[] = [
    { ...form, equal: true },
    dateSignedStep(parsed, date),
    accessKeyStep(parsed.accessKey, secret),
    ...PARTS.map(([name, part]) => step(name, shown(parts[part]), theirs && shown(theirs[part]))),
    step('string_to_sign', text, check.string_to_sign?.replaceAll('\r\n', '\n')),
    secret === undefined
      ? { name: 'signature', ours: '' }
      : step('signature', sign(secret, text), parsed.signature),
    ageStep(date, options),
  ];
  return report(steps, (name) => hintFor({ name, check, request, parsed, parts, theirs, date, secret }));
}

function accessKeyStep(accessKey: string, secret: string | undefined): SignStep {
  const isKnown = secret !== undefined;
  return { name: 'access_key', ours: isKnown ? 'known' : 'unknown', theirs: accessKey, equal: isKnown };
}

/** The request with lower-case header names, as the wire would carry it. */
function requestOf(check: SignCheck): SignedRequest {
  const headers: Record<string, string | string[] | undefined> = Object.create(null);
  for (const [name, value] of Object.entries(check.headers)) {
    headers[name.toLowerCase()] = Array.isArray(value) ? value.map(wireText) : value && wireText(value);
  }
  const body =
    check.body_base64 === undefined
      ? Buffer.from(check.body ?? '', 'utf8')
      : Buffer.from(check.body_base64, 'base64');
  return { method: check.method, target: wireText(check.target), headers, body };
}

/** Takes a canonical request apart again; undefined when there is none or it has not the form of one. */
function readCanonical(text: string | undefined): CanonicalParts | undefined {
  if (text === undefined) return undefined;
  const lines = wireText(
    text.includes('\n') ? text.replaceAll('\r\n', '\n') : text.replaceAll('|', '\n'),
  ).split('\n');
  const [method, uri, query] = lines;
  const [signedHeaders, payloadHash] = lines.slice(-2);
  if (lines.length < 6 || method === undefined || uri === undefined || query === undefined) return undefined;
  if (signedHeaders === undefined || payloadHash === undefined) return undefined;
  const headers = lines.slice(3, -2).join('\n');
  return { method, uri, query, headers, signedHeaders, payloadHash };
}

function step(name: string, ours: string, theirs: string | undefined): SignStep {
  return theirs === undefined ? { name, ours } : { name, ours, theirs, equal: ours === theirs };
}

/** Wire text as a person reads it. */
function shown(text: string): string {
  return Buffer.from(text, 'latin1').toString('utf8');
}

function dateSignedStep(parsed: Authorization, date: string): SignStep {
  const isSigned = parsed.signedHeaders.split(';').includes('x-sdk-date');
  const equal = isSigned && parseSdkDate(date) !== undefined;
  return {
    name: 'x_sdk_date',
    ours: 'YYYYMMDDTHHMMSSZ, signed',
    theirs: `${date || 'missing'}${isSigned ? ', signed' : ', not signed'}`,
    equal,
  };
}

function ageStep(date: string, options: VerifyOptions): SignStep {
  const signedAtMs = parseSdkDate(date);
  const name = 'age';
  const nowMs = nearestTime(signedAtMs ?? 0, options.times);
  const ours = formatSdkDate(nowMs);
  if (signedAtMs === undefined) return { name, ours };
  return { name, ours, theirs: date, equal: !isOutsideSkew(signedAtMs, nowMs, options.maxSkewMs) };
}

function report(steps: SignStep[], hint: (name: string) => string): SignReport {
  const first = steps.find(({ equal }) => equal === false);
  if (first === undefined) return { ok: true, hint: 'the signature verifies', steps };
  return { ok: false, first_difference: first.name, hint: hint(first.name), steps };
}

interface Findings {
  name: string;
  check: SignCheck;
  request: SignedRequest;
  parsed: Authorization;
  parts: CanonicalParts;
  theirs: CanonicalParts | undefined;
  date: string;
  secret: string | undefined;
}

function hintFor(found: Findings): string {
  const [, part] = PARTS.find(([name]) => name === found.name) ?? [];
  if (part !== undefined && found.theirs !== undefined) return partHint(found, part, found.theirs);
  switch (found.name) {
    case 'x_sdk_date':
      return 'X-Sdk-Date must be sent as YYYYMMDDTHHMMSSZ in UTC and x-sdk-date must be among SignedHeaders';
    case 'access_key':
      return `the access key ${found.parsed.accessKey} is not known here: start the mock with --access-key AK:SK`;
    case 'string_to_sign':
      return stringToSignHint(found);
    case 'age':
      return 'the signature is right but its X-Sdk-Date is more than 15 minutes from the clock of the mock';
    default:
      return signatureHint(found);
  }
}

function partHint({ request, parts }: Findings, part: PartName, theirs: CanonicalParts): string {
  const trap = trapsOf(request, parts).find((each) => each.part === part && each.value === theirs[part]);
  return trap?.hint ?? usualCause(part, shown(parts[part]), shown(theirs[part]));
}

function stringToSignHint(found: Findings): string {
  const lines = (found.check.string_to_sign ?? '').split(/\r?\n/);
  if (lines.length !== 3)
    return 'the string to sign has three lines: algorithm, X-Sdk-Date, hash; no newline at the end';
  if (lines[0] !== ALGORITHM) return `the first line of the string to sign must be ${ALGORITHM}`;
  if (lines[1] !== found.date) return 'the date in the string to sign is not the X-Sdk-Date that was sent';
  if (found.theirs !== undefined) {
    return 'the canonical requests agree, so the hash is not the lower-case hex SHA-256 of its UTF-8 bytes';
  }
  return (
    matchingTrap(found) ?? 'the canonical requests differ: add canonical_request to this check to see where'
  );
}

function signatureHint(found: Findings): string {
  if (found.theirs !== undefined || found.check.string_to_sign !== undefined) {
    return 'the texts agree, so the key differs: the HMAC key is the secret itself, without derivation or white space';
  }
  const unknown =
    'no known mistake gives this signature: check the secret, or add canonical_request to this check';
  return matchingTrap(found) ?? unknown;
}

/** With nothing to compare but the signature: tries what clients are known to do wrong until one gives theirs. */
function matchingTrap({ request, parsed, parts, date, secret = '' }: Findings): string | undefined {
  const gives = ({ part, value }: Trap) =>
    sign(secret, stringToSign(date, joinCanonical({ ...parts, [part]: value }))) === parsed.signature;
  const trap = trapsOf(request, parts).find(gives);
  return trap?.hint ?? (hasPlaceholder(request.target) ? UNFILLED_TEMPLATE : undefined);
}
