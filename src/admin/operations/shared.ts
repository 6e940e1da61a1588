/** What the tables of `/__admin` share: the errors that their rows document, and the ids of their examples. */
import { errors } from '../../core/errors.ts';
import {
  type DocumentedError,
  documented,
  foreignHost,
  invalid,
  missing,
  notJson,
} from '../../core/operation.ts';

export const readErrors: readonly DocumentedError[] = [documented(errors.tokenInvalid()), foreignHost];
export const queryErrors = [missing('project_id'), invalid('project_id'), ...readErrors];
export const changeErrors = [...queryErrors, notJson];
export const unknownTask = documented(errors.taskNotFound('d9ce8c9eede54b3f841ec324fe0bfdc2'));
export const never = documented(errors.neverSettles('the clock stands still: advance it'));
export const late = documented(errors.waitTimeout('the task is still waiting'));
export const cancelled = documented(errors.neverSettles('the scope was reset while this was in progress'));

export const HERE = { project_id: 'p1', instance_id: 'i1' };
export const POLLS = { ...HERE, operation: 'ShowAsyncTaskResult' };
/** Any task result that a plan may give, and any signed body, in JSON. */
export const MAX_BODY_BYTES = 64 * 1024 * 1024;
