/**
 * The reference model: what a mock must show after each call, derived from its documentation alone. It imports
 * nothing of the mock. Tasks move by manual clocks, reads and steps; each instance has so many workers.
 */
import { endOf } from './model-apis.ts';
import { DEFAULTS, takePlan } from './model-plans.ts';
import {
  emptyState,
  hasEnded,
  isIn,
  type Kind,
  keyOf,
  type ModelTask,
  type Part,
  type Place,
  type Plan,
  type State,
} from './model-state.ts';
import { Traffic } from './model-traffic.ts';

/** What a run starts with. */
export interface Setting {
  readonly transport: 'inject' | 'socket';
  readonly workers: number;
  readonly maxRequests: number;
  readonly progression: Plan['mode'];
  readonly seeded: boolean;
  /** How the state comes through a restart. */
  readonly keeps: 'snapshot' | 'file';
  readonly startMs: number;
}

export class Model {
  readonly setting: Setting;
  readonly traffic: Traffic;
  state: State;
  /** Snapshots taken: the model's copy beside the mock's text. */
  readonly saved: { state: State; text: string }[] = [];
  /** Every id that was ever handed out; with a seed, those that stand. */
  seenIds = new Set<string>();

  /** A task that was made by a request whose response is not read yet. */
  pending: ((id: string) => void) | undefined;

  constructor(setting: Setting) {
    this.setting = setting;
    this.state = emptyState(setting.startMs);
    this.traffic = new Traffic(setting.maxRequests);
  }

  // --- clocks

  clockKey({ project_id, instance_id }: Part): string {
    const { clocks } = this.state;
    const own = `${project_id}/${instance_id}`;
    if (clocks.has(own)) return own;
    return project_id !== undefined && clocks.has(project_id) ? project_id : '';
  }

  now(place: Part): number {
    return this.state.clocks.get(this.clockKey(place)) ?? 0;
  }

  /** Naming a part in a clock call gives it a clock of its own, which starts as the one it had. */
  ownClock(part: Part): string {
    if (part.project_id === undefined) return '';
    const key = part.instance_id === undefined ? part.project_id : `${part.project_id}/${part.instance_id}`;
    if (!this.state.clocks.has(key)) {
      const moved = this.state.tasks.filter(({ place }) => isIn(place, part));
      this.state.clocks.set(key, this.now(part));
      this.#renumber(moved);
    }
    return key;
  }

  /** The clocks of a part are gone, and without a part the main one begins anew: what is unfinished is as old as it was. */
  resetClocks(part: Part, mainMs: number): void {
    const { clocks } = this.state;
    const own = [...clocks.keys()].filter((key) => key !== '' && isIn(partOfKey(key), part));
    const isInstance = (key: string): boolean => key.includes('/');
    for (const key of [...own.filter(isInstance), ...own.filter((one) => !isInstance(one))])
      this.#redate(key, () => clocks.delete(key));
    if (part.project_id === undefined) this.#redate('', () => clocks.set('', mainMs));
  }

  /** What went by a clock goes by another time: dated anew, due as soon as it was, behind what is due there at one time. */
  #redate(key: string, change: () => void): void {
    const ruled = this.state.tasks.filter((task) => !hasEnded(task) && this.clockKey(task.place) === key);
    const before = this.state.clocks.get(key) ?? 0;
    change();
    for (const task of ruled) {
      const byMs = this.now(task.place) - before;
      task.createdMs += byMs;
      if (task.startedMs !== undefined) task.startedMs += byMs;
      if (task.due !== undefined) task.due.atMs += byMs;
    }
    this.#renumber(ruled);
  }

  /** What is due is noted anew, in the order in which it would have happened. */
  #renumber(tasks: readonly ModelTask[]): void {
    const dues = tasks.flatMap(({ due }) => due ?? []);
    for (const due of dues.sort((a, b) => a.atMs - b.atMs || a.order - b.order)) due.order = this.#next();
  }

  /** Moves a clock, on or back: what is due by then happens in order, each at the time it was due. */
  moveClock(key: string, toMs: number): void {
    const { state } = this;
    for (;;) {
      const first = state.tasks
        .filter((task) => task.due !== undefined && task.due.atMs <= toMs)
        .filter(({ place }) => this.clockKey(place) === key)
        .sort((a, b) => order(a.due) - order(b.due) || (a.due?.order ?? 0) - (b.due?.order ?? 0))[0];
      if (first?.due === undefined) break;
      const { atMs } = first.due;
      delete first.due;
      this.follow(first, atMs);
    }
    state.clocks.set(key, toMs);
  }

  // --- tasks

  find(place: Place, id: string): ModelTask | undefined {
    return this.state.tasks.find((task) => task.id === id && keyOf(task.place) === keyOf(place));
  }

  takePlan(place: Place, type: Kind): Plan {
    return takePlan(this.state, { place, type }) ?? this.defaultPlan;
  }

  get defaultPlan(): Plan {
    return DEFAULTS[this.setting.progression];
  }

  put(spec: Pick<ModelTask, 'place' | 'id' | 'type' | 'plan' | 'work'>): ModelTask {
    const task: ModelTask = { ...spec, status: 'waiting', polls: 0, createdMs: this.now(spec.place) };
    this.state.tasks.push(task);
    this.follow(task, task.createdMs);
    return task;
  }

  /** A read that returned the task. */
  read(task: ModelTask): void {
    if (task.plan.mode !== 'polls' || hasEnded(task)) return;
    task.polls += 1;
    this.follow(task, this.now(task.place));
  }

  step(task: ModelTask): boolean {
    if (task.plan.mode !== 'manual' || hasEnded(task)) return false;
    this.#enter(task, this.now(task.place));
    return true;
  }

  /** Goes on as far as the plan lets it at `atMs`. */
  follow(task: ModelTask, atMs: number): void {
    while (!hasEnded(task)) {
      if (!this.#isTime(task, atMs)) return;
      if (
        task.status === 'waiting' &&
        task.plan.mode === 'time' &&
        this.#busy(task) >= this.setting.workers
      ) {
        task.inLine ??= this.#next();
        return;
      }
      this.#enter(task, atMs);
    }
  }

  #isTime(task: ModelTask, atMs: number): boolean {
    const { plan, status } = task;
    if (plan.mode === 'immediate') return true;
    if (plan.mode === 'manual') return false;
    const waits = status === 'waiting';
    if (plan.mode === 'polls') return task.polls >= (waits ? plan.waiting_polls : plan.processing_polls);
    const dueMs = dueOf(task);
    if (dueMs > atMs) task.due = { atMs: dueMs, order: this.#next() };
    return dueMs <= atMs;
  }

  /** The next state, and no other. */
  #enter(task: ModelTask, atMs: number): void {
    task.polls = 0;
    if (task.status === 'waiting') {
      delete task.inLine;
      task.status = 'processing';
      task.startedMs = atMs;
      return;
    }
    task.end = endOf(this.state, task, atMs);
    task.status = task.end.kind === 'error' || task.plan.outcome?.status === 'failed' ? 'failed' : 'succeed';
    task.endedMs = atMs;
    if (task.plan.mode === 'time') this.#freeWorker(task, atMs);
  }

  #freeWorker({ place }: ModelTask, atMs: number): void {
    const line = this.state.tasks.filter((task) => task.inLine !== undefined && isIn(task.place, place));
    const [next] = line.sort((a, b) => (a.inLine ?? 0) - (b.inLine ?? 0));
    if (next === undefined) return;
    this.#enter(next, atMs);
    this.follow(next, atMs);
  }

  #busy({ place }: ModelTask): number {
    return this.state.tasks.filter(
      ({ place: at, plan, status }) => plan.mode === 'time' && status === 'processing' && isIn(at, place),
    ).length;
  }

  settlePending(id: string): void {
    this.pending?.(id);
    this.pending = undefined;
  }

  // --- snapshots

  /** As the state was, down to who stands in line and what is due first. */
  restore(saved: State): void {
    this.state = structuredClone(saved);
    this.forgetIds();
  }

  /** A seed hands out the same ids again after a reset or a restore: what stands must still be different. */
  forgetIds(): void {
    if (!this.setting.seeded) return;
    const { tasks, groups, faults } = this.state;
    const ids = groups.flatMap((group) => [group.id, ...group.apis.map(({ id }) => id)]);
    this.seenIds = new Set([...tasks, ...faults].map(({ id }) => id));
    for (const id of ids) if (id !== undefined) this.seenIds.add(id);
  }

  #next(): number {
    this.state.order += 1;
    return this.state.order;
  }
}

const order = (due: ModelTask['due']): number => due?.atMs ?? 0;

function partOfKey(key: string): Part {
  const [project_id = '', instance_id] = key.split('/');
  return instance_id === undefined ? { project_id } : { project_id, instance_id };
}

/** When time moves a task on. */
export function dueOf({ plan, status, createdMs, startedMs }: ModelTask): number {
  if (plan.mode !== 'time') return Number.POSITIVE_INFINITY;
  return status === 'waiting' ? createdMs + plan.waiting_ms : (startedMs ?? createdMs) + plan.processing_ms;
}
