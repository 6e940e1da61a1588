/** HTTP without a client's good manners: targets and header lists as given, bytes as given, headers as they came. */
import { request } from 'node:http';
import { connect } from 'node:net';

export interface WireResponse {
  status: number;
  /** Lower-case names; the order and the doubles of the wire are in `rawHeaders`. */
  headers: Record<string, string | string[] | undefined>;
  rawHeaders: string[];
  text: string;
}

export interface WireCall {
  port: number;
  method?: string;
  /** Sent as it stands. */
  target: string;
  headers?: Record<string, string | string[]>;
  body?: string | Buffer;
}

/** One request on a connection of its own. */
export function wireCall({
  port,
  method = 'GET',
  target,
  headers = {},
  body,
}: WireCall): Promise<WireResponse> {
  return new Promise((resolve, reject) => {
    const call = request(
      { host: '127.0.0.1', port, method, path: target, headers, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            rawHeaders: response.rawHeaders,
            text: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      },
    );
    call.on('error', reject);
    call.end(body);
  });
}

/** Writes bytes to a bare socket and gives back everything that comes until the other side closes. */
export function sendBytes(port: number, bytes: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
    // What arrived before a reset is a response; nothing at all is not.
    socket.on('error', (cause) => (chunks.length > 0 ? undefined : reject(cause)));
  });
}

/** Parses the text of one response into its parts. */
export function parseResponse(text: string): WireResponse {
  const end = text.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n');
  const pairs = lines.map((line) => [
    line.slice(0, line.indexOf(':')),
    line.slice(line.indexOf(':') + 1).trim(),
  ]);
  return {
    status: Number(statusLine.split(' ')[1]),
    headers: Object.fromEntries(pairs.map(([name = '', value]) => [name.toLowerCase(), value])),
    rawHeaders: pairs.flat() as string[],
    text: text.slice(end + 4),
  };
}
