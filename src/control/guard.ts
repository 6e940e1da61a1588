/**
 * Who may call `/__admin`: no web page of another site. The `Host` must be a name that only local callers use
 * (against DNS rebinding), changes must be JSON (against cross-site forms), and on a shared network the
 * admin token must be shown.
 */
import { isIP } from 'node:net';
import { sameSecret } from '../auth/store.ts';
import { errors } from '../errors.ts';

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
}

const LOCAL_ENDINGS = ['.localhost', '.local', '.internal'];

/** The name in a `Host` header: no port, no brackets, lower case, no dot at the end. */
function hostName(host: string): string {
  const name = host.startsWith('[') ? host.slice(1, host.indexOf(']')) : (host.split(':', 1)[0] ?? '');
  return name.toLowerCase().replace(/\.$/, '');
}

/** Whether `/__admin` answers to this `Host`. */
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

const READS = new Set(['GET', 'HEAD']);

/** Throws when a caller may not: 403, 401 or 415. */
export function guard(request: GuardedRequest, options: GuardOptions): void {
  if (!isLocalHost(request.host, options.adminHosts)) {
    throw errors.notAcceptedHere({
      reason: `/__admin does not answer to the host ${hostName(request.host ?? '')}; allow it with --admin-host`,
    });
  }
  if (options.adminToken !== undefined && !bearerIs(request.authorization, options.adminToken)) {
    throw errors.tokenInvalid({
      reason: 'this mock wants Authorization: Bearer <its --admin-token> on /__admin',
      headers: { 'www-authenticate': 'Bearer' },
    });
  }
  if (!READS.has(request.method) && !isJson(request.contentType)) {
    throw errors.unsupportedMediaType({
      reason: 'calls that change something take content-type: application/json',
    });
  }
}

const isJson = (contentType: string | undefined): boolean =>
  /^application\/json\s*(;|$)/i.test(contentType ?? '');

function bearerIs(authorization: string | undefined, adminToken: string): boolean {
  const given = /^Bearer +(.+)$/i.exec(authorization ?? '')?.[1];
  return given !== undefined && sameSecret(given, adminToken);
}
