/**
 * What happened, in order and numbered: the last events are kept in a ring, so that a reader who lost the line
 * takes up where it was, and one who is slow skips ahead instead of holding memory.
 */
import { Emitter } from '../emitter.ts';
import { isTerminal } from '../tasks/lifecycle.ts';
import type { Task, TaskStatus, TaskType } from '../tasks/task.ts';

/** One thing that happened; `at` is RFC 3339 on the clock it happened under. */
export type MockEvent = { readonly id: number; readonly at: string } & EventBody;

export type EventBody =
  | ({ readonly type: 'task' } & TaskMove)
  | { readonly type: 'reset'; readonly project_id?: string; readonly instance_id?: string }
  | {
      readonly type: 'clock' | 'faults' | 'plan' | 'restored';
      readonly project_id?: string;
      readonly instance_id?: string;
    }
  /** Events were lost to this reader, who was too slow or away too long: look at everything anew. */
  | { readonly type: 'skipped' };

/** A task was put in (`from` null) or moved on. */
export interface TaskMove {
  readonly task_id: string;
  readonly task_type: string;
  readonly from: TaskStatus | null;
  readonly to: TaskStatus;
  readonly project_id?: string;
  readonly instance_id?: string;
  readonly ended: boolean;
  /** Why it failed. */
  readonly reason?: string;
}

/** How many events are kept for readers who come back. */
const KEPT = 4096;

/** What is kept per event: for a move a few words, no task, from which the event is made for a reader. */
type Kept = { readonly atMs: number } & ({ readonly body: EventBody } | { readonly move: Move });

interface Move {
  readonly id: string;
  readonly type: TaskType;
  readonly from: TaskStatus | undefined;
  readonly to: TaskStatus;
  readonly projectId: string | undefined;
  readonly instanceId: string | undefined;
  readonly reason?: string;
}

export class EventLog {
  /** Tells readers that there is more. */
  readonly arrived: Emitter<void>;
  readonly #kept: (Kept | undefined)[] = new Array(KEPT);
  #lastId = 0;

  /** `onFailed` is told what a reader threw. */
  constructor(onFailed?: (cause: unknown) => void) {
    this.arrived = new Emitter(onFailed);
  }

  /** The number of the newest event; 0 = none yet. */
  get lastId(): number {
    return this.#lastId;
  }

  add(atMs: number, body: EventBody): void {
    this.#keep({ atMs, body });
  }

  addTask({ id, type, status: to, scope, reason }: Task, from: TaskStatus | undefined, atMs: number): void {
    const move = { id, type, from, to, projectId: scope?.projectId, instanceId: scope?.instanceId };
    this.#keep({ atMs, move: reason === undefined ? move : { ...move, reason } });
  }

  /** The event after `id`, or a `skipped` one that leads to the oldest still kept; undefined when there is none. */
  after(id: number): MockEvent | undefined {
    if (id >= this.#lastId) return undefined;
    const oldest = this.#lastId - KEPT;
    if (id < oldest) return { id: oldest, at: this.#timeOf(oldest + 1), type: 'skipped' };
    const next = this.#kept[(id + 1) % KEPT];
    if (next === undefined) return undefined;
    return { id: id + 1, at: this.#timeOf(id + 1), ...('move' in next ? moved(next.move) : next.body) };
  }

  #keep(kept: Kept): void {
    this.#lastId += 1;
    this.#kept[this.#lastId % KEPT] = kept;
    if (this.arrived.listened) this.arrived.emit();
  }

  #timeOf(id: number): string {
    return new Date(this.#kept[id % KEPT]?.atMs ?? 0).toISOString();
  }
}

function moved({ id, type, from, to, projectId, instanceId, reason }: Move): EventBody {
  return {
    type: 'task',
    task_id: id,
    task_type: type,
    from: from ?? null,
    to,
    ...(projectId === undefined || instanceId === undefined
      ? {}
      : { project_id: projectId, instance_id: instanceId }),
    ended: isTerminal(to),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** Reads events one after the other, from now or from after `afterId`, until the signal ends it. */
export async function* readEvents(
  log: EventLog,
  afterId: number | undefined,
  signal: AbortSignal,
): AsyncGenerator<MockEvent> {
  // A number that this log never gave comes from before a restart: begin with what is kept.
  let seen = afterId === undefined ? log.lastId : Math.min(Math.max(afterId, 0), log.lastId);
  if (afterId !== undefined && afterId > log.lastId) seen = 0;
  while (!signal.aborted) {
    const event = log.after(seen);
    if (event === undefined) {
      await nextArrival(log, signal);
      continue;
    }
    seen = event.id;
    yield event;
  }
}

function nextArrival(log: EventLog, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      off();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const off = log.arrived.on(done);
    signal.addEventListener('abort', done, { once: true });
  });
}
