/**
 * APIs into an OpenAPI document, Swagger 2.0 or OpenAPI 3.0. The order of the members of Swagger 2.0 is the one of
 * example 2 of the page of ShowAsyncTaskResult, and where that is silent the one of an export in a user guide of 2021
 * (huaweicloudDocs/apig, read 2026-11-24). In OpenAPI 3.0 everything below the first level goes by code unit, as in
 * importing_apis of Open Telekom Cloud's user guide (same day). The same APIs always give the same document.
 */
import type { DEFINES } from '../../core/choices.ts';
import { type ApiDefinition, METHODS, type Method, type RequestParameter } from '../model.ts';
import { BACKEND, BACKEND_POLICIES } from './backend.ts';
import { filledBackend } from './filled.ts';
import { byCodeUnit, isObject, type JsonObject, sortMembers } from './json.ts';
import {
  ACCESS_CONTROL,
  CORS,
  DEFAULT_RESPONSES,
  FUNCTION_BODY_BASE64,
  PLUGINS,
  RATE_LIMIT,
  SAMPLES,
} from './operations.ts';
import { writeParameter2, writeParameter3 } from './parameters.ts';
import { ACCESS_CONTROLS, RATE_LIMITS } from './policies.ts';
import { ANY_METHOD, RESPONSES } from './read.ts';
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
  /** Gateway responses by name. */
  readonly responses: JsonObject;
}

const BACK_END = [BACKEND, BACKEND_POLICIES, FUNCTION_BODY_BASE64];
const BOUND = [RATE_LIMIT, ACCESS_CONTROL, PLUGINS];
const LEFT_OUT: Readonly<Record<Define, ReadonlySet<string>>> = {
  spec: new Set([...SAMPLES, ...BACK_END, ...BOUND]),
  proxy: new Set([...SAMPLES, ...BOUND]),
  dev: new Set([...SAMPLES, ...BOUND]),
  all: new Set(SAMPLES),
};

const RESPONSE: JsonObject = { description: 'response example' };
const CORS_HEADERS: JsonObject = {
  'Access-Control-Allow-Origin': { schema: { default: '*', type: 'string' } },
};

/** The document. In Swagger 2.0 it lacks the gateway responses, which the layouts append. */
export function writeDocument(input: WriteInput): JsonObject {
  const info: JsonObject = {
    ...(input.description !== '' && { description: input.description }),
    title: input.title,
    version: input.version,
  };
  const schemes = sortMembers(
    Object.entries(
      writeSchemes({
        apis: input.apis,
        authorizers: usedAuthorizers(input),
        withDefinitions: input.define === 'all',
      }),
    ),
  );
  const paths = writePaths(input);
  if (input.oasVersion === '2.0') {
    const { host } = input;
    return {
      swagger: '2.0',
      info,
      host,
      paths,
      responses: { default: RESPONSE },
      securityDefinitions: schemes,
      ...writeShared(input),
    };
  }
  return {
    openapi: '3.0.3',
    info,
    servers: [{ url: `https://${input.host}` }],
    paths,
    components: {
      responses: writeDefaultResponses(input.apis),
      securitySchemes: sortEach(schemes),
      [RESPONSES]: input.responses,
    },
    ...writeShared(input),
  };
}

const sortEach = (mappings: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(mappings).map(([name, value]) => [
      name,
      isObject(value) ? sortMembers(Object.entries(value)) : value,
    ]),
  );

const isCors = ({ extensions }: ApiDefinition): boolean => extensions[CORS] === true;

/** The responses that the APIs have; the plain one where there is no API. */
function writeDefaultResponses(apis: readonly ApiDefinition[]): JsonObject {
  const [plain, cors] = DEFAULT_RESPONSES;
  return {
    ...((apis.length === 0 || !apis.every(isCors)) && { [plain]: RESPONSE }),
    ...(apis.some(isCors) && { [cors]: { ...RESPONSE, headers: CORS_HEADERS } }),
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

const keyOf = (method: Method): string => (method === 'ANY' ? ANY_METHOD : method.toLowerCase());

/** Swagger 2.0: extensions first, as the serializer has them that writes the order of the other members. */
const METHODS_2: readonly Method[] = ['ANY', ...METHODS.filter((method) => method !== 'ANY')];
const METHODS_3 = METHODS.toSorted((left, right) => byCodeUnit(keyOf(left), keyOf(right)));

/**
 * A document holds one API per path and method. Of two that differ only in their match mode, the exact
 * one is written.
 */
function writePathItem(apis: readonly ApiDefinition[], input: WriteInput): JsonObject {
  const pathItem: JsonObject = {};
  for (const method of input.oasVersion === '2.0' ? METHODS_2 : METHODS_3) {
    const candidates = apis.filter((api) => api.method === method);
    const api = candidates.find(({ matchMode }) => matchMode === 'NORMAL') ?? candidates[0];
    if (api === undefined) continue;
    pathItem[keyOf(method)] = writeOperation(api, input);
  }
  return pathItem;
}

function writeOperation(api: ApiDefinition, input: WriteInput): JsonObject {
  const { oasVersion, define, host } = input;
  const isVersion2 = oasVersion === '2.0';
  const operation: JsonObject = {
    ...writeSecurity(api),
    ...(api.description !== undefined && { description: api.description }),
    ...(isVersion2 && { schemes: [...api.protocols] }),
    ...(api.tags.length > 0 && { tags: [...api.tags] }),
    ...(api.summary !== undefined && { summary: api.summary }),
    operationId: api.name,
    ...(api.parameters.length > 0 && {
      parameters: api.parameters.toSorted(byNameAndPlace).map(isVersion2 ? writeParameter2 : writeParameter3),
    }),
    ...(!isVersion2 && api.requestBody !== undefined && { requestBody: api.requestBody }),
    responses: isVersion2 ? writeResponses2(api) : writeResponses3(api),
    ...(!isVersion2 && { servers: api.protocols.map((protocol) => ({ url: `${protocol}://${host}` })) }),
    ...writeExtensions(api, LEFT_OUT[define]),
  };
  return isVersion2 ? operation : sortMembers(Object.entries(operation));
}

const byNameAndPlace = (left: RequestParameter, right: RequestParameter): number =>
  byCodeUnit(left.name, right.name) || byCodeUnit(left.in, right.in);

const samplesOf = ({ extensions }: ApiDefinition): JsonObject =>
  Object.fromEntries(SAMPLES.map((sample) => [sample, extensions[sample] ?? '']));

const writeResponses2 = (api: ApiDefinition): JsonObject => ({
  default: { $ref: '#/responses/default' },
  ...samplesOf(api),
});

/** Inline, with the samples inside. */
const writeResponses3 = (api: ApiDefinition): JsonObject => ({
  [DEFAULT_RESPONSES[isCors(api) ? 1 : 0]]: { ...RESPONSE, ...samplesOf(api) },
});

function writeExtensions(api: ApiDefinition, leftOut: ReadonlySet<string>): JsonObject {
  const names = Object.keys(api.extensions).filter((name) => !leftOut.has(name));
  return Object.fromEntries(
    names.sort(byCodeUnit).map((name) => {
      const value = api.extensions[name] ?? null;
      return [name, name === BACKEND ? filledBackend(value) : value];
    }),
  );
}
