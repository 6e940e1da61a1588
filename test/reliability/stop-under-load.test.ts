/** Stopped under load, the process loses no response that was begun, exits with 0 in time, and stores what it acknowledged. */
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FOLDER, type Started, start, waitFor } from '../support/command.ts';
import { call, TOKEN, taskUrl } from '../support/mock.ts';
import { cutResponses, exchange } from './wire-exchange.ts';

const SEED = 'd9ce8c9eede54b3f841ec324fe0bfdc2';
const LIMIT_MS = 1500;
const NEW_TASK = { project_id: 'p1', instance_id: 'i1', task_type: 'import_api' };
const AUTH = `host: localhost\r\nx-auth-token: ${TOKEN}\r\n`;

interface Line {
  readonly sent: number;
  readonly responses: readonly { status: number; text: string }[];
  /** Half a response. */
  readonly rest: string;
}

interface Busy {
  /** Has had some responses. */
  isUp(): boolean;
  /** Once the other side has closed it. */
  readonly closed: Promise<Line>;
}

/** A connection that always has `depth` requests under way, until the other side closes it. */
function keepBusy({ port }: Started, requestOf: (count: number) => string, depth: number): Busy {
  let seen = 0;
  const closed = new Promise<Line>((resolve) => {
    let text = '';
    let sent = 0;
    const socket = connect(port, '127.0.0.1');
    const fill = (): void => {
      let bytes = '';
      for (; sent - seen < depth; sent += 1) bytes += requestOf(sent);
      socket.write(bytes);
    };
    socket.on('connect', fill);
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      seen += chunk.toString('latin1').split('HTTP/1.1 ').length - 1;
      if (socket.writable) fill();
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve({ sent, ...cutResponses(text) }));
  });
  return { isUp: () => seen > 20, closed };
}

/** Once all of them are busy. */
const up = (lines: readonly Busy[]) =>
  waitFor(() => lines.every((line) => line.isUp()) || undefined, 'load on every connection');
const ends = (lines: readonly Busy[]): Promise<Line[]> => Promise.all(lines.map(({ closed }) => closed));

const pollLine = (query: string): string =>
  `GET /v2/p1/apigw/instances/i1/async-tasks/${SEED}${query} HTTP/1.1\r\n${AUTH}\r\n`;
const createLine = (taskId: string): string => {
  const body = JSON.stringify({ ...NEW_TASK, task_id: taskId });
  return `POST /__admin/tasks HTTP/1.1\r\n${AUTH}content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
};
const storedIn = (file: string): string[] =>
  (JSON.parse(readFileSync(file, 'utf8')) as { tasks: { task_id: string }[] }).tasks
    .map((task) => task.task_id)
    .sort();

describe('SIGTERM under load', { timeout: 20_000 }, () => {
  it.each([1, 16])('cuts no response of connections that are never idle, %i requests deep', async (depth) => {
    const mock = await start({ args: ['--log-level', 'warn'] });
    const lines = [
      ...Array.from({ length: 8 }, () => keepBusy(mock, () => pollLine(''), depth)),
      ...Array.from({ length: 4 }, () => keepBusy(mock, () => pollLine('?long=1'), depth)),
    ];
    await up(lines);
    const end = await mock.stop();
    expect([end.code, end.signal]).toEqual([0, null]);
    expect(end.tookMs).toBeLessThan(LIMIT_MS);
    for (const { responses, rest, sent } of await ends(lines)) {
      expect(rest).toBe('');
      expect(responses.length).toBeGreaterThan(20);
      expect(sent - responses.length).toBeLessThanOrEqual(depth);
      expect(responses.filter(({ status }) => status !== 200)).toEqual([]);
    }
  });

  it.each([
    ['one at a time', 1],
    ['pipelined', 8],
  ])(
    'has every task on disk that was acknowledged, and acknowledges every one that is, %s',
    async (how, depth) => {
      const file = join(FOLDER, `stopped-${depth}.json`);
      const args = [
        '--fixtures',
        'none',
        '--progression',
        'manual',
        '--log-level',
        'warn',
        '--state-file',
        file,
      ];
      const mock = await start({ args });
      const lines = Array.from({ length: 8 }, (_, line) =>
        keepBusy(mock, (count) => createLine(`t-${line}-${count}`), depth),
      );
      await up(lines);
      const end = await mock.stop();
      expect([how, end.code, end.signal]).toEqual([how, 0, null]);
      expect(end.tookMs).toBeLessThan(LIMIT_MS);
      const acknowledged = (await ends(lines)).flatMap(({ responses, rest }) => {
        expect(rest).toBe('');
        return responses.filter(({ status }) => status === 201).map(({ text }) => JSON.parse(text).task_id);
      });
      expect(acknowledged.length).toBeGreaterThan(8 * 20);
      expect(storedIn(file)).toEqual(acknowledged.sort());
    },
  );

  it('responds to what waits: delayed calls, waits for a task and for rest', async () => {
    const mock = await start({ args: ['--log-level', 'warn', '--progression', 'polls'] });
    const made = await call(`${mock.url}/__admin/tasks`, { json: NEW_TASK });
    const delay = { operation: 'ListApisV2', action: { type: 'delay', ms: 60_000 } };
    expect((await call(`${mock.url}/__admin/faults`, { json: delay })).status).toBe(201);
    const get = (path: string): string => `GET ${path} HTTP/1.1\r\n${AUTH}\r\n`;
    const bytes = [
      ...Array.from({ length: 6 }, () => get('/v2/p1/apigw/instances/i1/apis')),
      get(`/__admin/tasks/${made.body.task_id}/wait`),
      get('/__admin/idle'),
      createLine('the-last'),
    ].join('');
    const exchanged = exchange({ port: mock.port, bytes, withinMs: 15_000 });
    // The last of them has been begun, so have those before it.
    await waitFor(async () => {
      const { status } = await call(taskUrl(mock.url, 'the-last'));
      return status === 200 || undefined;
    }, 'the last request');
    const end = await mock.stop();
    expect([end.code, end.tookMs < LIMIT_MS]).toEqual([0, true]);
    const { responses, rest } = await exchanged;
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200, 408, 408, 201]);
    expect(rest).toBe('');
  });
});
