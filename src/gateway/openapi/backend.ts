/**
 * The rules of `x-apigateway-backend` and `x-apigateway-backend-policies`. The back end itself is stored as it
 * was written. Source: the extensions of the user guide, 2026-11.
 */
import { errors } from '../../core/errors.ts';
import type { BackendType } from '../model.ts';
import { isObject, type Json, type JsonObject, member, objectMember } from './json.ts';

export const BACKEND = 'x-apigateway-backend';
export const BACKEND_POLICIES = 'x-apigateway-backend-policies';

const ENDPOINTS: Readonly<Record<BackendType, string>> = {
  HTTP: 'httpEndpoints',
  'HTTP-VPC': 'httpVpcEndpoints',
  FUNCTION: 'functionEndpoints',
  MOCK: 'mockEndpoints',
};

const METHOD = /^(GET|POST|PUT|DELETE|HEAD|OPTIONS|PATCH|ANY)$/i;
const SCHEME = /^(https?|grpcs?)$/i;
/** A domain or an IPv4 address, or an IPv6 address in brackets, with or without a port; `#env#` variables. */
const ADDRESS = /^(\[[0-9a-f:.]+\]|[\p{L}\d._#-]{1,255})(:\d{1,5})?$/iu;
const PARAMETER_NAME = /^[a-z][a-z0-9._-]{0,31}$/i;
const MAX_TIMEOUT_MS = 60_000;

/** The back end given to APIs in mock mode. */
export const MOCK_BACKEND: JsonObject = {
  mockEndpoints: { description: '', 'result-content': '' },
  type: 'MOCK',
};

/** Checks the back end of an operation and its policies; throws a `ApigError` that names the field. */
export function checkBackend(extensions: JsonObject): BackendType {
  const backend = member(extensions, BACKEND) ?? undefined;
  if (backend === undefined) throw errors.parameterMissing(BACKEND);
  const type = checkOne(backend, BACKEND);
  const policies = member(extensions, BACKEND_POLICIES) ?? [];
  if (!Array.isArray(policies)) throw errors.parameterInvalid(BACKEND_POLICIES);
  for (const policy of policies) checkPolicy(policy, type);
  return type;
}

function checkOne(backend: Json, at: string): BackendType {
  if (!isObject(backend)) throw errors.parameterInvalid(at);
  const type = member(backend, 'type');
  if (typeof type !== 'string' || !Object.hasOwn(ENDPOINTS, type.toUpperCase()))
    throw errors.parameterInvalid(`${at}.type`);
  const backendType = type.toUpperCase() as BackendType;
  const name = ENDPOINTS[backendType];
  const endpoints = member(backend, name) ?? {};
  if (!isObject(endpoints)) throw errors.parameterInvalid(`${at}.${name}`);
  const field = fieldCheck(endpoints, `${at}.${name}`);
  if (backendType !== 'MOCK') field('timeout', isTimeout);
  if (backendType === 'HTTP') field('address', matches(ADDRESS), true);
  if (backendType === 'HTTP-VPC') field('name', isText, true);
  if (backendType === 'HTTP' || backendType === 'HTTP-VPC') {
    field('scheme', matches(SCHEME));
    field('method', matches(METHOD));
    field('path', matches(/^\//));
  }
  if (backendType === 'FUNCTION') {
    field('function-urn', isText, true);
    field('invocation-type', matches(/^(async|sync)$/));
  }
  checkParameters(member(backend, 'parameters') ?? [], `${at}.parameters`);
  return backendType;
}

/** The endpoints of a checked back end: `httpEndpoints` and its like. */
export function endpointsOf(extensions: JsonObject, type: BackendType): JsonObject {
  const backend = objectMember(extensions, BACKEND) ?? {};
  return objectMember(backend, ENDPOINTS[type]) ?? {};
}

type FieldCheck = (name: string, rule: (value: Json) => boolean, required?: boolean) => void;

function fieldCheck(owner: JsonObject, at: string): FieldCheck {
  return (name, rule, required = false) => {
    const value = member(owner, name) ?? undefined;
    if (value === undefined) {
      if (required) throw errors.parameterMissing(`${at}.${name}`);
    } else if (!rule(value)) {
      throw errors.parameterInvalid(`${at}.${name}`);
    }
  };
}

const matches = (pattern: RegExp) => (value: Json) => typeof value === 'string' && pattern.test(value);
const isText = (value: Json) => typeof value === 'string' && value !== '';
const isTimeout = (value: Json) => {
  const ms = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof ms === 'number' && Number.isInteger(ms) && ms >= 1 && ms <= MAX_TIMEOUT_MS;
};

function checkParameters(parameters: Json, at: string): void {
  if (!Array.isArray(parameters)) throw errors.parameterInvalid(at);
  for (const parameter of parameters) {
    if (!isObject(parameter)) throw errors.parameterInvalid(at);
    const field = fieldCheck(parameter, at);
    field('name', matches(PARAMETER_NAME), true);
    field('in', matches(/^(header|query|path)$/i));
    field('origin', matches(/^(REQUEST|CONSTANT|SYSTEM)$/i));
  }
}

/** HTTP and HTTP-VPC may stand in for each other; the other kinds only for themselves. */
function checkPolicy(policy: Json, type: BackendType): void {
  const policyType = checkOne(policy, BACKEND_POLICIES);
  if (family(policyType) !== family(type)) throw errors.parameterInvalid(`${BACKEND_POLICIES}.type`);
  const fields = policy as JsonObject;
  fieldCheck(fields, BACKEND_POLICIES)('name', isText, true);
  const conditions = member(fields, 'conditions') ?? [];
  if (!Array.isArray(conditions)) throw errors.parameterInvalid(`${BACKEND_POLICIES}.conditions`);
  for (const condition of conditions) {
    if (!isObject(condition)) throw errors.parameterInvalid(`${BACKEND_POLICIES}.conditions`);
    const field = fieldCheck(condition, `${BACKEND_POLICIES}.conditions`);
    field('type', matches(/^(equal|enum|pattern)$/i));
    field('origin', matches(/^(source|request)$/i));
  }
}

function family(type: BackendType): string {
  return type === 'HTTP-VPC' ? 'HTTP' : type;
}
