/** The API groups: the newest of them at a glance, and one in full, with a page of its APIs. */
import { type Scope, scopeKey } from '../core/scope.ts';
import { apiDetailToWire } from '../gateway/api-detail.ts';
import { groupOf } from '../gateway/groups.ts';
import { type Api, type ApiGroup, type InstanceApis, POLICY_KINDS, policyKey } from '../gateway/model.ts';
import { ACCESS_CONTROL, RATE_LIMIT } from '../gateway/openapi/operations.ts';
import type { ApiStore } from '../gateway/store.ts';
import { environmentToWire } from '../gateway/wire.ts';
import type { GroupQuery, ScopeRequest } from './schemas.ts';
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

/** Whether one of a few texts contains what is searched for, in any case; without a search, always. */
export function searchFor(search = ''): (...texts: readonly (string | undefined)[]) => boolean {
  const wanted = search.toLowerCase();
  return (...texts) => wanted === '' || texts.some((text) => text?.toLowerCase().includes(wanted) === true);
}

const holds = ({ id, definition }: Api, isFound: ReturnType<typeof searchFor>): boolean =>
  isFound(id, definition.name, definition.path);

/** A group as it is shown. */
export const groupCard = (
  { id, name, apis, registeredMs }: ApiGroup,
  { projectId, instanceId }: Scope,
): GroupCard => ({
  ...{ id, name, project_id: projectId, instance_id: instanceId, apis: apis.size },
  created_at: new Date(registeredMs).toISOString(),
});

/** The newest groups under a filter; of each instance only so many are looked at. */
export function groupsOf(
  apis: ApiStore,
  { search, ...filter }: ScopeRequest & { readonly search?: string },
  limit: number,
): GroupsOverview {
  const isFound = searchFor(search);
  let total = 0;
  const found: { card: GroupCard; atMs: number }[] = [];
  for (const { projectId, instanceId, state } of apis.scopes(filterOf(filter))) {
    const wanted = [...state.groups.values()].filter(
      (group) => isFound(group.id, group.name) || [...group.apis.values()].some((api) => holds(api, isFound)),
    );
    total += wanted.length;
    // Groups stand in the order in which they were made.
    const newest = limit === 0 ? [] : wanted.slice(-limit);
    for (const group of newest.reverse())
      found.push({ card: groupCard(group, { projectId, instanceId }), atMs: group.registeredMs });
  }
  found.sort((a, b) => b.atMs - a.atMs);
  return { total, newest: found.slice(0, limit).map(({ card }) => card) };
}

const DEFAULT_APIS = 50;

/** One group with a page of its APIs in full, and the environments of its instance. Throws where there is none. */
export function groupDetails(
  apis: ApiStore,
  request: GroupQuery & { readonly group_id: string },
  region: string,
) {
  const { project_id, instance_id, group_id, api_id, search, offset = 0, limit = DEFAULT_APIS } = request;
  const state = apis.get(scopeKey(project_id, instance_id));
  const group = groupOf(state, group_id);
  const isFound = searchFor(search);
  // Who searches for the group sees all of it.
  const isSearched = isFound(group.id, group.name);
  const wanted = [...group.apis.values()].filter(
    (api) => (api_id === undefined || api.id === api_id) && (isSearched || holds(api, isFound)),
  );
  return {
    ...groupCard(group, { projectId: project_id, instanceId: instance_id }),
    remark: group.remark,
    environments: Array.from(state.environments.values(), environmentToWire),
    total: wanted.length,
    page: wanted.slice(offset, offset + limit).map((api) => ({
      ...apiDetailToWire({ api, group }, state, region),
      attached: attachedTo(api, state),
    })),
  };
}

/** What an API names of what its instance has: rate limit, access control and authorizer, as they were imported. */
function attachedTo({ definition: { extensions, authentication } }: Api, state: InstanceApis) {
  const names = {
    ratelimit: extensions[RATE_LIMIT],
    'access-control': extensions[ACCESS_CONTROL],
    authorizer: authentication.authorizer,
  };
  return POLICY_KINDS.flatMap((kind) => {
    const name = names[kind];
    if (typeof name !== 'string') return [];
    const definition = state.policies.get(policyKey(kind, name))?.definition;
    return [{ kind, name, ...(definition === undefined ? {} : { definition }) }];
  });
}
