/** What the worker reports to log, journal and listeners. */
import type { ScopeFilter } from '../core/scope.ts';
import type { Task, TaskStatus } from './task.ts';

/**
 * A task was put in (`from` undefined) or moved on; its work is ready for its end; scopes were emptied; a clock was moved,
 * stands still or runs again.
 */
export type TaskEvent =
  | {
      readonly type: 'task';
      readonly task: Task;
      readonly from: TaskStatus | undefined;
      readonly atMs: number;
    }
  | { readonly type: 'ready'; readonly task: Task }
  | { readonly type: 'cleared'; readonly filter: ScopeFilter }
  | { readonly type: 'clock' };
