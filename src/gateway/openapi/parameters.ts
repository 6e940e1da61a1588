/**
 * Request parameters between a document and the service: Swagger 2.0 keeps type and limits on the parameter,
 * OpenAPI 3.0 in its `schema`. Which types and limits the service keeps: import rules of the user guide.
 */
import { errors } from '../../core/errors.ts';
import type { RequestParameter } from '../model.ts';
import { missing } from './fields.ts';
import {
  canonical,
  extensionsOf,
  isObject,
  type Json,
  type JsonObject,
  list,
  member,
  scalarText,
  sortMembers,
  syntaxError,
  text,
  textMember,
} from './json.ts';
import type { References } from './refs.ts';
import { isSpelled, numberText, spellingOf, writeJson } from './spelled.ts';

/** Parameters of one API that are read at all. */
const MAX_PARAMETERS = 1000;
const NUMBER_TYPES = new Set(['number', 'integer', 'long', 'float', 'double']);
const NUMBER_LIMITS = ['default', 'maximum', 'minimum', 'enum'] as const;
const STRING_LIMITS = ['default', 'maxLength', 'minLength', 'enum'] as const;

/** The limits of a parameter that has none, in OpenAPI 3.0 of the service; see `writeParameter3`. */
const NO_LIMITS: JsonObject = { maxLength: 0, maximum: 0, minimum: 0 };
const SAMPLE = 'x-apigateway-sample';
/** A parameter is passed on to the back end unless it has another value. */
const PASSES = 'x-apigateway-pass-through';
const PASS_THROUGH: JsonObject = { [PASSES]: 'always' };
const RULES = 'x-apigateway-orchestrations';

/** What the extensions of a parameter have for the fields of the API reference. */
export function extensionFields({ extensions }: RequestParameter) {
  const { [SAMPLE]: sample = '', [PASSES]: passes, [RULES]: rules } = { ...PASS_THROUGH, ...extensions };
  return {
    sample: scalarText(sample) ?? writeJson(sample),
    isPassedThrough: passes === 'always',
    orchestrations: Array.isArray(rules) ? rules.flatMap((rule) => scalarText(rule) ?? []) : [],
  };
}

/** Reads parameters; a source that several APIs refer to is read once. */
export interface ParameterReader {
  /** Those of the path, then those of the operation, which win over the former. */
  read(pathItem: JsonObject, operation: JsonObject): RequestParameter[];
}

type Cached = { parameter: RequestParameter | undefined; chars: number };

/** A reader for the document that `references` belong to; both versions of the specification. */
export function parameterReader(references: References): ParameterReader {
  const cache = new Map<JsonObject, Cached>();
  function readOne(source: Json): RequestParameter | undefined {
    if (!isObject(source)) throw syntaxError('every entry of parameters must be a mapping');
    const target = references.follow(source);
    let cached = cache.get(target);
    if (cached === undefined) {
      const parameter = readParameter(target, references);
      cached = { parameter, chars: target === source ? 0 : JSON.stringify(parameter ?? '').length };
      cache.set(target, cached);
    }
    if (target !== source) references.spend(cached.chars);
    return cached.parameter;
  }
  return {
    read(pathItem, operation) {
      const sources = [...list(pathItem, 'parameters'), ...list(operation, 'parameters')];
      if (sources.length > MAX_PARAMETERS) throw errors.tooManyParameters();
      const parameters = new Map<string, RequestParameter>();
      for (const source of sources) {
        const parameter = readOne(source);
        if (parameter !== undefined) parameters.set(`${parameter.in} ${parameter.name}`, parameter);
      }
      return [...parameters.values()];
    },
  };
}

/** One parameter; undefined when it is of a kind the service does not keep (body, formData, cookie). */
function readParameter(source: JsonObject, references: References): RequestParameter | undefined {
  const place = text(source, 'in');
  if (place !== 'path' && place !== 'query' && place !== 'header') return undefined;
  const name = text(source, 'name');
  if (name === undefined || name === '') throw missing('name', 'the name of a parameter');
  const schemaSource = member(source, 'schema');
  const schema = isObject(schemaSource) ? references.follow(schemaSource) : source;
  const type = text(schema, 'type') ?? 'string';
  const isNumber = NUMBER_TYPES.has(type);
  const description = textMember(source, 'description');
  return {
    name,
    in: place,
    type: isNumber ? 'number' : 'string',
    required: place === 'path' || canonical(member(source, 'required')) === true,
    ...(description !== undefined && { description }),
    limits: isNumber || type === 'string' ? limitsOf(schema, isNumber) : {},
    extensions: readExtensions(source),
  };
}

/** The sample is `example` in OpenAPI 3.0. An empty one is none. */
function readExtensions(source: JsonObject): JsonObject {
  const { [SAMPLE]: sample = canonical(member(source, 'example')), ...extensions } = extensionsOf(source);
  return sample === null || sample === ''
    ? extensions
    : sortMembers([...Object.entries(extensions), [SAMPLE, sample]]);
}

/** Limits in the order in which they are written; those of the wrong type are dropped. */
function limitsOf(schema: JsonObject, isNumber: boolean): JsonObject {
  const limits: JsonObject = {};
  const hasNone = Object.keys(NO_LIMITS).every((name) => member(schema, name) === 0);
  for (const name of isNumber ? NUMBER_LIMITS : STRING_LIMITS) {
    const source = member(schema, name);
    if (source === undefined || (hasNone && Object.hasOwn(NO_LIMITS, name))) continue;
    const mayBeText = !isNumber && (name === 'default' || name === 'enum');
    const value = canonical(mayBeText ? asTexts(source) : source);
    if (isLimit(name, value)) limits[name] = value;
  }
  return limits;
}

/** What YAML spells as JSON would not (`00123`) is a text where the parameter is one. */
function asTexts(value: Json): Json {
  if (Array.isArray(value)) return value.map(asTexts);
  return isSpelled(value) && numberText(spellingOf(value)) === 'null' ? spellingOf(value) : value;
}

function isLimit(name: string, value: Json): boolean {
  if (name === 'enum') return Array.isArray(value);
  if (typeof value === 'number' || isSpelled(value)) return true;
  return name === 'default' && (typeof value === 'string' || typeof value === 'boolean');
}

/**
 * A parameter as Swagger 2.0 of the service has it: `required` is left out where it is not. The order of the members
 * is that of the export in a user guide of 2021 (huaweicloudDocs/apig, read 2026-11-24); limits, which it has not,
 * and extensions stand where the serializer that writes this order has them (go-openapi/spec, `parameter.go`).
 */
export function writeParameter2(parameter: RequestParameter): JsonObject {
  const { description, limits } = parameter;
  const { default: given, ...bounds } = limits;
  return {
    ...inOrder(bounds, BOUNDS),
    type: parameter.type,
    ...(given !== undefined && { default: given }),
    ...extensionsFor(parameter),
    ...(description !== undefined && { description }),
    name: parameter.name,
    in: parameter.in,
    ...(parameter.required && { required: true }),
  };
}

/**
 * A parameter as OpenAPI 3.0 of the service has it, by code unit: with `example`, and three limits of 0 where it has
 * none of them (importing_apis of Open Telekom Cloud's user guide, read 2026-11-24). One that has some gets no others,
 * since it could not be seen which are meant.
 */
export function writeParameter3(parameter: RequestParameter): JsonObject {
  const { description, limits } = parameter;
  const { [SAMPLE]: example = '', ...extensions } = extensionsFor(parameter);
  const isBounded = Object.keys(NO_LIMITS).some((name) => Object.hasOwn(limits, name));
  const schema = { ...(!isBounded && NO_LIMITS), type: parameter.type, ...limits };
  return sortMembers(
    Object.entries({
      ...(description !== undefined && { description }),
      example,
      in: parameter.in,
      name: parameter.name,
      ...(parameter.required && { required: true }),
      schema: sortMembers(Object.entries(schema)),
      ...extensions,
    }),
  );
}

const BOUNDS = ['maximum', 'minimum', 'maxLength', 'minLength', 'enum'] as const;

const inOrder = (members: JsonObject, names: readonly string[]): JsonObject =>
  Object.fromEntries(
    names.flatMap((name): [string, Json][] => {
      const value = members[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );

const extensionsFor = ({ extensions }: RequestParameter): JsonObject =>
  sortMembers(Object.entries({ ...PASS_THROUGH, ...extensions }));
