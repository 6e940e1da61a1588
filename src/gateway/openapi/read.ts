/**
 * A parsed document into what an import needs of it: title, APIs (each good or rejected), policies and gateway
 * responses. Independent of any state, so it can run in another thread; its result can be cloned.
 */
import { ApigError, errors, type Failure } from '../../core/errors.ts';
import type { Method, Policy } from '../model.ts';
import {
  canonicalObject,
  extensionsOf,
  isObject,
  type Json,
  type JsonObject,
  mapping,
  member,
  scalarText,
  syntaxError,
  text,
} from './json.ts';
import {
  type DraftDefinition,
  type OperationContext,
  type OperationSource,
  readOperation,
} from './operations.ts';
import { parameterReader } from './parameters.ts';
import { ACCESS_CONTROLS, type DocumentPolicies, RATE_LIMITS, readPolicies } from './policies.ts';
import { followOrReject, type References, referencesOf } from './refs.ts';
import { schemesOf, securityReader } from './security.ts';

/** More APIs than this are rejected: `APIG.3127`. */
export const MAX_APIS = 300;

/** One operation of a document: what it defines, or why it cannot be imported. */
export type DraftApi =
  | { readonly ok: true; readonly definition: DraftDefinition; readonly notes: readonly string[] }
  | { readonly ok: false; readonly method: Method; readonly path: string; readonly failure: Failure };

/** All that an import takes from a document. */
export interface DocumentContent {
  readonly title?: string;
  readonly remark: string;
  /** In the order of the document. */
  readonly apis: readonly DraftApi[];
  readonly policies: readonly Policy[];
  readonly responses: JsonObject;
  readonly extensions: JsonObject;
  /** What was left out of the document, in words that are none of its own. */
  readonly notes: readonly string[];
}

/** See `OperationContext`. */
export interface ReadModes {
  readonly mockMode: boolean;
  readonly simpleMode: boolean;
}

export const RESPONSES = 'x-apigateway-responses';
export const ANY_METHOD = 'x-apigateway-any-method';

const NO_POLICIES: DocumentPolicies = { good: [], broken: new Map() };

const METHOD_OF_KEY: Readonly<Record<string, Method>> = {
  get: 'GET',
  put: 'PUT',
  post: 'POST',
  delete: 'DELETE',
  options: 'OPTIONS',
  head: 'HEAD',
  patch: 'PATCH',
  [ANY_METHOD]: 'ANY',
};

/** Reads a document. Throws a `ApigError` when it is rejected as a whole. */
export function readDocument(root: JsonObject, modes: ReadModes): DocumentContent {
  const oasVersion = versionOf(root);
  const info = mapping(root, 'info') ?? {};
  const references = referencesOf(root);
  const operations = listOperations(root, references, oasVersion === '2.0' ? basePathOf(root) : '');
  const security = securityReader(root, schemesOf(root), references);
  const { good, broken } = modes.simpleMode ? NO_POLICIES : readPolicies(root);
  const reading = { root, oasVersion, security, references, parameters: parameterReader(references) };
  const context = { ...reading, brokenPolicies: broken, ...modes };
  const apis = operations.map((source, at) => readApi(source, context, at + 1));
  const title = text(info, 'title');
  const policies = [...good];
  for (const [name, definition] of security.authorizers)
    policies.push({ kind: 'authorizer', name, definition });
  return {
    ...(title !== undefined && { title }),
    remark: text(info, 'description') ?? '',
    apis,
    policies,
    responses: modes.simpleMode ? {} : gatewayResponsesOf(root),
    extensions: modes.simpleMode ? {} : otherExtensions(root),
    notes: [
      ...security.problems,
      ...Array.from(broken.values(), ({ reason = '' }) => reason),
      ...placesLeftOut(root),
    ],
  };
}

/** YAML reads an unquoted `2.0` as a number, which is meant all the same. */
function versionOf(root: JsonObject): '2.0' | '3.0' {
  const swagger = member(root, 'swagger') ?? undefined;
  const openapi = member(root, 'openapi') ?? undefined;
  if (swagger === undefined && openapi === undefined)
    throw syntaxError('the version is missing: give swagger: "2.0" or openapi: 3.0.1');
  if (swagger !== undefined && openapi !== undefined)
    throw syntaxError('swagger and openapi are both given: keep the one it is written in');
  if (swagger === '2.0' || isNumber(swagger, 2)) return '2.0';
  if (isNumber(openapi, 3) || (typeof openapi === 'string' && /^3\.0(\.\d+)?(-[\w.]+)?$/.test(openapi)))
    return '3.0';
  const takes = swagger === undefined ? 'openapi must be 3.0, or 3.0.1 to 3.0.9' : 'swagger must be "2.0"';
  throw errors.versionUnsupported({ reason: `${takes}: convert the file` });
}

const isNumber = (value: Json | undefined, number: number): boolean =>
  typeof value !== 'string' && Number(scalarText(value)) === number;

function basePathOf(root: JsonObject): string {
  const written = text(root, 'basePath') ?? '';
  const basePath = written.endsWith('/') ? written.slice(0, -1) : written;
  return basePath === '' || basePath.startsWith('/') ? basePath : `/${basePath}`;
}

type ListedOperation = OperationSource & { readonly repeatedChars: References | undefined };

/** All operations in the order of the document; rejects more than `MAX_APIS` before any of them is read. */
function listOperations(root: JsonObject, references: References, basePath: string): ListedOperation[] {
  const paths = mapping(root, 'paths');
  if (paths === undefined) throw syntaxError('paths is missing: give each path and its operations there');
  const operations: ListedOperation[] = [];
  for (const [at, [path, value]] of Object.entries(paths).entries()) {
    if (path.startsWith('x-')) continue;
    const place = `entry ${at + 1} of paths`;
    // One that does not begin with a slash is wrong, and would not seem so behind a base path.
    const fullPath = path.startsWith('/') ? basePath + path : path;
    const pathItem = pathItemOf(value, references, place);
    for (const [key, operation] of Object.entries(pathItem)) {
      const method = Object.hasOwn(METHOD_OF_KEY, key) ? METHOD_OF_KEY[key] : undefined;
      if (method === undefined) continue;
      if (!isObject(operation)) throw syntaxError(`${place}: ${key} must be a mapping`);
      const repeatedChars = pathItem === value ? undefined : references;
      operations.push({ method, path: fullPath, pathItem, operation, repeatedChars });
      if (operations.length > MAX_APIS) throw tooMany();
    }
  }
  return operations;
}

const tooMany = (): ApigError =>
  errors.tooManyApis({ reason: `it has more than ${MAX_APIS} operations under paths: split the file` });

/** Which operations a path has cannot be known when its `$ref` leads nowhere: the document is rejected. */
function pathItemOf(value: unknown, references: References, place: string): JsonObject {
  if (value === null) return {};
  if (!isObject(value)) throw syntaxError(`${place} must be a mapping`);
  return followOrReject(references, value, place);
}

/** A broken structure rejects the document, a broken rule only the API. */
function readApi(source: ListedOperation, context: Omit<OperationContext, 'note'>, number: number): DraftApi {
  const notes: string[] = [];
  try {
    const definition = readOperation(source, { ...context, note: (text) => notes.push(text) });
    source.repeatedChars?.spend(JSON.stringify(definition.extensions).length);
    return { ok: true, definition, notes };
  } catch (error) {
    if (!(error instanceof ApigError)) throw error;
    if (error.failure.error_code === 'APIG.3602')
      throw syntaxError(`operation ${number} of the document (${source.method}): ${error.failure.reason}`);
    return { ok: false, method: source.method, path: source.path, failure: error.failure };
  }
}

/** In OpenAPI 3.0 they stand in `components` (importing_apis of Open Telekom Cloud's user guide, read 2026-11-24). */
function gatewayResponsesOf(root: JsonObject): JsonObject {
  const inComponents = mapping(mapping(root, 'components') ?? {}, RESPONSES);
  return canonicalObject({ ...mapping(root, RESPONSES), ...inComponents });
}

/** Where extensions stand that the service has no place for. */
function placesLeftOut(root: JsonObject): string[] {
  const paths = mapping(root, 'paths') ?? {};
  const others = (owner: unknown, known: string) =>
    isObject(owner) && Object.keys(owner).some((key) => key.startsWith('x-') && key !== known);
  const places = [
    { place: 'info', has: others(member(root, 'info'), '') },
    { place: 'components', has: others(member(root, 'components'), RESPONSES) },
    { place: 'paths', has: others(paths, '') },
    { place: 'an entry of paths', has: Object.values(paths).some((item) => others(item, ANY_METHOD)) },
  ];
  return places.flatMap(({ place, has }) => (has ? [`x- members of ${place}`] : []));
}

function otherExtensions(root: JsonObject): JsonObject {
  const extensions = extensionsOf(root);
  for (const key of [RATE_LIMITS, ACCESS_CONTROLS, RESPONSES]) delete extensions[key];
  return extensions;
}
