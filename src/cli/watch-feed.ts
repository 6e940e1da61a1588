/** What `apig-mock watch` reads: looks at everything, then follows the events, again and again. */
import { afterSystemMs, monotonicMs } from '../clock.ts';
import { bearer } from '../header-text.ts';
import { SettingError } from '../options.ts';
import type { WatchedMove, WatchView } from './watch-layout.ts';

export interface FeedOptions {
  readonly url: string;
  readonly adminToken: string | undefined;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly onView: (view: WatchView) => void;
  readonly onMove: (move: WatchedMove) => void;
  /** Told when the line stands, and why it does not. */
  readonly onLink: (isLive: boolean, reason?: string) => void;
}

const CARDS = 60;
const LOOK_EVERY_MS = 1000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5000;
/** The mock says every 15 s that it is still there. */
const SILENCE_MS = 40_000;

/** Follows a mock until the signal ends it. Throws `SettingError` where only the user can help. */
export async function followMock(options: FeedOptions): Promise<void> {
  let pauseMs = FIRST_PAUSE_MS;
  const seen = { id: Number.POSITIVE_INFINITY };
  while (!options.signal.aborted) {
    try {
      const { last_event_id } = await look(options);
      pauseMs = FIRST_PAUSE_MS;
      options.onLink(true);
      // A line that broke is taken up where it was; a mock that was started anew counts from the beginning.
      seen.id = Math.min(seen.id, last_event_id);
      await readEvents(options, seen);
      options.onLink(false, 'the mock closed the line');
    } catch (cause) {
      if (cause instanceof SettingError) throw cause;
      if (options.signal.aborted) return;
      const { message, cause: deeper } = cause as Error & { cause?: { code?: string } };
      options.onLink(false, deeper?.code ?? message);
    }
    await pause(pauseMs, options.signal);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
}

const headersOf = ({ adminToken }: FeedOptions): Record<string, string> => ({ ...bearer(adminToken) });

/** Throws for an answer that is none; what will not change by asking again, as the user's to mend. */
function check(answer: Response): Response {
  if (answer.ok) return answer;
  if (answer.status === 401)
    throw new SettingError('--admin-token: this mock wants its admin token, and got none or another');
  if (answer.status === 400 || answer.status === 403 || answer.status === 404) {
    const reason = answer.headers.get('x-mock-reason') ?? '';
    throw new SettingError(`--url: ${answer.url} answered ${answer.status} ${reason}`.trimEnd());
  }
  throw new Error(`HTTP ${answer.status}`);
}

async function look(options: FeedOptions): Promise<WatchView & { last_event_id: number }> {
  const given = Object.entries(options.query).filter(([, value]) => value !== undefined) as [
    string,
    string,
  ][];
  const query = new URLSearchParams([...given, ['cards', String(CARDS)]]);
  const answer = await fetch(`${options.url}/__admin/overview?${query}`, {
    headers: headersOf(options),
    signal: options.signal,
  });
  const view = (await check(answer).json()) as WatchView & { last_event_id: number };
  options.onView(view);
  return view;
}

async function readEvents(options: FeedOptions, seen: { id: number }): Promise<void> {
  const gone = new AbortController();
  const answer = await fetch(`${options.url}/__admin/events?after=${seen.id}`, {
    headers: headersOf(options),
    signal: AbortSignal.any([options.signal, gone.signal]),
  });
  const looks = looker(options, () => gone.abort());
  let silence = afterSystemMs(SILENCE_MS, () => gone.abort());
  try {
    let pending = '';
    for await (const chunk of (check(answer).body as ReadableStream<Uint8Array>).pipeThrough(
      new TextDecoderStream(),
    )) {
      silence.stop();
      silence = afterSystemMs(SILENCE_MS, () => gone.abort());
      const blocks = (pending + chunk).split('\n\n');
      pending = blocks.pop() ?? '';
      for (const block of blocks) seen.id = take(block, options) ?? seen.id;
      if (blocks.some((block) => block.includes('data: '))) looks.soon();
    }
  } finally {
    silence.stop();
    looks.stop();
  }
}

/** Tells a move; the answer is the number of the event. */
function take(block: string, { onMove, query }: FeedOptions): number | undefined {
  const data = /^data: (.*)$/m.exec(block)?.[1];
  if (data === undefined) return undefined;
  const event = JSON.parse(data) as WatchedMove & { type: string; id: number };
  if (event.type !== 'task') return event.id;
  const { project_id, instance_id } = query;
  const elsewhere =
    event.project_id !== undefined &&
    ((project_id ?? event.project_id) !== event.project_id ||
      (instance_id ?? event.instance_id) !== event.instance_id);
  if (!elsewhere) onMove(event);
  return event.id;
}

/** Looks again after events, at most once a second; a look that fails ends the line, which then comes back. */
function looker(options: FeedOptions, onFailure: () => void): { soon(): void; stop(): void } {
  let timer: { stop(): void } | undefined;
  let lastMs = monotonicMs();
  return {
    soon(): void {
      if (timer !== undefined) return;
      timer = afterSystemMs(Math.max(lastMs + LOOK_EVERY_MS - monotonicMs(), 50), () => {
        timer = undefined;
        lastMs = monotonicMs();
        look(options).catch(onFailure);
      });
    },
    stop: () => timer?.stop(),
  };
}

/** Waits, unless the signal ends it. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      timer.stop();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = afterSystemMs(ms, done);
    if (signal.aborted) done();
    else signal.addEventListener('abort', done, { once: true });
  });
}
