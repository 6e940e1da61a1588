/** Sends bytes to a bare socket and splits what comes back into responses by their heads. */
import { connect, type Socket } from 'node:net';
import { parseResponse, type WireResponse } from '../support/wire.ts';

export interface Exchange {
  /** Every whole response, in order. */
  readonly responses: WireResponse[];
  /** What is left over: half a response, or bytes that are none. */
  readonly rest: string;
  readonly closed: boolean;
}

/** Splits what came into responses; those to HEAD have no body, whatever length they declare. */
export function cutResponses(
  text: string,
  heads: readonly boolean[] = [],
): { responses: WireResponse[]; rest: string } {
  const responses: WireResponse[] = [];
  let rest = text;
  while (rest.startsWith('HTTP/1.1 ')) {
    const headEnd = rest.indexOf('\r\n\r\n');
    if (headEnd < 0) break;
    const interim = rest.startsWith('HTTP/1.1 100');
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(rest.slice(0, headEnd))?.[1] ?? 0);
    const end = headEnd + 4 + (interim || heads[responses.length] === true ? 0 : length);
    if (rest.length < end) break;
    if (!interim) responses.push(parseResponse(rest.slice(0, end)));
    rest = rest.slice(end);
  }
  return { responses, rest };
}

export interface Sending {
  readonly port: number;
  readonly bytes: string | Buffer;
  /** Done when so many responses have come; else when the other side closes. */
  readonly responses?: number;
  /** Which of the requests are HEAD. */
  readonly heads?: readonly boolean[];
  /** Close our half at once. */
  readonly halfOpen?: boolean;
  readonly withinMs?: number;
  /** Sent in pieces of so many bytes, each in a turn of its own. */
  readonly pieceBytes?: number;
}

async function sendPieces(socket: Socket, given: string | Buffer, pieceBytes?: number): Promise<void> {
  const bytes = typeof given === 'string' ? Buffer.from(given, 'latin1') : given;
  const size = pieceBytes ?? bytes.length;
  for (let at = 0; at < bytes.length; at += size) {
    socket.write(bytes.subarray(at, at + size));
    if (at + size < bytes.length) await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Sends and collects; rejects when neither enough responses nor an end come in time. */
export function exchange(sending: Sending): Promise<Exchange> {
  const { port, bytes, responses: wanted = Number.POSITIVE_INFINITY, heads = [], withinMs = 5000 } = sending;
  return new Promise((resolve, reject) => {
    let text = '';
    const socket: Socket = connect(
      { port, host: '127.0.0.1', allowHalfOpen: sending.halfOpen === true },
      () => {
        void sendPieces(socket, bytes, sending.pieceBytes);
        if (sending.halfOpen === true) socket.end();
      },
    );
    const end = (closed: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ ...cutResponses(text, heads), closed });
    };
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error(`no end within ${withinMs} ms; so far: ${JSON.stringify(text.slice(0, 500))}`));
    }, withinMs);
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (cutResponses(text, heads).responses.length >= wanted) end(false);
    });
    socket.on('error', () => {});
    socket.on('end', () => end(true));
    socket.on('close', () => end(true));
  });
}
