/**
 * The entities of one instance: groups, APIs, policies, environments and publish records. Everything here is
 * immutable; a change makes a new `InstanceApis` that shares what did not change.
 */
import type { Json, JsonObject } from './openapi/json.ts';

/** Request methods of an API; `ANY` is written `x-apigateway-any-method` in a document. */
export const METHODS = ['GET', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH', 'ANY'] as const;
export type Method = (typeof METHODS)[number];

export type MatchMode = 'NORMAL' | 'SWA';
export type AuthType = 'NONE' | 'APP' | 'IAM' | 'AUTHORIZER';
export const BACKEND_TYPES = [
  'HTTP',
  'HTTP-VPC',
  'HTTP-VPC-MEMBER-GROUP',
  'FUNCTION',
  'MOCK',
  'GRPC',
] as const;
export type BackendType = (typeof BACKEND_TYPES)[number];
export const PROTOCOLS = ['http', 'https', 'grpcs'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/** Who may call the API. `authorizer` beside APP or IAM is the second factor. */
export interface Authentication {
  readonly type: AuthType;
  /** APP only: the AppCode may be sent in a header instead of a signature. */
  readonly appCode: boolean;
  /** Name of the custom authorizer. */
  readonly authorizer?: string;
  /** NONE, by a scheme of type `IAM_NONE`. */
  readonly iamNone?: true;
}

/** One request parameter. The service knows two types; limits that do not fit the type are dropped. */
export interface RequestParameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly type: 'string' | 'number';
  readonly required: boolean;
  readonly description?: string;
  /** default, enum, and maximum, minimum (number) or maxLength, minLength (string). */
  readonly limits: JsonObject;
  /** `x-…` members. */
  readonly extensions: JsonObject;
}

/** One API as a document defines it, independent of the version it was written in. */
export interface ApiDefinition {
  readonly name: string;
  readonly method: Method;
  /** Request path with `basePath`, as written: `/users/{id}`. */
  readonly path: string;
  readonly matchMode: MatchMode;
  readonly protocols: readonly Protocol[];
  readonly authentication: Authentication;
  readonly backendType: BackendType;
  readonly summary?: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly parameters: readonly RequestParameter[];
  /** Of OpenAPI 3.0, with its references written out; Swagger 2.0 has none that the service takes. */
  readonly requestBody?: JsonObject;
  /** `x-…` members of the operation, back end included. */
  readonly extensions: JsonObject;
}

/** One publication of an API in one environment: what runs there, which a later import may have changed. */
export interface PublishRecord {
  readonly id: string;
  readonly versionId: string;
  readonly remark: string;
  readonly publishedMs: number;
  readonly definition: ApiDefinition;
}

/** A publication that was replaced by a newer one, or taken offline. */
export interface EndedPublication {
  readonly envId: string;
  readonly versionId: string;
  readonly remark: string;
  readonly publishedMs: number;
}

export interface Api {
  readonly id: string;
  readonly groupId: string;
  readonly definition: ApiDefinition;
  readonly registeredMs: number;
  readonly updatedMs: number;
  /** By environment id. */
  readonly publications: ReadonlyMap<string, PublishRecord>;
  /** The newest first. */
  readonly ended: readonly EndedPublication[];
}

export interface ApiGroup {
  readonly id: string;
  readonly name: string;
  readonly remark: string;
  readonly registeredMs: number;
  readonly updatedMs: number;
  /** Whether APIs can be called by the subdomain of the group, for debugging. */
  readonly subdomainEnabled: boolean;
  /** In the order of their registration. */
  readonly apis: ReadonlyMap<string, Api>;
  /** `routeKey` -> API id. */
  readonly routes: ReadonlyMap<string, string>;
  /** API name -> API id. */
  readonly names: ReadonlyMap<string, string>;
  /** Gateway responses by name, as imported. */
  readonly responses: JsonObject;
  /** Other `x-…` members of the imported documents. */
  readonly extensions: JsonObject;
  /** Keys (`policyKey`) of the policies that came with imports into this group. */
  readonly policies: ReadonlySet<string>;
}

export interface Environment {
  readonly id: string;
  readonly name: string;
  readonly remark: string;
  readonly createdMs: number;
}

/** What is imported beside APIs and shared by the groups of an instance. */
export const POLICY_KINDS = ['ratelimit', 'access-control', 'authorizer'] as const;
export type PolicyKind = (typeof POLICY_KINDS)[number];

export interface Policy {
  readonly kind: PolicyKind;
  readonly name: string;
  readonly definition: Json;
}

/** A custom authorizer: its scheme as a document has it, under an id that stays when the definition is replaced. */
export interface Authorizer extends Policy {
  readonly kind: 'authorizer';
  readonly id: string;
  readonly createdMs: number;
}

/** Everything `apis/` knows of one instance of one project. */
export interface InstanceApis {
  readonly groups: ReadonlyMap<string, ApiGroup>;
  /** Group name -> group id. */
  readonly groupNames: ReadonlyMap<string, string>;
  readonly environments: ReadonlyMap<string, Environment>;
  /** By `policyKey`. */
  readonly policies: ReadonlyMap<string, Policy | Authorizer>;
}

/** The environment every instance has. */
export const RELEASE_ID = 'DEFAULT_ENVIRONMENT_RELEASE_ID';
export const RELEASE_NAME = 'RELEASE';

/**
 * The environment that every instance begins with; time and remark as a response of the service has them (golangsdk,
 * `apigw/dedicated/v2/environments/testing/fixtures.go`, read 2026-11-24).
 */
const RELEASE: Environment = {
  id: RELEASE_ID,
  name: RELEASE_NAME,
  remark: '生产环境',
  createdMs: Date.UTC(2020, 9, 14, 16, 15, 19),
};

/** The domain name that the service gives to a group. */
export const subdomainOf = (groupId: string, region: string): string =>
  `${groupId}.apic.${region}.huaweicloudapis.com`;

/** The instance nobody has written to. One object serves them all. */
export const EMPTY_INSTANCE: InstanceApis = {
  groups: new Map(),
  groupNames: new Map(),
  environments: new Map([[RELEASE_ID, RELEASE]]),
  policies: new Map(),
};

/**
 * What makes two APIs of a group the same one. The names of path parameters do not count, since
 * `/users/{id}` and `/users/{name}` match the same requests; a greedy `{proxy+}` is not a plain one.
 */
export function routeKey(route: { method: Method; path: string; matchMode: MatchMode }): string {
  const path = route.path.replace(/\{[^{}]*?(\+?)\}/g, '{$1}');
  return `${route.method} ${route.matchMode} ${path}`;
}

/** The key of a policy in `InstanceApis.policies`. */
export function policyKey(kind: PolicyKind, name: string): string {
  return `${kind}/${name}`;
}

/** The authorizer of that name. */
export function authorizerOf(state: InstanceApis, name: string): Authorizer | undefined {
  const policy = state.policies.get(policyKey('authorizer', name));
  return policy !== undefined && 'id' in policy ? policy : undefined;
}

/** The API of that id in whichever group. */
export function findApi(state: InstanceApis, apiId: string): Api | undefined {
  for (const group of state.groups.values()) {
    const api = group.apis.get(apiId);
    if (api !== undefined) return api;
  }
  return undefined;
}

/** The instance with one group put in or replaced. Costs one copy of the table of groups, no API is touched. */
export function withGroup(state: InstanceApis, group: ApiGroup): InstanceApis {
  const before = state.groups.get(group.id);
  const groups = new Map(state.groups).set(group.id, group);
  if (before?.name === group.name) return { ...state, groups };
  const names = new Map(state.groupNames).set(group.name, group.id);
  if (before !== undefined) names.delete(before.name);
  return { ...state, groups, groupNames: names };
}

/** A group that holds nothing yet. */
export function newGroup(head: Pick<ApiGroup, 'id' | 'name' | 'remark'>, nowMs: number): ApiGroup {
  return {
    ...head,
    registeredMs: nowMs,
    updatedMs: nowMs,
    subdomainEnabled: true,
    apis: new Map(),
    routes: new Map(),
    names: new Map(),
    responses: {},
    extensions: {},
    policies: new Set(),
  };
}

/** The map without one key. */
export function without<V>(map: ReadonlyMap<string, V>, key: string): ReadonlyMap<string, V> {
  const rest = new Map(map);
  rest.delete(key);
  return rest;
}

/** Why there is no such environment. */
export const NO_ENVIRONMENT =
  'no environment of this instance has the id of env_id; RELEASE is DEFAULT_ENVIRONMENT_RELEASE_ID';

/** Why there is no such group, for imports and exports alike. */
export const NO_GROUP =
  'no group of this instance has the id of group_id: see GET /api-groups, and the project and instance in the URL';
