/**
 * Who may call `/__admin`: no web page of another site. The `Host` must be a name that only local callers use
 * (against DNS rebinding), changes must be JSON or, without any sign of a browser, have no body (against
 * cross-site forms), no browser header may show that the call comes from another site, and on a shared network the admin token is required. The emulated API accepts
 * every name, but no web page that uses one which is not local.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { type ApigError, errors } from '../core/errors.ts';
import { receivedForms } from '../core/header-text.ts';
import { sameSecret } from '../iam/credentials.ts';

export interface GuardOptions {
  readonly adminToken: string | undefined;
  /** Further `Host` names, without port. */
  readonly adminHosts: readonly string[];
}

/** What the guard looks at. */
export interface GuardedRequest {
  readonly method: string;
  readonly host: string | undefined;
  readonly contentType: string | undefined;
  readonly authorization: string | undefined;
  /** `Sec-Fetch-Site` and `Sec-Fetch-Mode`, which browsers send and no page can forge. */
  readonly site?: string | undefined;
  readonly mode?: string | undefined;
  /** Neither a body nor its type, and nothing that a browser sends. */
  readonly bare?: boolean;
}

/** What the guard looks at in a request. */
export function guarded(method: string, headers: IncomingHttpHeaders): GuardedRequest {
  const { host, origin, authorization, 'content-type': contentType } = headers;
  const [site, mode] = ['sec-fetch-site', 'sec-fetch-mode'].map((name) => headers[name]?.toString());
  const hasBody = headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
  const isBrowser = origin !== undefined || site !== undefined || mode !== undefined;
  const bare = contentType === undefined && !hasBody && !isBrowser;
  return { method, host, contentType, authorization, site, mode, bare };
}

/** With every response of `/__admin`: no other site may embed, guess at or store it. Pages bring a policy of their own. */
export const GUARD_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

const LOCAL_ENDINGS = ['.localhost', '.local', '.internal'];

const NAME_AND_PORT = /^(?:\[([0-9a-f:.]+)\]|([^:@[\]]*))(?::\d*)?$/i;

/** The name in a `Host` header: no port, no brackets, lower case, no dot at the end; empty when it has another form. */
function hostName(host: string): string {
  const [, address, name = ''] = NAME_AND_PORT.exec(host) ?? [];
  return (address ?? name).toLowerCase().replace(/\.$/, '');
}

/** Whether `/__admin` accepts this `Host`. */
export function isLocalHost(host: string | undefined, adminHosts: readonly string[]): boolean {
  const name = hostName(host ?? '');
  if (name === '') return false;
  return (
    isIP(name) !== 0 ||
    !name.includes('.') ||
    LOCAL_ENDINGS.some((ending) => name.endsWith(ending)) ||
    adminHosts.some((allowed) => hostName(allowed) === name)
  );
}

/** By which name the emulated API is called, and from which site, if a browser sends it. */
export type ApiCaller = Pick<IncomingHttpHeaders, 'host' | 'origin'>;

/**
 * Why a call of the emulated API is rejected, on the fast path as on the slow one: a web page uses a name that is not
 * local. A site whose name was made to lead here would else need no more than the well-known token. Browsers send
 * `Origin` with every change.
 */
export function rejectionOf(
  { host, origin }: ApiCaller,
  adminHosts: readonly string[],
): ApigError | undefined {
  if (origin === undefined || isLocalHost(host, adminHosts)) return undefined;
  return errors.notAcceptedHere({
    reason: `a web page may not call this mock by the name ${hostName(host ?? '')}; allow it with --admin-host`,
  });
}

/** Whether a browser reports that another site makes the call; opening a page is no call. */
const isForeign = ({ method, site, mode }: GuardedRequest): boolean =>
  site !== undefined &&
  site !== 'same-origin' &&
  site !== 'none' &&
  !(mode === 'navigate' && method === 'GET');

const READS = new Set(['GET', 'HEAD']);

/** Throws when a caller may not: 403, 401 or 415. */
export function guard(request: GuardedRequest, options: GuardOptions): void {
  if (!isLocalHost(request.host, options.adminHosts)) {
    throw errors.notAcceptedHere({
      reason: `/__admin does not accept the host ${hostName(request.host ?? '')}; allow it with --admin-host`,
    });
  }
  if (isForeign(request))
    throw errors.notAcceptedHere({ reason: 'a page of another site may not call /__admin' });
  if (options.adminToken !== undefined && !bearerIs(request.authorization, options.adminToken)) {
    throw errors.tokenInvalid({
      reason: '/__admin requires Authorization: Bearer <the --admin-token of this mock>',
      headers: { 'www-authenticate': 'Bearer' },
    });
  }
  if (!READS.has(request.method) && !isJson(request.contentType) && request.bare !== true) {
    throw errors.unsupportedMediaType({
      reason: 'calls that change something take content-type: application/json',
    });
  }
}

const isJson = (contentType: string | undefined): boolean =>
  /^application\/json\s*(;|$)/i.test(contentType ?? '');

function bearerIs(authorization: string | undefined, adminToken: string): boolean {
  const given = /^Bearer +(\S.*)$/is.exec(authorization ?? '')?.[1];
  return given !== undefined && [...receivedForms(adminToken)].some((form) => sameSecret(given, form));
}
