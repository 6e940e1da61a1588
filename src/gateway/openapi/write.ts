/**
 * APIs into an OpenAPI document, Swagger 2.0 or OpenAPI 3.0. The order of the members is the one of example 2
 * of the page of ShowAsyncTaskResult; where the example is silent, paths and names go by code unit, methods in
 * the order of the specification. The same APIs always give the same document.
 */
import type { DEFINES } from '../../core/choices.ts';
import { type ApiDefinition, METHODS } from '../model.ts';
import { BACKEND, BACKEND_POLICIES } from './backend.ts';
import { byCodeUnit, type Json, type JsonObject } from './json.ts';
import { ACCESS_CONTROL, FUNCTION_BODY_BASE64, PLUGINS, RATE_LIMIT, SAMPLES } from './operations.ts';
import { writeParameter2, writeParameter3 } from './parameters.ts';
import { ACCESS_CONTROLS, RATE_LIMITS } from './policies.ts';
import { ANY_METHOD } from './read.ts';
import { authorizerScheme, writeSchemes, writeSecurity } from './security.ts';

/** How much of an API is exported: front end, back end too, or everything bound to it as well. */
export type Define = (typeof DEFINES)[number];

/** What a document is made of. */
export interface WriteInput {
  readonly oasVersion: '2.0' | '3.0';
  readonly define: Define;
  readonly title: string;
  readonly description: string;
  readonly version: string;
  /** `<group id>.apic.<region>.huaweicloudapis.com` */
  readonly host: string;
  readonly apis: readonly ApiDefinition[];
  readonly rateLimits: ReadonlyMap<string, JsonObject>;
  readonly accessControls: ReadonlyMap<string, JsonObject>;
  readonly authorizers: ReadonlyMap<string, JsonObject>;
  /** Other extensions of the document, only written with `define` = all. */
  readonly extensions: JsonObject;
}

const BACK_END = [BACKEND, BACKEND_POLICIES, FUNCTION_BODY_BASE64];
const BOUND = [RATE_LIMIT, ACCESS_CONTROL, PLUGINS];
const LEFT_OUT: Readonly<Record<Define, ReadonlySet<string>>> = {
  spec: new Set([...SAMPLES, ...BACK_END, ...BOUND]),
  proxy: new Set([...SAMPLES, ...BOUND]),
  dev: new Set([...SAMPLES, ...BOUND]),
  all: new Set(SAMPLES),
};

/** The document without `x-apigateway-responses`, which the layouts append. */
export function writeDocument(input: WriteInput): JsonObject {
  const info: JsonObject = {
    title: input.title,
    ...(input.description !== '' && { description: input.description }),
    version: input.version,
  };
  const responses: JsonObject = { default: { description: 'response example' } };
  const schemes = writeSchemes({
    apis: input.apis,
    authorizers: usedAuthorizers(input),
    withDefinitions: input.define === 'all',
  });
  const paths = writePaths(input);
  if (input.oasVersion === '2.0') {
    const { host } = input;
    return {
      swagger: '2.0',
      info,
      host,
      paths,
      responses,
      securityDefinitions: schemes,
      ...writeShared(input),
    };
  }
  return {
    openapi: '3.0.3',
    info,
    servers: [{ url: `https://${input.host}` }],
    paths,
    components: { responses, securitySchemes: schemes },
    ...writeShared(input),
  };
}

function usedAuthorizers(input: WriteInput): ReadonlyMap<string, JsonObject> {
  const names = new Set<string>();
  if (input.define === 'all') for (const name of input.authorizers.keys()) names.add(name);
  for (const { authentication } of input.apis) {
    if (authentication.authorizer !== undefined) names.add(authentication.authorizer);
  }
  const sorted = [...names].sort(byCodeUnit);
  return new Map(sorted.map((name) => [name, input.authorizers.get(name) ?? authorizerScheme()]));
}

/** Policies and the other extensions of the document, by name. */
function writeShared(input: WriteInput): JsonObject {
  if (input.define !== 'all') return {};
  const shared: JsonObject = { ...input.extensions };
  if (input.accessControls.size > 0) shared[ACCESS_CONTROLS] = sortMembers(input.accessControls);
  if (input.rateLimits.size > 0) shared[RATE_LIMITS] = sortMembers(input.rateLimits);
  return sortMembers(Object.entries(shared));
}

function writePaths(input: WriteInput): JsonObject {
  const byPath = new Map<string, ApiDefinition[]>();
  for (const api of input.apis) {
    const others = byPath.get(api.path);
    if (others === undefined) byPath.set(api.path, [api]);
    else others.push(api);
  }
  const paths: JsonObject = {};
  for (const path of [...byPath.keys()].sort(byCodeUnit)) {
    paths[path] = writePathItem(byPath.get(path) ?? [], input);
  }
  return paths;
}

/**
 * A document holds one API per path and method. Of two that differ only in their match mode, the exact
 * one is written.
 */
function writePathItem(apis: readonly ApiDefinition[], input: WriteInput): JsonObject {
  const pathItem: JsonObject = {};
  for (const method of METHODS) {
    const candidates = apis.filter((api) => api.method === method);
    const api = candidates.find(({ matchMode }) => matchMode === 'NORMAL') ?? candidates[0];
    if (api === undefined) continue;
    pathItem[method === 'ANY' ? ANY_METHOD : method.toLowerCase()] = writeOperation(api, input);
  }
  return pathItem;
}

/** In OpenAPI 3.0 the members of an operation go by code unit, as the service's own files have them. */
function writeOperation(api: ApiDefinition, input: WriteInput): JsonObject {
  const { oasVersion, define, host } = input;
  const isVersion2 = oasVersion === '2.0';
  const operation: JsonObject = {
    ...writeSecurity(api),
    ...(isVersion2 && { schemes: [...api.protocols] }),
    ...(api.tags.length > 0 && { tags: [...api.tags] }),
    ...(api.summary !== undefined && { summary: api.summary }),
    ...(api.description !== undefined && { description: api.description }),
    operationId: api.name,
    ...(api.parameters.length > 0 && {
      parameters: api.parameters.map(isVersion2 ? writeParameter2 : writeParameter3),
    }),
    responses: writeResponses(api, isVersion2 ? '#/responses/default' : '#/components/responses/default'),
    ...(!isVersion2 && { servers: api.protocols.map((protocol) => ({ url: `${protocol}://${host}` })) }),
    ...writeExtensions(api, LEFT_OUT[define]),
  };
  return isVersion2 ? operation : sortMembers(Object.entries(operation));
}

const sortMembers = (members: Iterable<[string, Json]>): JsonObject =>
  Object.fromEntries([...members].sort(([left], [right]) => byCodeUnit(left, right)));

function writeResponses(api: ApiDefinition, defaultResponse: string): JsonObject {
  const responses: JsonObject = { default: { $ref: defaultResponse } };
  for (const sample of SAMPLES) responses[sample] = api.extensions[sample] ?? '';
  return responses;
}

function writeExtensions(api: ApiDefinition, leftOut: ReadonlySet<string>): JsonObject {
  const names = Object.keys(api.extensions).filter((name) => !leftOut.has(name));
  return Object.fromEntries(names.sort(byCodeUnit).map((name) => [name, api.extensions[name] ?? null]));
}
