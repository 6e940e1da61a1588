/** The fast path of a poll: which requests it takes, which it leaves to Fastify, and that it counts a read once. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { errors } from '../../src/core/errors.ts';
import { createFastPath, type FastPathOptions, type ServedPoll } from '../../src/http/fast-path.ts';

const TARGET = '/v2/p1/apigw/instances/i1/async-tasks/t1';
const HEX = '0123456789abcdef0123456789abcdef';
const TOKEN = ['X-Auth-Token', 'good'];

interface Asked {
  target?: string;
  method?: string;
  rawHeaders?: string[];
}

/** A fast path over one task, with what it was asked and what it sent. */
function pathOver(more: Partial<FastPathOptions> = {}) {
  const reads: string[][] = [];
  const polls: ServedPoll[] = [];
  const sent: { status?: number; headers?: string[]; text?: string } = {};
  const fastPath = createFastPath({
    admitSite: ({ host }) => host === 'localhost',
    isOpen: () => true,
    admit: (_request, credentials, projectId) =>
      credentials !== 'good'
        ? errors.tokenInvalid({ reason: 'unknown token' })
        : projectId === 'forbidden'
          ? errors.forbidden()
          : 'static-token',
    read: (...ids) => {
      reads.push(ids);
      return ids[2] === 'unknown' ? errors.taskNotFound('unknown') : '{"task_id":"任务"}';
    },
    nextRequestId: () => HEX,
    strict: false,
    onServed: (poll) => void polls.push(poll),
    onNotRecorded: () => {},
    ...more,
  });
  const ask = ({ target = TARGET, method = 'GET', rawHeaders = TOKEN }: Asked = {}): boolean => {
    const response = {
      writeHead: (status: number, headers: string[]) => Object.assign(sent, { status, headers }),
      end: (text: string) => Object.assign(sent, { text }),
    };
    const request = {
      method,
      url: target,
      rawHeaders: ['Host', 'localhost', ...rawHeaders],
      headers: { 'x-auth-token': 'good', host: 'evil.example' },
    };
    return fastPath(request as unknown as IncomingMessage, response as unknown as ServerResponse);
  };
  return { ask, reads, polls, sent };
}

/** A list of names and values as an object. */
const pairsOf = (list: readonly string[] = []): Record<string, string | undefined> =>
  Object.fromEntries(list.flatMap((name, at) => (at % 2 === 0 ? [[name, list[at + 1]]] : [])));

describe('the fast path', () => {
  it('responds to a plain poll: status, type, length in bytes, request id, text', () => {
    const { ask, sent, polls, reads } = pathOver();
    expect(ask()).toBe(true);
    expect(sent.status).toBe(200);
    expect(sent.headers?.slice(0, 6)).toEqual([
      'Content-Type',
      'application/json',
      'Content-Length',
      '20',
      'X-Request-Id',
      HEX,
    ]);
    expect(sent.text).toBe('{"task_id":"任务"}');
    expect(reads).toEqual([['p1', 'i1', 't1']]);
    expect(polls).toMatchObject([{ projectId: 'p1', instanceId: 'i1', target: TARGET, requestId: HEX }]);
  });

  it.each<[string, Asked]>([
    ['POST', { method: 'POST' }],
    ['HEAD', { method: 'HEAD' }],
    ['another path', { target: '/v2/p1/apigw/instances/i1/tasks/t1' }],
    ['the root', { target: '/' }],
    ['an empty target', { target: '' }],
    ['an absolute target', { target: `http://127.0.0.1${TARGET}` }],
    ['a query', { target: `${TARGET}?a` }],
    ['a slash at the end', { target: `${TARGET}/` }],
    ['an encoded letter', { target: `${TARGET}%20` }],
    ['a letter beyond ASCII', { target: `${TARGET}é` }],
    ['no task id', { target: TARGET.slice(0, -2) }],
    ['no project id', { target: TARGET.replace('p1', '') }],
    ['an id of 65 characters', { target: TARGET.replace('p1', 'p'.repeat(65)) }],
    ['another scheme of authorization', { rawHeaders: ['Authorization', 'Bearer good'] }],
    ['two tokens', { rawHeaders: [...TOKEN, 'x-auth-token', 'good'] }],
    ['a length', { rawHeaders: [...TOKEN, 'Content-Length', '0'] }],
    ['chunks', { rawHeaders: [...TOKEN, 'Transfer-Encoding', 'chunked'] }],
    [
      'a web page that may not call by this name',
      { rawHeaders: [...TOKEN, 'Origin', 'http://evil.example'] },
    ],
    ['an expectation', { rawHeaders: [...TOKEN, 'Expect', '100-continue'] }],
  ])('leaves to Fastify, unread and without a response: %s', (_what, asked) => {
    const { ask, reads, sent, polls } = pathOver();
    expect(ask(asked)).toBe(false);
    expect([reads, polls, sent]).toEqual([[], [], {}]);
  });

  it('leaves a task to Fastify that only the slow path can show', () => {
    const { ask, sent } = pathOver({ read: () => undefined });
    expect(ask()).toBe(false);
    expect(sent).toEqual({});
  });

  it.each<[string, Asked, number, string, 'none' | 'static-token']>([
    ['an unknown token', { rawHeaders: ['X-Auth-Token', 'bad'] }, 401, 'APIG.1002', 'none'],
    ['a token for another project', { target: TARGET.replace('p1', 'forbidden') }, 403, 'APIG.1005', 'none'],
    ['an unknown task', { target: TARGET.replace('t1', 'unknown') }, 404, 'APIG.3093', 'static-token'],
    ['no token', { rawHeaders: [] }, 401, 'APIG.1002', 'none'],
    ['an empty token', { rawHeaders: ['X-Auth-Token', ''] }, 401, 'APIG.1002', 'none'],
  ])('rejects %s, and records it', (_what, asked, status, code, caller) => {
    const { ask, sent, polls } = pathOver();
    expect(ask(asked)).toBe(true);
    expect(sent).toMatchObject({ status, text: expect.stringContaining(`"error_code":"${code}"`) });
    expect(pairsOf(sent.headers)).toMatchObject({ 'X-Request-Id': HEX, 'Content-Type': 'application/json' });
    expect(polls).toMatchObject([{ caller, failure: { statusCode: status, code }, requestId: HEX }]);
  });

  it('gives the reason of a rejection, but not in strict mode', () => {
    const rejected = { rawHeaders: ['X-Auth-Token', 'bad'], target: TARGET.replaceAll(/p1|i1|t1/g, HEX) };
    const reasons = [false, true].map((strict) => {
      const { ask, sent } = pathOver({ strict });
      expect(ask(rejected)).toBe(true);
      return pairsOf(sent.headers)['X-Mock-Reason'];
    });
    expect(reasons).toEqual(['unknown token', undefined]);
  });

  it('leaves everything to Fastify while it is closed', () => {
    const { ask, reads } = pathOver({ isOpen: () => false });
    expect(ask()).toBe(false);
    expect(reads).toEqual([]);
  });

  it('takes 32 hex digits only, in strict mode', () => {
    const { ask } = pathOver({ strict: true });
    expect(ask()).toBe(false);
    const strict = TARGET.replace('p1', HEX).replace('i1', HEX);
    expect(ask({ target: strict.replace('t1', HEX) })).toBe(true);
    expect(ask({ target: strict.replace('t1', HEX.toUpperCase()) })).toBe(false);
  });

  it('reads the name of the token header in any case', () => {
    for (const name of ['x-auth-token', 'X-AUTH-TOKEN', 'X-Auth-Token'])
      expect(pathOver().ask({ rawHeaders: [name, 'good'] })).toBe(true);
  });

  // A throw from here would end the process: Node calls it from the socket, outside of Fastify's care.
  it('leaves to Fastify what it cannot read', () => {
    const { ask } = pathOver({
      read: () => {
        throw new Error('broken');
      },
    });
    expect(ask()).toBe(false);
  });
});
