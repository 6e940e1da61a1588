/** The stream of events, read by fetch so that it can carry the admin token; it comes back when it breaks. */
import type { MockEvent } from '../control/events.ts';
import { authorization, wantToken } from './api.ts';

export interface StreamOptions {
  /** From where on: what the last look at everything has seen. */
  readonly after: () => string;
  readonly events: (events: MockEvent[]) => void;
  /** Told when it stands, and when it does not. */
  readonly link: (state: 'live' | 'lost') => void;
  /** Looks at everything anew, before the stream is taken up. */
  readonly look: () => Promise<void>;
}

const FIRST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 10_000;
/** The mock says every 15 s that it is still there. */
const SILENCE_MS = 40_000;

/** Keeps the stream up for as long as the page is open. */
export async function follow(options: StreamOptions): Promise<never> {
  let pauseMs = FIRST_PAUSE_MS;
  for (;;) {
    try {
      await options.look();
      await readOnce(options, () => {
        pauseMs = FIRST_PAUSE_MS;
      });
    } catch {
      // Whatever it was, the answer is to come back.
    }
    options.link('lost');
    await pause(pauseMs);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
}

/** Waits; a browser that comes back on line, or to the front, waits no longer. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      removeEventListener('online', done);
      resolve();
    };
    const timer = setTimeout(done, ms * (0.8 + Math.random() * 0.4));
    addEventListener('online', done);
  });
}

async function readOnce({ after, events, link }: StreamOptions, up: () => void): Promise<void> {
  const gone = new AbortController();
  const answer = await fetch(`/__admin/events?after=${after()}`, {
    headers: authorization(),
    signal: gone.signal,
    cache: 'no-store',
  });
  if (answer.status === 401) return wantToken();
  if (!answer.ok || answer.body === null) throw new Error(`HTTP ${answer.status}`);
  up();
  link('live');
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let silence = setTimeout(() => gone.abort(), SILENCE_MS);
  let pending = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    clearTimeout(silence);
    silence = setTimeout(() => gone.abort(), SILENCE_MS);
    const blocks = (pending + value).split('\n\n');
    pending = blocks.pop() ?? '';
    const found = blocks.flatMap((block) => {
      const data = /^data: (.*)$/m.exec(block)?.[1];
      return data === undefined ? [] : [JSON.parse(data) as MockEvent];
    });
    if (found.length > 0) events(found);
  }
  clearTimeout(silence);
}
