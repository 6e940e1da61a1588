/** Calls to the mock: the control calls with the admin token, refusals as errors that say why. */

/** A refusal, in the mock's words. */
export class Refusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const KEY = 'apig-mock.admin-token';
let adminToken: string | undefined = sessionStorage.getItem(KEY) ?? undefined;
let askToken: () => Promise<string> = () => Promise.reject(new Error('nobody to ask'));
let asking: Promise<void> | undefined;

/** Who is asked when the mock wants its admin token. */
export function onTokenWanted(ask: () => Promise<string>): void {
  askToken = ask;
}

export const authorization = (): Record<string, string> =>
  adminToken === undefined ? {} : { authorization: `Bearer ${adminToken}` };

/** Asks once, however many calls were refused. */
export function wantToken(): Promise<void> {
  asking ??= askToken()
    .then((token) => {
      adminToken = token;
      sessionStorage.setItem(KEY, token);
    })
    .finally(() => {
      asking = undefined;
    });
  return asking;
}

/** One control call. Rejects with `Refusal`, or with what the browser says when there is no answer. */
export async function call<T>(
  method: string,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<T> {
  const answer = await fetch(path, {
    method,
    headers: { ...authorization(), ...(method === 'GET' ? {} : { 'content-type': 'application/json' }) },
    ...(method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) }),
    ...(signal === undefined ? {} : { signal }),
    cache: 'no-store',
  });
  if (answer.status === 401) {
    await wantToken();
    return call(method, path, body, signal);
  }
  return (await read(answer)) as T;
}

/** A call to the emulated API, as a client makes it. */
export async function callService<T>(path: string, token: string, body: FormData): Promise<T> {
  const answer = await fetch(path, { method: 'POST', headers: { 'x-auth-token': token }, body });
  return (await read(answer)) as T;
}

async function read(answer: Response): Promise<unknown> {
  const text = await answer.text();
  if (answer.ok) return text === '' ? undefined : JSON.parse(text);
  let message = `HTTP ${answer.status}`;
  try {
    const { error_code, error_msg } = JSON.parse(text) as { error_code: string; error_msg: string };
    message = `${answer.status} ${error_code}: ${error_msg}`;
  } catch {
    // No JSON: the status has to do.
  }
  const reason = answer.headers.get('x-mock-reason');
  throw new Refusal(answer.status, reason === null ? message : `${message} (${reason})`);
}

/** A path with its query; empty values are left out. */
export function withQuery(
  path: string,
  query: Readonly<Record<string, string | number | undefined>>,
): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  if (given.length === 0) return path;
  return `${path}?${new URLSearchParams(given.map(([name, value]) => [name, String(value)] as [string, string]))}`;
}
