/** Calls to the mock, by the page and as commands for a shell; errors carry the reason. */
import { signal } from '@preact/signals';
import { getCaller, stored } from './preferences.ts';

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

/** One admin call. Rejects with the mock's error, or with what the browser throws when there is no response. */
export async function call<T>(method: string, path: string, body: object = {}): Promise<T> {
  const sent =
    method === 'GET' ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const headers = { ...authorization(), ...sent.headers };
  const response = await fetch(path, { ...sent, method, headers, cache: 'no-store' });
  if (response.status !== 401) return (await read(response)) as T;
  await requestToken();
  return call(method, path, body);
}

/** An admin call that reads. */
export const get = <T>(path: string, query: Query = {}): Promise<T> => call<T>('GET', withQuery(path, query));

/** A POST to the emulated API, as a client sends it. */
export async function callService<T>(path: string, token: string, body: FormData): Promise<T> {
  return (await read(await fetch(path, { method: 'POST', headers: { 'x-auth-token': token }, body }))) as T;
}

async function read(response: Response): Promise<unknown> {
  const text = await response.text();
  if (response.ok) return text === '' ? undefined : JSON.parse(text);
  let message = `HTTP ${response.status}`;
  try {
    const { error_code, error_msg } = JSON.parse(text) as { error_code: string; error_msg: string };
    message = `${response.status} ${error_code}: ${error_msg}`;
  } catch {
    // Not JSON: the status has to do.
  }
  const reason = response.headers.get('x-mock-reason');
  throw new Error(reason === null ? message : `${message} (${reason})`);
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
