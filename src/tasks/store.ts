/** The tasks in memory: by scope and id, seeds that every scope sees, and the bound on their number. */
import { Emitter } from '../core/emitter.ts';
import { errors } from '../core/errors.ts';
import { inScope, type ScopeFilter, scopeKey } from '../core/scope.ts';
import type { Task, TaskScope } from './task.ts';

/** How many scopes are searched to report where else a task exists. */
const ELSEWHERE_SCOPES = 1000;

/** A task was added, changed in whatever way, or dropped to make space; the tasks of scopes, or all, were removed. */
export type TaskChange =
  | { readonly kind: 'added' | 'changed' | 'dropped'; readonly task: Task }
  | { readonly kind: 'cleared'; readonly scopes: readonly TaskScope[] | 'all' };

export class TaskStore {
  /** Emits every change to what is stored, for the code that saves it. */
  readonly changes = new Emitter<TaskChange>();
  readonly #maxTasks: number;
  readonly #scopes = new Map<string, TaskScope>();
  readonly #shared = new Map<string, Task>();
  /** Ended tasks, oldest first: the first to be dropped when space is needed. */
  readonly #ended = new Set<Task>();
  #oldestEnded = this.#ended.values();
  #count = 0;

  constructor(maxTasks: number) {
    this.#maxTasks = maxTasks;
  }

  /** How many tasks are stored, without the seeds that every scope sees. */
  get count(): number {
    return this.#count;
  }

  /** How many tasks may be stored, without the seeds that every scope sees. */
  get capacity(): number {
    return this.#maxTasks;
  }

  /** The task that this scope sees under this id. */
  find(projectId: string, instanceId: string, taskId: string): Task | undefined {
    return this.#scopes.get(scopeKey(projectId, instanceId))?.tasks.get(taskId) ?? this.#shared.get(taskId);
  }

  /** A scope's tasks; made when the first task is put there, so that reads of unknown scopes leave nothing. */
  scope(projectId: string, instanceId: string): TaskScope {
    const key = scopeKey(projectId, instanceId);
    let scope = this.#scopes.get(key);
    if (scope === undefined) {
      scope = { projectId, instanceId, tasks: new Map() };
      this.#scopes.set(key, scope);
    }
    return scope;
  }

  /** Makes space for one more task: at the bound the oldest ended one is dropped. Throws when all are unfinished. */
  makeSpace(): void {
    if (this.#count >= this.#maxTasks) this.#dropOldestEnded();
  }

  /** Throws unless `added` more tasks fit once some scopes, or all, are cleared. Changes nothing. */
  checkSpace(added: number, cleared: readonly TaskScope[] | 'all' = []): void {
    let unfinished = cleared === 'all' ? 0 : this.#count - this.#ended.size;
    for (const { tasks } of cleared === 'all' ? [] : cleared)
      for (const task of tasks.values()) if (!this.#ended.has(task)) unfinished -= 1;
    if (unfinished + added <= this.#maxTasks) return;
    throw errors.tooManyResources({
      reason: `no space for ${added} tasks: --max-tasks allows ${this.#maxTasks}, and ${unfinished} others have not ended`,
    });
  }

  /** Keeps a new task; call `makeSpace` before its scope is asked for. */
  add(task: Task): void {
    (task.scope?.tasks ?? this.#shared).set(task.id, task);
    if (task.scope !== undefined) this.#count += 1;
    this.#note('added', task);
  }

  /** Whether this very task is stored, and not another one of its id. */
  has(task: Task): boolean {
    const { scope } = task;
    const tasks =
      scope === undefined
        ? this.#shared
        : this.#scopes.get(scopeKey(scope.projectId, scope.instanceId))?.tasks;
    return tasks?.get(task.id) === task;
  }

  /** A stored task has moved, or was read under a plan that counts reads. */
  noteChanged(task: Task): void {
    this.#note('changed', task);
  }

  /** A task has ended: from now on it may be dropped when space is needed. */
  noteEnded(task: Task): void {
    if (task.scope !== undefined) this.#ended.add(task);
  }

  /** Restored ended tasks were put in: those that ended first are again the first to be dropped. */
  sortEnded(): void {
    const inOrder = [...this.#ended].sort(
      (a, b) => a.order - b.order || (a.endedMs ?? a.createdMs) - (b.endedMs ?? b.createdMs),
    );
    this.#ended.clear();
    for (const task of inOrder) this.#ended.add(task);
    this.#oldestEnded = this.#ended.values();
  }

  /** Every task under a filter, in order of creation within its scope; shared seeds come first. */
  *list(filter: ScopeFilter = {}): Generator<Task> {
    yield* this.#shared.values();
    for (const scope of this.scopes(filter)) yield* scope.tasks.values();
  }

  /** The first task of this id under a filter, or a shared seed. */
  findAnywhere(taskId: string, filter: ScopeFilter): Task | undefined {
    for (const scope of this.scopes(filter)) {
      const task = scope.tasks.get(taskId);
      if (task !== undefined) return task;
    }
    return this.#shared.get(taskId);
  }

  /** Where else a task id is known: for the reason of a rejection. */
  findElsewhere(taskId: string): TaskScope | undefined {
    let looked = 0;
    for (const scope of this.#scopes.values()) {
      if (scope.tasks.has(taskId)) return scope;
      looked += 1;
      if (looked === ELSEWHERE_SCOPES) return undefined;
    }
    return undefined;
  }

  /** The scopes that hold tasks, under a filter. */
  scopes(filter: ScopeFilter = {}): TaskScope[] {
    const { projectId, instanceId } = filter;
    if (projectId !== undefined && instanceId !== undefined) {
      const scope = this.#scopes.get(scopeKey(projectId, instanceId));
      return scope === undefined ? [] : [scope];
    }
    return [...this.#scopes.values()].filter((scope) => inScope(scope, filter));
  }

  /** Forgets the tasks of some scopes, or all, shared seeds included. */
  clear(scopes: readonly TaskScope[] | 'all'): void {
    for (const scope of scopes === 'all' ? this.scopes() : scopes) {
      this.#scopes.delete(scopeKey(scope.projectId, scope.instanceId));
      this.#count -= scope.tasks.size;
      for (const task of scope.tasks.values()) this.#ended.delete(task);
    }
    if (scopes === 'all') this.#shared.clear();
    this.changes.emit({ kind: 'cleared', scopes });
  }

  /** Nothing is made for an event that nobody listens to. */
  #note(kind: 'added' | 'changed' | 'dropped', task: Task): void {
    if (this.changes.listened) this.changes.emit({ kind, task });
  }

  #dropOldestEnded(): void {
    let oldest = this.#oldestEnded.next();
    if (oldest.done) {
      // An iterator that has once ended stays ended, so a new one looks at what came since.
      this.#oldestEnded = this.#ended.values();
      oldest = this.#oldestEnded.next();
    }
    const task: Task | undefined = oldest.value;
    if (task?.scope === undefined) {
      throw errors.tooManyResources({
        reason: `all of the ${this.#maxTasks} tasks that --max-tasks allows are unfinished, so none can be dropped`,
      });
    }
    this.#ended.delete(task);
    task.scope.tasks.delete(task.id);
    this.#count -= 1;
    if (task.scope.tasks.size === 0)
      this.#scopes.delete(scopeKey(task.scope.projectId, task.scope.instanceId));
    this.#note('dropped', task);
  }
}
