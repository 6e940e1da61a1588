/**
 * The simulated worker: the only one that moves tasks. It follows each task's plan on the clock of the task's
 * scope, processes at most `slots` tasks of a scope at once (time plans; the rest wait, first in first out),
 * runs the job of the task while the task is processing, and commits what the job made when it ends.
 */
import { type Clock, type Handover, monotonicMs, SLICE_MS, yieldToOthers } from '../core/clock.ts';
import { Emitter } from '../core/emitter.ts';
import { MAX_TIME_MS, MIN_TIME_MS } from '../core/time-line.ts';
import { countsReads, dueMsOf, isTerminal, MOVE, mayFollow, nextOf } from './lifecycle.ts';
import { type NewTask, newTask } from './new-task.ts';
import { SlotQueue } from './slots.ts';
import type { TaskStore } from './store.ts';
import type { Task, TaskScope, TaskStatus } from './task.ts';
import type { TaskEvent } from './task-event.ts';
import { resultText } from './wire.ts';
import { attempt, type Job, type OnJobError, Work } from './work.ts';

export interface WorkerOptions {
  readonly store: TaskStore;
  readonly slots: number;
  readonly job: Job;
  readonly clockOf: (scope: TaskScope | undefined) => Clock;
  readonly onJobError: OnJobError;
  readonly onListenerError?: (cause: unknown) => void;
}

export type { NewTask } from './new-task.ts';
export type { TaskEvent } from './task-event.ts';

/** Those in the queue first, in their order; then by due time, and of two due at once by who was scheduled first. */
const byNextMove = (a: Task, b: Task): number =>
  Number(b.queued) - Number(a.queued) ||
  (a.queued ? 0 : (dueMsOf(a, a.plan) ?? 0) - (dueMsOf(b, b.plan) ?? 0)) ||
  a.order - b.order;

export class TaskWorker {
  readonly events: Emitter<TaskEvent>;
  readonly #options: WorkerOptions;
  readonly #unfinished = new Map<Task, Work>();
  readonly #slots: SlotQueue;
  /** Tasks that have got a slot, by scope, whose turn to begin is about to come. */
  readonly #toBegin = new Map<TaskScope, Task[]>();
  #stopped = false;
  #lastOrder = 0;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.events = new Emitter(options.onListenerError);
    this.#slots = new SlotQueue(options.slots);
  }

  /** Tasks that have not ended, held ones left out. */
  unfinished(): IterableIterator<Task> {
    return this.#unfinished.keys();
  }

  /** How many tasks of a scope are being processed by a worker slot, and how many wait for one. */
  load(scope: TaskScope): { busy: number; queued: number } {
    return this.#slots.load(scope);
  }

  /**
   * Puts a task in. Unless the plan goes by time, the task's job is prepared before this resolves, so that
   * reads and steps alone decide what is seen next. Throws when there is no space.
   */
  async create(spec: NewTask): Promise<Task> {
    const task = this.#put(spec);
    this.events.emit({ type: 'task', task, from: undefined, atMs: task.createdMs });
    if (this.#enlist(task)) await this.#start(task);
    return task;
  }

  /**
   * Puts tasks in, all in one step; resolves when the jobs are ready that `create` waits for. Throws when there is no
   * space for all of them, and then has put in none.
   */
  async createAll(specs: readonly NewTask[]): Promise<void> {
    this.#options.store.checkSpace(specs.filter(({ scope }) => scope !== undefined).length);
    const tasks = specs.map((spec) => this.#put(spec));
    for (const task of tasks) this.events.emit({ type: 'task', task, from: undefined, atMs: task.createdMs });
    await Promise.all(tasks.filter((task) => this.#enlist(task)).map((task) => this.#start(task)));
  }

  /**
   * Restores tasks as they were saved, all at once; resolves when the jobs are ready that `create` waits for. Who had
   * a slot has it again, and who was in line for one is in line as before, whatever order they come in.
   */
  async restore(specs: readonly NewTask[]): Promise<void> {
    const moving = specs
      .map((spec) => this.#put({ ...spec, order: spec.order ?? 0 }))
      .filter((task) => this.#enlist(task));
    this.#options.store.sortEnded();
    await Promise.all(moving.sort(byNextMove).map((task) => this.#start(task, true)));
  }

  /** A read of this task got its response; under a polls plan it counts. */
  noteRead(task: Task): void {
    if (!countsReads(task)) return;
    task.reads += 1;
    this.#options.store.noteChanged(task);
    void this.#alone(task, () => this.#follow(task, this.#clock(task).now()));
  }

  /** Moves a task with a manual plan one state on; false when it has another plan, is held or has ended. */
  async step(task: Task): Promise<boolean> {
    const work = this.#unfinished.get(task);
    if (work === undefined || task.plan.mode !== 'manual') return false;
    const nowMs = this.#clock(task).now();
    await (task.status === 'processing' ? this.#finish(task, nowMs) : this.#begin(task, nowMs));
    return true;
  }

  /** Lets go of the tasks of scopes that were cleared, or of all: nothing of theirs fires any more. */
  forget(scopes: readonly TaskScope[] | 'all'): void {
    if (scopes === 'all') {
      this.#cancelAll();
      this.#slots.clear();
      this.events.emit({ type: 'cleared', filter: {} });
      return;
    }
    for (const scope of scopes) {
      for (const task of scope.tasks.values()) {
        this.#unfinished.get(task)?.cancel();
        this.#unfinished.delete(task);
      }
      this.#slots.forget(scope);
      this.events.emit({ type: 'cleared', filter: scope });
    }
  }

  /** Moves no task any more, new ones neither: each stays in the state it is in, for a restart to go on from. */
  stop(): void {
    this.#stopped = true;
    this.#cancelAll();
  }

  #cancelAll(): void {
    for (const work of this.#unfinished.values()) work.cancel();
    this.#unfinished.clear();
  }

  /** Why a task will not move by itself, whatever time passes for the caller; undefined when it will, or may. */
  whyStuck(task: Task): string | undefined {
    if (task.held) return 'the task is held in its state';
    const work = this.#unfinished.get(task);
    if (work === undefined) return undefined;
    if (task.plan.mode === 'manual') return 'the task follows a manual plan: step it';
    const clock = this.#clock(task);
    const standsStill = clock.mode === 'manual' && !clock.isMoving && work.preparing === undefined;
    return task.plan.mode === 'time' && standsStill ? 'the clock stands still: advance it' : undefined;
  }

  /** Some scopes go by another time: their unfinished tasks are as old in it as they were, and due as soon. */
  redate({ holds, byMs }: Handover): void {
    const redated = (ms: number): number => Math.min(Math.max(ms + byMs, MIN_TIME_MS), MAX_TIME_MS);
    const moved = [...this.#unfinished.keys()].filter(({ scope }) => holds(scope));
    // Of what is due at one time, the work of the other clock comes first.
    for (const task of moved.sort(byNextMove)) {
      task.order = this.#nextOrder();
      task.createdMs = redated(task.createdMs);
      if (task.startedMs !== undefined) task.startedMs = redated(task.startedMs);
      this.#options.store.noteChanged(task);
    }
  }

  /** Takes on a task that has not ended; false when there is nothing to do for it. */
  #enlist(task: Task): boolean {
    if (this.#stopped || task.held || isTerminal(task.status)) return false;
    this.#unfinished.set(task, new Work(task, this.#options.onJobError));
    if (task.status === 'processing' && task.plan.mode === 'time' && task.scope !== undefined)
      this.#slots.occupy(task.scope);
    return true;
  }

  async #start(task: Task, isRestored = false): Promise<void> {
    const work = this.#unfinished.get(task);
    if (task.plan.mode !== 'time' || task.status === 'processing') this.#prepare(task, work);
    if (task.plan.mode !== 'time' && work?.preparing !== undefined) await work.preparing;
    // A clock that stands still has seen what is overdue: it fires with the next move, as it would have.
    const isSeen = isRestored && task.order > 0 && !task.queued && this.#clock(task).mode === 'manual';
    const dueMs = dueMsOf(task, task.plan);
    if (isSeen && dueMs !== undefined) this.#schedule(task, dueMs);
    else await this.#follow(task, this.#clock(task).now());
  }

  #schedule(task: Task, dueMs: number): void {
    const work = this.#unfinished.get(task);
    const due = { atMs: dueMs, scope: task.scope };
    if (work !== undefined) work.scheduled = this.#clock(task).schedule(due, this.#onDue, task);
  }

  /** Starts the job of a task; who waits for the task learns when it is ready, since the clock may stand still then. */
  #prepare(task: Task, work: Work | undefined): void {
    work?.prepare(this.#options.job);
    void work?.preparing?.then(() => this.events.emit({ type: 'ready', task }));
  }

  #clock(task: Task): Clock {
    return this.#options.clockOf(task.scope);
  }

  #put(spec: NewTask): Task {
    const { store } = this.#options;
    if (spec.scope !== undefined) store.makeSpace();
    const scope = spec.scope && store.scope(spec.scope.projectId, spec.scope.instanceId);
    const task = newTask(spec, scope, spec.createdMs ?? this.#options.clockOf(scope).now());
    if (spec.order === undefined) task.order = this.#nextOrder();
    else this.#lastOrder = Math.max(this.#lastOrder, spec.order);
    store.add(task);
    if (isTerminal(task.status)) store.noteEnded(task);
    return task;
  }

  readonly #onDue = (task: Task, atMs: number): void | Promise<void> => {
    const work = this.#unfinished.get(task);
    if (work === undefined) return;
    work.scheduled = undefined;
    return this.#alone(task, () => this.#follow(task, atMs));
  };

  /** An error while a task moves is reported, and holds up neither the clock nor the tasks queued behind. */
  #alone(task: Task, move: (task: Task) => void | Promise<void>): void | Promise<void> {
    return attempt(task, move, this.#options.onJobError);
  }

  /** Takes the next steps of the plan, as far as they go now. */
  #follow(task: Task, nowMs: number): void | Promise<void> {
    const next = task.queued ? MOVE : nextOf(task, task.plan, nowMs);
    if (next.kind === 'rest' || !this.#unfinished.has(task)) return;
    if (next.kind === 'due') {
      this.#schedule(task, next.atMs);
      return;
    }
    if (task.status === 'processing') return this.#finish(task, nowMs);
    if (task.plan.mode === 'time' && task.scope !== undefined && !this.#slots.take(task.scope, task)) {
      this.#noteQueued(task);
      return;
    }
    return this.#begin(task, nowMs);
  }

  #noteQueued(task: Task): void {
    if (task.queued) return;
    task.queued = true;
    task.order = this.#nextOrder();
    this.#options.store.noteChanged(task);
  }

  #nextOrder(): number {
    this.#lastOrder += 1;
    return this.#lastOrder;
  }

  #begin(task: Task, atMs: number): void | Promise<void> {
    const work = this.#unfinished.get(task);
    if (work === undefined) return;
    task.startedMs = atMs;
    task.queued = false;
    this.#enter(task, 'processing', atMs);
    this.#prepare(task, work);
    return this.#follow(task, atMs);
  }

  #finish(task: Task, atMs: number): void | Promise<void> {
    const work = this.#unfinished.get(task);
    if (work === undefined) return;
    if (work.preparing !== undefined) {
      // By then its clock may be another one, or set back: it ends no sooner than it began.
      return work.preparing.then(() =>
        this.#finish(task, Math.max(task.startedMs ?? 0, this.#clock(task).now())),
      );
    }
    this.#unfinished.delete(task);
    const outcome = work.finish(atMs);
    task.input = undefined;
    task.endedMs = atMs;
    this.#enter(task, outcome.status, atMs, resultText(outcome));
    this.#options.store.noteEnded(task);
    if (task.plan.mode === 'time' && task.scope !== undefined) return this.#freeSlot(task.scope, atMs);
  }

  /** Begins the task that was queued for this slot. */
  #freeSlot(scope: TaskScope, atMs: number): void | Promise<void> {
    const queued = this.#slots.release(scope);
    if (queued === undefined) return;
    const line = this.#toBegin.get(scope);
    if (line !== undefined) line.push(queued);
    else return this.#beginQueued(scope, queued, atMs);
  }

  /** A loop, since a long queue may begin and end at one time; after a while everything else gets its turn. */
  async #beginQueued(scope: TaskScope, first: Task, atMs: number): Promise<void> {
    const pending: (void | Promise<void>)[] = [];
    const line = [first];
    this.#toBegin.set(scope, line);
    let sliceStart = monotonicMs();
    for (let task = line[0]; task !== undefined; task = line[0]) {
      const ending = this.#alone(task, (begun) => this.#begin(begun, atMs));
      if (ending !== undefined) pending.push(ending);
      if (line.length > 1 && monotonicMs() - sliceStart > SLICE_MS) {
        await yieldToOthers();
        sliceStart = monotonicMs();
      }
      line.shift();
    }
    this.#toBegin.delete(scope);
    await Promise.all(pending);
  }

  #enter(task: Task, status: TaskStatus, atMs: number, result = ''): void {
    const from = task.status;
    if (!mayFollow(from, status)) throw new Error(`task ${task.id} cannot go from ${from} to ${status}`);
    task.status = status;
    task.order = this.#nextOrder();
    task.reads = 0;
    task.result = result;
    task.text = undefined;
    this.#options.store.noteChanged(task);
    this.events.emit({ type: 'task', task, from, atMs });
  }
}
