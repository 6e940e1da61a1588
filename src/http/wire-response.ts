/**
 * The response as it goes over the wire: headers are spelled as they are documented, and the rest of a request that is
 * rejected while it is still being sent is read and discarded before its connection ends.
 */
import {
  type IncomingMessage,
  type OutgoingHttpHeader,
  type OutgoingHttpHeaders,
  ServerResponse,
} from 'node:http';
import { everySystemMs } from '../core/clock.ts';

/** What is read of a request whose response is out already; looked at every so often. Documented in docs/limits.md. */
export const DISCARD = { bytes: 512 * 1024 * 1024, ms: 30_000, everyMs: 100 } as const;

/** Those that are not written with a capital at the head of each word alone. */
const IRREGULAR: Readonly<Record<string, string>> = {
  etag: 'ETag',
  'last-event-id': 'Last-Event-ID',
  te: 'TE',
  'www-authenticate': 'WWW-Authenticate',
};
const spellings = new Map<string, string>();

/** A header's name as it is documented: some clients look for it by its exact case. Fastify has lower case only. */
export function spelled(name: string): string {
  let known = spellings.get(name);
  if (known === undefined) {
    known = IRREGULAR[name.toLowerCase()] ?? name.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
    if (spellings.size < 1000) spellings.set(name, known);
  }
  return known;
}

type Headers = OutgoingHttpHeaders | OutgoingHttpHeader[] | undefined;

/** A list is one that was spelled by hand. */
const inWords = (headers: Headers): Headers =>
  headers === undefined || Array.isArray(headers)
    ? headers
    : Object.fromEntries(Object.entries(headers).map(([name, value]) => [spelled(name), value]));

/** What Node's server makes for each request of a mock. */
export class WireResponse extends ServerResponse {
  override setHeader(name: string, value: number | string | readonly string[]): this {
    return super.setHeader(spelled(name), value);
  }

  override writeHead(status: number, first?: string | Headers, second?: Headers): this {
    return typeof first === 'string'
      ? super.writeHead(status, first, inWords(second))
      : super.writeHead(status, inWords(first));
  }
}

/**
 * Lets the response to a request that is still being sent reach who reads it only then: the rest of the body is read and
 * discarded, up to a limit, and a connection that ends with the response is closed for sending alone until then. Closed
 * at once, the system would reset it, and a client that is amid its body may never see what was sent.
 */
export function discardRest(request: IncomingMessage, response: ServerResponse, limits = DISCARD): void {
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
  if (length === '0' && encoding === undefined) return;
  // Before Node's own listener, which would end the connection.
  response.prependOnceListener('finish', () => {
    const { socket } = request;
    if (request.complete || socket.destroyed) return;
    const bytesBefore = socket.bytesRead;
    let looks = limits.ms / limits.everyMs;
    const watch = everySystemMs(limits.everyMs, () => {
      looks -= 1;
      if (looks < 0 || socket.bytesRead - bytesBefore > limits.bytes) socket.destroy();
    });
    const stop = (): void => watch.stop();
    socket.once('close', stop);
    request.once('end', () => {
      stop();
      // The connection may go on to the next request.
      socket.off('close', stop);
    });
    // What Node calls where the connection ends with the response.
    socket.destroySoon = () => {
      socket.end();
      request.once('end', () => socket.destroy());
    };
    request.once('end', () => Reflect.deleteProperty(socket, 'destroySoon'));
    request.resume();
  });
}
