/** Signs requests as the clients do and sends them over a socket. */
import { formatSdkDate, signRequest } from '../../src/iam/signature.ts';
import type { RunningMock } from '../../src/mock.ts';
import { type WireResponse, wireCall } from '../support/wire.ts';

export const TASK = '/v2/p1/apigw/instances/i1/async-tasks/d9ce8c9eede54b3f841ec324fe0bfdc2';

export interface Signed {
  running: RunningMock;
  method?: string;
  target?: string;
  headers?: Record<string, string>;
  body?: Buffer | string;
  accessKey?: string;
  secret?: string;
  /** When it was signed, from `date`. */
  offsetMs?: number;
  /** The client's own time; by default that of the mock's clock. */
  date?: () => number;
  /** Headers that are sent but not signed. */
  unsigned?: Record<string, string>;
}

export const nowOf = async (running: RunningMock): Promise<number> =>
  Date.parse((await running.control.clock.get({})).now);

/** Signs a request as the clients do, every header of it, and sends it. */
export async function signedCall({
  running,
  method = 'GET',
  target = TASK,
  headers = {},
  body = '',
  accessKey = 'dev-ak',
  secret = 'dev-sk',
  offsetMs = 0,
  date,
  unsigned = {},
}: Signed): Promise<WireResponse> {
  const given: Record<string, string> = {
    host: `127.0.0.1:${running.port}`,
    'x-sdk-date': formatSdkDate((date?.() ?? (await nowOf(running))) + offsetMs),
    ...headers,
  };
  const signedHeaders = Object.keys(given).sort().join(';');
  const bytes = Buffer.from(body);
  const authorization = signRequest(
    { method, target, headers: given, body: bytes },
    { accessKey, secret, signedHeaders },
  );
  return wireCall({
    port: running.port,
    method,
    target,
    headers: {
      ...given,
      authorization,
      ...unsigned,
      ...(bytes.length > 0 ? { 'content-length': String(bytes.length) } : {}),
    },
    body: bytes,
  });
}
