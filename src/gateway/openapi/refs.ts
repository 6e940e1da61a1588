/**
 * `$ref` within one document. A reference to a file or an address is never followed, a circle is rejected, and
 * what references add to a document is bounded.
 */
import { ApigError } from '../../core/errors.ts';
import { invalid } from './fields.ts';
import { isObject, type JsonObject, member, syntaxError } from './json.ts';

/** What all references of one document may add to it, in characters. */
const MAX_ADDED_CHARS = 16_000_000;

export interface References {
  /** The mapping itself, or what its `$ref` leads to in the end. Throws a `ApigError` naming `$ref`. */
  follow(value: JsonObject): JsonObject;
  /** Accounts for content that a reference repeated. Throws a `ApigError` when the document grows too large. */
  spend(chars: number): void;
}

const brokenReference = () =>
  invalid('$ref', 'a $ref', 'what leads to a mapping in this document, and not in a circle');

/** References that lead into `root`. */
export function referencesOf(root: JsonObject): References {
  let left = MAX_ADDED_CHARS;
  return {
    follow(value) {
      let target = value;
      const visited = new Set<JsonObject>();
      while (Object.hasOwn(target, '$ref')) {
        if (visited.has(target)) throw brokenReference();
        visited.add(target);
        target = lookUp(root, member(target, '$ref'));
      }
      return target;
    },
    spend(chars) {
      left -= chars;
      if (left < 0)
        throw syntaxError(`what its $refs repeat adds more than ${MAX_ADDED_CHARS} characters: repeat less`);
    },
  };
}

/** As `follow`, of what an import can do without: undefined when the `$ref` leads nowhere. */
export function followIfGood(references: References, value: JsonObject): JsonObject | undefined {
  try {
    return references.follow(value);
  } catch (error) {
    if (error instanceof ApigError) return undefined;
    throw error;
  }
}

/** As `follow`, of what the document cannot be read without: a `$ref` that leads nowhere rejects it as a whole. */
export function followOrReject(references: References, value: JsonObject, place: string): JsonObject {
  try {
    return references.follow(value);
  } catch {
    throw syntaxError(`${place}: its $ref must lead to a mapping in this document, and not in a circle`);
  }
}

function lookUp(root: JsonObject, pointer: unknown): JsonObject {
  if (typeof pointer !== 'string' || !pointer.startsWith('#/')) throw brokenReference();
  let target: unknown = root;
  for (const step of pointer.slice(2).split('/')) {
    if (!isObject(target)) throw brokenReference();
    target = member(target, unescapeStep(step));
  }
  if (!isObject(target)) throw brokenReference();
  return target;
}

function unescapeStep(step: string): string {
  const pointerStep = step.replaceAll('~1', '/').replaceAll('~0', '~');
  try {
    return decodeURIComponent(pointerStep);
  } catch {
    return pointerStep;
  }
}
