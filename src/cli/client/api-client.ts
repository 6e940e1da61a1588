/** A small client of the gateway's API, over undici: sends one call with a token or a signature, explains rejections. */
import { request } from 'undici';
import { systemNowMs } from '../../core/clock.ts';
import { connectFault } from '../../core/system-error.ts';
import { formatSdkDate, signRequest } from '../../iam/signature.ts';
import { CommandFailure } from '../failure.ts';
import { harmless } from '../terminal/terminal.ts';
import { formBytes } from './form-bytes.ts';
import type { Target } from './target.ts';

export interface ApiCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the instance, such as `/async-tasks/1`. */
  readonly path: string;
  /** `path` is that of the endpoint, such as `/v2/…`. */
  readonly absolute?: true;
  readonly query?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, string | NamedFile>>;
}

export interface NamedFile {
  readonly name: string;
  readonly content: Uint8Array<ArrayBuffer>;
}

/** The API rejected the call, or could not be reached. */
export class CallFailure extends CommandFailure {
  /** Undefined = no response came. */
  readonly status: number | undefined;

  constructor(message: string, status?: number) {
    super(message);
    this.status = status;
  }

  /** Whether the same call may do better a little later. */
  get mayPass(): boolean {
    return this.status === undefined || this.status === 429 || this.status >= 500;
  }
}

/** Calls the API; resolves with the body of the response. */
export type CallApi = (call: ApiCall) => Promise<Record<string, unknown>>;

const TIMEOUT_MS = 60_000;

/** A client for an instance of an endpoint. */
export function createApiClient(target: Target): CallApi {
  return async (call) => {
    const { status, headers, text, pathname } = await sendCall(target, call);
    return bodyOf(text, {
      status,
      reason: headers['x-mock-reason'] ?? '',
      requestId: headers['x-request-id'] ?? '',
      what: `${call.method} ${pathname}`,
      target,
    });
  };
}

/** A response as it came, an error too. */
export interface RawResponse {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** Of the request, without its query. */
  readonly pathname: string;
}

/** Sends one call; resolves with the response whatever it is. Throws `CallFailure` when none came whole. */
export async function sendCall(target: Target, call: ApiCall): Promise<RawResponse> {
  const { endpoint, projectId, instanceId } = target;
  const { method, path, absolute, query = {}, json, form } = call;
  const base = absolute === true ? endpoint : `${endpoint}/v2/${projectId}/apigw/instances/${instanceId}`;
  const search = new URLSearchParams(query).toString();
  const url = new URL(`${base}${path}${search === '' ? '' : `?${search}`}`);
  const text = json === undefined ? '' : JSON.stringify(json);
  const sent = form === undefined ? { headers: {}, body: text || null } : await formBytes(formOf(form));
  const headers = headersFor(target, { method, url, text, isForm: form !== undefined });
  const response = await request(url, {
    method,
    headers: { ...headers, ...sent.headers },
    body: sent.body,
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
  }).catch((cause: unknown) => {
    throw unreachable(endpoint, cause as Error & { code?: string });
  });
  const body = await response.body.text().catch((cause: Error) => {
    throw new CallFailure(
      `${endpoint} broke off in the middle of its response (${cause.message}): try again`,
    );
  });
  return {
    status: response.statusCode,
    headers: Object.fromEntries(
      Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
    ),
    text: body,
    pathname: url.pathname,
  };
}

function formOf(parts: Readonly<Record<string, string | NamedFile>>): FormData {
  const form = new FormData();
  for (const [name, part] of Object.entries(parts)) {
    if (typeof part === 'string') form.append(name, part);
    else form.append(name, new Blob([part.content]), part.name);
  }
  return form;
}

interface Unsigned {
  readonly method: string;
  readonly url: URL;
  readonly text: string;
  readonly isForm: boolean;
}

/** The headers of a call; a form is signed without its bytes, as the provider's clients do. */
function headersFor({ credentials, projectId }: Target, call: Unsigned): Record<string, string> {
  const { method, url, text, isForm } = call;
  const headers: Record<string, string> = {
    accept: 'application/json',
    ...(isForm || text === '' ? {} : { 'content-type': 'application/json' }),
  };
  if (credentials.kind === 'none') return headers;
  if (credentials.kind === 'token') return { ...headers, 'x-auth-token': credentials.token };
  const signed: Record<string, string> = {
    host: url.host,
    'x-project-id': projectId,
    'x-sdk-date': formatSdkDate(systemNowMs()),
    ...(isForm ? { 'x-sdk-content-sha256': 'UNSIGNED-PAYLOAD' } : {}),
  };
  const authorization = signRequest(
    { method, target: url.pathname + url.search, headers: signed, body: Buffer.from(text) },
    { ...credentials, signedHeaders: Object.keys(signed).sort().join(';') },
  );
  const { securityToken } = credentials;
  const temporary = securityToken === undefined ? {} : { 'x-security-token': securityToken };
  return { ...headers, ...signed, ...temporary, authorization };
}

function unreachable(endpoint: string, cause: Error & { code?: string }): CallFailure {
  const { code = '' } = cause;
  const failed = (why: string, advice: string) =>
    new CallFailure(`cannot reach ${endpoint}: ${why}: ${advice}`);
  if (code.startsWith('UND_ERR') && code.endsWith('TIMEOUT'))
    return failed('no response in time', 'try again');
  if (/CERT|SIGNED|TLS|SSL/.test(code))
    return failed(`its certificate is not trusted (${code})`, 'trust its CA with NODE_EXTRA_CA_CERTS=ca.pem');
  return new CallFailure(`cannot reach ${endpoint}: ${connectFault(cause, '--url')}`);
}

interface Responded {
  readonly status: number;
  readonly reason: string;
  readonly requestId: string;
  readonly what: string;
  readonly target: Target;
}

function bodyOf(text: string, responded: Responded): Record<string, unknown> {
  const { status, what, target } = responded;
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  if (typeof body !== 'object' || body === null) {
    const why = `${what} returned ${status} without JSON`;
    throw new CallFailure(`${why}: is ${target.endpoint} an endpoint of APIG?`, status < 400 ? 502 : status);
  }
  if (status < 400) return body as Record<string, unknown>;
  throw rejected(body as Record<string, unknown>, responded);
}

function rejected(
  body: Record<string, unknown>,
  { status, reason, requestId, what, target }: Responded,
): CallFailure {
  const code = String(body['error_code'] ?? status);
  const error = `${code} ${String(body['error_msg'] ?? '')}`.trim();
  const advice = adviceFor(status, code, target);
  const parts = [
    `${what} was rejected with ${status}: ${error}`,
    ...(reason === '' ? [] : [reason]),
    ...(advice === '' ? [] : [advice]),
  ];
  const id = requestId === '' ? '' : ` (request ${requestId})`;
  return new CallFailure(harmless(parts.join(': ') + id), status);
}

function adviceFor(status: number, code: string, { credentials, projectId, endpoint }: Target): string {
  if (status === 401 && credentials.kind === 'token')
    return 'give a token that it knows with --token, or keys with --access-key AK:SK';
  if (status === 401) return 'check --access-key, and the clock of this machine';
  if (status === 403) return `may this caller work in project ${projectId}? See --project`;
  if (code === 'APIG.0101') return `is ${endpoint} an endpoint of APIG? See --url`;
  if (code === 'APIG.3603') return 'files have at most 12 MB';
  return status === 429 || status >= 500 ? 'try again later' : '';
}
