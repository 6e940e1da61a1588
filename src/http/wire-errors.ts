/** Errors on the bare socket: what Node's HTTP parser refused never becomes a request, and is answered all the same. */
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

/** What Node's HTTP parser refused never becomes a request: the answer is written to the socket itself. */
export function clientErrorHandler(options: {
  readonly sayWhy: boolean;
  readonly nextRequestId: () => string;
}) {
  return (cause: Error & { code?: string }, socket: Duplex): void => {
    if (cause.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const error = (BY_PARSER_CODE[cause.code ?? ''] ?? ((reason) => errors.badRequest({ reason })))(
      cause.message,
    );
    const body = error.text;
    const reason = options.sayWhy ? `x-mock-reason: ${headerText(cause.message)}\r\n` : '';
    socket.end(
      `HTTP/1.1 ${error.statusCode} ${STATUS_TEXT[error.statusCode] ?? 'Bad Request'}\r\nx-request-id: ${options.nextRequestId()}\r\n${reason}` +
        `content-type: ${JSON_TYPE}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
      () => socket.destroy(),
    );
  };
}

const STATUS_TEXT: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  413: 'Payload Too Large',
  431: 'Request Header Fields Too Large',
};
