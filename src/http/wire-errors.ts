/** Errors on the bare socket: what Node's HTTP parser refused never becomes a request, and is answered all the same. */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ApigError, errors } from '../errors.ts';

export const JSON_TYPE = 'application/json';

/** A header takes no line breaks and nothing beyond Latin-1. */
export const headerText = (text: string): string =>
  text.length > 1000 ? headerText(text.slice(0, 1000)) : text.replaceAll(/[^\x20-\x7e]/g, '?');

const BY_PARSER_CODE: Readonly<Record<string, (reason: string) => ApigError>> = {
  HPE_HEADER_OVERFLOW: (reason) => errors.headersTooLarge({ reason }),
  HPE_CHUNK_EXTENSIONS_OVERFLOW: (reason) => errors.bodyTooLarge({ reason }),
  ERR_HTTP_REQUEST_TIMEOUT: (reason) => errors.requestTimeout({ reason }),
};

/** The newest answer of a connection, which may still be under way. */
export const LATEST = Symbol('latest answer');
export type AnsweringSocket = Socket & { [LATEST]?: ServerResponse | undefined };

/** When an error may be written to a connection: now, never, or once an event of its newest response has come. */
type Turn = 'now' | 'never' | { readonly response: ServerResponse; readonly event: 'finish' | 'socket' };

/** Never: a part of the response to the bad request itself is out. Else after the responses to earlier requests. */
function turnOn({ [LATEST]: latest }: AnsweringSocket): Turn {
  if (latest === undefined || latest.writableFinished || latest.destroyed) return 'now';
  if (latest.req.complete) return { response: latest, event: 'finish' };
  // The bad request's own response, behind those of earlier requests: it is given the socket when they are out.
  if (latest.socket === null) return { response: latest, event: 'socket' };
  return latest.headersSent ? 'never' : 'now';
}

/** What Node's HTTP parser refused never becomes a request: the answer is written to the socket itself. */
export function clientErrorHandler(options: {
  readonly sayWhy: boolean;
  readonly nextRequestId: () => string;
}) {
  const refused = new WeakSet<Duplex>();
  return (cause: Error & { code?: string }, socket: Duplex): void => {
    const turn = turnOn(socket as AnsweringSocket);
    if (cause.code === 'ECONNRESET' || !socket.writable || turn === 'never') {
      socket.destroy();
      return;
    }
    if (refused.has(socket)) return;
    refused.add(socket);
    const error = (BY_PARSER_CODE[cause.code ?? ''] ?? ((reason) => errors.badRequest({ reason })))(
      cause.message,
    );
    const body = error.text;
    const reason = options.sayWhy ? `x-mock-reason: ${headerText(cause.message)}\r\n` : '';
    const text =
      `HTTP/1.1 ${error.statusCode} ${STATUS_TEXT[error.statusCode] ?? 'Bad Request'}\r\nx-request-id: ${options.nextRequestId()}\r\n${reason}` +
      `content-type: ${JSON_TYPE}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`;
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

const STATUS_TEXT: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  413: 'Payload Too Large',
  431: 'Request Header Fields Too Large',
};
