/** Server-sent events: written as fast as the reader takes them and no faster; an idle connection stays alive. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import { everySystemMs } from '../../core/clock.ts';
import type { MockEvent } from './events.ts';

const KEEP_ALIVE_MS = 15_000;
/** A reader that takes nothing for so many keep-alives is let go. */
const STALLED_KEEP_ALIVES = 4;

/** As the description has them. */
export const STREAM_HEADERS = {
  'Last-Event-ID': {
    description: 'the id of the newest event, when the stream begins after it',
    schema: { type: 'string', example: '1f0c9a3e-14' },
  },
} as const;

export interface StreamOptions {
  readonly read: (afterId: string, signal: AbortSignal) => AsyncIterable<MockEvent>;
  /** Where a reader who comes back was: `Last-Event-ID`, or `?after=`. */
  readonly lastEventId: string | undefined;
  /** The newest event: where all others begin. */
  readonly newestId: string;
  /** Aborted when the reader goes. */
  readonly signal: AbortSignal;
}

/** Sends the stream of events until the reader goes or the mock stops. */
export async function streamEvents(reply: FastifyReply, options: StreamOptions): Promise<void> {
  reply.hijack();
  const { lastEventId, newestId, signal } = options;
  // A stream that breaks before its first event is resumed from here too.
  const beginId = lastEventId === undefined ? newestId : undefined;
  const headers = { ...reply.getHeaders(), ...(beginId === undefined ? {} : { 'last-event-id': beginId }) };
  const events = options.read(lastEventId ?? newestId, signal);
  await sendEvents(reply.raw, { events, beginId, headers: headers as Record<string, string> });
}

interface Sending {
  readonly events: AsyncIterable<MockEvent>;
  readonly beginId: string | undefined;
  readonly headers: Record<string, string>;
}

async function sendEvents(response: ServerResponse, { events, beginId, headers }: Sending): Promise<void> {
  response.writeHead(200, {
    ...headers,
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  response.write(`retry: 1000\n${beginId === undefined ? '' : `id: ${beginId}\n`}\n`);
  let stalled = 0;
  const keepAlive = everySystemMs(KEEP_ALIVE_MS, () => {
    if (!response.writableNeedDrain) {
      response.write(': still here\n\n');
      return;
    }
    stalled += 1;
    if (stalled >= STALLED_KEEP_ALIVES) response.destroy();
  });
  try {
    for await (const event of events) {
      const free = response.write(
        `id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`,
      );
      if (free || response.destroyed) continue;
      await drained(response);
      stalled = 0;
    }
  } finally {
    keepAlive.stop();
    response.end();
  }
}

/** Resolves when the buffer has drained, or the reader has gone; either way no listener is left behind. */
async function drained(response: ServerResponse): Promise<void> {
  const over = new AbortController();
  const when = (event: string) => once(response, event, { signal: over.signal });
  await Promise.race([when('drain'), when('close')]).finally(() => over.abort());
}
