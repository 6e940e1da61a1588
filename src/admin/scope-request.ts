/** Scopes as the control calls name them: a project, one instance of it, or (nothing named) everything. */
import { errors } from '../core/errors.ts';
import type { ScopeFilter } from '../core/scope.ts';
import type { ScopeRequest } from './schemas.ts';

export const filterOf = (scope: {
  readonly project_id?: string | undefined;
  readonly instance_id?: string | undefined;
}): ScopeFilter => ({
  projectId: scope.project_id,
  instanceId: scope.instance_id,
});

export const isWhole = (scope: ScopeRequest): boolean =>
  scope.project_id === undefined && scope.instance_id === undefined;

/** The scope alone, of a request that has more members. */
export const placeOf = ({ project_id, instance_id }: ScopeRequest): ScopeRequest => ({
  ...(project_id === undefined ? {} : { project_id }),
  ...(instance_id === undefined ? {} : { instance_id }),
});

/** An instance is one of a project: it cannot be named alone. */
export function checkScope(scope: ScopeRequest): void {
  if (scope.instance_id !== undefined && scope.project_id === undefined) {
    throw errors.parameterMissing('project_id', { reason: 'instance_id is given without project_id' });
  }
}
