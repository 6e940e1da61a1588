/** `apig-mock watch`: tasks moving, in a terminal of any width; plain lines where nobody looks. */
import { everySystemMs, monotonicMs } from '../../core/clock.ts';
import { type FeedOptions, followMock } from '../client/watch-feed.ts';
import type { Given } from '../command.ts';
import { layout, moveLine, type WatchView } from '../terminal/watch-layout.ts';

const FRAME_MS = 250;
const ENTER = '\u001b[?1049h\u001b[?25l';
const LEAVE = '\u001b[?25h\u001b[?1049l';
const HOME = '\u001b[H';
const CLEAR_REST_OF_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';

/** Watches until SIGINT or SIGTERM. Throws `SettingError` where only the user can help. */
export async function runWatch({ texts, switches }: Given): Promise<void> {
  const { url = '', project: project_id, instance: instance_id, 'admin-token': adminToken } = texts;
  const query = { project_id, instance_id };
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  // The reader of the lines has gone: there is nothing left to do.
  process.stdout.on('error', stop);
  const isJson = switches.has('json');
  const display = process.stdout.isTTY === true && !isJson ? screen(url) : lines(url, isJson);
  try {
    await followMock({ url, adminToken, query, signal: stopping.signal, ...display.listeners });
  } finally {
    display.close();
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}

type Listeners = Pick<FeedOptions, 'onView' | 'onMove' | 'onLink' | 'onSkipped'>;
interface Display {
  readonly listeners: Listeners;
  close(): void;
}

/** A screen of its own, left as it was found. */
function screen(url: string): Display {
  const { stdout } = process;
  let view: WatchView | undefined;
  let viewedMs = 0;
  let isLive = false;
  const draw = (): void => {
    const { columns = 80, rows = 24 } = stdout;
    const text = layout({ url, view, isLive, ageMs: monotonicMs() - viewedMs, columns, rows })
      .map((line) => line + CLEAR_REST_OF_LINE)
      .join('\r\n');
    stdout.write(HOME + text + CLEAR_BELOW);
  };
  stdout.write(ENTER);
  stdout.on('resize', draw);
  const ticking = everySystemMs(FRAME_MS, draw);
  draw();
  return {
    listeners: {
      onView(next) {
        view = next;
        viewedMs = monotonicMs();
      },
      onMove: () => {},
      onSkipped: () => {},
      onLink(next) {
        isLive = next;
      },
    },
    close() {
      ticking.stop();
      stdout.off('resize', draw);
      stdout.write(LEAVE);
    },
  };
}

/** One line per move on stdout; the state of the connection on stderr. */
function lines(url: string, isJson: boolean): Display {
  let last = '';
  const report = (text: string): void => {
    if (text !== last) process.stderr.write(`apig-mock watch: ${text}\n`);
    last = text;
  };
  return {
    listeners: {
      onView: () => {},
      onMove: (move) => void process.stdout.write(`${isJson ? JSON.stringify(move) : moveLine(move)}\n`),
      onSkipped: () => report('some moves were lost: the mock was restarted, or there were too many'),
      onLink: (isLive, reason) =>
        report(
          isLive ? `connected to ${url}` : `not connected to ${url} (${reason ?? 'no reason'}), trying again`,
        ),
    },
    close: () => {},
  };
}
