/**
 * Groups, APIs, environments and publish records as the service writes them. Field names: the pages of ListApiGroupsV2,
 * ListApisV2, ListEnvironmentsV2 and BatchPublishOrOfflineApiV2, 2026-11, and their twins in Open Telekom Cloud's API
 * reference (`dedicated_gateway_apis_v2`) and the models of Huawei Cloud's SDK, read 2026-11-24.
 */
import { idFromName } from '../core/ids.ts';
import {
  type Api,
  type ApiDefinition,
  type ApiGroup,
  authorizerOf,
  type Environment,
  type InstanceApis,
  type PublishRecord,
  subdomainOf,
} from './model.ts';
import { endpointsOf } from './openapi/backend.ts';
import { isObject, type JsonObject, member, objectMember, scalarText, textMember } from './openapi/json.ts';
import {
  CONTENT_TYPE,
  CORS,
  FUNCTION_BODY_BASE64,
  MATCH_MODE,
  REQUEST_TYPE,
  RESPONSE,
  SAMPLES,
} from './openapi/operations.ts';
import { writeJson } from './openapi/spelled.ts';
import type { PublishResult } from './publish.ts';

/** RFC 3339 in UTC, to the second: `2023-07-11T19:54:22Z`. */
export const time = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/**
 * `publish_time` of an API is a text and no date-time, since it may join several: `2023-07-11 19:54:22`. The form is
 * the one that Terraform's provider parses (`apig_api_basic_configurations`, read 2026-11-24).
 */
const timeAsText = (ms: number): string => time(ms).slice(0, -1).replace('T', ' ');

/** One group. `version` belongs to groups of ROMA Connect and is left out, as in every documented example. */
export function groupToWire(group: ApiGroup, region: string) {
  const { sl_domain_access_enabled, ...rest } = groupInfoToWire(group, region);
  return {
    ...rest,
    sl_domain_access_enabled,
    sl_domains: [rest.sl_domain],
    remark: group.remark,
    is_default: 2,
  };
}

/** What an API repeats of its group. */
export function groupInfoToWire(group: ApiGroup, region: string) {
  return {
    id: group.id,
    name: group.name,
    status: 1,
    sl_domain: subdomainOf(group.id, region),
    register_time: time(group.registeredMs),
    update_time: time(group.updatedMs),
    on_sell_status: 2,
    url_domains: [] as string[],
    sl_domain_access_enabled: group.subdomainEnabled,
  };
}

/** One API, as lists and single reads show it. An HTTP-VPC back end is of type HTTP here, as the service has it. */
export function apiToWire(api: Api, group: ApiGroup, state: InstanceApis) {
  const { definition } = api;
  const { extensions, authentication } = definition;
  return {
    id: api.id,
    name: definition.name,
    type: typeToWire(definition),
    version: 'V0.0.1',
    req_protocol: protocolToWire(definition),
    req_method: definition.method,
    req_uri: definition.path,
    auth_type: authentication.type,
    ...authorizerToWire(definition, state),
    auth_opt: { app_code_auth_type: authentication.appCode ? 'HEADER' : 'DISABLE' },
    cors: extensions[CORS] === true,
    match_mode: String(extensions[MATCH_MODE]),
    backend_type: hasChannel(definition) ? 'HTTP' : definition.backendType,
    remark: definition.description ?? '',
    group_id: group.id,
    group_name: group.name,
    group_version: 'V1',
    tags: [...definition.tags],
    ...responseToWire(definition, group),
    ...bodyToWire(definition),
    is_send_fg_body_base64: extensions[FUNCTION_BODY_BASE64] !== false,
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

/** 1 = public, 2 = private. */
export const typeToWire = ({ extensions }: ApiDefinition): 1 | 2 =>
  extensions[REQUEST_TYPE] === 'private' ? 2 : 1;

/** An HTTP back end behind a load balance channel. */
const hasChannel = ({ backendType }: ApiDefinition): boolean => backendType.startsWith('HTTP-VPC');

export function protocolToWire(definition: ApiDefinition): 'HTTP' | 'HTTPS' | 'BOTH' | 'GRPCS' {
  if (definition.protocols.includes('grpcs')) return 'GRPCS';
  if (definition.protocols.length > 1) return 'BOTH';
  return definition.protocols[0] === 'http' ? 'HTTP' : 'HTTPS';
}

/** The gateway response of its group that an API names: imports know it by name, so its id follows from that. */
function responseToWire({ extensions }: ApiDefinition, group: ApiGroup) {
  const name = textMember(extensions, RESPONSE);
  if (name === undefined || !Object.hasOwn(group.responses, name)) return {};
  return { response_id: idFromName('response', group.id, name) };
}

/** The types that the SDK's model knows. */
const CONTENT_TYPES = ['application/json', 'application/xml', 'multipart/form-data', 'text/plain'];

/**
 * The body of requests: its type, by its own extension or else the first that a body has; and as remark the example of
 * its schema, since that is what an export of the service has of a body, empty where there is no remark
 * (2511689622/gen-openapi, `compare.yaml`, read 2026-11-24).
 */
function bodyToWire({ requestBody = {}, extensions }: ApiDefinition) {
  const content = objectMember(requestBody, 'content') ?? {};
  const [type = ''] = Object.keys(content);
  const schema = objectMember(objectMember(content, type) ?? {}, 'schema') ?? {};
  const example = member(schema, 'example') ?? '';
  const contentType = textMember(extensions, CONTENT_TYPE) || type;
  const remark = scalarText(example) ?? writeJson(example);
  return {
    ...(remark !== '' && { body_remark: remark }),
    ...(CONTENT_TYPES.includes(contentType) && { content_type: contentType }),
  };
}

/** Where the API runs: the newest publication first, several joined by `|`. */
function publicationsToWire(api: Api, state: InstanceApis) {
  if (api.publications.size === 0) return {};
  const published = [...api.publications].reverse().sort(([, a], [, b]) => b.publishedMs - a.publishedMs);
  const join = (pick: (envId: string, record: PublishRecord) => string) =>
    published.map(([envId, record]) => pick(envId, record)).join('|');
  return {
    run_env_id: join((envId) => envId),
    run_env_name: join((envId) => state.environments.get(envId)?.name ?? ''),
    publish_id: join((_envId, record) => record.id),
    publish_time: join((_envId, record) => timeAsText(record.publishedMs)),
  };
}

/** The web back end of an API (`backend_api`), with the service's defaults; undefined for the other kinds. */
export function backendToWire({ id, definition, registeredMs, updatedMs }: Api) {
  const { backendType, extensions } = definition;
  if (backendType !== 'HTTP' && !hasChannel(definition)) return undefined;
  return {
    ...webToWire(endpointsOf(extensions, backendType), definition),
    id: idFromName('backend', id),
    status: 1,
    register_time: time(registeredMs),
    update_time: time(updatedMs),
  };
}

/** What a web back end, or a policy's, calls; as the API is called where it names neither method nor path. */
export function webToWire(endpoints: JsonObject, { method, path }: Pick<ApiDefinition, 'method' | 'path'>) {
  const field = (name: string, otherwise = '') => textMember(endpoints, name) ?? otherwise;
  const channel = channelToWire(endpoints);
  const encrypted = textMember(endpoints, 'enableSmChannel');
  return {
    url_domain: channel?.vpc_channel_info.vpc_channel_id ?? field('address'),
    req_protocol: field('scheme', 'https').toUpperCase(),
    remark: field('description'),
    req_method: field('method', method).toUpperCase(),
    req_uri: field('path', path),
    timeout: Number(field('timeout', '5000')),
    enable_client_ssl: field('enableClientSsl') === 'true',
    retry_count: field('retryCount', '-1'),
    ...(encrypted !== undefined && { enable_sm_channel: encrypted === 'true' }),
    ...memberGroupsToWire(endpoints),
    ...(channel ?? { vpc_channel_status: 2 }),
  };
}

/** The name of the load balance channel that an API goes through. */
export function channelName(definition: ApiDefinition): string | undefined {
  const { backendType, extensions } = definition;
  return hasChannel(definition) ? textMember(endpointsOf(extensions, backendType), 'name') : undefined;
}

/** The channel of a back end: documents know it by name, so its id follows from that. */
function channelToWire(endpoints: JsonObject) {
  const name = textMember(endpoints, 'name');
  if (name === undefined) return undefined;
  const info = {
    vpc_channel_id: idFromName('vpc-channel', name),
    vpc_channel_proxy_host: '',
    cascade_flag: textMember(endpoints, 'cascade_flag') === 'true',
  };
  return { vpc_channel_status: 1, vpc_channel_info: info };
}

/** The groups of servers of a channel, known by name as it is, each with what is called there. */
function memberGroupsToWire(endpoints: JsonObject) {
  const groups = member(endpoints, 'memberGroupUrlInfos');
  if (!Array.isArray(groups)) return {};
  const channel = textMember(endpoints, 'name') ?? '';
  const infos = groups.filter(isObject).map((group) => ({
    member_group_id: idFromName('member-group', channel, textMember(group, 'name') ?? ''),
    req_protocol: (textMember(group, 'scheme') ?? '').toUpperCase(),
    req_method: (textMember(group, 'method') ?? '').toUpperCase(),
    req_uri: textMember(group, 'path') ?? '',
  }));
  return { member_group_url_infos: infos };
}

export function environmentToWire(environment: Environment) {
  const { id, name, remark, createdMs } = environment;
  return { create_time: time(createdMs), name, id, remark };
}

/** One publication that was made or ended; `publish_time` is a date-time here. */
export function publicationToWire({ api, record }: { api: Api; record: PublishRecord }, envId: string) {
  return {
    publish_id: record.id,
    api_id: api.id,
    api_name: api.definition.name,
    env_id: envId,
    remark: record.remark,
    publish_time: time(record.publishedMs),
    version_id: record.versionId,
  };
}

/** Response of `POST apis/publish`; `publish_time` is a date-time here. An API that is not there has no name. */
export function publishToWire(result: PublishResult) {
  return {
    success: result.success.map((changed) => publicationToWire(changed, result.environment.id)),
    failure: result.failure.map(({ apiId, apiName, reason }) => ({
      api_id: apiId,
      ...(apiName !== undefined && { api_name: apiName }),
      error_code: reason.error_code,
      error_msg: reason.error_msg,
    })),
  };
}
