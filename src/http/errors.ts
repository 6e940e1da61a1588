/**
 * Renders errors, in one place for every way out: Fastify's replies, Node's responses, and the bare socket, where what
 * Node's HTTP parser rejects never becomes a request.
 */
import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ApigError, errors } from '../core/errors.ts';
import { headerText } from '../core/header-text.ts';
import { spelled } from './wire-response.ts';

export const JSON_TYPE = 'application/json';

export interface ErrorOptions {
  readonly requestId: string;
  /** Whether the response gives the reason. */
  readonly showReason: boolean;
}

/** The headers of an error's response, spelled as they are documented. `X-Mock-Reason` has the reason, where there is one and `showReason` allows. */
export function errorHeaders(
  { reason, headers }: ApigError,
  { requestId, showReason }: ErrorOptions,
): Record<string, string> {
  return {
    'X-Request-Id': requestId,
    ...(showReason && reason !== undefined && { 'X-Mock-Reason': headerText(reason) }),
    'Content-Type': JSON_TYPE,
    ...headers,
  };
}

/** Sends an error as Node's own response; the connection is closed after it. */
export function respondWithError(response: ServerResponse, error: ApigError, how: ErrorOptions): void {
  response.writeHead(error.statusCode, {
    ...errorHeaders(error, how),
    'content-length': Buffer.byteLength(error.text),
    connection: 'close',
  });
  response.end(error.text);
}

const BY_PARSER_CODE: Readonly<Record<string, (reason: string) => ApigError>> = {
  HPE_HEADER_OVERFLOW: (reason) => errors.headersTooLarge({ reason }),
  HPE_CHUNK_EXTENSIONS_OVERFLOW: (reason) => errors.bodyTooLarge({ reason }),
  ERR_HTTP_REQUEST_TIMEOUT: (reason) => errors.requestTimeout({ reason }),
};

/** The newest response on a connection, which may still be under way. */
export const LATEST = Symbol('latest response');
export type ConnectionSocket = Socket & { [LATEST]?: ServerResponse | undefined };

/** When an error may be written to a connection: now, never, or once an event of its newest response has come. */
type Turn = 'now' | 'never' | { readonly response: ServerResponse; readonly event: 'finish' | 'socket' };

/** Never: a part of the response to the bad request itself is out. Else after the responses to earlier requests. */
function turnOn({ [LATEST]: latest }: ConnectionSocket): Turn {
  if (latest === undefined || latest.writableFinished || latest.destroyed) return 'now';
  if (latest.req.complete) return { response: latest, event: 'finish' };
  // The bad request's own response, behind those of earlier requests: it is given the socket when they are out.
  if (latest.socket === null) return { response: latest, event: 'socket' };
  return latest.headersSent ? 'never' : 'now';
}

/** What Node's HTTP parser rejected never becomes a request: the response is written to the socket itself. */
export function clientErrorHandler(options: {
  readonly showReason: boolean;
  readonly nextRequestId: () => string;
}) {
  const rejected = new WeakSet<Duplex>();
  return (cause: Error & { code?: string }, socket: Duplex): void => {
    const turn = turnOn(socket as ConnectionSocket);
    if (cause.code === 'ECONNRESET' || !socket.writable || turn === 'never') {
      socket.destroy();
      return;
    }
    if (rejected.has(socket)) return;
    rejected.add(socket);
    const error = (BY_PARSER_CODE[cause.code ?? ''] ?? ((reason) => errors.badRequest({ reason })))(
      cause.message,
    );
    const body = error.text;
    const headers = {
      ...errorHeaders(error, { requestId: options.nextRequestId(), showReason: options.showReason }),
      'content-length': Buffer.byteLength(body),
      connection: 'close',
    };
    const lines = Object.entries(headers).map(([name, value]) => `${spelled(name)}: ${value}`);
    const text = [`HTTP/1.1 ${error.statusCode} ${STATUS_CODES[error.statusCode]}`, ...lines, '', body].join(
      '\r\n',
    );
    const send = (): void => {
      if (socket.writable) socket.end(text, () => socket.destroy());
      else socket.destroy();
    };
    if (turn === 'now') send();
    else
      turn.response.once(turn.event, () => {
        const { response, event } = turn;
        if (event === 'finish' || !response.headersSent) send();
        // It was made while it stood in line, and goes out in place of the error.
        else if (response.writableEnded) response.once('finish', () => socket.destroy());
        else socket.destroy();
      });
  };
}
