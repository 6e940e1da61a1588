/**
 * One API in full, as the page of ShowDetailsOfApiV2 (read 2026-11-24) has it: what the list has, and its group, back end,
 * parameters and back-end policies. What an OpenAPI file does not name by an id has one that follows from the API's.
 */
import { idFromName } from '../core/ids.ts';
import type { Api, ApiDefinition, ApiGroup, InstanceApis, RequestParameter } from './model.ts';
import { BACKEND, BACKEND_POLICIES, calledBy } from './openapi/backend.ts';
import { isObject, type JsonObject, member, objectMember, scalarText, textMember } from './openapi/json.ts';
import { extensionFields } from './openapi/parameters.ts';
import { apiToWire, groupInfoToWire, time, webToWire } from './wire.ts';

type Wire = Record<string, unknown>;

/** Response of `GET apis/{api_id}`. */
export function apiDetailToWire(
  { api, group }: { readonly api: Api; readonly group: ApiGroup },
  state: InstanceApis,
  region: string,
) {
  const { id, definition, registeredMs, updatedMs } = api;
  const { extensions, parameters } = definition;
  const backend = objectMember(extensions, BACKEND) ?? {};
  const info = INFO[calledBy(backend).family];
  const times = { status: 1, register_time: time(registeredMs), update_time: time(updatedMs) };
  const policies = member(extensions, BACKEND_POLICIES);
  return {
    ...apiToWire(api, group, state),
    api_group_info: groupInfoToWire(group, region),
    ...(info && {
      [info.name]: { ...info.toWire(backend, definition), id: idFromName('backend', id), ...times },
    }),
    req_params: parameters.map((one) => parameterToWire(one, id)),
    backend_params: backendParameters(backend, { api, ownerId: id }),
    ...policiesToWire(Array.isArray(policies) ? policies.filter(isObject) : [], api),
  };
}

type Called = Pick<ApiDefinition, 'method' | 'path'>;

/** How the back ends of a family are shown; those of GRPC are not documented. */
const INFO: Readonly<
  Record<string, { name: string; policies: string; toWire: (backend: JsonObject, called: Called) => Wire }>
> = {
  HTTP: {
    name: 'backend_api',
    policies: 'policy_https',
    toWire: (backend, called) => webToWire(calledBy(backend).endpoints, called),
  },
  FUNCTION: { name: 'func_info', policies: 'policy_functions', toWire: functionToWire },
  MOCK: { name: 'mock_info', policies: 'policy_mocks', toWire: mockToWire },
};

function functionToWire(backend: JsonObject): Wire {
  const { endpoints } = calledBy(backend);
  const field = (name: string, otherwise = '') => textMember(endpoints, name) ?? otherwise;
  return {
    remark: field('description'),
    function_urn: field('function-urn'),
    alias_urn: field('alias-urn'),
    version: field('version'),
    invocation_type: field('invocation-type').startsWith('async') ? 'async' : 'sync',
    network_type: field('network-type', 'V1'),
    req_protocol: field('req_protocol', 'HTTPS'),
    timeout: Number(field('timeout', '5000')),
  };
}

function mockToWire(backend: JsonObject): Wire {
  const { endpoints } = calledBy(backend);
  return {
    remark: textMember(endpoints, 'description') ?? '',
    result_content: textMember(endpoints, 'result-content') ?? '',
  };
}

const parameterId = (apiId: string, place: string, name: string): string =>
  idFromName(apiId, 'parameter', place, name);

function parameterToWire(parameter: RequestParameter, apiId: string): Wire {
  const { name, type, in: place, required, description = '', limits } = parameter;
  const { sample, isPassedThrough, orchestrations } = extensionFields(parameter);
  const { default: otherwise, enum: choices } = limits;
  const least = limits[type === 'number' ? 'minimum' : 'minLength'];
  const most = limits[type === 'number' ? 'maximum' : 'maxLength'];
  const [min, max] = type === 'number' ? ['min_num', 'max_num'] : ['min_size', 'max_size'];
  const isLimited = [choices, least, most].some((limit) => limit !== undefined);
  return {
    name,
    type: type.toUpperCase(),
    location: place.toUpperCase(),
    default_value: scalarText(otherwise) ?? '',
    sample_value: sample,
    required: required ? 1 : 2,
    valid_enable: isLimited ? 1 : 2,
    remark: description,
    enumerations: Array.isArray(choices) ? choices.map((one) => scalarText(one) ?? '').join(',') : '',
    ...(least !== undefined && { [min]: Number(scalarText(least)) }),
    ...(most !== undefined && { [max]: Number(scalarText(most)) }),
    pass_through: isPassedThrough ? 1 : 2,
    ...(orchestrations.length > 0 && { orchestrations }),
    id: parameterId(apiId, place, name),
  };
}

/** The request parameter of a name: what back ends and conditions refer to. */
function requestParameter({ id, definition }: Api, name: string) {
  const found = definition.parameters.find((parameter) => parameter.name === name);
  return found && { id: parameterId(id, found.in, found.name), location: found.in.toUpperCase() };
}

function backendParameters(
  backend: JsonObject,
  { api, ownerId }: { readonly api: Api; readonly ownerId: string },
): Wire[] {
  const parameters = member(backend, 'parameters');
  if (!Array.isArray(parameters)) return [];
  return parameters.filter(isObject).map((parameter) => {
    const [name = '', value = '', remark = ''] = ['name', 'value', 'description'].map((key) =>
      textMember(parameter, key),
    );
    const place = (textMember(parameter, 'in') ?? 'header').toUpperCase();
    const origin = (textMember(parameter, 'origin') ?? 'REQUEST').toUpperCase();
    const mapped = origin === 'REQUEST' ? requestParameter(api, value) : undefined;
    return {
      origin,
      name,
      value,
      location: place,
      remark,
      id: idFromName(ownerId, 'backend parameter', place, name),
      ...(mapped && { req_param_id: mapped.id }),
    };
  });
}

function policiesToWire(policies: readonly JsonObject[], api: Api): Wire {
  const { id, definition } = api;
  const lists: Record<string, Wire[]> = { policy_https: [], policy_functions: [], policy_mocks: [] };
  for (const policy of policies) {
    const name = textMember(policy, 'name') ?? '';
    const policyId = idFromName(id, 'policy', name);
    const conditions = member(policy, 'conditions');
    const info = INFO[calledBy(policy).family];
    if (info === undefined) continue;
    const { remark: _remark, enable_client_ssl: _ssl, ...called } = info.toWire(policy, definition);
    lists[info.policies]?.push({
      id: policyId,
      name,
      effect_mode: (textMember(policy, 'effectMode') ?? 'ALL').toUpperCase(),
      ...called,
      backend_params: backendParameters(policy, { api, ownerId: policyId }),
      conditions: (Array.isArray(conditions) ? conditions.filter(isObject) : []).map((one, at) =>
        conditionToWire(one, { api, id: idFromName(policyId, 'condition', String(at)) }),
      ),
    });
  }
  return lists;
}

/** The words of files (`request`, `equal`) and those of the API reference (`param`, `exact`). */
function conditionToWire(
  condition: JsonObject,
  { api, id }: { readonly api: Api; readonly id: string },
): Wire {
  const written = textMember(condition, 'origin')?.toLowerCase();
  const origin = written === 'request' ? 'param' : written;
  const type = textMember(condition, 'type')?.toLowerCase();
  const name = textMember(condition, 'parameter') ?? textMember(condition, 'parameter_name') ?? '';
  const tested = origin === 'param' ? requestParameter(api, name) : undefined;
  return {
    id,
    condition_origin: origin,
    ...(origin !== 'source' && {
      condition_type: type === 'equal' ? 'exact' : type,
      [CONDITION_NAMES[origin ?? ''] ?? 'req_param_name']: name,
    }),
    condition_value: scalarText(member(condition, 'value')) ?? '',
    ...(tested && { req_param_id: tested.id, req_param_location: tested.location }),
  };
}

const CONDITION_NAMES: Readonly<Record<string, string>> = {
  system: 'sys_param_name',
  cookie: 'cookie_param_name',
  frontend_authorizer: 'frontend_authorizer_param_name',
};
