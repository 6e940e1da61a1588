/**
 * What the page knows: the last look at the mock, kept fresh by events. A look is the truth; an event that came
 * after it moves cards and counts at once, and asks for another look, at most one a second.
 */
import type { MockEvent } from '../control/events.ts';
import type { Overview, StateCounts, TaskCard } from '../control/overview.ts';
import { call, withQuery } from './api.ts';

export type Status = TaskCard['task_status'];
export const STATUSES: readonly Status[] = ['waiting', 'processing', 'succeed', 'failed'];
export const CARDS = 60;
export const GROUPS = 50;
const LOOK_EVERY_MS = 1000;

export type Card = TaskCard & { readonly key: string; enteredMs: number; dueMs: number | undefined };

export const filter = { project_id: '', instance_id: '', task_type: '' };
export const offsets: Record<Status, number> = { waiting: 0, processing: 0, succeed: 0, failed: 0 };

interface Seen {
  readonly overview: Overview;
  readonly atMs: number;
}

let seen: Seen | undefined;
let counts: StateCounts = { waiting: 0, processing: 0, succeed: 0, failed: 0 };
let columns: Record<Status, Map<string, Card>> = emptyColumns();
let sinceLook: MockEvent[] = [];
let lookAtMs = Number.NEGATIVE_INFINITY;
let timer: ReturnType<typeof setTimeout> | undefined;
let looking: Promise<void> | undefined;
let again = false;

function emptyColumns(): Record<Status, Map<string, Card>> {
  return { waiting: new Map(), processing: new Map(), succeed: new Map(), failed: new Map() };
}

/** Told what is to be drawn anew: cards alone, or everything after a look. */
type Listener = (what: 'cards' | 'all') => void;
let changed: Listener = () => {};
export const onChange = (listener: Listener): void => {
  changed = listener;
};

export const overview = (): Overview | undefined => seen?.overview;
export const stateCounts = (): StateCounts => counts;
export const cardsOf = (status: Status): Iterable<Card> => columns[status].values();
export const lastEventId = (): string => sinceLook.at(-1)?.id ?? seen?.overview.last_event_id ?? '0';
/** Ids of one run of the mock count up. */
const isAfter = (id: string, other: string): boolean =>
  Number(id.split('-').at(-1)) > Number(other.split('-').at(-1));

/** The scope of a call: what the filter names. */
export function scopeOf(): { project_id?: string; instance_id?: string } {
  const { project_id, instance_id } = filter;
  if (project_id === '') return {};
  return instance_id === '' ? { project_id } : { project_id, instance_id };
}

const keyOf = (task: { project_id?: string; instance_id?: string; task_id: string }): string =>
  `${task.project_id ?? ''}/${task.instance_id ?? ''}/${task.task_id}`;

const cardFrom = (card: TaskCard): Card => ({
  ...card,
  key: keyOf(card),
  enteredMs: Date.parse(card.entered_at),
  dueMs: card.due_at === undefined ? undefined : Date.parse(card.due_at),
});

/** The time of the clock that governs a scope, in ms. */
export function nowOf(scope: { project_id?: string | undefined; instance_id?: string | undefined }): number {
  if (seen === undefined) return 0;
  const clock = clockOf(scope);
  const elapsed = clock?.mode === 'system' ? performance.now() - seen.atMs : 0;
  return Date.parse(clock?.now ?? '') + elapsed;
}

export function clockOf({
  project_id,
  instance_id,
}: {
  project_id?: string | undefined;
  instance_id?: string | undefined;
}): Overview['clocks'][number] | undefined {
  const clocks = seen?.overview.clocks ?? [];
  return (
    clocks.find((clock) => clock.project_id === project_id && clock.instance_id === instance_id) ??
    clocks.find((clock) => clock.project_id === project_id && clock.instance_id === undefined) ??
    clocks[0]
  );
}

/** Looks at everything now; while one look is under way, the next waits for it. */
export function look(): Promise<void> {
  if (looking !== undefined) {
    again = true;
    return looking;
  }
  clearTimeout(timer);
  timer = undefined;
  looking = lookOnce().finally(() => {
    looking = undefined;
    if (!again) return;
    again = false;
    lookSoon();
  });
  return looking;
}

/** Looks with nothing remembered of a line that broke: the mock may be another one. */
export function lookAfresh(): Promise<void> {
  sinceLook = [];
  return look();
}

/** Looks again when a second has passed since the last time. */
export function lookSoon(): void {
  if (timer !== undefined) return;
  const wait = Math.max(lookAtMs + LOOK_EVERY_MS - performance.now(), 0);
  timer = setTimeout(() => {
    timer = undefined;
    // A stream that breaks looks for itself once it is back.
    look().catch(() => {});
  }, wait);
}

async function lookOnce(): Promise<void> {
  lookAtMs = performance.now();
  const fresh = await call<Overview>(
    'GET',
    withQuery('/__admin/overview', { ...filter, cards: CARDS, groups: GROUPS }),
  );
  const atMs = performance.now();
  for (const status of STATUSES) {
    const last = Math.max(fresh.counts[status] - 1, 0);
    offsets[status] = Math.min(offsets[status], last - (last % CARDS));
    if (offsets[status] === 0) continue;
    const page = { ...filter, cards: CARDS, task_status: status, offset: offsets[status] };
    const more = await call<Overview>('GET', withQuery('/__admin/overview', page));
    fresh.cards[status] = more.cards[status];
  }
  seen = { overview: fresh, atMs };
  counts = { ...fresh.counts };
  columns = emptyColumns();
  for (const status of STATUSES)
    for (const card of fresh.cards[status]) columns[status].set(keyOf(card), cardFrom(card));
  const missed = sinceLook.filter(({ id }) => isAfter(id, fresh.last_event_id));
  sinceLook = missed;
  for (const event of missed) take(event);
  changed('all');
}

/** Takes events in: cards and counts move at once. */
export function takeEvents(events: readonly MockEvent[]): void {
  let moved = false;
  for (const event of events) {
    if (event.type === 'task' && !isAfter(event.id, seen?.overview.last_event_id ?? '0')) continue;
    if (event.type === 'task') {
      sinceLook.push(event);
      moved = take(event) || moved;
    } else if (event.type === 'skipped' || event.type === 'reset' || event.type === 'restored') {
      sinceLook = [];
    }
  }
  if (moved) changed('cards');
  lookSoon();
}

function take(event: MockEvent): boolean {
  if (event.type !== 'task' || !fits(event)) return false;
  const { from, to } = event;
  if (from !== null) counts[from] = Math.max(counts[from] - 1, 0);
  counts[to] += 1;
  const key = keyOf(event);
  const known = from === null ? undefined : columns[from].get(key);
  if (from !== null) columns[from].delete(key);
  const card: Card = {
    ...(known ??
      cardFrom({
        ...event,
        task_type: event.task_type as Card['task_type'],
        task_status: to,
        mode: 'time',
        hold: false,
        entered_at: event.at,
      })),
    task_status: to,
    enteredMs: Date.parse(event.at),
    dueMs: undefined,
    ...(event.reason === undefined ? {} : { reason: event.reason }),
  };
  delete card.queued;
  show(card);
  return true;
}

/** Puts a card where its state has it: ended ones first, others last; a page that is full takes no more. */
function show(card: Card): void {
  const status = card.task_status;
  const column = columns[status];
  if (!card.task_status.match(/succeed|failed/)) {
    if (column.size < CARDS) column.set(card.key, card);
    return;
  }
  if (offsets[status] > 0) return;
  columns[status] = new Map([[card.key, card], ...[...column].slice(0, CARDS - 1)]);
}

function fits(event: { project_id?: string; instance_id?: string; task_type: string }): boolean {
  return (
    (filter.task_type === '' || filter.task_type === event.task_type) &&
    (event.project_id === undefined ||
      ((filter.project_id === '' || filter.project_id === event.project_id) &&
        (filter.instance_id === '' || filter.instance_id === event.instance_id)))
  );
}
