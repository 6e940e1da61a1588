/**
 * The rules of `x-apigateway-backend` and `x-apigateway-backend-policies`. The back end itself is stored as it was
 * written. Source: the extensions of Open Telekom Cloud's user guide, one page each, and of Huawei Cloud's
 * (apig_03_0136); older forms of conditions: its sample of an import, 2021, and CreateApiV2; read 2026-11-24.
 */
import { BACKEND_TYPES, type BackendType } from '../model.ts';
import {
  checkMembers,
  flag,
  invalid,
  type Members,
  matches,
  missing,
  oneOf,
  text,
  wholeNumber,
} from './fields.ts';
import { isObject, type Json, type JsonObject, member, objectMember, textMember } from './json.ts';

export const BACKEND = 'x-apigateway-backend';
export const BACKEND_POLICIES = 'x-apigateway-backend-policies';

/** A domain or an IPv4 address, or an IPv6 address in brackets, with or without a port; `#env#` variables. */
const ADDRESS = /^(\[[0-9a-f:.]+\]|[\p{L}\d._#-]{1,255})(:\d{1,5})?$/iu;
const PARAMETER_NAME = /^[a-z][a-z0-9._-]{0,31}$/i;
const TIMEOUT = wholeNumber(1, 60_000);
/** Functions in a VPC may take ten minutes. */
const LONG_TIMEOUT = wholeNumber(1, 600_000);

/** The back end given to APIs in mock mode. */
export const MOCK_BACKEND: JsonObject = {
  mockEndpoints: { description: '', 'result-content': '' },
  type: 'MOCK',
};

const REQUEST: Members = {
  scheme: { rule: oneOf('HTTP', 'HTTPS', 'GRPCS'), required: true, own: 'req_protocol' },
  method: {
    rule: oneOf('GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH', 'ANY'),
    required: true,
    own: 'req_method',
  },
  path: { rule: matches(/^\//, 'a path that begins with a slash'), required: true, own: 'req_uri' },
};
const HANDLING: Members = {
  timeout: { rule: TIMEOUT },
  retryCount: { rule: wholeNumber(-1, 10), own: 'retry_count' },
  enableClientSsl: { rule: flag, own: 'enable_client_ssl' },
};
const CHANNEL: Members = { name: { rule: text(), required: true, own: 'vpc_channel_name' } };

const hasNo = (name: string) => (owner: JsonObject) => (member(owner, name) ?? '') === '';
const isInVpc = (owner: JsonObject) => String(member(owner, 'network-type')).toUpperCase() === 'V2';

interface Endpoints {
  readonly key: string;
  readonly members: Members;
  /** Policies have back ends of the same family. */
  readonly family: string;
}

/** What each type has; no page describes GRPC, so all of it is stored unchecked. */
const ENDPOINTS: Readonly<Record<BackendType, Endpoints>> = {
  HTTP: {
    key: 'httpEndpoints',
    members: {
      address: {
        rule: matches(ADDRESS, 'a domain or an IP address, with or without a port'),
        required: true,
        own: 'url_domain',
      },
      ...REQUEST,
      ...HANDLING,
    },
    family: 'HTTP',
  },
  'HTTP-VPC': { key: 'httpVpcEndpoints', members: { ...CHANNEL, ...REQUEST, ...HANDLING }, family: 'HTTP' },
  'HTTP-VPC-MEMBER-GROUP': {
    key: 'httpVpcMemberGroupEndpoints',
    members: {
      ...CHANNEL,
      ...HANDLING,
      memberGroupUrlInfos: { items: REQUEST, required: true, own: 'member_groups' },
    },
    family: 'HTTP',
  },
  FUNCTION: {
    key: 'functionEndpoints',
    members: {
      'function-urn': { rule: text(), required: true },
      version: { rule: text(64), required: hasNo('alias-urn') },
      'alias-urn': { rule: text() },
      // The page has synchronous in its example, sync in its table.
      'invocation-type': { rule: oneOf('async', 'sync', 'synchronous'), required: true },
      'network-type': { rule: oneOf('V1', 'V2') },
      req_protocol: { rule: oneOf('HTTPS', 'GRPCS') },
      timeout: { rule: (owner) => (isInVpc(owner) ? LONG_TIMEOUT : TIMEOUT) },
    },
    family: 'FUNCTION',
  },
  MOCK: {
    key: 'mockEndpoints',
    members: { 'result-content': { rule: text(Number.POSITIVE_INFINITY, 0), required: true } },
    family: 'MOCK',
  },
  GRPC: { key: 'grpcEndpoints', members: {}, family: 'GRPC' },
};

const PARAMETERS: Members = {
  parameters: {
    items: {
      name: {
        rule: matches(PARAMETER_NAME, 'at most 32 letters, digits and ._-, first a letter'),
        required: true,
      },
      in: { rule: oneOf('header', 'query', 'path'), required: true, own: 'location' },
      origin: { rule: oneOf('REQUEST', 'CONSTANT', 'SYSTEM'), required: true },
      value: { rule: text(Number.POSITIVE_INFINITY, 0), required: true },
    },
    own: 'backend_params',
  },
};

const isSource = (owner: JsonObject) => String(member(owner, 'origin')).toLowerCase() === 'source';
const POLICY: Members = {
  name: { rule: text(), required: true },
  effectMode: { rule: oneOf('ANY', 'ALL'), own: 'effect_mode' },
  conditions: {
    items: {
      origin: {
        rule: oneOf('source', 'request', 'param', 'system', 'cookie', 'frontend_authorizer'),
        required: true,
        own: 'condition_origin',
      },
      // Conditions on the source address had an empty type in exports of 2021.
      type: {
        rule: oneOf('equal', 'enum', 'pattern', 'exact'),
        required: (condition) => !isSource(condition) || member(condition, 'type') !== '',
        own: 'condition_type',
      },
      value: { rule: text(), required: true, own: 'condition_value' },
    },
    required: true,
  },
};

/** Checks the back end of an operation and its policies; throws a `ApigError` that names the field. */
export function checkBackend(extensions: JsonObject): BackendType {
  const backend = member(extensions, BACKEND) ?? undefined;
  if (backend === undefined) throw missing('backend_type', BACKEND);
  const type = checkOne(backend, BACKEND);
  const policies = member(extensions, BACKEND_POLICIES) ?? [];
  if (!Array.isArray(policies)) throw invalid('backend_policies', BACKEND_POLICIES, 'a list of mappings');
  for (const [index, policy] of policies.entries())
    checkPolicy(policy, `${BACKEND_POLICIES}[${index}]`, type);
  return type;
}

function checkOne(backend: Json, at: string): BackendType {
  if (!isObject(backend)) throw invalid('backend_type', at, 'a mapping');
  const written = member(backend, 'type') ?? undefined;
  if (written === undefined) throw missing('backend_type', `${at}.type`);
  const type = BACKEND_TYPES.find((known) => typeof written === 'string' && known === written.toUpperCase());
  if (type === undefined) throw invalid('backend_type', `${at}.type`, BACKEND_TYPES.join(', '));
  const { key, members } = ENDPOINTS[type];
  const endpoints = member(backend, key) ?? {};
  if (!isObject(endpoints)) throw invalid('backend_api', `${at}.${key}`, 'a mapping');
  checkMembers(endpoints, members, `${at}.${key}`);
  checkMembers(backend, PARAMETERS, at);
  return type;
}

/** The endpoints of a checked back end: `httpEndpoints` and its like. */
export function endpointsOf(extensions: JsonObject, type: BackendType): JsonObject {
  const backend = objectMember(extensions, BACKEND) ?? {};
  return objectMember(backend, ENDPOINTS[type].key) ?? {};
}

/** What a checked back end, or a policy's, calls, and by which family of types. */
export function calledBy(backend: JsonObject): { readonly family: string; readonly endpoints: JsonObject } {
  const written = textMember(backend, 'type')?.toUpperCase();
  const { key, family } = ENDPOINTS[BACKEND_TYPES.find((known) => known === written) ?? 'MOCK'];
  return { family, endpoints: objectMember(backend, key) ?? {} };
}

/** HTTP and HTTP-VPC may stand in for each other; the other kinds only for themselves. */
function checkPolicy(policy: Json, at: string, type: BackendType): void {
  const { family } = ENDPOINTS[type];
  if (ENDPOINTS[checkOne(policy, at)].family !== family)
    throw invalid('backend_type', `${at}.type`, `a back end of the kind of the API's own, ${family}`);
  if (isObject(policy)) checkMembers(policy, POLICY, at);
}
