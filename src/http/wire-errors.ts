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

/**
 * What the refusal must wait for: answers to earlier requests of the connection that are not yet out. `never`
 * when its own request has been answered in part, or stands in line behind others.
 */
function before({ [LATEST]: latest }: AnsweringSocket): ServerResponse | 'never' | undefined {
  if (latest === undefined || latest.writableFinished || latest.destroyed) return undefined;
  if (latest.req.complete) return latest;
  return latest.headersSent || latest.socket === null ? 'never' : undefined;
}

/** What Node's HTTP parser refused never becomes a request: the answer is written to the socket itself. */
export function clientErrorHandler(options: {
  readonly sayWhy: boolean;
  readonly nextRequestId: () => string;
}) {
  const refused = new WeakSet<Duplex>();
  return (cause: Error & { code?: string }, socket: Duplex): void => {
    const awaited = before(socket as AnsweringSocket);
    if (cause.code === 'ECONNRESET' || !socket.writable || awaited === 'never') {
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
    if (awaited === undefined) send();
    else awaited.once('finish', send);
  };
}

const STATUS_TEXT: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  413: 'Payload Too Large',
  431: 'Request Header Fields Too Large',
};
