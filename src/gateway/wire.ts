/**
 * Groups, APIs, environments and publish records as the service writes them, and the paging of its lists.
 * Field names: the pages of ListApiGroupsV2, ListApisV2, ListEnvironmentsV2 and BatchPublishOrOfflineApiV2,
 * 2026-11.
 */
import { fieldInvalid } from '../core/errors.ts';
import {
  type Api,
  type ApiDefinition,
  type ApiGroup,
  authorizerOf,
  type Environment,
  type InstanceApis,
  type PublishRecord,
} from './model.ts';
import { CORS, MATCH_MODE, REQUEST_TYPE, SAMPLES } from './openapi/operations.ts';
import type { PublishResult } from './publish.ts';

const MAX_LIMIT = 500;
const DEFAULT_LIMIT = 20;

/** A window of a list. */
export interface Page {
  readonly offset: number;
  readonly limit: number;
}

/** `offset` (from 0) and `limit` (1 to 500, default 20) of a query. Throws `APIG.2012` for any other value. */
export function checkPage(query: { readonly offset?: unknown; readonly limit?: unknown }): Page {
  return {
    offset: wholeNumber('offset', query.offset, { otherwise: 0, least: 0, most: Number.MAX_SAFE_INTEGER }),
    limit: wholeNumber('limit', query.limit, { otherwise: DEFAULT_LIMIT, least: 1, most: MAX_LIMIT }),
  };
}

function wholeNumber(
  name: string,
  value: unknown,
  range: { otherwise: number; least: number; most: number },
): number {
  if (value === undefined || value === '') return range.otherwise;
  const number = typeof value === 'string' && /^(?:0|[1-9]\d{0,15})$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < range.least || number > range.most)
    throw fieldInvalid(name, `a whole number from ${range.least} to ${range.most}`);
  return number;
}

/** RFC 3339 in UTC, to the second: `2023-07-11T19:54:22Z`. */
function time(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** The members of every list response: `size` of this page, `total` of all. */
function paged<T>(all: readonly T[], page: Page): { size: number; total: number; items: T[] } {
  const items = all.slice(page.offset, page.offset + page.limit);
  return { size: items.length, total: all.length, items };
}

/** Response of `GET api-groups`; `name` finds groups whose name contains it. */
export function listGroups(
  state: InstanceApis,
  page: Page,
  filter: { id?: string; name?: string; region: string },
) {
  const { id, name = '' } = filter;
  const all = [...state.groups.values()].filter(
    (group) => (id === undefined || group.id === id) && group.name.includes(name),
  );
  const { items, ...counts } = paged(all, page);
  return { ...counts, groups: items.map((group) => groupToWire(group, filter.region)) };
}

export function groupToWire(group: ApiGroup, region: string) {
  return {
    id: group.id,
    name: group.name,
    status: 1,
    sl_domain: `${group.id}.apic.${region}.huaweicloudapis.com`,
    register_time: time(group.registeredMs),
    update_time: time(group.updatedMs),
    on_sell_status: 2,
    url_domains: [] as string[],
    remark: group.remark,
    is_default: 2,
    version: 'V2',
  };
}

/** What `GET apis` can be asked for. */
export interface ApiFilter {
  readonly id?: string;
  /** Part of a name. */
  readonly name?: string;
  readonly group_id?: string;
  readonly req_method?: string;
  readonly req_uri?: string;
  readonly auth_type?: string;
  /** Only APIs published there. */
  readonly env_id?: string;
}

/** Response of `GET apis`. */
export function listApis(state: InstanceApis, page: Page, filter: ApiFilter = {}) {
  const all: { api: Api; group: ApiGroup }[] = [];
  for (const group of state.groups.values()) {
    if (filter.group_id !== undefined && group.id !== filter.group_id) continue;
    for (const api of group.apis.values()) if (isWanted(api, filter)) all.push({ api, group });
  }
  const { items, ...counts } = paged(all, page);
  return { ...counts, apis: items.map(({ api, group }) => apiToWire(api, group, state)) };
}

function isWanted(api: Api, filter: ApiFilter): boolean {
  const { definition } = api;
  return (
    (filter.id === undefined || api.id === filter.id) &&
    (filter.name === undefined || definition.name.includes(filter.name)) &&
    (filter.req_method === undefined || definition.method === filter.req_method) &&
    (filter.req_uri === undefined || definition.path.includes(filter.req_uri)) &&
    (filter.auth_type === undefined || definition.authentication.type === filter.auth_type) &&
    (filter.env_id === undefined || api.publications.has(filter.env_id))
  );
}

/** One API. An HTTP-VPC back end is of type HTTP here, with a channel, as the service has it. */
export function apiToWire(api: Api, group: ApiGroup, state: InstanceApis) {
  const { definition } = api;
  const { extensions, authentication } = definition;
  return {
    id: api.id,
    name: definition.name,
    type: extensions[REQUEST_TYPE] === 'private' ? 2 : 1,
    version: 'V0.0.1',
    req_protocol: protocolToWire(definition),
    req_method: definition.method,
    req_uri: definition.path,
    auth_type: authentication.type,
    ...authorizerToWire(definition, state),
    auth_opt: { app_code_auth_type: authentication.appCode ? 'HEADER' : 'DISABLE' },
    cors: extensions[CORS] === true,
    match_mode: String(extensions[MATCH_MODE]),
    backend_type: definition.backendType === 'HTTP-VPC' ? 'HTTP' : definition.backendType,
    ...(definition.backendType === 'HTTP-VPC' && { vpc_channel_status: 1 }),
    remark: definition.description ?? '',
    group_id: group.id,
    group_name: group.name,
    group_version: 'V1',
    tags: [...definition.tags],
    result_normal_sample: String(extensions[SAMPLES[1]] ?? ''),
    result_failure_sample: String(extensions[SAMPLES[0]] ?? ''),
    status: 1,
    arrange_necessary: 2,
    register_time: time(api.registeredMs),
    update_time: time(api.updatedMs),
    ...publicationsToWire(api, state),
  };
}

/** The custom authorizer, beside APP or IAM as the second factor. */
function authorizerToWire({ authentication: { authorizer } }: ApiDefinition, state: InstanceApis) {
  const id = authorizer === undefined ? undefined : authorizerOf(state, authorizer)?.id;
  return id === undefined ? {} : { authorizer_id: id };
}

function protocolToWire(definition: ApiDefinition): 'HTTP' | 'HTTPS' | 'BOTH' {
  if (definition.protocols.length > 1) return 'BOTH';
  return definition.protocols[0] === 'http' ? 'HTTP' : 'HTTPS';
}

/** Where the API runs; several environments are joined by `|`. */
function publicationsToWire(api: Api, state: InstanceApis) {
  if (api.publications.size === 0) return {};
  const published = [...api.publications];
  const join = (pick: (envId: string, record: PublishRecord) => string) =>
    published.map(([envId, record]) => pick(envId, record)).join('|');
  return {
    run_env_id: join((envId) => envId),
    run_env_name: join((envId) => state.environments.get(envId)?.name ?? ''),
    publish_id: join((_envId, record) => record.id),
    publish_time: join((_envId, record) => time(record.publishedMs)),
  };
}

/** Response of `GET envs`. */
export function listEnvironments(state: InstanceApis, page: Page, filter: { name?: string } = {}) {
  const all = [...state.environments.values()].filter(({ name }) => name.includes(filter.name ?? ''));
  const { items, ...counts } = paged(all, page);
  return { ...counts, envs: items.map(environmentToWire) };
}

export function environmentToWire(environment: Environment) {
  const { id, name, remark, createdMs } = environment;
  return { create_time: time(createdMs), name, id, remark };
}

/** Response of `POST apis/publish`. */
export function publishToWire(result: PublishResult) {
  return {
    success: result.success.map(({ api, record }) => ({
      publish_id: record.id,
      api_id: api.id,
      api_name: api.definition.name,
      env_id: result.environment.id,
      remark: record.remark,
      publish_time: time(record.publishedMs),
      version_id: record.versionId,
    })),
    failure: result.failure.map(({ apiId, apiName, reason }) => ({
      api_id: apiId,
      api_name: apiName,
      error_code: reason.error_code,
      error_msg: reason.error_msg,
    })),
  };
}
