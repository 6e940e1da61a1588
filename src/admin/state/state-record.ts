/**
 * A line of the log beside the state file: what changed, each thing as it is now, and how such lines are put into
 * the snapshot that they follow. Values are absolute, so a line that a snapshot knows of already does no harm.
 */

import { scopeKey } from '../../core/scope.ts';
import { type InstanceChange, InstanceDraft } from '../../gateway/snapshot-change.ts';
import type { ApisSnapshot } from '../../gateway/store.ts';
import { isTerminal } from '../../tasks/lifecycle.ts';
import type { Fault } from '../faults/registry.ts';
import type { ScopeRequest } from '../schemas.ts';
import type { ClockSnapshot, Snapshot, TaskSnapshot } from './snapshot.ts';

type TaskAddress = Pick<TaskSnapshot, 'project_id' | 'instance_id' | 'task_id'>;

/** What may change of a task after it was added; its input, which can be large, is saved once. */
export type TaskState = TaskAddress &
  Pick<
    TaskSnapshot,
    | 'task_status'
    | 'task_result'
    | 'reason'
    | 'polls'
    | 'order'
    | 'queued'
    | 'created_ms'
    | 'started_ms'
    | 'ended_ms'
  >;

/** What changed together; members that are empty are left out. Applied in this order. */
export interface StateRecord {
  /** Scopes whose tasks were removed; an empty one stands for all, shared seeds included. */
  readonly cleared?: readonly ScopeRequest[];
  readonly dropped?: readonly TaskAddress[];
  /** New ones, in the order in which they were added. */
  readonly tasks?: readonly TaskSnapshot[];
  readonly moved?: readonly TaskState[];
  /** By scope key; null = nothing is left of it. */
  readonly apis?: Readonly<Record<string, InstanceChange | null>>;
  /** All rules. */
  readonly plans?: Snapshot['plans'];
  readonly removed_faults?: readonly string[];
  /** New ones, in the order in which they were added. */
  readonly faults?: readonly Fault[];
  readonly counts?: readonly Pick<Fault, 'id' | 'hits' | 'seen'>[];
  /** By key; null = there is none any more. */
  readonly clocks?: Readonly<Record<string, ClockSnapshot | null>>;
  readonly ids?: Readonly<Record<string, number>>;
}

const keyOf = ({ project_id = '', instance_id = '' }: ScopeRequest): string =>
  project_id === '' ? '' : scopeKey(project_id, instance_id);

const clockKeyOf = ({ project_id = '', instance_id }: ScopeRequest): string =>
  instance_id === undefined ? project_id : scopeKey(project_id, instance_id);

/** A saved state while the lines of its log are put into it. */
export class StateDraft {
  readonly #base: Snapshot;
  readonly #tasks = new Map<string, Map<string, TaskSnapshot>>([['', new Map()]]);
  readonly #apis: Map<string, InstanceDraft>;
  readonly #faults: Map<string, Snapshot['faults'][number]>;
  readonly #clocks: Map<string, ClockSnapshot>;
  readonly #ids: Record<string, number>;
  #plans: Snapshot['plans'];

  constructor(snapshot: Snapshot) {
    this.#base = snapshot;
    this.#add(snapshot.tasks);
    this.#apis = new Map(
      (snapshot.apis as ApisSnapshot).scopes.map(({ scope, instance }) => [
        scope,
        new InstanceDraft(instance),
      ]),
    );
    this.#faults = new Map(snapshot.faults.map((fault) => [fault.id, fault]));
    this.#clocks = new Map(snapshot.clocks.map((clock) => [clockKeyOf(clock), clock]));
    this.#ids = { ...snapshot.ids };
    this.#plans = snapshot.plans;
  }

  apply(record: StateRecord): void {
    for (const scope of record.cleared ?? []) this.#clear(scope);
    for (const task of record.dropped ?? []) this.#tasks.get(keyOf(task))?.delete(task.task_id);
    this.#add(record.tasks ?? []);
    for (const state of record.moved ?? []) this.#move(state);
    for (const [scope, change] of Object.entries(record.apis ?? {})) this.#changeApis(scope, change);
    for (const id of record.removed_faults ?? []) this.#faults.delete(id);
    for (const fault of record.faults ?? []) this.#faults.set(fault.id, fault);
    for (const { id, ...counts } of record.counts ?? []) {
      const fault = this.#faults.get(id);
      if (fault !== undefined) this.#faults.set(id, { ...fault, ...counts });
    }
    for (const [key, clock] of Object.entries(record.clocks ?? {})) {
      if (clock === null) this.#clocks.delete(key);
      else this.#clocks.set(key, clock);
    }
    this.#plans = record.plans ?? this.#plans;
    Object.assign(this.#ids, record.ids);
  }

  snapshot(): Snapshot {
    const tasks = [...this.#tasks.values()].flatMap((scope) => [...scope.values()]);
    const scopes = Array.from(this.#apis, ([scope, draft]) => ({ scope, instance: draft.snapshot() }));
    return {
      ...this.#base,
      tasks,
      apis: { scopes },
      faults: [...this.#faults.values()],
      clocks: [...this.#clocks.values()],
      plans: [...this.#plans],
      ids: Object.fromEntries(Object.entries(this.#ids).filter(([, count]) => count > 0)),
    };
  }

  #clear(scope: ScopeRequest): void {
    if (scope.project_id !== undefined) {
      this.#tasks.delete(keyOf(scope));
      return;
    }
    this.#tasks.clear();
    this.#tasks.set('', new Map());
  }

  /** A task added under an id that was there before is another one, and comes last. */
  #add(tasks: readonly TaskSnapshot[]): void {
    for (const task of tasks) {
      const key = keyOf(task);
      const scope = this.#tasks.get(key) ?? new Map<string, TaskSnapshot>();
      this.#tasks.set(key, scope);
      scope.delete(task.task_id);
      scope.set(task.task_id, task);
    }
  }

  /** One that is not there was removed later on, by a later line. */
  #move(state: TaskState): void {
    const scope = this.#tasks.get(keyOf(state));
    const known = scope?.get(state.task_id);
    if (known === undefined) return;
    // What a state may leave out (`queued`, `reason`, times) is gone when it does: nothing of the one before stays.
    const { reason: _reason, queued: _queued, started_ms: _started, ended_ms: _ended, ...before } = known;
    const { input: _input, ...withoutInput } = before;
    scope?.set(state.task_id, { ...(isTerminal(state.task_status) ? withoutInput : before), ...state });
  }

  #changeApis(scope: string, change: InstanceChange | null): void {
    if (change === null) {
      this.#apis.delete(scope);
      return;
    }
    const draft = this.#apis.get(scope) ?? new InstanceDraft();
    draft.apply(change);
    this.#apis.set(scope, draft);
  }
}
