/** What `apig-mock watch` shows, as pure text: a screen of any width, or one plain line per move. */
import { cut, pad, widthOf } from './columns.ts';
import { harmless } from './terminal.ts';

/** What of the overview is shown. */
export interface WatchView {
  readonly counts: Readonly<Record<string, number>>;
  readonly scopes: readonly {
    readonly project_id?: string;
    readonly instance_id?: string;
    readonly busy: number;
    readonly queued: number;
  }[];
  readonly clocks: readonly WatchedClock[];
  readonly settings: Readonly<Record<string, unknown>>;
  readonly cards: Readonly<Record<string, readonly WatchedTask[]>>;
}
export interface WatchedClock {
  readonly project_id?: string;
  readonly instance_id?: string;
  readonly mode: string;
  readonly now: string;
}
export interface WatchedTask {
  readonly task_id: string;
  readonly task_type: string;
  readonly task_status: string;
  readonly project_id?: string;
  readonly instance_id?: string;
  readonly mode: string;
  readonly hold: boolean;
  readonly entered_at: string;
  readonly due_at?: string;
  readonly queued?: boolean;
  readonly reads?: number;
  readonly reads_wanted?: number;
  readonly reason?: string;
}
/** A task that moved, as the stream of events has it. */
export interface WatchedMove {
  readonly at: string;
  readonly task_id: string;
  readonly task_type: string;
  readonly from: string | null;
  readonly to: string;
  readonly project_id?: string;
  readonly instance_id?: string;
  readonly reason?: string;
}

/** Everything a screen is made from. */
export interface Screen {
  readonly url: string;
  /** Absent until the mock was first reached. */
  readonly view: WatchView | undefined;
  readonly isLive: boolean;
  /** Real ms since the view was taken: a running clock has gone on by them. */
  readonly ageMs: number;
  readonly columns: number;
  readonly rows: number;
}

const cell = (text: string, width: number): string => pad(cut(harmless(text), width), width);

const MARKS: Readonly<Record<string, string>> = {
  processing: '▶',
  waiting: '·',
  succeed: '✓',
  failed: '✗',
};
const ORDER = ['processing', 'waiting', 'failed', 'succeed'];
const HEAD_LINES = 3;

/** The lines of a screen: never more than its rows, never wider than its columns. */
export function layout({ url, view, isLive, ageMs, columns, rows }: Screen): string[] {
  const state = isLive ? 'live' : 'not connected, trying again';
  const lines = [`apig-mock ${url} · ${state}`];
  if (view !== undefined) {
    lines.push(clockLine(view, ageMs, columns), workerLine(view), '');
    lines.push(...taskLines(view, { ageMs, columns, rows: Math.max(rows - HEAD_LINES - 2, 1) }));
  }
  return lines.slice(0, Math.max(rows, 1)).map((line) => cut(harmless(line), columns).trimEnd());
}

function clockLine({ counts, clocks }: WatchView, ageMs: number, columns: number): string {
  const [main] = clocks;
  const nowMs = clockMs(main, ageMs);
  const time = Number.isFinite(nowMs) ? new Date(nowMs).toISOString().slice(11, 19) : '';
  const still = main?.mode === 'manual' ? ' (still)' : '';
  const { waiting = 0, processing = 0, succeed = 0, failed = 0 } = counts;
  const line = `${time}${still} · waiting ${waiting} · processing ${processing} · succeeded ${succeed} · failed ${failed}`;
  if (widthOf(line) <= columns) return line;
  return `${time} · ${waiting} ${MARKS['processing']} ${processing} ${MARKS['succeed']} ${succeed} ${MARKS['failed']} ${failed}`;
}

function workerLine({ scopes, settings }: WatchView): string {
  const slots = Number(settings['workers'] ?? 0);
  return scopes
    .filter(({ busy, queued }) => busy + queued > 0)
    .map(({ project_id, instance_id, busy, queued }) => {
      const free = Math.max(slots - busy, 0);
      const dots = slots > 12 ? `${busy}/${slots}` : '■'.repeat(Math.min(busy, 12)) + '□'.repeat(free);
      return `${project_id}/${instance_id} ${dots}${queued > 0 ? ` +${queued}` : ''}`;
    })
    .join('   ');
}

interface Space {
  readonly ageMs: number;
  readonly columns: number;
  readonly rows: number;
}

function taskLines(view: WatchView, { ageMs, columns, rows }: Space): string[] {
  const tasks = ORDER.flatMap((status) => view.cards[status] ?? []);
  const shown = tasks.slice(0, tasks.length > rows ? rows - 1 : rows);
  const total = Object.values(view.counts).reduce((sum, count) => sum + count, 0);
  const rest = total - shown.length;
  const lines = shown.map((task) => taskLine(task, clockMs(clockOf(view, task), ageMs), columns));
  return rest > 0 ? [...lines, `… and ${rest} more`] : lines;
}

/** One task: mark, kind, id, where, then bar and what is left, or why it failed. Narrow screens leave out where, then the bar. */
export function taskLine(task: WatchedTask, nowMs: number, columns: number): string {
  const left = leftOf(task, nowMs);
  const mark = `${MARKS[task.task_status] ?? '?'} ${cell(task.task_type.replace(/_api$/, ''), 6)}`;
  const idWidth = columns >= 100 ? 32 : columns >= 60 ? 16 : 8;
  const placeWidth = columns >= 60 ? Math.min(Math.floor(columns / 5), 40) : 0;
  const place = `${task.project_id ?? 'every'}/${task.instance_id ?? 'instance'}`;
  const used = mark.length + 1 + idWidth + 1 + (placeWidth > 0 ? placeWidth + 1 : 0) + left.length + 1;
  const barWidth = Math.min(Math.max(columns - used - 1, 0), 40);
  const why = task.reason === undefined ? left : `${left}: ${task.reason}`;
  const parts = [
    mark,
    cell(task.task_id, idWidth),
    ...(placeWidth > 0 ? [cell(place, placeWidth)] : []),
    ...(task.reason === undefined && barWidth >= 5 ? [bar(shareOf(task, nowMs), barWidth)] : []),
    why,
  ];
  return parts.join(' ');
}

function bar(share: number | undefined, width: number): string {
  if (share === undefined) return ' '.repeat(width);
  const full = Math.round(share * width);
  return '█'.repeat(full) + '░'.repeat(width - full);
}

const isEnd = (status: string): boolean => status === 'succeed' || status === 'failed';

/** How far a task has come in its present state, 0 to 1. */
function shareOf(task: WatchedTask, nowMs: number): number | undefined {
  if (isEnd(task.task_status) || task.hold) return undefined;
  if (task.reads_wanted !== undefined)
    return task.reads_wanted === 0 ? 1 : Math.min((task.reads ?? 0) / task.reads_wanted, 1);
  if (task.due_at === undefined) return undefined;
  const fromMs = Date.parse(task.entered_at);
  const wholeMs = Date.parse(task.due_at) - fromMs;
  return wholeMs <= 0 ? 1 : Math.min(Math.max((nowMs - fromMs) / wholeMs, 0), 1);
}

function leftOf(task: WatchedTask, nowMs: number): string {
  if (isEnd(task.task_status)) return task.task_status === 'succeed' ? 'succeeded' : 'failed';
  if (task.hold) return 'held';
  if (task.mode === 'manual') return 'step by hand';
  if (task.reads_wanted !== undefined) return `${task.reads ?? 0} of ${task.reads_wanted} reads`;
  if (task.queued === true) return 'in line';
  if (task.due_at === undefined) return 'any moment';
  return `${(Math.max(Date.parse(task.due_at) - nowMs, 0) / 1000).toFixed(1)} s left`;
}

const clockMs = (clock: WatchedClock | undefined, ageMs: number): number =>
  Date.parse(clock?.now ?? '') + (clock?.mode === 'system' ? ageMs : 0);

function clockOf({ clocks }: WatchView, { project_id, instance_id }: WatchedTask): WatchedClock | undefined {
  const own = clocks.filter((clock) => clock.project_id !== undefined && clock.project_id === project_id);
  return (
    own.find((clock) => clock.instance_id === instance_id) ??
    own.find((clock) => clock.instance_id === undefined) ??
    clocks[0]
  );
}

/** A move as one plain line, for a log or a pipe. */
export function moveLine({
  at,
  task_id,
  task_type,
  from,
  to,
  project_id,
  instance_id,
  reason,
}: WatchedMove): string {
  const place = project_id === undefined ? 'every instance' : `${project_id}/${instance_id}`;
  const moved = from === null ? to : `${from} -> ${to}`;
  return harmless(
    `${at} ${task_type} ${task_id} ${place} ${moved}${reason === undefined ? '' : `: ${reason}`}`,
  );
}
