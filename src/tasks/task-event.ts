/** What the worker tells of: to journal, log and whoever watches. */
import type { ScopeFilter } from '../scope.ts';
import type { Task, TaskStatus } from './task.ts';

/** A task was put in (`from` undefined) or moved on; scopes were emptied; a clock stands still or runs again. */
export type TaskEvent =
  | {
      readonly type: 'task';
      readonly task: Task;
      readonly from: TaskStatus | undefined;
      readonly atMs: number;
    }
  | { readonly type: 'cleared'; readonly filter: ScopeFilter }
  | { readonly type: 'clock' };
