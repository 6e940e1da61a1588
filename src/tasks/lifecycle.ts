/**
 * The life of a task as pure rules: `waiting -> processing -> succeed | failed`, no other way, and the ends
 * never change. What moves a task on is its plan: time passed, reads counted, a step by hand, or nothing.
 */
import { MAX_TIME_MS } from '../core/time-line.ts';
import type { Plan, Task, TaskStatus } from './task.ts';

/** What the rules look at. */
export type TaskView = Pick<Task, 'status' | 'reads' | 'held' | 'createdMs' | 'startedMs'>;

/** What a task does next: nothing by itself, move at a time still to come, or move now. */
export type Next =
  | { readonly kind: 'rest' }
  | { readonly kind: 'due'; readonly atMs: number }
  | { readonly kind: 'move' };

const REST: Next = { kind: 'rest' };
export const MOVE: Next = { kind: 'move' };

const FOLLOWERS: Readonly<Record<TaskStatus, readonly TaskStatus[]>> = {
  waiting: ['processing'],
  processing: ['succeed', 'failed'],
  succeed: [],
  failed: [],
};

/** Whether the service ever shows `to` right after `from`. */
export const mayFollow = (from: TaskStatus, to: TaskStatus): boolean => FOLLOWERS[from].includes(to);

/** Whether a state is an end: such a task never changes again. */
export const isTerminal = (status: TaskStatus): boolean => status === 'succeed' || status === 'failed';

/** Whether a read of the task counts: under a polls plan, until it has ended. */
export const countsReads = ({ plan, held, status }: Pick<Task, 'plan' | 'held' | 'status'>): boolean =>
  plan.mode === 'polls' && !held && !isTerminal(status);

/** When the task entered its present state, in ms since the epoch. */
const enteredMs = ({ startedMs, createdMs }: TaskView): number => startedMs ?? createdMs;

/** When a task moves by its plan, in ms since the epoch; undefined when time does not move it. */
export function dueMsOf(task: TaskView, plan: Plan): number | undefined {
  if (plan.mode !== 'time') return undefined;
  return Math.min(
    enteredMs(task) + (task.status === 'waiting' ? plan.waiting_ms : plan.processing_ms),
    MAX_TIME_MS,
  );
}

/** What a task does next under its plan, at `nowMs`. */
export function nextOf(task: TaskView, plan: Plan, nowMs: number): Next {
  if (task.held || isTerminal(task.status)) return REST;
  const waiting = task.status === 'waiting';
  switch (plan.mode) {
    case 'time': {
      const atMs = dueMsOf(task, plan) ?? nowMs;
      return atMs <= nowMs ? MOVE : { kind: 'due', atMs };
    }
    case 'polls':
      return task.reads >= (waiting ? plan.waiting_polls : plan.processing_polls) ? MOVE : REST;
    case 'immediate':
      return MOVE;
    case 'manual':
      return REST;
  }
}
