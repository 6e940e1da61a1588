/** Large uploads that are rejected while they are still being sent: every client reads the rejection, every time. */
import { request as requestByNode } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { request as requestByUndici } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningMock } from '../../src/mock.ts';
import { TOKEN, testMock } from '../support/mock.ts';
import { parseResponse } from '../support/wire.ts';

let mock: RunningMock;
beforeAll(async () => {
  mock = await testMock();
});
afterAll(() => mock.close());

const TRIES = 10;
const PIECE = Buffer.alloc(64 * 1024, 'x');
const HEAD = '--b\r\ncontent-disposition: form-data; name="file_name"; filename="a.yaml"\r\n\r\n';
const TAIL = '\r\n--b--\r\n';

interface Upload {
  readonly target: string;
  readonly headers: Record<string, string>;
  readonly megabytes: number;
}

function* piecesOf({ headers, megabytes }: Upload): Generator<Buffer> {
  const isForm = headers['content-type']?.startsWith('multipart/') === true;
  if (isForm) yield Buffer.from(HEAD);
  for (let at = 0; at < megabytes * 16; at += 1) yield PIECE;
  if (isForm) yield Buffer.from(TAIL);
}
const lengthOf = (upload: Upload): number =>
  [...piecesOf(upload)].reduce((sum, { length }) => sum + length, 0);

/** Each gives status and code, or what went wrong. */
const CLIENTS: Readonly<Record<string, (upload: Upload) => Promise<string>>> = {
  "Node's http": (upload) =>
    new Promise((resolve) => {
      const headers = { ...upload.headers, 'content-length': String(lengthOf(upload)) };
      const options = { host: '127.0.0.1', port: mock.port, method: 'POST', path: upload.target, headers };
      const outgoing = requestByNode(options, async (response) => {
        resolve(`${response.statusCode} ${codeIn(String(Buffer.concat(await response.toArray())))}`);
      });
      outgoing.on('error', (cause) => resolve(cause.message));
      Readable.from(piecesOf(upload)).pipe(outgoing);
    }),
  undici: async (upload) => {
    try {
      const headers = { ...upload.headers, 'content-length': String(lengthOf(upload)) };
      const body = Readable.from(piecesOf(upload));
      const response = await requestByUndici(mock.url + upload.target, { method: 'POST', headers, body });
      return `${response.statusCode} ${codeIn(await response.body.text())}`;
    } catch (cause) {
      return (cause as Error).message;
    }
  },
  // As Python's and Java's do.
  'a client that reads once all is written': (upload) =>
    new Promise((resolve) => {
      const headers = { ...upload.headers, host: 'localhost', 'content-length': String(lengthOf(upload)) };
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      const socket = connect({ port: mock.port, host: '127.0.0.1', allowHalfOpen: true });
      socket.on('error', (cause) => resolve(cause.message));
      socket.write(`POST ${upload.target} HTTP/1.1\r\n${lines.join('')}\r\n`);
      const pieces = piecesOf(upload);
      const next = (): void => {
        const { done, value } = pieces.next();
        if (done !== true) socket.write(value, next);
        else
          socket.once('data', (data) => {
            const { status, text } = parseResponse(String(data));
            resolve(`${status} ${codeIn(text)}`);
            socket.destroy();
          });
      };
      next();
    }),
};
const codeIn = (text: string): string => JSON.parse(text).error_code;

const IMPORT = '/v2/p1/apigw/instances/i1/openapi/async-import';
const form = { 'content-type': 'multipart/form-data; boundary=b' };
const REJECTIONS: readonly [
  what: string,
  target: string,
  headers: Record<string, string>,
  expected: string,
][] = [
  ['a file that is too long', IMPORT, { ...form, 'x-auth-token': TOKEN }, '400 APIG.3603'],
  ['a bad token', IMPORT, { ...form, 'x-auth-token': 'bad' }, '401 APIG.1002'],
  [
    'a form without a boundary',
    IMPORT,
    { 'content-type': 'multipart/form-data', 'x-auth-token': TOKEN },
    '400 APIG.0201',
  ],
  ['another type', '/v3/auth/tokens', { 'content-type': 'application/xml' }, '415 APIG.0201'],
  ['JSON that is too long', '/v3/auth/tokens', { 'content-type': 'application/json' }, '413 APIG.0201'],
];

describe.each(Object.entries(CLIENTS))('%s reads the rejection of', (_client, send) => {
  describe.each([20, 50, 100])('%i MB with', (megabytes) => {
    it.each(REJECTIONS)('%s', async (_what, target, headers, expected) => {
      const seen: string[] = [];
      for (let at = 0; at < TRIES; at += 1) seen.push(await send({ target, headers, megabytes }));
      expect(seen).toEqual(Array(TRIES).fill(expected));
    });
  });
});
