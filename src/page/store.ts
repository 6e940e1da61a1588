/**
 * What the page knows, as signals (a component that reads one is redrawn when it changes), and what keeps them fresh.
 * The overview is the truth; an event that came after it moves cards and counts at once, and schedules another
 * read of it, at most one a second. The board is published once a frame.
 */
import { batch, computed, effect, signal } from '@preact/signals';
import type { MockEvent } from '../admin/events/events.ts';
import type { Fault } from '../admin/faults/registry.ts';
import type { JournalEntry } from '../admin/journal/journal.ts';
import type { PlanList, RequestList } from '../admin/old-calls.ts';
import type { Overview, StateCounts, TaskCard } from '../admin/overview.ts';
import { TASK_STATUSES } from '../tasks/kinds.ts';
import { isTerminal } from '../tasks/lifecycle.ts';
import type { TaskStatus, TaskType } from '../tasks/task.ts';
import type { TaskDetails } from '../tasks/wire.ts';
import { address, go, partOf, placeIn, viewAddress } from './address.ts';
import { call, get, MockError, withQuery } from './api.ts';
import { attempt, notify } from './notice.ts';
import { joined, t } from './text.ts';

/** An instance, a project or, empty, everything. */
export type Place = { readonly [id in 'project_id' | 'instance_id']?: string | undefined };
/** A scope as requests have it: what is not named is absent. */
export type Scope = { readonly [id in 'project_id' | 'instance_id']?: string };
export type TaskAddress = Place & { readonly task_id: string };
export type Card = Readonly<TaskCard> & { readonly key: string };
export interface Board {
  readonly counts: Readonly<StateCounts>;
  readonly columns: Readonly<Record<TaskStatus, readonly Card[]>>;
}
export type Filter = Readonly<Record<'project_id' | 'instance_id' | 'task_type' | 'search', string>>;

/** A value for each state of a task. */
export const forEachStatus = <T>(value: (status: TaskStatus) => T): Record<TaskStatus, T> =>
  Object.fromEntries(TASK_STATUSES.map((status) => [status, value(status)])) as Record<TaskStatus, T>;

export const connection = signal<'connecting' | 'live' | 'lost'>('connecting');
export const overview = signal<Overview | undefined>(undefined);
export const board = signal<Board>({ counts: forEachStatus(() => 0), columns: forEachStatus(() => []) });
export const faults = signal<readonly Fault[]>([]);
export const plans = signal<PlanList | undefined>(undefined);
export const requests = signal<RequestList>({ total: 0, dropped: 0, requests: [] });
/** The operation whose requests are loaded; '' = any. */
export const requestedOperation = signal('');
/** The task that is open, and the requests that polled it. */
export const details = signal<{ task: TaskDetails; polls: readonly JournalEntry[] } | undefined>(undefined);

/** What is filtered by; the same object until one of its members changes. */
export const filter = computed((): Filter => JSON.parse(filterText.value) as Filter);
const filterText = computed(() => {
  const { project_id, instance_id, task_type, search } = address.value;
  return JSON.stringify({ project_id, instance_id, task_type, search });
});
/** Where the shown page of each column begins. */
export const offsets = signal(forEachStatus(() => 0));

/** The scope of a call: what the filter names. */
export const scope = computed((): { project_id?: string; instance_id?: string } => {
  const { project_id, instance_id } = filter.value;
  if (project_id === '') return {};
  return instance_id === '' ? { project_id } : { project_id, instance_id };
});

const isWanted = (name: keyof Filter, value: string | undefined): boolean =>
  value === undefined || filter.value[name] === '' || filter.value[name] === value;

/** Whether the filter leaves a place; what is seen everywhere passes. */
export const isInFilter = ({ project_id, instance_id }: Place): boolean =>
  isWanted('project_id', project_id) && isWanted('instance_id', instance_id);

/** Whether one of a few texts contains what is searched for. */
export function isFound(...texts: readonly (string | null | undefined)[]): boolean {
  const wanted = filter.value.search.toLowerCase();
  return wanted === '' || texts.some((text) => text?.toLowerCase().includes(wanted) === true);
}

/** The page's own time, which moves four times a second while the page is seen, and when the overview came by it. */
export const pageMs = signal(performance.now());
export const overviewMs = signal(0);

/** The clock that governs a place. */
export function clockOf({ project_id, instance_id }: Place): Overview['clocks'][number] | undefined {
  const clocks = overview.value?.clocks ?? [];
  return (
    clocks.find((clock) => clock.project_id === project_id && clock.instance_id === instance_id) ??
    clocks.find((clock) => clock.project_id === project_id && clock.instance_id === undefined) ??
    clocks[0]
  );
}

/** The time of that clock in ms. */
export function nowOf(place: Place): number {
  const clock = clockOf(place);
  if (clock === undefined) return 0;
  return Date.parse(clock.now) + (clock.mode === 'system' ? pageMs.value - overviewMs.value : 0);
}

export const CARDS = 60;
const GROUPS = 50;
const REQUESTS = 400;
const POLLS = 1000;
const LOOK_EVERY_MS = 1000;
/** So many moves with one publication are a storm: the page then draws ten times a second and rests between. */
const STORM = 6;
const STORM_REST_MS = 100;

// The board between two publications.
let counts: StateCounts = forEachStatus(() => 0);
let columns = forEachStatus(() => new Map<string, Card>());
let movesSincePublication = 0;
let isScheduled = false;
let restUntilMs = 0;

function publishSoon(): void {
  if (isScheduled) return;
  isScheduled = true;
  setTimeout(() => requestAnimationFrame(publish), Math.max(restUntilMs - performance.now(), 0));
}

function publish(): void {
  isScheduled = false;
  restUntilMs = performance.now() + (movesSincePublication >= STORM ? STORM_REST_MS : 0);
  movesSincePublication = 0;
  const shown = forEachStatus((status) => [...columns[status].values()]);
  board.value = { counts: { ...counts }, columns: shown };
}

let timer: ReturnType<typeof setTimeout> | undefined;
let looking: Promise<void> | undefined;
let lookAgain = false;
let lookBeganMs = Number.NEGATIVE_INFINITY;

/** Looks at everything now; while one look is under way, the next waits for it. */
export function look(): Promise<void> {
  lookAgain = looking !== undefined;
  looking ??= lookOnce().finally(() => {
    looking = undefined;
    if (lookAgain) lookSoon();
    lookAgain = false;
  });
  return looking;
}

/** Looks again when a second has passed since the last time. */
export function lookSoon(): void {
  const waitMs = Math.max(lookBeganMs + LOOK_EVERY_MS - performance.now(), 0);
  timer ??= setTimeout(() => {
    timer = undefined;
    // A feed that breaks looks for itself once it is back.
    look().catch(() => {});
  }, waitMs);
}

/** Loads everything, and forgets the events of a connection that broke: the mock may be another one. */
export async function loadAll(): Promise<void> {
  received = [];
  seenUpTo = undefined;
  awaited = undefined;
  await look();
  await Promise.all(everything.map((load) => load()));
}

async function lookOnce(): Promise<void> {
  clearTimeout(timer);
  timer = undefined;
  lookBeganMs = performance.now();
  const query = { ...filter.value, cards: CARDS };
  const fresh = await get<Overview>('/__admin/overview', { ...query, groups: GROUPS });
  const loadedMs = performance.now();
  const at = forEachStatus((status) => {
    const last = Math.max(fresh.counts[status] - 1, 0);
    return Math.min(offsets.value[status], last - (last % CARDS));
  });
  for (const status of TASK_STATUSES.filter((one) => at[one] > 0)) {
    const page = { ...query, task_status: status, offset: at[status] };
    fresh.cards[status] = (await get<Overview>('/__admin/overview', page)).cards[status];
  }
  counts = { ...fresh.counts };
  const known = columns;
  columns = forEachStatus((status) => {
    const cards = fresh.cards[status].map((card) => ({ ...card, key: keyOf(card) }));
    return new Map(cards.map((card) => [card.key, unchanged(card, known[status].get(card.key))]));
  });
  batch(() => {
    overview.value = fresh;
    offsets.value = at;
    overviewMs.value = loadedMs;
    pageMs.value = performance.now();
  });
  for (const event of eventsAfter(fresh.last_event_id)) move(event);
  publishSoon();
}

const keyOf = ({ project_id = '', instance_id = '', task_id }: TaskAddress): string =>
  `${project_id}/${instance_id}/${task_id}`;

/** The card that is shown already where nothing has changed: then it is not drawn anew. */
const unchanged = (fresh: Card, shown: Card | undefined): Card =>
  shown !== undefined && JSON.stringify(shown) === JSON.stringify(fresh) ? shown : fresh;

// Events. Their ids are opaque: a look has seen an event when its last id is that event's, or that of a later one.
let received: MockEvent[] = [];
let seenUpTo: MockEvent['id'] | undefined;
/** A look was ahead of the stream: events up to this one are in it. */
let awaited: MockEvent['id'] | undefined;

/** Where the stream is to go on. */
export const lastEventId = (): string => seenUpTo ?? '';

/** The events that came and are not in a look that has seen `id`. */
function eventsAfter(id: MockEvent['id']): readonly MockEvent[] {
  const at = received.findIndex((event) => event.id === id);
  const isAhead = at === -1 && seenUpTo !== undefined && seenUpTo !== id;
  awaited = isAhead ? id : undefined;
  received = isAhead ? [] : received.slice(at + 1);
  seenUpTo = id;
  return received;
}

/** Takes events in: cards and counts move at once, what else they announce is loaded. */
export function receive(events: readonly MockEvent[]): void {
  for (const event of events) {
    if (event.type === 'task') noteMove(event);
    received.push(event);
    if (awaited === undefined) move(event);
    else if (event.id === awaited || event.type === 'skipped') awaited = undefined;
  }
  const loads = new Set(events.flatMap(({ type }) => RELOADED[type] ?? []));
  for (const load of loads) load().catch(() => {});
  lookSoon();
}

function move(event: MockEvent): void {
  if (event.type !== 'task' || !isInFilter(event) || !isWanted('task_type', event.task_type)) return;
  const { from, to, at, reason, subject, task_type, task_id, project_id, instance_id } = event;
  if (!isFound(task_id, subject)) return;
  const key = keyOf(event);
  const known = from === null ? undefined : columns[from].get(key);
  if (from !== null) {
    counts[from] = Math.max(counts[from] - 1, 0);
    columns[from].delete(key);
  }
  counts[to] += 1;
  show({
    ...(known ?? { mode: 'time', hold: false, task_type: task_type as TaskType }),
    ...{ key, task_id, task_status: to, entered_at: at },
    ...(project_id === undefined || instance_id === undefined ? {} : { project_id, instance_id }),
    ...(reason === undefined ? {} : { reason }),
    ...(subject === undefined ? {} : { subject }),
  });
  movesSincePublication += 1;
  publishSoon();
}

/** Puts a card where its state has it: ended ones first, others last; a page that is full takes no more. */
function show({ queued: _, due_at: __, ...card }: Card): void {
  const status = card.task_status;
  const column = columns[status];
  if (!isTerminal(status)) {
    if (column.size < CARDS) column.set(card.key, card);
  } else if (offsets.value[status] === 0) {
    columns[status] = new Map([[card.key, card], ...[...column].slice(0, CARDS - 1)]);
  }
}

// What is loaded beside the overview, and what of it each event announces.
export async function loadFaults(): Promise<void> {
  faults.value = (await get<{ faults: Fault[] }>('/__admin/faults')).faults;
}
export async function loadPlans(): Promise<void> {
  plans.value = await get<PlanList>('/__admin/plan');
}
export async function loadRequests(): Promise<void> {
  const wanted = scope.peek();
  const operation = requestedOperation.peek();
  const list = await get<RequestList>('/__admin/requests', { ...wanted, operation, limit: REQUESTS });
  if (scope.peek() === wanted && requestedOperation.peek() === operation) requests.value = list;
}
type Load = () => Promise<unknown>;
const everything: readonly Load[] = [loadFaults, loadPlans, loadRequests];
const RELOADED: Readonly<Partial<Record<MockEvent['type'], readonly Load[]>>> = {
  ...{ faults: [loadFaults], plan: [loadPlans] },
  ...{ reset: everything, restored: everything, skipped: everything },
};
export const lastRequestId = computed(() => overview.value?.requests.last_id);
effect(() => {
  const isMeant = requestedOperation.value !== undefined && scope.value !== undefined;
  if (lastRequestId.value !== undefined && isMeant) loadRequests().catch(() => {});
});

/** The import that was sent last, until a while after its end: its card stands out. */
export const followed = signal<{ readonly key: string; readonly name: string } | undefined>(undefined);
const FOLLOWED_MS = 4000;

/** Follows an import over the board. */
export function follow(at: TaskAddress, name: string): void {
  followed.value = { key: keyOf(at), name };
  notify(t('importing', name), { text: 'view', run: () => openTask(at) });
  lookSoon();
}

/** What a move means beside the board. */
function noteMove(event: MockEvent & { readonly type: 'task' }): void {
  if (event.task_id === openTaskAt.peek()?.task_id) loadTask().catch(() => {});
  const known = followed.peek();
  if (!event.ended || known === undefined || known.key !== keyOf(event)) return;
  const text = joined(' · ', `${known.name}: ${t(event.to)}`, event.reason);
  notify(text, { text: 'view', run: () => openTask(event) });
  setTimeout(() => {
    if (followed.peek() === known) followed.value = undefined;
  }, FOLLOWED_MS);
}

/** The task that is open. */
export const openTaskAt = computed((): TaskAddress | undefined => {
  const at = placeIn(address.value.task);
  return at && { project_id: at.project_id, instance_id: at.instance_id, task_id: at.id };
});

/** The admin path of a task, or of what is done to it. */
export const taskPath = ({ task_id, project_id, instance_id }: TaskAddress, rest = ''): string =>
  withQuery(`/__admin/tasks/${encodeURIComponent(task_id)}${rest}`, { project_id, instance_id });

export const openTask = (at: TaskAddress): void =>
  go({ ...viewAddress('tasks'), task: partOf(at, at.task_id) });
export const closeTask = (): void => go({ task: '' });

/** Loads the task that is open; one that is gone is closed. */
async function loadTask(): Promise<void> {
  const at = openTaskAt.peek();
  if (at === undefined) return;
  const { task_id, project_id, instance_id } = at;
  try {
    const [task, { requests: polls }] = await Promise.all([
      get<TaskDetails>(taskPath(at)),
      get<RequestList>('/__admin/requests', { task_id, project_id, instance_id, limit: POLLS }),
    ]);
    if (openTaskAt.peek() === at) details.value = { task, polls };
  } catch (cause) {
    if (!(cause instanceof MockError) || cause.status !== 404 || openTaskAt.peek() !== at) return;
    go({ task: '' }, false);
    notify(t('taskGone', task_id));
  }
}
effect(() => {
  if (openTaskAt.value === undefined) details.value = undefined;
  if (overview.value !== undefined) void loadTask();
});

/** Makes a change by an admin call, and loads what came of it. */
export const send = (method: string, path: string, body?: object, then: Load = look): void =>
  void attempt(async () => {
    await call(method, path, body);
    await then();
  });

/** Moves a task with a manual plan on. */
export const stepTask = (at: TaskAddress): void => send('POST', taskPath(at, '/step'), {}, loadTask);

/** Sets one part of the filter. An instance is one of a project: to name it alone names a project that has it. */
export function setFilter(name: keyof Filter, value: string): void {
  const changed = { ...filter.value, ...(name === 'project_id' ? { instance_id: '' } : {}), [name]: value };
  const holder = overview.value?.scopes.find(({ instance_id }) => instance_id === changed.instance_id);
  const project_id = changed.project_id || (name === 'instance_id' && holder?.project_id) || '';
  go({ ...changed, project_id }, false);
}
let isFirstFilter = true;
effect(() => {
  if (filter.value && isFirstFilter) {
    isFirstFilter = false;
    return;
  }
  offsets.value = forEachStatus(() => 0);
  void attempt(look);
});

/** Turns a column to the page that begins with this card. */
export function setOffset(status: TaskStatus, offset: number): void {
  offsets.value = { ...offsets.value, [status]: Math.max(offset, 0) };
  void attempt(look);
}
