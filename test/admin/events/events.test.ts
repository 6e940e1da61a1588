/** The stream of events: in order, numbered, taken up again where it was, ended with the mock. */
import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import { EventLog } from '../../../src/admin/events/events.ts';
import { connectApigMock, type MockEvent } from '../../../src/index.ts';
import { HERE, stillMock } from '../scene.ts';

/** Reads the stream until it has so many events, or ends. */
async function readStream(url: string, count: number, lastEventId?: string): Promise<MockEvent[]> {
  const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
  const { body } = await request(`${url}/__admin/events`, { headers });
  const events: MockEvent[] = [];
  let pending = '';
  body.setEncoding('utf8');
  for await (const chunk of body as AsyncIterable<string>) {
    const blocks = (pending + chunk).split('\n\n');
    pending = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (data !== undefined) events.push(JSON.parse(data) as MockEvent);
    }
    if (events.length >= count) break;
  }
  body.destroy();
  return events;
}

describe('the stream of events', () => {
  it('reports a whole sequence in order, and resumes where a reader was', async () => {
    await using mock = await stillMock();
    const { task_id } = await mock.tasks.create({ ...HERE, task_type: 'import_api' });
    await mock.clock.advance(2000);
    const all = await readStream(mock.url, 4, '0');
    const moves = all.flatMap((event) =>
      event.type === 'task' && event.task_id === task_id ? [event.to] : [],
    );
    expect(moves).toEqual(['waiting', 'processing', 'succeed']);
    const numbers = all.map(({ id }) => Number(/^[0-9a-f]{8}-(\d+)$/.exec(id)?.[1]));
    expect(numbers).toEqual(numbers.map((_, at) => (numbers[0] ?? 0) + at));
    const resumed = await readStream(mock.url, 2, all[1]?.id);
    expect(resumed.slice(0, 2)).toEqual(all.slice(2, 4));
  });

  it('is an iterator on the object and on the client, from now on', async () => {
    await using mock = await stillMock();
    await using client = await connectApigMock(mock.url);
    for (const control of [mock, client]) {
      const reader = control.events[Symbol.asyncIterator]();
      const next = reader.next();
      // Nothing shows when a reader over a socket listens: events are made until it has received one.
      let heard = false;
      void next.then(() => {
        heard = true;
      });
      while (!heard) {
        await mock.plan({ plan: { mode: 'manual' } });
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect((await next).value).toMatchObject({ type: 'plan' });
      await reader.return?.(undefined);
    }
  });

  it('ends with the mock, for a hundred readers', async () => {
    const mock = await stillMock();
    await mock.plan({ plan: { mode: 'manual' } });
    const readers = Array.from({ length: 100 }, () =>
      readStream(mock.url, Number.POSITIVE_INFINITY, '0').catch(() => []),
    );
    await mock.close();
    expect(await Promise.all(readers)).toHaveLength(100);
  });

  it('skips ahead for a reader who was away too long, and keeps no more than its bound', () => {
    const log = new EventLog();
    for (let at = 0; at < 10_000; at += 1) log.add(0, { type: 'plan' });
    const skipped = log.after(1);
    expect(skipped?.event.type).toBe('skipped');
    const rest: number[] = [];
    for (let next = log.after(skipped?.position ?? 0); next !== undefined; next = log.after(next.position))
      rest.push(next.position);
    expect(rest.at(-1)).toBe(10_000);
    expect(rest.length).toBeLessThan(5000);
  });

  it.each<[string, (own: string) => string]>([
    ['of another run of the mock', (own) => `00000000-${own.split('-')[1]}`],
    ['that this run has not given yet', (own) => own.replace(/\d+$/, '9999')],
    ['that is a number beyond the newest', () => '9999'],
    ['that is none', () => 'x'],
  ])('reports lost events at once to a reader with an id %s', async (_what, idFrom) => {
    await using mock = await stillMock();
    const { last_event_id } = await mock.overview();
    const [skipped, next] = await readStream(mock.url, 2, idFrom(last_event_id));
    expect(skipped?.type).toBe('skipped');
    // Then what is stored, from its beginning.
    expect(next).toMatchObject({ type: 'clock', id: last_event_id.replace(/\d+$/, '1') });
  });

  it('reports that for a log that is still empty, too', () => {
    const log = new EventLog();
    expect(log.after(log.positionOf('00000000-7'))?.event).toMatchObject({ type: 'skipped', id: log.lastId });
    expect(log.after(log.positionOf(log.lastId))).toBeUndefined();
    expect(new EventLog().lastId).not.toBe(log.lastId);
  });

  it('starts with its position, so that a stream that breaks before its first event is resumed there', async () => {
    await using mock = await stillMock();
    const { last_event_id } = await mock.overview();
    const { headers, body } = await request(`${mock.url}/__admin/events`);
    expect(headers['last-event-id']).toBe(last_event_id);
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      expect(Buffer.from(chunk).toString()).toBe(['retry: 1000', `id: ${last_event_id}`, '', ''].join('\n'));
      break;
    }
  });
});
