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
  syntaxError,
  text,
  textMember,
} from './json.ts';
import type { References } from './refs.ts';
import { isSpelled, numberText, spellingOf } from './spelled.ts';

/** Parameters of one API that are read at all. */
const MAX_PARAMETERS = 1000;
const NUMBER_TYPES = new Set(['number', 'integer', 'long', 'float', 'double']);
const NUMBER_LIMITS = ['default', 'maximum', 'minimum', 'enum'] as const;
const STRING_LIMITS = ['default', 'maxLength', 'minLength', 'enum'] as const;

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
    extensions: extensionsOf(source),
  };
}

/** Limits in the order in which they are written; those of the wrong type are dropped. */
function limitsOf(schema: JsonObject, isNumber: boolean): JsonObject {
  const limits: JsonObject = {};
  for (const name of isNumber ? NUMBER_LIMITS : STRING_LIMITS) {
    const source = member(schema, name);
    if (source === undefined) continue;
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

/** A parameter as Swagger 2.0 writes it. */
export function writeParameter2(parameter: RequestParameter): JsonObject {
  return { ...head(parameter), type: parameter.type, ...parameter.limits, ...parameter.extensions };
}

/** A parameter as OpenAPI 3.0 writes it. */
export function writeParameter3(parameter: RequestParameter): JsonObject {
  return {
    ...head(parameter),
    schema: { type: parameter.type, ...parameter.limits },
    ...parameter.extensions,
  };
}

function head(parameter: RequestParameter): JsonObject {
  return {
    name: parameter.name,
    in: parameter.in,
    ...(parameter.description !== undefined && { description: parameter.description }),
    required: parameter.required,
  };
}
