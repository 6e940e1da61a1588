/**
 * What has changed since it was last saved, as marks: each costs the same however much is stored, and many
 * changes of one thing are one. The values are looked up when a record of them is made.
 */
import { EMPTY_INSTANCE, type InstanceApis } from '../../gateway/model.ts';
import { instanceChange, Removals } from '../../gateway/snapshot-change.ts';
import type { ApisChange } from '../../gateway/store.ts';
import type { TaskChange } from '../../tasks/store.ts';
import type { Task } from '../../tasks/task.ts';
import type { Fault, FaultChange } from '../faults/registry.ts';
import type { ScopeRequest } from '../schemas.ts';
import { type TaskSnapshot, taskSnapshot } from './snapshot.ts';
import { clockSnapshot, type StateParts } from './state.ts';
import type { StateRecord, TaskState } from './state-record.ts';

type Address = Pick<TaskSnapshot, 'project_id' | 'instance_id' | 'task_id'>;

/** Marks that are saved together. */
export class Marks {
  cleared: ScopeRequest[] = [];
  dropped: Address[] = [];
  /** True = it was added. */
  tasks = new Map<Task, boolean>();
  /** The states of APIs as they were last saved, by scope key. */
  readonly apis = new Map<string, InstanceApis>();
  /** What was removed on the way: what was saved before may be of a state in between. */
  readonly removals = new Map<string, Removals>();
  /** Scopes that were emptied on the way. */
  readonly lost = new Set<string>();
  plans = false;
  readonly removedFaults = new Set<string>();
  /** True = it was added. */
  faults = new Map<Readonly<Fault>, boolean>();
  readonly clocks = new Set<string>();
  readonly ids = new Set<string>();

  /** How many things are marked. */
  get size(): number {
    const { cleared, dropped, tasks, apis, plans, removedFaults, faults, clocks, ids } = this;
    const lists = cleared.length + dropped.length + removedFaults.size + clocks.size + ids.size;
    return lists + tasks.size + apis.size + faults.size + (plans ? 1 : 0);
  }

  /** Puts marks made earlier before these. */
  addEarlier(earlier: Marks): void {
    this.cleared = [...earlier.cleared, ...this.cleared];
    this.dropped = [...earlier.dropped, ...this.dropped];
    this.tasks = earlierFirst(earlier.tasks, this.tasks);
    for (const [scope, before] of earlier.apis) this.apis.set(scope, before);
    for (const scope of earlier.lost) this.lost.add(scope);
    for (const [scope, removals] of earlier.removals) removalsOf(this, scope).addEarlier(removals);
    this.plans ||= earlier.plans;
    for (const id of earlier.removedFaults) this.removedFaults.add(id);
    this.faults = earlierFirst(earlier.faults, this.faults);
    for (const key of earlier.clocks) this.clocks.add(key);
    for (const key of earlier.ids) this.ids.add(key);
  }
}

/** In the order in which things were first marked; true once something was added. */
function earlierFirst<T>(earlier: Map<T, boolean>, later: Map<T, boolean>): Map<T, boolean> {
  const all = new Map(earlier);
  for (const [one, added] of later) all.set(one, added || all.get(one) === true);
  return all;
}

/** More changes than this at once are saved by a new snapshot, which is written in slices. */
export const MANY_CHANGES = 5000;

export class StateChanges {
  readonly #parts: StateParts;
  readonly #onMarked: () => void;
  #marks = new Marks();
  /** Taken to be saved, and not known to be yet. */
  #taken: Marks[] = [];
  /** More could not be saved than is worth marking: only a whole snapshot has it all. */
  #overflowed = false;
  readonly #unfollow: readonly (() => void)[];

  /** `onMarked` is called at every change. */
  constructor(parts: StateParts, onMarked: () => void) {
    const { store, apis, plans, faults, clocks } = parts;
    this.#parts = parts;
    this.#onMarked = onMarked;
    this.#unfollow = [
      store.changes.on((change) => this.#mark((marks) => markTasks(marks, change))),
      apis.changes.on((change) => this.#mark((marks) => markApis(marks, change, apis.get(change.scopeKey)))),
      plans.changed.on(() => this.#mark((marks) => (marks.plans = true))),
      faults.changes.on((change) => this.#mark((marks) => markFault(marks, change))),
      clocks.changed.on((key) => this.#mark((marks) => marks.clocks.add(key))),
    ];
  }

  /** How many things wait to be saved; infinitely many when only a whole snapshot saves them. */
  get size(): number {
    return this.#overflowed ? Number.POSITIVE_INFINITY : this.#marks.size + this.#parts.ids.changed.size;
  }

  /** Whether a task is not on disk as it is now. */
  isPending(task: Task): boolean {
    return (
      this.#overflowed || this.#marks.tasks.has(task) || this.#taken.some(({ tasks }) => tasks.has(task))
    );
  }

  /** Takes all that is marked, to be saved; `saved` or `failed` reports how that went. */
  take(): Marks {
    const marks = this.#marks;
    for (const key of this.#parts.ids.changed) marks.ids.add(key);
    this.#parts.ids.changed.clear();
    this.#taken.push(marks);
    this.#marks = new Marks();
    return marks;
  }

  /** All that was taken is on disk. */
  saved(): void {
    this.#taken = [];
    this.#overflowed = false;
  }

  /** None of what was taken is known to be on disk: it is marked again. */
  failed(): void {
    for (const marks of this.#taken.reverse()) this.#marks.addEarlier(marks);
    this.#taken = [];
    // While a disk is full, marks would hold on to what the mock itself has let go of.
    if (this.#marks.size <= MANY_CHANGES) return;
    this.#marks = new Marks();
    this.#overflowed = true;
  }

  /** What was marked, as it is now. Made in one step, so that what happened together is saved together. */
  record(marks: Marks): StateRecord {
    const { clocks, plans, ids } = this.#parts;
    return filled({
      cleared: marks.cleared,
      dropped: marks.dropped,
      ...this.#tasks(marks),
      apis: Object.fromEntries(
        Array.from(marks.apis, ([key, before]) => [
          key,
          this.#apisChange(key, marks.lost.has(key) ? {} : { before, removals: marks.removals.get(key) }),
        ]),
      ),
      plans: marks.plans ? plans.list().rules : undefined,
      ...this.#faults(marks),
      clocks: Object.fromEntries(
        Array.from(marks.clocks, (key) => {
          const [projectId, instanceId] = key === '' ? [] : key.split('/');
          const clock = clocks.get({ projectId, instanceId });
          return [key, clock === undefined ? null : clockSnapshot({ projectId, instanceId, clock })];
        }),
      ),
      ids: ids.drawn(marks.ids),
    });
  }

  stop(): void {
    for (const unfollow of this.#unfollow) unfollow();
  }

  #mark(change: (marks: Marks) => void): void {
    change(this.#marks);
    this.#onMarked();
  }

  #tasks(marks: Marks): Pick<StateRecord, 'tasks' | 'moved'> {
    const tasks: TaskSnapshot[] = [];
    const moved: TaskState[] = [];
    for (const [task, added] of marks.tasks) {
      if (!this.#parts.store.has(task)) continue;
      const snapshot = taskSnapshot(task);
      if (added) tasks.push(snapshot);
      else moved.push(stateOf(snapshot));
    }
    return { tasks, moved };
  }

  #faults(marks: Marks): Pick<StateRecord, 'removed_faults' | 'faults' | 'counts'> {
    const added: Fault[] = [];
    const counts: Pick<Fault, 'id' | 'hits' | 'seen'>[] = [];
    if (marks.faults.size > 0) {
      for (const fault of this.#parts.faults.entries()) {
        const isNew = marks.faults.get(fault);
        if (isNew) added.push({ ...fault });
        else if (isNew === false) counts.push({ id: fault.id, hits: fault.hits, seen: fault.seen });
      }
    }
    return { removed_faults: [...marks.removedFaults], faults: added, counts };
  }

  /** Without a state before, all of the present one. */
  #apisChange(key: string, since: { before?: InstanceApis; removals?: Removals | undefined }) {
    const state = this.#parts.apis.get(key);
    return state === EMPTY_INSTANCE ? null : instanceChange(since.before, state, since.removals);
  }
}

const addressOf = ({ id, scope }: Task): Address =>
  scope === undefined
    ? { task_id: id }
    : { project_id: scope.projectId, instance_id: scope.instanceId, task_id: id };

function stateOf(task: TaskSnapshot): TaskState {
  const { task_type: _type, plan: _plan, hold: _hold, input: _input, ...state } = task;
  return state;
}

function markTasks(marks: Marks, change: TaskChange): void {
  if (change.kind === 'cleared') {
    if (change.scopes === 'all') marks.cleared.push({});
    else
      for (const { projectId, instanceId } of change.scopes)
        marks.cleared.push({ project_id: projectId, instance_id: instanceId });
  } else if (change.kind === 'dropped') marks.dropped.push(addressOf(change.task));
  else if (change.kind === 'added') marks.tasks.set(change.task, true);
  else if (!marks.tasks.has(change.task)) marks.tasks.set(change.task, false);
}

/** Of several states of a scope, the first is the one that was saved. */
function markApis(marks: Marks, { scopeKey: key, before }: ApisChange, after: InstanceApis): void {
  if (!marks.apis.has(key)) marks.apis.set(key, before);
  if (marks.lost.has(key) || removalsOf(marks, key).add(before, after)) return;
  marks.lost.add(key);
  marks.removals.delete(key);
}

function removalsOf({ removals }: Marks, key: string): Removals {
  const known = removals.get(key) ?? new Removals();
  removals.set(key, known);
  return known;
}

function markFault(marks: Marks, { kind, fault }: FaultChange): void {
  if (kind === 'removed') marks.removedFaults.add(fault.id);
  else if (kind === 'added') marks.faults.set(fault, true);
  else if (!marks.faults.has(fault)) marks.faults.set(fault, false);
}

/** A record without its empty members. */
function filled(record: { [K in keyof StateRecord]: StateRecord[K] | undefined }): StateRecord {
  const isFull = (value: object | undefined): boolean =>
    value !== undefined && (Array.isArray(value) ? value.length > 0 : Object.keys(value).length > 0);
  return Object.fromEntries(
    Object.entries(record).filter(([name, value]) =>
      name === 'plans' ? value !== undefined : isFull(value),
    ),
  );
}
