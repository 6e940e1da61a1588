/** A proxy in front of a mock that changes some of its responses, or loses them: a service that differs. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { request } from 'undici';

export interface ProxiedRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: IncomingMessage['headers'];
  /** How many came before it. */
  readonly at: number;
}
export interface ProxiedResponse {
  status: number;
  headers: Record<string, string>;
  text: string;
}

export interface Behaviour {
  /** In place of the mock: a response, or `break` = the connection breaks before the mock sees the request. */
  before?(request: ProxiedRequest): ProxiedResponse | 'break' | undefined;
  /** What becomes of the response; `break` = it is lost. */
  after?(response: ProxiedResponse, request: ProxiedRequest): ProxiedResponse | 'break';
}

export interface Proxy extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly ProxiedRequest[];
}

/** A response in the provider's shape. */
export const errorResponse = (status: number, code: string, text = 'an error'): ProxiedResponse => ({
  status,
  headers: { 'content-type': 'application/json', 'x-request-id': '0'.repeat(32) },
  text: JSON.stringify({ error_code: code, error_msg: text }),
});

export async function differingProxy(mockUrl: string, behaviour: Behaviour): Promise<Proxy> {
  const requests: ProxiedRequest[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const { method = 'GET', url: target = '/', headers } = incoming;
    const one: ProxiedRequest = { method, target, headers, at: requests.length };
    requests.push(one);
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const instead = behaviour.before?.(one);
    const response = instead ?? (await forward(mockUrl, one, Buffer.concat(chunks)));
    const changed = response === 'break' ? response : (behaviour.after?.(response, one) ?? response);
    if (changed === 'break') return void incoming.socket.destroy();
    outgoing.writeHead(changed.status, changed.headers).end(changed.text);
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The `Host` stays that of the proxy: a signature covers it. */
async function forward(
  mockUrl: string,
  { method, target, headers }: ProxiedRequest,
  body: Buffer,
): Promise<ProxiedResponse> {
  const { connection: _, 'transfer-encoding': __, 'content-length': ___, ...passed } = headers;
  const response = await request(mockUrl + target, {
    method: method as 'GET',
    headers: passed as Record<string, string>,
    body: body.length === 0 && method === 'GET' ? null : body,
  });
  const { connection, 'keep-alive': alive, date, 'content-length': length, ...others } = response.headers;
  void [connection, alive, date, length];
  return {
    status: response.statusCode,
    headers: others as Record<string, string>,
    text: await response.body.text(),
  };
}
