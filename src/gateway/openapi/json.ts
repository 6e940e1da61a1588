/**
 * JSON values as they come out of an untrusted document: the types, safe look-up and the canonical copy in
 * which extensions are stored.
 */

import { type ApigError, errors } from '../../core/errors.ts';
import { isSpelled, plainValue, spellingOf } from './spelled.ts';

/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

/** How deep a document may nest. Deeper ones are rejected before any recursion can run out of stack. */
export const MAX_DEPTH = 100;

/** Raised when a document nests deeper than `MAX_DEPTH`. */
export class TooDeepError extends Error {
  override readonly name = 'TooDeepError';
}

/** True for a mapping: an object that is neither null nor a list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isSpelled(value);
}

/** The member of a mapping by its own name, so that `constructor` and its like never reach a prototype. */
export function member(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** The member when it is a mapping, otherwise undefined. */
export function objectMember(object: JsonObject, key: string): JsonObject | undefined {
  const value = member(object, key);
  return isObject(value) ? value : undefined;
}

/** A scalar as a text: numbers and switches as they are spelled, since YAML writes texts without quotes. */
export function scalarText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (isSpelled(value)) return spellingOf(value);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** The member when it is a text, otherwise undefined. */
export function textMember(object: JsonObject, key: string): string | undefined {
  return scalarText(member(object, key));
}

/** Order by UTF-16 code unit, the same on every machine whatever its locale. */
export function byCodeUnit(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** A mapping with these members by code unit. */
export const sortMembers = (members: Iterable<[string, Json]>): JsonObject =>
  Object.fromEntries([...members].sort(([left], [right]) => byCodeUnit(left, right)));

/**
 * A copy with the keys of every mapping in order, as the service writes extensions. `__proto__` is left out
 * (it can mean nothing to the service), what JSON cannot hold (NaN, infinities) becomes null.
 */
export function canonical(value: unknown, depth = 0): Json {
  if (depth > MAX_DEPTH) throw new TooDeepError();
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map((item) => canonical(item, depth + 1));
  if (isSpelled(value)) return plainValue(value) as Json;
  return isObject(value) ? canonicalObject(value, depth) : null;
}

/** `canonical` for a mapping; `keep` selects its members. */
export function canonicalObject(source: JsonObject, depth = 0, keep?: (key: string) => boolean): JsonObject {
  const copy: JsonObject = {};
  for (const key of Object.keys(source).sort(byCodeUnit)) {
    if (key === '__proto__' || (keep !== undefined && !keep(key))) continue;
    copy[key] = canonical(source[key], depth + 1);
  }
  return copy;
}

/** The `x-` members of a mapping in canonical form. */
export function extensionsOf(source: JsonObject): JsonObject {
  return canonicalObject(source, 0, (key) => key.startsWith('x-'));
}

/** A structure the OpenAPI specification does not allow: `APIG.3602`. */
export const syntaxError = (reason: string): ApigError => errors.syntaxError({ reason });

/** The mapping under `key`; absent and null are the same, any other value is a syntax error. */
export function mapping(parent: JsonObject, key: string): JsonObject | undefined {
  const value = member(parent, key) ?? undefined;
  if (value !== undefined && !isObject(value)) throw syntaxError(`${key} must be a mapping`);
  return value;
}

/** The list under `key`, as `mapping`. */
export function list(parent: JsonObject, key: string): readonly Json[] {
  const value = member(parent, key) ?? [];
  if (!Array.isArray(value)) throw syntaxError(`${key} must be a list`);
  return value;
}

/** The text under `key`, as `mapping`. See `scalarText` for what counts as one. */
export function text(parent: JsonObject, key: string): string | undefined {
  const value = member(parent, key) ?? undefined;
  const written = scalarText(value);
  if (value !== undefined && written === undefined) throw syntaxError(`${key} must be a text`);
  return written;
}
