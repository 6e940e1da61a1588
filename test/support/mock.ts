/** Starts mocks for tests and calls them over a real socket. */
import { request } from 'undici';
import { settingsFrom } from '../../src/config/check.ts';
import type { Settings } from '../../src/config/settings.ts';
import { type RunningMock, startServer } from '../../src/mock.ts';

export const TOKEN = 'dev-token';

/** A mock on a free port, its log off; it stops at the end of its block (`await using`). */
export async function testMock(given: Partial<Settings> = {}): Promise<RunningMock & AsyncDisposable> {
  const mock = await startServer(settingsFrom({ port: 0, ...given }));
  return { ...mock, [Symbol.asyncDispose]: mock.close };
}

export interface CallResponse {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read responses of every shape
  body: any;
}

export interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH' | 'HEAD' | 'OPTIONS';
  token?: string | null;
  headers?: Record<string, string | string[]>;
  /** Sent as JSON. */
  json?: unknown;
  body?: string | Buffer;
}

/** One call over a socket; the token is the default one, `null` = none. */
export async function call(
  url: string,
  { method, token = TOKEN, headers = {}, json, body }: Call = {},
): Promise<CallResponse> {
  const sent = json === undefined ? body : JSON.stringify(json);
  const response = await request(url, {
    method: method ?? (sent === undefined ? 'GET' : 'POST'),
    headers: {
      ...(token === null ? {} : { 'x-auth-token': token }),
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(sent === undefined ? {} : { body: sent }),
  });
  const text = await response.body.text();
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = undefined;
  }
  return { status: response.statusCode, headers: response.headers, text, body: parsed };
}

/** The URL of a task. */
export const taskUrl = (base: string, taskId: string, projectId = 'p1', instanceId = 'i1'): string =>
  `${base}/v2/${projectId}/apigw/instances/${instanceId}/async-tasks/${taskId}`;
