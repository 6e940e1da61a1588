/**
 * The request body of an operation of OpenAPI 3.0. It is stored as it was written, with the references in it written
 * out, since an export has no schemas to refer to. That exports have one: an export of cn-north-4 of June 2026 (the
 * repository 2511689622/gen-openapi, read 2026-11-24).
 */
import { canonicalObject, isObject, type JsonObject, MAX_DEPTH, mapping, member } from './json.ts';
import { followIfGood, type References } from './refs.ts';

/** What the references of one body may add to it: the documented length of a body (`body_remark` of CreateApiV2). */
const MAX_BODY_CHARS = 20_480;
/** A reference deeper than this is not followed, so that what it leads to stays within that depth. */
const MAX_REFERENCE_DEPTH = MAX_DEPTH / 2;

/** What is left of a schema whose reference leads in a circle, nowhere, or to more than a body may have. */
const ANY_OBJECT: JsonObject = { type: 'object' };
/** As the service writes a body of which it knows nothing. */
const ANY_BODY: JsonObject = {
  content: { 'application/json': { schema: { example: '', ...ANY_OBJECT } } },
};

/** The body of an operation in canonical form, or undefined. Throws a `ApigError` when it is no mapping. */
export function readBody(operation: JsonObject, references: References): JsonObject | undefined {
  const source = mapping(operation, 'requestBody');
  if (source === undefined) return undefined;
  const body = new BodyCopy(references).value(source, 0);
  return body === ANY_OBJECT || !isObject(body) ? ANY_BODY : canonicalObject(body);
}

/** Thrown inside a reference that leads to more than may be written out. */
class DoesNotFit extends Error {}

/** One body while it is copied: what is left of its length, and the references that are being written out. */
class BodyCopy {
  readonly #references: References;
  readonly #open = new Set<JsonObject>();
  #left = MAX_BODY_CHARS;

  constructor(references: References) {
    this.#references = references;
  }

  value(source: unknown, depth: number): unknown {
    if (this.#open.size > 0) this.#spend(typeof source === 'string' ? source.length : 1, depth);
    // Deeper than this, the canonical form rejects the document.
    if (depth > MAX_DEPTH) return source;
    if (Array.isArray(source)) return source.map((item) => this.value(item, depth + 1));
    if (!isObject(source)) return source;
    if (typeof member(source, '$ref') === 'string') return this.#written(source, depth);
    return Object.fromEntries(
      Object.entries(source).map(([key, item]) => {
        if (this.#open.size > 0) this.#spend(key.length, depth);
        return [key, this.value(item, depth + 1)];
      }),
    );
  }

  #spend(chars: number, depth: number): void {
    this.#left -= chars;
    if (this.#left < 0 || depth > MAX_DEPTH) throw new DoesNotFit();
  }

  /** What a reference leads to, written out as far as it may. */
  #written(source: JsonObject, depth: number): unknown {
    const target = followIfGood(this.#references, source);
    if (target === undefined || this.#open.has(target) || this.#left < 0 || depth > MAX_REFERENCE_DEPTH)
      return ANY_OBJECT;
    this.#open.add(target);
    try {
      return this.value(target, depth);
    } catch (error) {
      if (!(error instanceof DoesNotFit)) throw error;
      return ANY_OBJECT;
    } finally {
      this.#open.delete(target);
    }
  }
}
