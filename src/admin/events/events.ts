/**
 * What happened, in order and numbered: the last events are stored in a ring, so that a reader who lost the connection
 * resumes where it was, and a slow one skips ahead instead of holding memory.
 */
import { systemNowMs } from '../../core/clock.ts';
import { Emitter } from '../../core/emitter.ts';
import { drawEpoch } from '../../core/ids.ts';
import { isTerminal } from '../../tasks/lifecycle.ts';
import type { Task, TaskStatus, TaskType } from '../../tasks/task.ts';

/**
 * One thing that happened; `at` is RFC 3339 on the clock it happened under. `id` = epoch and number: the epoch is another
 * one after each start of the mock, the number counts up by one.
 */
export type MockEvent = { readonly id: string; readonly at: string } & EventBody;

export type EventBody =
  | ({ readonly type: 'task' } & TaskMove)
  | { readonly type: 'reset'; readonly project_id?: string; readonly instance_id?: string }
  | {
      readonly type: 'clock' | 'faults' | 'plan' | 'restored';
      readonly project_id?: string;
      readonly instance_id?: string;
    }
  /** Events were lost to this reader, who was too slow, away too long, or read another run of the mock: look at everything anew. */
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
  /** The file that is imported, or the group that is exported, where it has a name. */
  readonly subject?: string;
  /** Why it failed, or what an import left out. */
  readonly reason?: string;
}

/** How many events are stored for readers who reconnect. */
const CAPACITY = 4096;
const EVENT_ID = /^(?:(?<epoch>[0-9a-f]{8})-)?(?<number>\d{1,15})$/;
/** Before everything: a reader at this position has lost events. */
const LOST = Number.NEGATIVE_INFINITY;

/** What is stored per event: for a move a few words, no task, from which the event is made for a reader. */
type Stored = { readonly atMs: number } & ({ readonly body: EventBody } | { readonly move: Move });

interface Move {
  readonly id: string;
  readonly type: TaskType;
  readonly from: TaskStatus | undefined;
  readonly to: TaskStatus;
  readonly projectId: string | undefined;
  readonly instanceId: string | undefined;
  readonly subject: string | undefined;
  readonly reason?: string;
}

export class EventLog {
  /** Notifies readers that there is more. */
  readonly arrived: Emitter<void>;
  readonly #stored: (Stored | undefined)[] = new Array(CAPACITY);
  readonly #epoch = drawEpoch();
  #last = 0;

  /** `onFailed` receives what a reader threw. */
  constructor(onFailed?: (cause: unknown) => void) {
    this.arrived = new Emitter(onFailed);
  }

  /** The id of the newest event; its number is 0 when there is none yet. */
  get lastId(): string {
    return this.#idOf(this.#last);
  }

  add(atMs: number, body: EventBody): void {
    this.#store({ atMs, body });
  }

  addTask(task: Task, from: TaskStatus | undefined, atMs: number): void {
    const { id, type, status: to, scope, subject, reason } = task;
    const move = { id, type, from, to, projectId: scope?.projectId, instanceId: scope?.instanceId, subject };
    this.#store({ atMs, move: reason === undefined ? move : { ...move, reason } });
  }

  /** Where a reader stands who has read `id` last: an id of this log, or a number alone; anything else was lost. */
  positionOf(id: string): number {
    const { epoch = this.#epoch, number } = EVENT_ID.exec(id)?.groups ?? {};
    const isKnown = number !== undefined && epoch === this.#epoch && Number(number) <= this.#last;
    return isKnown ? Number(number) : LOST;
  }

  /** The event after a position, and the position behind it; a `skipped` one leads to the oldest still stored. */
  after(position: number): { readonly event: MockEvent; readonly position: number } | undefined {
    if (position >= this.#last) return undefined;
    const oldest = Math.max(this.#last - CAPACITY, 0);
    if (position < oldest) {
      const at = this.#timeOf(oldest + 1);
      return { event: { id: this.#idOf(oldest), at, type: 'skipped' }, position: oldest };
    }
    const number = position + 1;
    const next = this.#stored[number % CAPACITY];
    if (next === undefined) return undefined;
    const body = 'move' in next ? moved(next.move) : next.body;
    return { event: { id: this.#idOf(number), at: this.#timeOf(number), ...body }, position: number };
  }

  #store(stored: Stored): void {
    this.#last += 1;
    this.#stored[this.#last % CAPACITY] = stored;
    if (this.arrived.listened) this.arrived.emit();
  }

  #idOf(number: number): string {
    return `${this.#epoch}-${number}`;
  }

  #timeOf(number: number): string {
    return new Date(this.#stored[number % CAPACITY]?.atMs ?? systemNowMs()).toISOString();
  }
}

function moved({ id, type, from, to, projectId, instanceId, subject, reason }: Move): EventBody {
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
    ...(subject === undefined ? {} : { subject }),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** Reads events one after the other, from now or from after the one with an id, until the signal ends it. */
export async function* readEvents(
  log: EventLog,
  afterId: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<MockEvent> {
  let position = log.positionOf(afterId ?? log.lastId);
  while (!signal.aborted) {
    const next = log.after(position);
    if (next === undefined) {
      await nextArrival(log, signal);
      continue;
    }
    position = next.position;
    yield next.event;
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
