/** Calls to the mock, by the page and as commands for a shell; errors carry the reason. */
import { signal } from '@preact/signals';
import { getCaller, stored } from './preferences.ts';
import { joined, t } from './text.ts';

const adminToken = stored('apig-mock.admin-token', () => sessionStorage);
let pendingToken: Promise<void> | undefined;

/** Set while calls wait for the admin token: the login dialog shows it and resolves it. */
export const tokenRequest = signal<{ isRetry: boolean; resolve: (token: string) => void } | undefined>(
  undefined,
);

export const authorization = (): Record<string, string> =>
  adminToken.value === '' ? {} : { authorization: `Bearer ${adminToken.value}` };

/** Requests the token once, however many calls were rejected for it. */
export function requestToken(): Promise<void> {
  pendingToken ??= new Promise<string>((resolve) => {
    tokenRequest.value = { isRetry: adminToken.peek() !== '', resolve };
  })
    .then((token) => {
      adminToken.value = token;
    })
    .finally(() => {
      tokenRequest.value = undefined;
      pendingToken = undefined;
    });
  return pendingToken;
}

/** A request that the mock rejected; `status` 0 = it did not respond. */
export class MockError extends Error {
  readonly status: number;
  readonly code: string;
  readonly text: string;
  readonly reason: string;

  constructor(at: { status: number; code?: string; text?: string; reason?: string }) {
    const { status, code = '', text = '', reason = '' } = at;
    const line = joined(': ', joined(' ', status === 0 ? '' : String(status), code), text);
    super(reason === '' ? line : `${line} (${reason})`);
    this.status = status;
    this.code = code;
    this.text = text;
    this.reason = reason;
  }
}

/** As `fetch`; rejects with a `MockError` for what is no success. */
async function request(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { ...init, cache: 'no-store' });
  } catch {
    throw new MockError({ status: 0, text: t('noResponse') });
  }
  if (response.ok) return response;
  const { status, headers } = response;
  const body = (await response.json().catch(() => ({}))) as Partial<
    Record<'error_code' | 'error_msg', string>
  >;
  const { error_code: code = '', error_msg: text = '' } = body;
  throw new MockError({ status, code, text, reason: headers.get('x-mock-reason') ?? '' });
}

/** One admin call, and its response as it came; asks for the admin token where the mock wants it. */
export async function callRaw(method: string, path: string, body?: BodyInit): Promise<Response> {
  const type = { 'content-type': 'application/json' };
  const headers = { ...authorization(), ...(method === 'GET' ? {} : type) };
  try {
    return await request(path, { method, headers, ...(body === undefined ? {} : { body }) });
  } catch (cause) {
    if (!(cause instanceof MockError) || cause.status !== 401) throw cause;
  }
  await requestToken();
  return callRaw(method, path, body);
}

/** One admin call. Rejects with a `MockError`. */
export async function call<T>(method: string, path: string, body: object = {}): Promise<T> {
  return (await parse(await callRaw(method, path, method === 'GET' ? undefined : JSON.stringify(body)))) as T;
}

/** An admin call that reads. */
export const get = <T>(path: string, query: Query = {}): Promise<T> => call<T>('GET', withQuery(path, query));

interface ServiceCall {
  readonly method?: string;
  readonly token?: string;
  readonly json?: object;
  readonly form?: FormData;
}

/** A call of the emulated API, as a client makes it, with the token of the forms. */
export function callService(path: string, { method = 'GET', token, json, form }: ServiceCall = {}) {
  const headers = {
    'x-auth-token': token ?? getCaller().token,
    ...(form === undefined && method !== 'GET' ? { 'content-type': 'application/json' } : {}),
  };
  const body = form ?? (json === undefined ? undefined : JSON.stringify(json));
  return request(path, { method, headers, ...(body === undefined ? {} : { body }) });
}

/** The JSON of a response; undefined where it is empty. */
export async function parse(response: Response): Promise<unknown> {
  const text = await response.text();
  return text === '' ? undefined : JSON.parse(text);
}

/** Hands a file to the person at the page. */
export function download(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name.replaceAll(/[:/\\]/g, '-');
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

type Query = Readonly<Record<string, string | number | undefined>>;

/** A path with its query; empty values are left out. */
export function withQuery(path: string, query: Query): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, String(value)]],
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}

/** A path of the emulated API below an instance. */
export const instancePath = (project: string, instance: string, rest: string): string =>
  `/v2/${encodeURIComponent(project)}/apigw/instances/${encodeURIComponent(instance)}/${rest}`;

/** A text as one word of a POSIX shell. */
const word = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

interface Curl {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, string>>;
}

/** A command line of curl; `form` parts are sent as multipart. */
export function curlOf({ method = 'GET', path, headers = {}, json, form = {} }: Curl): string {
  const hasBody = json !== undefined || Object.keys(form).length > 0;
  const type = json !== undefined || method === 'DELETE' ? { 'content-type': 'application/json' } : {};
  return [
    'curl',
    ...(method === 'GET' || (method === 'POST' && hasBody) ? [] : ['-X', method]),
    ...Object.entries({ ...headers, ...type }).flatMap(([name, value]) => ['-H', word(`${name}: ${value}`)]),
    ...(json === undefined ? [] : ['-d', word(JSON.stringify(json))]),
    ...Object.entries(form).flatMap(([name, value]) => ['-F', word(`${name}=${value}`)]),
    word(`${location.origin}${path}`),
  ].join(' ');
}

/** An admin call as curl; the command has a placeholder where the admin token goes. */
export function adminCurl(method: string, path: string, json?: unknown): string {
  const headers = adminToken.value === '' ? {} : { authorization: 'Bearer <admin-token>' };
  return curlOf({ method, path, json, headers });
}

/** A call of the emulated API as curl, with the token of the forms. */
export const serviceCurl = (path: string, method = 'GET'): string =>
  curlOf({ method, path, headers: { 'X-Auth-Token': getCaller().token } });
