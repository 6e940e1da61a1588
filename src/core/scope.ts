/**
 * A scope is one instance of one project: everything the mock keeps belongs to exactly one, named by the URL,
 * so that tests which use different projects or instances never meet.
 */

/** One instance of one project. */
export interface Scope {
  readonly projectId: string;
  readonly instanceId: string;
}

/** A whole project (`instanceId` left out) or one instance of it. */
export interface ScopeFilter {
  readonly projectId?: string | undefined;
  readonly instanceId?: string | undefined;
}

/** The key under which a scope's things are stored. Ids hold no slash, so no two scopes share one. */
export const scopeKey = (projectId: string, instanceId: string): string => `${projectId}/${instanceId}`;

/** The scope whose key this is. */
export function scopeOfKey(key: string): Scope {
  const [projectId = '', instanceId = ''] = key.split('/');
  return { projectId, instanceId };
}

/** Whether a scope, or a whole project, falls under a filter; an empty filter takes all. */
export const inScope = (scope: ScopeFilter, filter: ScopeFilter): boolean =>
  (filter.projectId === undefined || filter.projectId === scope.projectId) &&
  (filter.instanceId === undefined || filter.instanceId === scope.instanceId);

/** An id of a project, an instance, a task, … */
export const LENIENT_ID = /^[A-Za-z0-9_-]{1,64}$/;
/** Such an id, in words. */
export const ID_IN_WORDS = '1 to 64 of A-Z a-z 0-9 _ -';
const STRICT_ID = /^[0-9a-f]{32}$/;

/** The pattern an id in a URL must match: 32 hex digits in strict mode, else 1 to 64 of `A-Za-z0-9_-`. */
export const idPattern = (strict: boolean): RegExp => (strict ? STRICT_ID : LENIENT_ID);
