/** The API groups at a glance: the newest of them, where they are and how many APIs they hold. */
import type { ApiStore } from '../gateway/store.ts';
import type { ScopeRequest } from './schemas.ts';
import { filterOf } from './scope-request.ts';

/** A group, as much of it as one needs to import into it. */
export interface GroupCard {
  id: string;
  name: string;
  project_id: string;
  instance_id: string;
  /** How many APIs it holds. */
  apis: number;
  created_at: string;
}

/** `total` counts all that fit the filter. */
export interface GroupsOverview {
  total: number;
  newest: GroupCard[];
}

/** The newest groups under a filter; of each instance only so many are looked at. */
export function groupsOf(apis: ApiStore, filter: ScopeRequest, limit: number): GroupsOverview {
  let total = 0;
  const found: { card: GroupCard; atMs: number }[] = [];
  for (const { projectId, instanceId, state } of apis.scopes(filterOf(filter))) {
    total += state.groups.size;
    // Groups stand in the order in which they were made.
    const newest = limit === 0 ? [] : [...state.groups.values()].slice(-limit);
    for (const { id, name, apis: held, registeredMs: atMs } of newest.reverse()) {
      const place = { project_id: projectId, instance_id: instanceId };
      const created_at = new Date(atMs).toISOString();
      found.push({ card: { id, name, ...place, apis: held.size, created_at }, atMs });
    }
  }
  found.sort((a, b) => b.atMs - a.atMs);
  return { total, newest: found.slice(0, limit).map(({ card }) => card) };
}
