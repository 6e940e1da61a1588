/** The control calls on what clients create and use: API groups, APIs and tokens. */
import { errors } from '../core/errors.ts';
import { scopeKey } from '../core/scope.ts';
import { deleteGroup } from '../gateway/groups.ts';
import type { ApiGroup, InstanceApis } from '../gateway/model.ts';
import { checkTokenRequest, claimsFor } from '../iam/iam.ts';
import type { Core } from '../mock.ts';
import { type GroupCard, groupCard } from './overview-groups.ts';
import type { ApisQuery, GroupsQuery, ScopeRequest, TokenRequest } from './schemas.ts';
import { filterOf } from './scope-request.ts';

/** An API as the control calls show it. */
export interface ApiCard {
  id: string;
  name: string;
  method: string;
  path: string;
  group_id: string;
  group_name: string;
  project_id: string;
  instance_id: string;
  /** Names of environments. */
  published_in: string[];
  created_at: string;
}

/** A group, and where it is. */
interface FoundGroup {
  readonly group: ApiGroup;
  readonly state: InstanceApis;
  readonly projectId: string;
  readonly instanceId: string;
}

export type ResourceCalls = ReturnType<typeof resourceCalls>;

/** Makes the calls on groups, APIs and tokens. */
export function resourceCalls(core: Pick<Core, 'apis' | 'credentials' | 'ids' | 'settings'>) {
  const { apis, credentials } = core;

  /** All groups of a scope, instance by instance, in order of creation. */
  function* groupsIn(scope: ScopeRequest): Generator<FoundGroup> {
    for (const place of apis.scopes(filterOf(scope)))
      for (const group of place.state.groups.values()) yield { group, ...place };
  }

  const find = (groupId: string, scope: ScopeRequest): FoundGroup => {
    for (const found of groupsIn(scope)) if (found.group.id === groupId) return found;
    throw errors.groupNotFound(groupId, { reason: 'no group of this scope has this id: see groups.list' });
  };

  return {
    groups: {
      list: async ({ name, ...scope }: GroupsQuery): Promise<GroupCard[]> =>
        [...groupsIn(scope)].filter(({ group }) => name === undefined || group.name === name).map(cardOf),
      get: async (groupId: string, scope: ScopeRequest): Promise<GroupCard> => cardOf(find(groupId, scope)),
      /** With its APIs, which the service would have deleted one by one first. */
      delete: async (groupId: string, scope: ScopeRequest): Promise<void> => {
        const { group, state, projectId, instanceId } = find(groupId, scope);
        const emptied = { ...group, apis: new Map(), routes: new Map(), names: new Map() };
        const groups = new Map(state.groups).set(groupId, emptied);
        apis.commit(scopeKey(projectId, instanceId), deleteGroup({ ...state, groups }, groupId).state);
      },
    },
    apis: {
      list: async ({ group_id: groupId, name, ...scope }: ApisQuery): Promise<ApiCard[]> =>
        [...groupsIn(scope)]
          .filter(({ group }) => groupId === undefined || group.id === groupId)
          .flatMap(apiCards)
          .filter((api) => name === undefined || api.name === name),
    },
    tokens: {
      issue: async ({ project, user = 'mock-user', ttl_ms: ttlMs }: TokenRequest) => {
        const identity = { methods: ['password'], password: { user: { name: user, password: '' } } };
        const scope = project === undefined ? {} : { scope: { project: { id: project } } };
        const request = { auth: { identity, ...scope } };
        const claims = claimsFor(core, request, { ...checkTokenRequest(core, request), ttlMs });
        return { token: credentials.issue(claims), expires_at: new Date(claims.expiresMs).toISOString() };
      },
      expire: async ({ token }: { readonly token: string }): Promise<void> => {
        const why = credentials.expire(token);
        if (why !== undefined) throw errors.parameterInvalid('token', { reason: `token: ${why}` });
      },
    },
  };
}

const cardOf = ({ group, projectId, instanceId }: FoundGroup): GroupCard =>
  groupCard(group, { projectId, instanceId });

const apiCards = ({ group, state, projectId, instanceId }: FoundGroup): ApiCard[] =>
  Array.from(group.apis.values(), ({ id, definition, publications, registeredMs }) => ({
    id,
    name: definition.name,
    method: definition.method,
    path: definition.path,
    group_id: group.id,
    group_name: group.name,
    project_id: projectId,
    instance_id: instanceId,
    published_in: Array.from(publications.keys(), (envId) => state.environments.get(envId)?.name ?? envId),
    created_at: new Date(registeredMs).toISOString(),
  }));
