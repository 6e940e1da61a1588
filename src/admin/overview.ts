/**
 * The whole mock at a glance, for pages and terminals that watch it: counts by state, who works on what, clocks,
 * and the first cards of each state. One pass over the tasks; no result is copied, so a glance stays small.
 */

import { SETTINGS, type Settings } from '../config/settings.ts';
import type { Clock } from '../core/clock.ts';
import type { Clocks } from '../core/clocks.ts';
import { version } from '../core/version.ts';
import type { Core } from '../mock.ts';
import { isTerminal, nextOf } from '../tasks/lifecycle.ts';
import { type Plan, TASK_STATUSES, type Task, type TaskStatus } from '../tasks/task.ts';
import { type ClockOverview, clockOverviews } from './overview-clocks.ts';
import { type GroupsOverview, groupsOf, searchFor } from './overview-groups.ts';
import type { OverviewRequest } from './schemas.ts';

/** How many tasks are in each state. */
export type StateCounts = Record<TaskStatus, number>;

export type { ClockOverview } from './overview-clocks.ts';

/** One instance that holds tasks, or (ids absent) the seeds that every instance sees. */
export interface ScopeOverview {
  project_id?: string;
  instance_id?: string;
  counts: StateCounts;
  /** Worker slots in use, and tasks in line for one. */
  busy: number;
  queued: number;
}

/** A task without its result; `due_at` is when it moves on by the clock, `queued` = it waits for a slot. */
export interface TaskCard {
  task_id: string;
  task_type: Task['type'];
  task_status: TaskStatus;
  /** The file that is imported, or the group that is exported, where it has a name. */
  subject?: string;
  project_id?: string;
  instance_id?: string;
  mode: Plan['mode'];
  hold: boolean;
  entered_at: string;
  /** Why it failed, or what an import left out. */
  reason?: string;
  due_at?: string;
  queued?: true;
  /** Reads seen and wanted in the present state, under a polls plan. */
  reads?: number;
  reads_wanted?: number;
}

/** The response of `GET /__admin/overview`. */
export interface Overview {
  version: string;
  /** The newest event that this view has seen: read events from after it, and none is missed. */
  last_event_id: string;
  /** All settings but the secrets. */
  settings: Record<string, unknown>;
  /** Tasks that fit the request's filter. */
  counts: StateCounts;
  totals: StateCounts;
  /** The first thousand; `scopes_total` is the number of all. */
  scopes: ScopeOverview[];
  scopes_total: number;
  clocks: ClockOverview[];
  faults: number;
  requests: { last_id: number; dropped: number };
  cards: Record<TaskStatus, TaskCard[]>;
  /** The newest API groups, when they are asked for. */
  groups?: GroupsOverview;
}

export type OverviewSources = Pick<
  Core,
  'store' | 'worker' | 'clocks' | 'faults' | 'journal' | 'events' | 'apis' | 'settings'
>;

const MAX_SCOPES = 1000;
const DEFAULT_CARDS = 0;
const NEVER = Number.POSITIVE_INFINITY;

const noCounts = (): StateCounts => ({ waiting: 0, processing: 0, succeed: 0, failed: 0 });
const time = (ms: number): string => new Date(ms).toISOString();

/** Everything at a glance. */
export function overview(sources: OverviewSources, request: OverviewRequest = {}): Overview {
  const { store, clocks, faults, journal, events } = sources;
  const totals = noCounts();
  const counts = noCounts();
  const columns: Record<TaskStatus, Task[]> = { waiting: [], processing: [], succeed: [], failed: [] };
  const scopes = new Map<Task['scope'], StateCounts>();
  const dues = new Map<Clock, number>();
  const wanted = wantedBy(request);
  for (const task of store.list()) {
    totals[task.status] += 1;
    let here = scopes.get(task.scope);
    if (here === undefined) {
      here = noCounts();
      scopes.set(task.scope, here);
    }
    here[task.status] += 1;
    noteDue(dues, clockOf(clocks, task), task);
    if (!wanted(task)) continue;
    counts[task.status] += 1;
    columns[task.status].push(task);
  }
  return {
    version,
    last_event_id: events.lastId,
    settings: shownSettings(sources.settings),
    counts,
    totals,
    scopes: Array.from(scopes).slice(0, MAX_SCOPES).map(scopeOverview(sources)),
    scopes_total: scopes.size,
    clocks: clockOverviews(clocks, dues),
    faults: faults.size,
    requests: { last_id: journal.lastId, dropped: journal.droppedIn() },
    cards: cardsOf(sources, columns, request),
    ...(request.groups === undefined ? {} : { groups: groupsOf(sources.apis, request, request.groups) }),
  };
}

/** Whether a task fits the filter; seeds that every scope sees fit every scope. */
function wantedBy({ project_id, instance_id, task_type, search }: OverviewRequest): (task: Task) => boolean {
  const found = searchFor(search);
  return ({ scope, type, id, subject }) =>
    found(id, subject) &&
    (task_type === undefined || type === task_type) &&
    (scope === undefined ||
      ((project_id === undefined || scope.projectId === project_id) &&
        (instance_id === undefined || scope.instanceId === instance_id)));
}

const clockOf = (clocks: Clocks, { scope }: Task): Clock =>
  clocks.ruling('task', scope?.projectId, scope?.instanceId);

/** Keeps the first time still to come at which a task moves by this clock. */
function noteDue(dues: Map<Clock, number>, clock: Clock, task: Task): void {
  if (task.held || isTerminal(task.status) || task.plan.mode !== 'time') return;
  const next = nextOf(task, task.plan, clock.now());
  if (next.kind === 'due' && next.atMs < (dues.get(clock) ?? NEVER)) dues.set(clock, next.atMs);
}

const scopeOverview =
  ({ worker }: OverviewSources) =>
  ([scope, counts]: [Task['scope'], StateCounts]): ScopeOverview =>
    scope === undefined
      ? { counts, busy: 0, queued: 0 }
      : { project_id: scope.projectId, instance_id: scope.instanceId, counts, ...worker.load(scope) };

/** The cards of a page of each state, or of the one asked for: first come first, ended ones newest first. */
function cardsOf(
  { clocks }: OverviewSources,
  columns: Record<TaskStatus, Task[]>,
  { cards = DEFAULT_CARDS, task_status, offset = 0 }: OverviewRequest,
): Record<TaskStatus, TaskCard[]> {
  const page = (status: TaskStatus): TaskCard[] => {
    if (cards === 0 || (task_status !== undefined && task_status !== status)) return [];
    const newestFirst = isTerminal(status);
    const sorted = columns[status].sort((a, b) => enteredMs(a) - enteredMs(b));
    const at = newestFirst ? sorted.length - offset - cards : offset;
    const taken = sorted.slice(Math.max(at, 0), Math.max(at + cards, 0));
    return (newestFirst ? taken.reverse() : taken).map((task) => cardOf(task, clockOf(clocks, task).now()));
  };
  const [waiting, processing, succeed, failed] = TASK_STATUSES.map(page) as [
    TaskCard[],
    TaskCard[],
    TaskCard[],
    TaskCard[],
  ];
  return { waiting, processing, succeed, failed };
}

const enteredMs = (task: Task): number =>
  (task.status === 'waiting' ? undefined : (task.endedMs ?? task.startedMs)) ?? task.createdMs;

function cardOf(task: Task, nowMs: number): TaskCard {
  const { scope, plan } = task;
  const next = plan.mode === 'time' ? nextOf(task, plan, nowMs) : undefined;
  return {
    task_id: task.id,
    task_type: task.type,
    task_status: task.status,
    ...(task.subject === undefined ? {} : { subject: task.subject }),
    ...(scope === undefined ? {} : { project_id: scope.projectId, instance_id: scope.instanceId }),
    mode: plan.mode,
    hold: task.held,
    entered_at: time(enteredMs(task)),
    ...(task.reason === undefined ? {} : { reason: task.reason }),
    ...(next?.kind === 'due' ? { due_at: time(next.atMs) } : {}),
    ...(task.queued ? { queued: true } : {}),
    ...(plan.mode === 'polls' && !isTerminal(task.status)
      ? {
          reads: task.reads,
          reads_wanted: task.status === 'waiting' ? plan.waiting_polls : plan.processing_polls,
        }
      : {}),
  };
}

/** The settings that may be shown: secrets and what is not set left out. */
const shownSettings = (settings: Settings): Record<string, unknown> =>
  Object.fromEntries(
    SETTINGS.filter(({ name, secret }) => secret !== true && settings[name] !== undefined).map(({ name }) => [
      name,
      settings[name],
    ]),
  );
