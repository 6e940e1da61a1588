/**
 * The known ways in which clients sign something else than they send, each as the canonical parts it would
 * give and a hint in words. Pure. Collected by running the provider's SDKs against a loopback server.
 */
import {
  type CanonicalParts,
  canonicalUri,
  EMPTY_PAYLOAD_HASH,
  payloadHashOf,
  type SignedRequest,
  splitTarget,
} from './canonical-request.ts';

/** A part of the canonical request by name. */
export type PartName = keyof CanonicalParts;

/** One way to sign something else: the part that differs, what it is then, and what to do about it. */
export interface Trap {
  part: PartName;
  value: string;
  hint: string;
}

const encoder = new TextEncoder();

/** Every trap that this request could have fallen into, as the client would have signed it. */
export function trapsOf(request: SignedRequest, ours: CanonicalParts): Trap[] {
  return [
    ...uriTraps(request, ours),
    ...queryTraps(request, ours),
    ...bodyTraps(request),
    ...headerTraps(ours),
  ].filter((trap) => trap.value !== ours[trap.part]);
}

function uriTraps(request: SignedRequest, ours: CanonicalParts): Trap[] {
  const { path } = splitTarget(request.target);
  const hints: [value: string, hint: string][] = [
    [
      `/${ours.uri}`,
      'the path was signed with // in front: the endpoint was given with a trailing slash; remove that slash',
    ],
    [
      ours.uri.slice(0, -1),
      'the path was signed without the slash that the canonical URI must end with; append /',
    ],
    [path, 'the path was signed as it stands; decode and encode each segment and append /'],
    [
      canonicalUri(ours.uri.replaceAll('%', '%25')),
      'the path was encoded twice before signing; decode each segment once, then encode it once',
    ],
    [
      `${path.endsWith('/') ? path : `${path}/`}`,
      'the path was signed without encoding its special characters',
    ],
  ];
  return hints.map(([value, hint]) => ({ part: 'uri', value, hint }));
}

function queryTraps(request: SignedRequest, ours: CanonicalParts): Trap[] {
  const { query } = splitTarget(request.target);
  const hints: [value: string, hint: string][] = [
    ['', 'the query string was left out of the signature'],
    [ours.query.replaceAll('%20', '+'), 'a space in the query was signed as +; sign it as %20'],
    [
      ours.query.replaceAll('%20', '%2B'),
      'a + in the query was signed as a plus sign but means a space; send a real plus as %2B',
    ],
    [
      query,
      'the query was signed as it was sent; sort it by name, encode it, and keep = after a name without value',
    ],
    [ours.query.replaceAll(/=(?=&|$)/g, ''), 'a parameter without a value was signed without its ='],
  ];
  return hints.map(([value, hint]) => ({ part: 'query', value, hint }));
}

function bodyTraps(request: SignedRequest): Trap[] {
  const hashes: [hash: string, hint: string][] = [
    [
      payloadHashOf(encoder.encode('{}')),
      'the body {} was signed but did not arrive: some clients sign {} on a GET; send it or sign an empty body',
    ],
    [
      EMPTY_PAYLOAD_HASH,
      'an empty body was signed but one arrived: sign the raw bytes of the body on every method, GET included',
    ],
    [
      'UNSIGNED-PAYLOAD',
      'UNSIGNED-PAYLOAD was signed, but the X-Sdk-Content-Sha256 header does not declare it',
    ],
    [
      payloadHashOf(request.body),
      'the bytes of the body were signed, but X-Sdk-Content-Sha256 has another value',
    ],
    ...reserialised(request.body).map((text): [string, string] => [
      payloadHashOf(encoder.encode(text)),
      'the JSON body was serialised again after signing (white space, escapes or a final newline differ); send the very bytes you signed',
    ]),
  ];
  return hashes.map(([value, hint]) => ({ part: 'payloadHash', value, hint }));
}

/** Other spellings of the same JSON: compact, with the spaces Python writes, indented, with and without newline. */
function reserialised(body: Uint8Array): string[] {
  const text = Buffer.from(body).toString('utf8');
  try {
    const value: unknown = JSON.parse(text);
    const texts = [JSON.stringify(value), spaced(value), JSON.stringify(value, null, 2), text.trimEnd()];
    return texts.flatMap((each) => [each, `${each}\n`]);
  } catch {
    return [text.trimEnd(), `${text}\n`];
  }
}

function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([name, member]) => `${JSON.stringify(name)}: ${spaced(member)}`)
    .join(', ')}}`;
}

function headerTraps(ours: CanonicalParts): Trap[] {
  const changes: [pattern: RegExp, replacement: string, hint: string][] = [
    [/^(host:.*):\d+$/m, '$1', 'the host was signed without its port; sign the Host header as it is sent'],
    [/^(host:.*)$/m, '$1:80', 'the host was signed with a port that the Host header does not have'],
    [
      /^(content-type:[^;\n]*);.*$/m,
      '$1',
      'content-type was signed without its charset or boundary but sent with it',
    ],
    [
      /^(content-type:application\/json)$/m,
      '$1;charset=utf-8',
      'content-type was signed with a charset that was removed on the way',
    ],
  ];
  return changes.map(([pattern, replacement, hint]) => ({
    part: 'headers',
    value: ours.headers.replace(pattern, replacement),
    hint,
  }));
}

/** A hint when no trap matches exactly: what a difference in this part usually means. */
export function usualCause(part: PartName, ours: string, theirs: string): string {
  switch (part) {
    case 'method':
      return `${theirs} was signed but ${ours} arrived: sign the method in upper case, and beware of redirects`;
    case 'uri':
      return uriCause(ours, theirs);
    case 'query':
      return 'the queries differ: encode with %20 for a space and %XY in upper case, sort by name then value, keep every =';
    case 'headers':
      return headersCause(ours, theirs);
    case 'signedHeaders':
      return 'the SignedHeaders of the Authorization header are not those in the canonical request; keep names and order';
    case 'payloadHash':
      return 'the body that arrived is not the body that was signed: hash the raw bytes, do not serialise the JSON again';
  }
}

function uriCause(ours: string, theirs: string): string {
  if (/%7B\w+%7D/i.test(ours)) return UNFILLED_TEMPLATE;
  if (theirs.endsWith(ours) || ours.endsWith(theirs)) {
    return 'one path has a prefix that the other lacks: a base path in the endpoint, or a proxy, adds or drops it';
  }
  return 'the paths differ: decode each segment once, encode it once, append / and do not change the path after signing';
}

/** For a request whose path still has its placeholders. */
export const UNFILLED_TEMPLATE =
  'the path has a placeholder that was not filled in (%7Bproject_id%7D): give the client its project id';

/** Whether a path still has a placeholder such as `{project_id}`. */
export function hasPlaceholder(target: string): boolean {
  return /(%7B|\{)\w+(%7D|\})/i.test(splitTarget(target).path);
}

function headersCause(ours: string, theirs: string): string {
  if (`${theirs}\n` === ours)
    return 'the headers must end with a newline, so that an empty line follows them';
  const theirLines = theirs.split('\n');
  const index = ours.split('\n').findIndex((line, at) => line !== theirLines[at]);
  const [name = '', value = ''] = splitHeader(ours.split('\n')[index] ?? '');
  const [theirName = '', theirValue = ''] = splitHeader(theirLines[index] ?? '');
  if (name !== theirName)
    return `the headers are not in the order of SignedHeaders: ${name} here, ${theirName} there`;
  if (name === 'host') {
    return `the host was signed as ${theirValue} but arrived as ${value}: a mapped port or a proxy changed it; sign the address the server is reached under`;
  }
  if (value === '') return `the signed header ${name} did not arrive: a proxy or the HTTP library removed it`;
  return `the header ${name} was signed as "${theirValue}" but arrived as "${value}": a proxy or the HTTP library changed it after signing`;
}

function splitHeader(line: string): string[] {
  const at = line.indexOf(':');
  return at < 0 ? [line] : [line.slice(0, at), line.slice(at + 1)];
}
