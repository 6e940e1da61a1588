/**
 * How the readers of a document say no: a thrown `Refusal`, caught where the API or the whole document is
 * answered for.
 */
import { because, type Failure, failures } from './failures.ts';
import { isObject, type Json, type JsonObject, member } from './json.ts';

/** Refuses one API, or the document when it is thrown outside of any. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.error_msg);
    this.failure = failure;
  }
}

/** A field of an API that breaks a rule: `APIG.2012`. */
export function invalid(field: string): Refusal {
  return new Refusal(failures.invalid(field));
}

/** A structure the OpenAPI specification does not allow: `APIG.3602`. */
export function syntaxError(reason: string): Refusal {
  return new Refusal(because(failures.syntaxError, reason));
}

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

/** The text under `key`, as `mapping`. Numbers and booleans count as text: YAML writes them without quotes. */
export function text(parent: JsonObject, key: string): string | undefined {
  const value = member(parent, key) ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  if (typeof value === 'object') throw syntaxError(`${key} must be a text`);
  return String(value);
}
