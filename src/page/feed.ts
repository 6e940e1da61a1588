/** The stream of events, read by fetch so that it can carry the admin token; it reconnects when it breaks. */
import { createParser } from 'eventsource-parser';
import type { MockEvent } from '../admin/events/events.ts';
import { authorization, requestToken, withQuery } from './api.ts';
import { connection, lastEventId, loadAll, receive } from './store.ts';

const FIRST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 10_000;
/** The mock sends a comment every 15 s when there is nothing else. */
const SILENCE_MS = 40_000;

/** Keeps the stream up for as long as the page is open. */
export async function followEvents(): Promise<never> {
  let pauseMs = FIRST_PAUSE_MS;
  for (;;) {
    try {
      await loadAll();
      await readStream(() => {
        pauseMs = FIRST_PAUSE_MS;
        connection.value = 'live';
      });
    } catch {
      // Whatever it was, the remedy is to reconnect.
    }
    connection.value = 'lost';
    await pause(pauseMs * (0.8 + Math.random() * 0.4));
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
}

let resume: (() => void) | undefined;
/** Connects again at once. */
export const retry = (): void => resume?.();

/** Waits; a browser that comes back on line waits no longer. */
const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    resume = resolve;
    setTimeout(resolve, ms);
    addEventListener('online', () => resolve(), { once: true, signal: AbortSignal.timeout(ms) });
  });

async function readStream(connected: () => void): Promise<void> {
  const abort = new AbortController();
  const options = { headers: authorization(), signal: abort.signal, cache: 'no-store' } as const;
  const response = await fetch(withQuery('/__admin/events', { after: lastEventId() }), options);
  if (response.status === 401) return requestToken();
  if (!response.ok || response.body === null) throw new Error(`HTTP ${response.status}`);
  connected();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const events: MockEvent[] = [];
  const parser = createParser({ onEvent: ({ data }) => events.push(JSON.parse(data) as MockEvent) });
  for (;;) {
    const silence = setTimeout(() => abort.abort(), SILENCE_MS);
    const { done, value } = await reader.read().finally(() => clearTimeout(silence));
    if (done) return;
    parser.feed(value);
    if (events.length > 0) receive(events.splice(0));
  }
}
