/** Requests that are sent without waiting: responses come in order, fast and slow path mixed, good before bad. */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { RunningMock } from '../../src/mock.ts';
import { testMock } from '../support/mock.ts';
import { exchange } from './wire-exchange.ts';

let mock: RunningMock;
beforeAll(async () => {
  mock = await testMock({ progression: 'manual' });
});
afterAll(() => mock.close());

const AUTH = 'Host: localhost\r\nX-Auth-Token: dev-token\r\n';
const poll = (id: string, query = ''): string =>
  `GET /v2/p1/apigw/instances/i1/async-tasks/${id}${query} HTTP/1.1\r\n${AUTH}\r\n`;
const GARBAGE = 'this is no HTTP\r\n\r\n';

async function tasks(count: number): Promise<string[]> {
  await mock.control.reset();
  const ids = Array.from({ length: count }, (_, at) => `t${at}`);
  for (const task_id of ids) {
    await mock.control.tasks.create({
      project_id: 'p1',
      instance_id: 'i1',
      task_type: 'import_api',
      task_id,
    });
  }
  return ids;
}

const idsOf = (responses: readonly { text: string }[]): unknown[] =>
  responses.map(({ text }) => (JSON.parse(text) as { task_id?: string; error_code?: string }).task_id);

describe('pipelined requests', () => {
  it('get their responses in order, polls of the fast path and the slow path mixed', async () => {
    const ids = await tasks(60);
    const bytes = ids.map((id, at) => poll(id, at % 3 === 1 ? '?long=1' : '')).join('');
    const { responses, rest } = await exchange({ port: mock.port, bytes, responses: 60 });
    expect([idsOf(responses), rest]).toEqual([ids, '']);
  });

  it('get their responses in order however their bytes are cut', async () => {
    const ids = await tasks(8);
    const whole = ids.map((id, at) => poll(id, at % 2 === 1 ? '?long=1' : '')).join('');
    for (const size of [1, 7, 64]) {
      const { responses } = await exchange({ port: mock.port, bytes: whole, responses: 8, pieceBytes: size });
      expect(idsOf(responses)).toEqual(ids);
    }
  });

  it.each([
    ['fast', ''],
    ['slow', '?long=1'],
  ])(
    'of the %s path all get their responses before the garbage behind them is rejected',
    async (_way, query) => {
      const ids = await tasks(5);
      const bytes = ids.map((id) => poll(id, query)).join('') + GARBAGE;
      const { responses, rest, closed } = await exchange({ port: mock.port, bytes });
      expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 400]);
      expect(idsOf(responses.slice(0, 5))).toEqual(ids);
      expect([rest, closed]).toEqual(['', true]);
    },
  );

  // Any other request of a connection that is half closed counts as aborted, as Node has it (docs/limits.md).
  it('of the fast path get their responses when the sender has closed its half', async () => {
    const ids = await tasks(3);
    const { responses } = await exchange({
      port: mock.port,
      bytes: ids.map((id) => poll(id)).join(''),
      halfOpen: true,
    });
    expect(idsOf(responses)).toEqual(inject('fastPath') ? ids : ids.slice(0, responses.length));
  });

  const BAD_BODY = `POST /v3/auth/tokens HTTP/1.1\r\n${AUTH}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n`;
  it.each([
    ['fast', 0, ''],
    ['slow', 0, '?slow=1'],
    ['slow', 20, '?slow=1'],
  ])(
    'of the %s path, delayed %d ms, get their responses before one with a bad body is rejected',
    async (_path, ms, query) => {
      const ids = await tasks(3);
      if (ms > 0) await mock.control.faults.add({ task_id: 't0', action: { type: 'delay', ms } });
      const bytes = ids.map((id) => poll(id, query)).join('') + BAD_BODY;
      const { responses, rest, closed } = await exchange({ port: mock.port, bytes });
      expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 400]);
      expect(idsOf(responses.slice(0, 3))).toEqual(ids);
      expect([rest, closed]).toEqual(['', true]);
    },
  );

  it('whose body turns out bad after their response get no second response', async () => {
    const [id = ''] = await tasks(1);
    const rejected = BAD_BODY.replace('/v3/auth/tokens', '/nope');
    const { responses, rest, closed } = await exchange({
      port: mock.port,
      bytes: poll(id, '?slow=1') + rejected,
    });
    expect(responses.map(({ status }) => status)).toEqual([200, expect.toBeOneOf([400, 404])]);
    expect([rest, closed]).toEqual(['', true]);
  });

  it('are held up by a delay for as long as it lasts, and no response overtakes', async () => {
    const ids = await tasks(4);
    await mock.control.faults.add({ task_id: 't0', action: { type: 'delay', ms: 20 } });
    const bytes = ids.map((id) => poll(id)).join('') + GARBAGE;
    const { responses } = await exchange({ port: mock.port, bytes });
    expect(idsOf(responses.slice(0, 4))).toEqual(ids);
    expect(responses.at(-1)?.status).toBe(400);
  });

  it('garbage during a stream of events leaves no rejection in the stream', async () => {
    const bytes = `GET /__admin/events HTTP/1.1\r\nHost: localhost\r\n\r\n`;
    const text = await new Promise<string>((resolve) => {
      void import('node:net').then(({ connect }) => {
        let came = '';
        let sent = false;
        const socket = connect(mock.port, '127.0.0.1', () => socket.write(bytes));
        socket.on('data', (chunk: Buffer) => {
          came += chunk.toString();
          if (came.includes('retry: 1000') && !sent) {
            sent = true;
            socket.write(GARBAGE, () => void mock.control.reset());
          }
          if (came.includes('"type":"reset"')) socket.destroy();
        });
        socket.on('error', () => {});
        socket.on('close', () => resolve(came));
      });
    });
    expect(text.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });
});
