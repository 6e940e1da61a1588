/** The event stream of a mock elsewhere: resumed when it breaks, honest when something was lost, ended by `close`. */
import { describe, expect, it, vi } from 'vitest';
import { type ApigError, connectApigMock, type MockEvent, startApigMock } from '../../src/index.ts';
import { otherServer, proxyTo } from './remote-servers.ts';
import { HERE, stillMock, until } from './scene.ts';

const portOf = (url: string): number => Number(new URL(url).port);

/** Reads a stream in the background. */
function reading(events: AsyncIterable<MockEvent>) {
  const seen: MockEvent[] = [];
  const ended = (async () => {
    for await (const event of events) seen.push(event);
  })();
  ended.catch(() => {});
  return { seen, ended };
}

/** An event stream by hand: `id`s of the events, then the connection breaks or stays. */
const stream = (...ids: readonly string[]): string =>
  ids
    .map((id) => `id: ${id}\nevent: plan\ndata: ${JSON.stringify({ id, at: 'x', type: 'plan' })}\n\n`)
    .join('');
const EVENT_STREAM = { 'content-type': 'text/event-stream; charset=utf-8', 'x-request-id': 'f'.repeat(32) };

describe('silence', () => {
  it('is of the mock alone: a reader that takes its time over an event ends no stream', async () => {
    const timers = vi.spyOn(globalThis, 'setTimeout');
    const stopped = vi.spyOn(globalThis, 'clearTimeout');
    /** Timers of 40 s that run: what each of them does. */
    const running = () =>
      timers.mock.calls.flatMap(([action, ms], at) => {
        const isStopped = stopped.mock.calls.some(([timer]) => timer === timers.mock.results[at]?.value);
        return ms === 40_000 && !isStopped ? [action as () => void] : [];
      });
    let connections = 0;
    await using server = await otherServer((_request, response) => {
      connections += 1;
      response.writeHead(200, EVENT_STREAM);
      response.write(stream(`a-${connections}`, `b-${connections}`));
    });
    await using client = await connectApigMock(server.url);
    const whileBusy: number[] = [];
    const seen: string[] = [];
    for await (const { id } of client.events) {
      seen.push(id);
      whileBusy.push(running().length);
      if (seen.length === 4) break;
      if (seen.length === 2)
        // Then nothing comes for 40 s.
        void until(() => running().length === 1, 'the timer').then(() => running()[0]?.());
    }
    expect([seen, whileBusy]).toEqual([
      ['a-1', 'b-1', 'a-2', 'b-2'],
      [0, 0, 0, 0],
    ]);
    timers.mockRestore();
    stopped.mockRestore();
  });
});

describe('a stream that breaks', () => {
  it('is resumed where it was: nothing is lost, nothing comes twice', async () => {
    await using mock = await stillMock();
    await using proxy = await proxyTo(portOf(mock.url));
    await using client = await connectApigMock(proxy.url);
    const { seen } = reading(client.events);
    await until(async () => {
      await mock.plan({ plan: { mode: 'manual' } });
      return seen.length > 0;
    }, 'the first event');
    for (let at = 0; at < 3; at += 1) {
      await until(() => proxy.open() > 0, 'the connection');
      proxy.cut();
      await mock.tasks.create({ ...HERE, task_type: 'import_api', task_id: `task-${at}` });
      await until(
        () => seen.some((event) => event.type === 'task' && event.task_id === `task-${at}`),
        'the task',
      );
    }
    const numbers = seen.map(({ id }) => Number(id.split('-')[1]));
    expect(numbers).toEqual(numbers.map((_, at) => (numbers[0] ?? 0) + at));
  });

  it('asks with the id of the last event, and again while a server in between has no mock to offer', async () => {
    const asked: unknown[] = [];
    await using server = await otherServer((request, response) => {
      asked.push(request.headers['last-event-id']);
      if (asked.length === 2) return void response.writeHead(503, { 'content-type': 'text/html' }).end('<p>');
      response.writeHead(200, EVENT_STREAM);
      if (asked.length === 1) response.write(stream('a-1', 'a-2'), () => response.socket?.resetAndDestroy());
      else if (asked.length === 3) response.end(stream('a-3'));
      else response.write(stream('a-4'));
    });
    await using client = await connectApigMock(server.url);
    const { seen } = reading(client.events);
    await until(() => seen.length === 4, 'all four');
    expect(seen.map(({ id }) => id)).toEqual(['a-1', 'a-2', 'a-3', 'a-4']);
    expect(asked).toEqual([undefined, 'a-2', 'a-2', 'a-3']);
  });

  it('reads events whose bytes come in any pieces', async () => {
    const text = `: hello\r\n\r\n${stream('a-1').replaceAll('\n', '\r\n')}data: {"id":"a-2",\ndata: "at":"é","type":"plan"}\nid: a-2\n\n`;
    await using server = await otherServer((_request, response) => {
      response.writeHead(200, EVENT_STREAM);
      for (const byte of Buffer.from(text)) response.write(Buffer.from([byte]));
    });
    await using client = await connectApigMock(server.url);
    const { seen } = reading(client.events);
    await until(() => seen.length === 2, 'both');
    expect(seen[1]).toEqual({ id: 'a-2', at: 'é', type: 'plan' });
  });

  it('is notified of what it lost when the mock was restarted, and goes on', async () => {
    const first = await startApigMock({ fixtures: 'none' });
    await using client = await connectApigMock(first.url);
    const { seen } = reading(client.events);
    await until(async () => {
      await first.plan({ plan: { mode: 'manual' } });
      return seen.length > 0;
    }, 'the first event');
    await first.close();
    await using again = await startApigMock({ fixtures: 'none', port: portOf(first.url) });
    await again.tasks.create({ ...HERE, task_type: 'import_api', task_id: 't1' });
    await until(() => seen.some((event) => event.type === 'task'), 'the task');
    const epochOf = (event: MockEvent | undefined) => event?.id.split('-')[0];
    expect(seen.find((event) => epochOf(event) !== epochOf(seen[0]))?.type).toBe('skipped');
    expect(seen.at(-1)).toMatchObject({ type: 'task', task_id: 't1' });
  });

  it('stops when the mock rejects the reader', async () => {
    const first = await startApigMock({ fixtures: 'none' });
    await using client = await connectApigMock(first.url);
    const { seen, ended } = reading(client.events);
    await until(async () => {
      await first.plan({ plan: { mode: 'manual' } });
      return seen.length > 0;
    }, 'the first event');
    await first.close();
    await using _again = await startApigMock({ port: portOf(first.url), adminToken: 'let me in' });
    const cause = (await ended.catch((thrown: unknown) => thrown)) as ApigError;
    expect([cause.name, cause.statusCode]).toEqual(['ApigError', 401]);
  });
});

describe('close', () => {
  it('ends every stream, also one that waits to reconnect', async () => {
    const mock = await startApigMock({ fixtures: 'none' });
    const client = await connectApigMock(mock.url);
    const streams = [reading(client.events), reading(client.events), reading(client.events)];
    await until(async () => {
      await mock.plan({ plan: { mode: 'manual' } });
      return streams.every(({ seen }) => seen.length > 0);
    }, 'the streams');
    await mock.close();
    await client.close();
    await Promise.all(streams.map(({ ended }) => ended));
    expect(await client.events[Symbol.asyncIterator]().next()).toEqual({ done: true, value: undefined });
  });

  it('is not needed by a reader that stops by itself: its connection goes', async () => {
    await using mock = await startApigMock({ fixtures: 'none' });
    await using proxy = await proxyTo(portOf(mock.url));
    await using client = await connectApigMock(proxy.url);
    const iterator = client.events[Symbol.asyncIterator]();
    const next = iterator.next();
    let heard = false;
    void next.then(() => {
      heard = true;
    });
    await until(async () => {
      await mock.plan({ plan: { mode: 'manual' } });
      return heard;
    }, 'an event');
    await iterator.return?.();
    await until(() => proxy.open() === 0, 'the end of the connection');
  });
});
