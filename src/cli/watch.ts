/** `apig-mock watch`: tasks moving, in a terminal of any width; plain lines where nobody looks. */
import { parseArgs } from 'node:util';
import { everySystemMs, monotonicMs } from '../core/clock.ts';
import { SettingError } from '../core/errors.ts';
import { type FeedOptions, followMock } from './watch-feed.ts';
import { layout, moveLine, type WatchView } from './watch-layout.ts';

const HELP = `apig-mock watch: shows the tasks of a running mock as they move

Usage
  apig-mock watch [options]        until Ctrl-C; plain lines when stdout is not a terminal

  --url <address>          the mock (APIG_MOCK_URL) [http://127.0.0.1:8080]
  --admin-token <text>     its --admin-token, if it has one (APIG_MOCK_ADMIN_TOKEN)
  --project <id>           only this project
  --instance <id>          only this instance of it
`;

const FRAME_MS = 250;
const ENTER = '\u001b[?1049h\u001b[?25l';
const LEAVE = '\u001b[?25h\u001b[?1049l';
const HOME = '\u001b[H';
const CLEAR_REST_OF_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';

interface WatchArguments {
  readonly url: string;
  readonly adminToken: string | undefined;
  readonly query: FeedOptions['query'];
}

function readArguments(argv: readonly string[]): WatchArguments | 'help' {
  const text = { type: 'string' } as const;
  let values: Record<string, string | boolean | undefined>;
  try {
    values = parseArgs({
      args: [...argv],
      options: {
        url: text,
        'admin-token': text,
        project: text,
        instance: text,
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (cause) {
    throw new SettingError(
      `watch: ${(cause as Error).message.split('\n', 1)[0]} (see apig-mock watch --help)`,
    );
  }
  if (values['help'] === true) return 'help';
  const { env } = process;
  const url = String(values['url'] ?? env['APIG_MOCK_URL'] ?? 'http://127.0.0.1:8080').replace(/\/+$/, '');
  if (!/^https?:\/\/[^/\s]+/.test(url))
    throw new SettingError(`--url: '${url}' is not an address such as http://127.0.0.1:8080`);
  const query = {
    project_id: values['project'] as string | undefined,
    instance_id: values['instance'] as string | undefined,
  };
  const adminToken = (values['admin-token'] ?? env['APIG_MOCK_ADMIN_TOKEN']) || undefined;
  return { url, adminToken: adminToken as string | undefined, query };
}

/** Watches until SIGINT or SIGTERM. Throws `SettingError` where only the user can help. */
export async function runWatch(argv: readonly string[]): Promise<void> {
  const given = readArguments(argv);
  if (given === 'help') {
    process.stdout.write(HELP);
    return;
  }
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  // The reader of the lines has gone: there is nothing left to do.
  process.stdout.on('error', stop);
  const display = process.stdout.isTTY === true ? screen(given.url) : lines(given.url);
  try {
    await followMock({ ...given, signal: stopping.signal, ...display.listeners });
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
function lines(url: string): Display {
  let last = '';
  const report = (text: string): void => {
    if (text !== last) process.stderr.write(`apig-mock watch: ${text}\n`);
    last = text;
  };
  return {
    listeners: {
      onView: () => {},
      onMove: (move) => void process.stdout.write(`${moveLine(move)}\n`),
      onSkipped: () => report('some moves were lost: the mock was restarted, or there were too many'),
      onLink: (isLive, reason) =>
        report(
          isLive ? `connected to ${url}` : `not connected to ${url} (${reason ?? 'no reason'}), trying again`,
        ),
    },
    close: () => {},
  };
}
