/** The headers of a request on its way to the target: signed anew where the client signs, all else passed on. Pure. */
import type { IncomingHttpHeaders } from 'node:http';
import { formatSdkDate, parseAuthorization, signRequest } from '../iam/signature.ts';

/** The key that requests are signed with. */
export interface SigningKey {
  readonly accessKey: string;
  readonly secret: string;
  /** Of a temporary access key. */
  readonly securityToken?: string;
}

/** They belong to one connection, not to the request; the rest of them is for this proxy alone. */
const NOT_PASSED = new Set(
  'connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer transfer-encoding upgrade expect host accept-encoding authorization'.split(
    ' ',
  ),
);
/** Names that a signature has at least. */
const SIGNED = ['host', 'x-sdk-date'];

/** Whether the client signs its request. */
export const isSigned = ({ authorization = '' }: IncomingHttpHeaders): boolean =>
  /^(?:SDK|V11)-/.test(authorization);

/** Whether the signature covers the bytes of the body, so that all of them must be there before they are sent. */
export const signsBody = (headers: IncomingHttpHeaders): boolean =>
  isSigned(headers) && !headers['x-sdk-content-sha256'];

/** The access key that a request names. */
export function accessKeyOf({ authorization }: IncomingHttpHeaders): string | undefined {
  return /\bAccess=([^,\s]+)/.exec(authorization ?? '')?.[1];
}

/** What goes to the target in place of a client's headers; the names of a response's connection are left out too. */
export function passedHeaders(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const named = String(headers.connection ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  return Object.fromEntries(
    Object.entries(headers).filter(
      (entry): entry is [string, string | string[]] =>
        entry[1] !== undefined && !NOT_PASSED.has(entry[0]) && !named.includes(entry[0]),
    ),
  );
}

export interface ToSign {
  readonly method: string;
  /** Path and query as they are sent. */
  readonly target: string;
  readonly host: string;
  readonly headers: IncomingHttpHeaders;
  /** Empty where the signature does not cover it. */
  readonly body: Uint8Array;
  readonly nowMs: number;
}

/** The headers of a request, with a signature of the key in place of the client's. */
export function resigned(request: ToSign, key: SigningKey): Record<string, string | string[]> {
  const { method, target, host, body, nowMs } = request;
  const { 'x-security-token': _, ...passed } = passedHeaders(request.headers);
  const headers: Record<string, string | string[]> = {
    ...passed,
    host,
    'x-sdk-date': formatSdkDate(nowMs),
    ...(key.securityToken !== undefined && { 'x-security-token': key.securityToken }),
  };
  const parsed = parseAuthorization(request.headers.authorization);
  const names = parsed.outcome === 'parsed' ? parsed.signedHeaders.split(';') : [];
  const signedHeaders = [...new Set([...names.filter((name) => name in headers), ...SIGNED])]
    .sort()
    .join(';');
  const authorization = signRequest(
    { method, target, headers, body },
    { accessKey: key.accessKey, secret: key.secret, signedHeaders },
  );
  return { ...headers, authorization };
}
