/** What `apig-mock watch` reads: looks at everything, then follows the events, again and again. */
import { afterSystemMs, monotonicMs } from '../../core/clock.ts';
import { ApigError, SettingError } from '../../core/errors.ts';
import { NotAMock, Remote } from '../../core/remote.ts';
import type { WatchedMove, WatchView } from '../terminal/watch-layout.ts';

export interface FeedOptions {
  readonly url: string;
  readonly adminToken: string | undefined;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly onView: (view: WatchView) => void;
  readonly onMove: (move: WatchedMove) => void;
  /** Called when the connection stands, and with the reason when it does not. */
  readonly onLink: (isLive: boolean, reason?: string) => void;
  /** Called when events were lost. */
  readonly onSkipped: () => void;
}

type WatchedEvent = { readonly id: string } & (
  | ({ readonly type: 'task' } & WatchedMove)
  | { readonly type: 'skipped' | 'reset' | 'clock' | 'faults' | 'plan' | 'restored' }
);

const CARDS = 60;
const LOOK_EVERY_MS = 1000;

/** Follows a mock until the signal ends it. Throws `SettingError` where only the user can help. */
export async function followMock(options: FeedOptions): Promise<void> {
  const { url, adminToken, signal, onLink } = options;
  const remote = new Remote({ url, adminToken, option: '--url' });
  const close = (): void => void remote.close();
  signal.addEventListener('abort', close, { once: true });
  const looks = looker(() => look(remote, options));
  let lastId: string | undefined;
  const begin = async (): Promise<string> => {
    const { last_event_id } = await look(remote, options);
    onLink(true);
    return lastId ?? last_event_id;
  };
  const onLost = (cause: Error): void => {
    if (isOurs(cause)) throw cause;
    const { message, code } = cause as Error & { code?: string };
    onLink(false, code ?? message);
  };
  try {
    for await (const event of remote.follow<WatchedEvent>({ begin, onLost })) {
      lastId = event.id;
      take(event, options);
      looks.soon();
    }
  } catch (cause) {
    throw explained(cause as Error);
  } finally {
    looks.stop();
    signal.removeEventListener('abort', close);
    await remote.close();
  }
}

/** Whether another attempt would end the same way: the user's to fix. A server in between has its 5xx for a while. */
const isOurs = (cause: Error): cause is ApigError | NotAMock =>
  cause instanceof NotAMock
    ? cause.statusCode < 500
    : cause instanceof ApigError && [400, 401, 403, 404].includes(cause.statusCode);

function explained(cause: Error): Error {
  if (!isOurs(cause)) return cause;
  if (cause instanceof NotAMock) return new SettingError(`watch: ${cause.message}`);
  if (cause.statusCode === 401)
    return new SettingError('--admin-token: this mock requires its admin token; it is missing or wrong');
  return new SettingError(`--url: the mock rejected the request with ${cause.statusCode}: ${cause.message}`);
}

async function look(remote: Remote, { query, onView }: FeedOptions): Promise<{ last_event_id: string }> {
  const search = new URLSearchParams({ cards: String(CARDS) });
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, value);
  const view = await remote.send(`/__admin/overview?${search}`, { method: 'GET' });
  onView(view as WatchView);
  return view as { last_event_id: string };
}

function take(event: WatchedEvent, { onMove, onSkipped, query }: FeedOptions): void {
  if (event.type === 'skipped') onSkipped();
  if (event.type !== 'task') return;
  const { project_id, instance_id } = query;
  const elsewhere =
    event.project_id !== undefined &&
    ((project_id ?? event.project_id) !== event.project_id ||
      (instance_id ?? event.instance_id) !== event.instance_id);
  if (!elsewhere) onMove(event);
}

/** Looks again after events, at most once a second; one that fails is made up for when the connection is back. */
function looker(lookNow: () => Promise<unknown>): { soon(): void; stop(): void } {
  let timer: { stop(): void } | undefined;
  let lastMs = monotonicMs();
  return {
    soon(): void {
      timer ??= afterSystemMs(Math.max(lastMs + LOOK_EVERY_MS - monotonicMs(), 50), () => {
        timer = undefined;
        lastMs = monotonicMs();
        lookNow().catch(() => {});
      });
    },
    stop: () => timer?.stop(),
  };
}
