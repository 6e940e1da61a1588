/**
 * One instance as plain JSON and back: the form of the control API's state and of the state file. Look-up
 * tables are left out and built again; a definition that runs as it stands is written once.
 */
import { errors } from '../core/errors.ts';
import { idFromName } from '../core/ids.ts';
import {
  type Api,
  type ApiDefinition,
  type ApiGroup,
  type Authorizer,
  EMPTY_INSTANCE,
  type EndedPublication,
  type Environment,
  type InstanceApis,
  METHODS,
  POLICY_KINDS,
  type Policy,
  type PublishRecord,
  policyKey,
  routeKey,
} from './model.ts';
import { isObject, type JsonObject } from './openapi/json.ts';

type PublicationSnapshot = Omit<PublishRecord, 'definition'> & {
  readonly envId: string;
  /** Absent when the API is published as it stands. */
  readonly definition?: ApiDefinition;
};
type ApiSnapshot = Omit<Api, 'publications' | 'ended' | 'groupId'> & {
  readonly publications: PublicationSnapshot[];
  /** Absent when there are none, and in snapshots of before. */
  readonly ended?: readonly EndedPublication[];
};
export type GroupSnapshot = Omit<ApiGroup, 'apis' | 'routes' | 'names' | 'policies' | 'subdomainEnabled'> & {
  /** Absent when it is enabled, and in snapshots of before. */
  readonly subdomainEnabled?: false;
  readonly apis: ApiSnapshot[];
  readonly policies: string[];
};

/** An instance without its look-up tables. */
export interface InstanceSnapshot {
  readonly groups: GroupSnapshot[];
  readonly environments: Environment[];
  readonly policies: (Policy | Authorizer)[];
}

export function snapshotInstance(state: InstanceApis): InstanceSnapshot {
  return {
    groups: Array.from(state.groups.values(), (group) => snapshotGroup(group)),
    environments: [...state.environments.values()],
    policies: [...state.policies.values()],
  };
}

/** A group with some of its APIs, or all. */
export function snapshotGroup(group: ApiGroup, some: Iterable<Api> = group.apis.values()): GroupSnapshot {
  return { ...groupHead(group), apis: Array.from(some, snapshotApi) };
}

/** As `snapshotInstance`, for writing piece by piece: each group and API is made when it is asked for. */
export function* groupsOf({ groups }: InstanceApis) {
  for (const group of groups.values()) yield { ...groupHead(group), apis: apisOf(group) };
}

function* apisOf({ apis }: ApiGroup): Generator<ApiSnapshot> {
  for (const api of apis.values()) yield snapshotApi(api);
}

function groupHead(group: ApiGroup): Omit<GroupSnapshot, 'apis'> {
  const { apis: _apis, routes: _routes, names: _names, policies, subdomainEnabled, ...rest } = group;
  return { ...rest, ...(!subdomainEnabled && { subdomainEnabled }), policies: [...policies] };
}

function snapshotApi(api: Api): ApiSnapshot {
  const { groupId: _groupId, publications, ended, ...rest } = api;
  return {
    ...rest,
    ...(ended.length > 0 && { ended }),
    publications: [...publications].map(([envId, { definition, ...record }]) => ({
      envId,
      ...record,
      ...(definition !== api.definition && { definition }),
    })),
  };
}

/** Builds an instance again. Throws `APIG.2012` naming what is wrong. */
export function restoreInstance(snapshot: unknown): InstanceApis {
  const source = record(snapshot, 'instance') as unknown as InstanceSnapshot;
  const groups = records(source.groups, 'groups').map((group) =>
    restoreGroup(group as unknown as GroupSnapshot),
  );
  const environments = records(source.environments, 'environments').map(restoreEnvironment);
  const policies = records(source.policies, 'policies').map(restorePolicy);
  return {
    groups: new Map(groups.map((group) => [group.id, group])),
    groupNames: new Map(groups.map((group) => [group.name, group.id])),
    environments: new Map([
      ...EMPTY_INSTANCE.environments,
      ...environments.map((env) => [env.id, env] as const),
    ]),
    policies: new Map(policies.map((policy) => [policyKey(policy.kind, policy.name), policy])),
  };
}

function restoreEnvironment(source: JsonObject): Environment {
  const { id, name, remark, createdMs } = source as unknown as Environment;
  texts('environments', id, name, remark);
  times('environments', createdMs);
  return { id, name, remark, createdMs };
}

/** Authorizers of older snapshots have no id: they get one that is the same at each restore. */
function restorePolicy(source: JsonObject): Policy | Authorizer {
  const { kind, name, definition } = source as unknown as Policy;
  texts('policies', name);
  if (!POLICY_KINDS.includes(kind) || definition === undefined) throw errors.parameterInvalid('policies');
  if (kind !== 'authorizer') return { kind, name, definition };
  const { id = idFromName(kind, name), createdMs = 0 } = source as Partial<
    Pick<Authorizer, 'id' | 'createdMs'>
  >;
  texts('policies', id);
  times('policies', createdMs);
  return { kind, name, definition, id, createdMs };
}

function restoreGroup(source: GroupSnapshot): ApiGroup {
  texts('groups', source.id, source.name, source.remark);
  times('groups', source.registeredMs, source.updatedMs);
  const apis = records(source.apis, 'groups.apis').map((api) =>
    restoreApi(api as unknown as ApiSnapshot, source.id),
  );
  return {
    id: source.id,
    name: source.name,
    remark: source.remark,
    registeredMs: source.registeredMs,
    updatedMs: source.updatedMs,
    subdomainEnabled: source.subdomainEnabled !== false,
    responses: record(source.responses, 'groups.responses'),
    extensions: record(source.extensions, 'groups.extensions'),
    policies: new Set(Array.isArray(source.policies) ? source.policies.map(String) : []),
    apis: new Map(apis.map((api) => [api.id, api])),
    routes: new Map(apis.map((api) => [routeKey(api.definition), api.id])),
    names: new Map(apis.map((api) => [api.definition.name, api.id])),
  };
}

function restoreApi(source: ApiSnapshot, groupId: string): Api {
  texts('groups.apis', source.id);
  times('groups.apis', source.registeredMs, source.updatedMs);
  const definition = restoreDefinition(source.definition);
  const publications = records(source.publications, 'publications') as unknown as PublicationSnapshot[];
  return {
    id: source.id,
    groupId,
    definition,
    registeredMs: source.registeredMs,
    updatedMs: source.updatedMs,
    ended: records(source.ended ?? [], 'ended').map(restoreEnded),
    publications: new Map(
      publications.map(({ envId, definition: published, ...rest }) => {
        texts('publications', envId, rest.id, rest.versionId, rest.remark);
        times('publications', rest.publishedMs);
        return [
          envId,
          { ...rest, definition: published === undefined ? definition : restoreDefinition(published) },
        ];
      }),
    ),
  };
}

function restoreEnded(source: JsonObject): EndedPublication {
  const { envId, versionId, remark, publishedMs } = source as unknown as EndedPublication;
  texts('ended', envId, versionId, remark);
  times('ended', publishedMs);
  return { envId, versionId, remark, publishedMs };
}

function restoreDefinition(value: unknown): ApiDefinition {
  const definition = record(value, 'definition') as unknown as ApiDefinition;
  texts('definition', definition.name, definition.path, definition.matchMode, definition.backendType);
  if (!METHODS.includes(definition.method)) throw errors.parameterInvalid('method');
  for (const list of [definition.protocols, definition.tags]) {
    if (!Array.isArray(list)) throw errors.parameterInvalid('definition');
    texts('definition', ...list);
  }
  record(definition.extensions, 'definition.extensions');
  if (definition.requestBody !== undefined) record(definition.requestBody, 'definition.requestBody');
  texts('definition', record(definition.authentication, 'authentication')['type']);
  for (const parameter of records(definition.parameters, 'parameters')) {
    texts('parameters', parameter['name'], parameter['in'], parameter['type']);
    record(parameter['limits'], 'parameters');
    record(parameter['extensions'], 'parameters');
  }
  return definition;
}

function record(value: unknown, name: string): JsonObject {
  if (!isObject(value)) throw errors.parameterInvalid(name);
  return value;
}

function records(value: unknown, name: string): JsonObject[] {
  if (!Array.isArray(value)) throw errors.parameterInvalid(name);
  return value.map((item) => record(item, name));
}

function texts(name: string, ...values: unknown[]): void {
  if (!values.every((value) => typeof value === 'string')) throw errors.parameterInvalid(name);
}

/** Milliseconds since 1970 that a date can hold. */
function times(name: string, ...values: unknown[]): void {
  if (!values.every((value) => typeof value === 'number' && Math.abs(value) <= 8.64e15)) {
    throw errors.parameterInvalid(name);
  }
}
