/** The life of a task as its polls have shown it, and the times that follow from them. Pure. */
import { isTerminal } from '../tasks/lifecycle.ts';
import type { SeedTask } from '../tasks/seed.ts';
import type { TaskStatus, TaskType } from '../tasks/task.ts';

/** A task in a response to a poll. */
export interface Shown {
  readonly task_id: string;
  readonly task_type: TaskType;
  readonly task_status: TaskStatus;
  readonly task_result: string;
}

/** When a poll was sent, and when its response had come, in ms: what it shows was so at some time between. */
export interface Moment {
  readonly sentMs: number;
  readonly receivedMs: number;
}

const RANKS: Readonly<Record<TaskStatus, number>> = { waiting: 0, processing: 1, succeed: 2, failed: 2 };
const END = 2;

export class Life {
  /** What the newest poll has shown. */
  shown: Shown;
  /** The response to its submission; undefined = nobody was seen to submit it. */
  submittedMs: number | undefined;
  /** By rank: when a poll was first seen to show it, and the last that showed it was sent. */
  readonly #first = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  readonly #last = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  #firstSentMs = Number.POSITIVE_INFINITY;

  constructor(shown: Shown, submittedMs?: number) {
    this.shown = shown;
    this.submittedMs = submittedMs;
  }

  see(shown: Shown, { sentMs, receivedMs }: Moment): void {
    const rank = RANKS[shown.task_status];
    // Polls may overtake each other.
    if (rank >= RANKS[this.shown.task_status]) this.shown = shown;
    this.#first[rank] = Math.min(this.#first[rank] ?? receivedMs, receivedMs);
    this.#last[rank] = Math.max(this.#last[rank] ?? sentMs, sentMs);
    this.#firstSentMs = Math.min(this.#firstSentMs, sentMs);
  }

  /** The task as a seed of a recording. */
  seed(): SeedTask {
    const { task_id, task_type, task_status, task_result } = this.shown;
    const task = { task_id, task_type, task_status, task_result };
    const replay = this.submittedMs === undefined ? 'start' : 'submit';
    if (!isTerminal(task_status)) return { ...task, hold: true, replay };
    const bornMs = this.#bornMs;
    const endMs = this.#entered(END);
    // A state that no poll saw takes no time.
    const begunMs = !this.#saw(0) ? bornMs : this.#saw(1) ? this.#entered(1) : endMs;
    return {
      ...task,
      plan: { mode: 'time', waiting_ms: whole(begunMs - bornMs), processing_ms: whole(endMs - begunMs) },
      replay,
    };
  }

  get #bornMs(): number {
    return this.submittedMs ?? this.#firstSentMs;
  }

  #saw(rank: number): boolean {
    return this.#first[rank] !== Number.POSITIVE_INFINITY;
  }

  /** The middle between the last poll before it and the first poll that saw it, or what follows. */
  #entered(rank: number): number {
    const toMs = Math.min(...this.#first.slice(rank));
    const fromMs = Math.max(this.#bornMs, ...this.#last.slice(0, rank));
    return fromMs < toMs ? (fromMs + toMs) / 2 : toMs;
  }
}

const whole = (ms: number): number => Math.max(0, Math.round(ms));
