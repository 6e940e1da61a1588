/** The jobs of import and export tasks: prepared while the task is processing, committed in one step at its end. */
import type { Clocks } from '../clocks.ts';
import { type IdSources, idFromName } from '../ids.ts';
import { scopeKey } from '../scope.ts';
import type { Task } from '../tasks/task.ts';
import type { Commit, Jobs } from '../tasks/work.ts';
