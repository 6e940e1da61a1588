/**
 * One operation of a document into the definition of one API, with every rule that needs nothing but the
 * document. The order of the checks decides which field a failure names: path, name, then the rest.
 */
import type { ApigError } from '../../core/errors.ts';
import {
  type ApiDefinition,
  type MatchMode,
  type Method,
  PROTOCOLS,
  type Protocol,
  policyKey,
} from '../model.ts';
import { BACKEND, BACKEND_POLICIES, checkBackend, MOCK_BACKEND } from './backend.ts';
import { readBody } from './body.ts';
import { invalid } from './fields.ts';
import {
  canonical,
  extensionsOf,
  isObject,
  type Json,
  type JsonObject,
  list,
  member,
  objectMember,
  scalarText,
  text,
} from './json.ts';
import { checkMappings, checkPathParameters } from './mappings.ts';
import { isName, isPath, NAME_IN_WORDS, PATH_IN_WORDS } from './names.ts';
import type { ParameterReader } from './parameters.ts';
import { followIfGood, type References } from './refs.ts';
import type { SecurityReader } from './security.ts';
import { writeJson } from './spelled.ts';

/** A definition whose name is still to be generated when the document gives none. */
export type DraftDefinition = Omit<ApiDefinition, 'name'> & { readonly name?: string };

/** What reading an operation takes from the document around it. */
export interface OperationContext {
  readonly root: JsonObject;
  readonly oasVersion: '2.0' | '3.0';
  readonly references: References;
  readonly parameters: ParameterReader;
  readonly security: SecurityReader;
  /** What is wrong with policies of the document, by `policyKey`. */
  readonly brokenPolicies: ReadonlyMap<string, ApigError>;
  /** Takes what is worth knowing of an operation that can be imported. */
  readonly note: (text: string) => void;
  /** Give every API a Mock back end. */
  readonly mockMode: boolean;
  /** Leave out what the API would share with others: policies, plug-ins, gateway response. */
  readonly simpleMode: boolean;
}

export interface OperationSource {
  readonly method: Method;
  readonly path: string;
  readonly pathItem: JsonObject;
  readonly operation: JsonObject;
}

/**
 * The two samples stand in `responses` in exports of Swagger 2.0, in the response in those of OpenAPI 3.0, on the
 * operation in the documentation.
 */
export const SAMPLES = ['x-apigateway-result-failure-sample', 'x-apigateway-result-normal-sample'] as const;
/** The responses that exports have: for APIs without and with `x-apigateway-cors`. */
export const DEFAULT_RESPONSES = ['default', 'default-cors'] as const;
export const MATCH_MODE = 'x-apigateway-match-mode';
export const REQUEST_TYPE = 'x-apigateway-request-type';
export const CORS = 'x-apigateway-cors';
export const FUNCTION_BODY_BASE64 = 'x-apigateway-is-send-fg-body-base64';
/** The type of request bodies; user guide of Huawei Cloud (extensions of API design files), read 2026-11-24. */
export const CONTENT_TYPE = 'x-apigateway-content-type';
export const RATE_LIMIT = 'x-apigateway-ratelimit';
export const ACCESS_CONTROL = 'x-apigateway-access-control';
export const RESPONSE = 'x-apigateway-response';
export const PLUGINS = 'x-apigateway-plugins';

/** Names of the provider's API reference. */
const OWN_NAMES: Readonly<Record<string, string>> = {
  [MATCH_MODE]: 'match_mode',
  [REQUEST_TYPE]: 'type',
  [CORS]: 'cors',
  [FUNCTION_BODY_BASE64]: 'is_send_fg_body_base64',
};

const SHARED = [RATE_LIMIT, ACCESS_CONTROL, RESPONSE, PLUGINS] as const;

/** Reads and checks one operation. Throws a `ApigError`. */
export function readOperation(source: OperationSource, context: OperationContext): DraftDefinition {
  const { method, path, pathItem, operation } = source;
  if (!isPath(path)) throw invalid('req_uri', 'the path', PATH_IN_WORDS);
  const name = text(operation, 'operationId');
  if (name !== undefined && !isName(name)) throw invalid('name', 'operationId', NAME_IN_WORDS);
  const extensions = readExtensions(operation, context);
  const summary = text(operation, 'summary');
  const description = text(operation, 'description');
  const protocols = readProtocols(operation, context);
  const authentication = context.security.read(operation, context.note);
  const parameters = context.parameters.read(pathItem, operation);
  const requestBody = context.oasVersion === '3.0' ? readBody(operation, context.references) : undefined;
  checkPathParameters(path, parameters);
  const backendType = checkBackend(extensions);
  checkMappings(extensions, parameters);
  checkLinks(extensions, context);
  return {
    ...(name !== undefined && { name }),
    method,
    path,
    matchMode: extensions[MATCH_MODE] as MatchMode,
    protocols,
    authentication,
    ...(summary !== undefined && { summary }),
    ...(description !== undefined && { description }),
    tags: list(operation, 'tags').flatMap((tag) => scalarText(tag) ?? []),
    parameters,
    ...(requestBody !== undefined && { requestBody }),
    backendType,
    extensions,
  };
}

/** A policy that cannot be imported fails the APIs that name it. */
function checkLinks(extensions: JsonObject, { brokenPolicies }: OperationContext): void {
  for (const [kind, link] of [
    ['ratelimit', RATE_LIMIT],
    ['access-control', ACCESS_CONTROL],
  ] as const) {
    const error = brokenPolicies.get(policyKey(kind, String(extensions[link])));
    if (error !== undefined) throw error;
  }
}

/** The extensions of an operation with the service's defaults filled in, so that every export has them. */
function readExtensions(operation: JsonObject, context: OperationContext): JsonObject {
  const extensions = extensionsOf(operation);
  const places = samplePlaces(operation, context.references);
  for (const sample of SAMPLES) {
    const found = places.find(({ place }) => (member(place, sample) ?? null) !== null);
    const written = textOrEmpty(found && member(found.place, sample));
    if (found?.isRepeated) context.references.spend(written.length);
    extensions[sample] = written;
  }
  keepOne(extensions, MATCH_MODE, ['NORMAL', 'SWA']);
  keepOne(extensions, REQUEST_TYPE, ['public', 'private']);
  keepOne(extensions, CORS, [false, true]);
  if (Object.hasOwn(extensions, FUNCTION_BODY_BASE64))
    keepOne(extensions, FUNCTION_BODY_BASE64, [false, true]);
  if (context.mockMode) {
    extensions[BACKEND] = MOCK_BACKEND;
    delete extensions[BACKEND_POLICIES];
  }
  if (context.simpleMode) for (const key of SHARED) delete extensions[key];
  return extensions;
}

type SamplePlace = { readonly place: JsonObject; readonly isRepeated: boolean };

/**
 * Where samples may stand, the first that has one counting: the operation, `responses`, a response. Of the responses
 * those that the service writes come first. A reference that leads nowhere is none of ours: responses are not used.
 */
function samplePlaces(operation: JsonObject, references: References): SamplePlace[] {
  const places: SamplePlace[] = [{ place: operation, isRepeated: false }];
  const responses = objectMember(operation, 'responses');
  if (responses === undefined) return places;
  places.push({ place: responses, isRepeated: false });
  for (const key of [...DEFAULT_RESPONSES, ...Object.keys(responses)]) {
    const response = objectMember(responses, key);
    const place = response && followIfGood(references, response);
    if (place !== undefined) places.push({ place, isRepeated: place !== response });
  }
  return places;
}

function keepOne(extensions: JsonObject, key: string, choices: readonly [Json, ...Json[]]): void {
  const value = extensions[key] ?? choices[0];
  if (!choices.includes(value)) throw invalid(OWN_NAMES[key] ?? key, key, choices.join(' or '));
  extensions[key] = value;
}

function textOrEmpty(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return scalarText(value) ?? writeJson(canonical(value));
}

/**
 * Swagger 2.0 has `schemes`, OpenAPI 3.0 only the addresses of `servers`: of an operation's own servers the
 * scheme is taken, and nothing else; those of the document are not used.
 */
function readProtocols(operation: JsonObject, context: OperationContext): Protocol[] {
  let schemes: readonly Json[];
  if (context.oasVersion === '3.0') {
    schemes = list(operation, 'servers').map((server) =>
      isObject(server) ? (text(server, 'url') ?? '').replace(/:.*$/s, '').toLowerCase() : '',
    );
  } else {
    schemes = list(Object.hasOwn(operation, 'schemes') ? operation : context.root, 'schemes');
  }
  const protocols = PROTOCOLS.filter((protocol) => schemes.includes(protocol));
  return protocols.length === 0 ? ['https'] : protocols;
}
