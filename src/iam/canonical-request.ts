/**
 * What `SDK-HMAC-SHA256` signs: a request brought into one form (method, path, query, headers, payload hash),
 * the text made from it, and its signature. Pure. Steps 2 to 9 of the provider's signing guide
 * (devg-apisign, api-sign-algorithm-001 and -002, read 2026-11).
 *
 * Texts here are wire texts: one character per byte, as Node hands out request targets and header values.
 */
import { createHmac, hash } from 'node:crypto';

/** The only algorithm the mock verifies, and the default of the provider's clients. */
export const ALGORITHM = 'SDK-HMAC-SHA256';

/** SHA-256 of no bytes: the payload hash of a request without a body. */
export const EMPTY_PAYLOAD_HASH = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** Header values by lower-case name, as in `IncomingMessage.headers`. */
export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** A request as it came over the wire. */
export interface SignedRequest {
  method: string;
  /** Path and query, neither decoded nor normalised. */
  target: string;
  headers: RequestHeaders;
  /** The raw bytes; empty when there is no body. A GET may have one. */
  body: Uint8Array;
}

/** The six parts of a canonical request, in the order they are joined. */
export interface CanonicalParts {
  method: string;
  uri: string;
  query: string;
  /** One `name:value\n` per signed header: ends with a newline. */
  headers: string;
  signedHeaders: string;
  payloadHash: string;
}

const PLAIN_PATH = /^[A-Za-z0-9\-_.~/]*$/;
const PLAIN_QUERY = /^[A-Za-z0-9\-_.~=&]*$/;
const NOT_PLAIN = /[^A-Za-z0-9\-_.~]/g;
const ESCAPE_OR_NOT_PLAIN = /%[0-9A-Fa-f]{2}|[^A-Za-z0-9\-_.~/]/g;

/** Each byte as it stands in a canonical path or query: itself, or `%XY` in upper-case hex. */
const ENCODED_BYTES: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
  const char = String.fromCharCode(byte);
  return /[A-Za-z0-9\-_.~]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
});

/** A text of a person (any Unicode) as its UTF-8 bytes, one character each. */
export function wireText(text: string): string {
  return Buffer.from(text).toString('latin1');
}

function encodeByte(byte: number): string {
  return ENCODED_BYTES[byte & 0xff] ?? '';
}

function encodeText(text: string): string {
  return text.replace(NOT_PLAIN, (char) => encodeByte(char.charCodeAt(0)));
}

/** Form decoding: `%XY` is a byte, `+` a space; a `%` that starts no escape stands for itself. */
function decodeText(text: string): string {
  return text
    .replaceAll('+', ' ')
    .replace(/%[0-9A-Fa-f]{2}/g, (part) => String.fromCharCode(Number.parseInt(part.slice(1), 16)));
}

/** Step 3: every segment decoded once and encoded again; a slash is added unless the path ends in one. */
export function canonicalUri(path: string): string {
  const uri = PLAIN_PATH.test(path)
    ? path
    : path.replace(ESCAPE_OR_NOT_PLAIN, (part) =>
        encodeByte(part.length === 3 ? Number.parseInt(part.slice(1), 16) : part.charCodeAt(0)),
      );
  return uri.endsWith('/') ? uri : `${uri}/`;
}

type Pair = readonly [name: string, value: string];

function splitPair(piece: string): Pair {
  const at = piece.indexOf('=');
  return at < 0 ? [piece, ''] : [piece.slice(0, at), piece.slice(at + 1)];
}

function byNameThenValue(a: Pair, b: Pair): number {
  const index = a[0] === b[0] ? 1 : 0;
  return a[index] < b[index] ? -1 : 1;
}

/** Step 4: names and values decoded, sorted by character code (names, then values), encoded, `=` always there. */
export function canonicalQuery(query: string): string {
  const plain = PLAIN_QUERY.test(query);
  const pairs: Pair[] = [];
  for (const piece of query.split('&')) {
    if (piece === '') continue;
    const [name, value] = splitPair(piece);
    pairs.push(plain ? [name, value] : [decodeText(name), decodeText(value)]);
  }
  pairs.sort(byNameThenValue);
  return pairs.map(([name, value]) => `${encodeText(name)}=${encodeText(value)}`).join('&');
}

/** The value of one header with the white space around it removed; undefined when it is not there. */
export function headerValue(headers: RequestHeaders, name: string): string | undefined {
  const value: unknown = headers[name];
  if (typeof value === 'string') return trimValue(value);
  return Array.isArray(value) ? value.map((item) => trimValue(String(item))).join(', ') : undefined;
}

/** Removes blanks and tabs at both ends, in linear time whatever is between them. */
function trimValue(value: string): string {
  let start = 0;
  let end = value.length;
  while (start < end && isBlank(value.charCodeAt(start))) start += 1;
  while (end > start && isBlank(value.charCodeAt(end - 1))) end -= 1;
  return value.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** Step 5, in the order the names were sent. A signed header that is not there counts as an empty one. */
function canonicalHeaders(headers: RequestHeaders, signedHeaders: string): string {
  let text = '';
  for (const name of signedHeaders.split(';')) {
    text += `${name}:${headerValue(headers, name.toLowerCase()) ?? ''}\n`;
  }
  return text;
}

/** Lower-case hex SHA-256 of raw bytes. */
export function payloadHashOf(body: Uint8Array): string {
  return body.length === 0 ? EMPTY_PAYLOAD_HASH : hash('sha256', body);
}

/** Splits a request target at its first `?`; an absolute-form target loses scheme and host. */
export function splitTarget(target: string): { path: string; query: string } {
  const local = target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '');
  const at = local.indexOf('?');
  return at < 0 ? { path: local, query: '' } : { path: local.slice(0, at), query: local.slice(at + 1) };
}

/** Steps 2 to 7: the parts, for the header names that were signed (`;`-joined, as sent). */
export function canonicalParts(request: SignedRequest, signedHeaders: string): CanonicalParts {
  const { path, query } = splitTarget(request.target);
  return {
    method: request.method.toUpperCase(),
    uri: canonicalUri(path),
    query: canonicalQuery(query),
    headers: canonicalHeaders(request.headers, signedHeaders),
    signedHeaders,
    // A declared hash (or UNSIGNED-PAYLOAD) is taken at its word, as the provider does.
    payloadHash: headerValue(request.headers, 'x-sdk-content-sha256') || payloadHashOf(request.body),
  };
}

/** Step 8, first half: the parts as one text of lines. */
export function joinCanonical(parts: CanonicalParts): string {
  const { method, uri, query, headers, signedHeaders, payloadHash } = parts;
  return `${method}\n${uri}\n${query}\n${headers}\n${signedHeaders}\n${payloadHash}`;
}

/** The canonical request of a request, for the header names that were signed. */
export function canonicalRequest(request: SignedRequest, signedHeaders: string): string {
  return joinCanonical(canonicalParts(request, signedHeaders));
}

/** Step 8, second half: what goes into the HMAC. `sdkDate` is the value of `X-Sdk-Date`. */
export function stringToSign(sdkDate: string, canonical: string): string {
  return `${ALGORITHM}\n${sdkDate}\n${hash('sha256', Buffer.from(canonical, 'latin1'))}`;
}

/** Step 9 as bytes: HMAC-SHA256 with the secret itself as the key; no key is derived. */
export function signatureBytes(secret: string, text: string): Buffer {
  return createHmac('sha256', secret).update(text).digest();
}

/** Step 9 as it is sent: 64 lower-case hex digits. */
export function sign(secret: string, text: string): string {
  return signatureBytes(secret, text).toString('hex');
}
