/**
 * Parses the text of an OpenAPI file into a tree of plain JSON values, and nothing more: no rule of the service, no
 * file and no network. Bad text gives a failure, never an exception.
 */
import {
  boolCoreTag,
  CORE_SCHEMA,
  defineMappingTag,
  defineScalarTag,
  floatCoreTag,
  intCoreTag,
  load,
  mapTag,
  mergeTag,
  NOT_RESOLVED,
  type ScalarTagDefinition,
  YAMLException,
} from 'js-yaml';
import { type ApigError, errors, type Failure } from '../../core/errors.ts';
import { jsonFault } from '../../core/json-error.ts';
import { decodeText } from '../../core/text-file.ts';
import { isObject, type JsonObject, MAX_DEPTH } from './json.ts';
import { DECIMAL, isSpelled, parseJson, type Spelled, spelled, spellingOf } from './spelled.ts';

/** A parsed file, or why it could not be parsed. */
export type DocumentTree = { ok: true; root: JsonObject } | { ok: false; failure: Failure };

/** A scalar of YAML: its value when the spelling carries nothing else, otherwise its spelling. */
const orSpelled = (tag: ScalarTagDefinition<number | boolean>) =>
  defineScalarTag<number | boolean | Spelled>(tag.tagName, {
    ...tag,
    resolve: (source, isExplicit, tagName) => {
      const value = tag.resolve(source, isExplicit, tagName);
      if (value !== NOT_RESOLVED) return String(value) === source ? value : spelled(source);
      // A number beyond all that JavaScript has is one all the same.
      const isNumber = tag === floatCoreTag && DECIMAL.test(source) && /\d/.test(source);
      return isNumber ? spelled(source) : NOT_RESOLVED;
    },
  });

const keyOf = (key: unknown): unknown => (isSpelled(key) ? spellingOf(key) : key);

/** YAML 1.2 with merge keys, in which scalars and keys keep their spelling. */
const SPELLED_SCHEMA = CORE_SCHEMA.withTags(
  mergeTag,
  orSpelled(boolCoreTag),
  orSpelled(intCoreTag),
  orSpelled(floatCoreTag),
  defineMappingTag(mapTag.tagName, {
    ...mapTag,
    addPair: (mapping, key, value) => mapTag.addPair(mapping, keyOf(key), value),
    has: (mapping, key) => mapTag.has(mapping, keyOf(key)),
  }),
);

/** Extensions may nest as deep as `MAX_DEPTH`, and stand some levels down in the document. */
const YAML_OPTIONS = { schema: SPELLED_SCHEMA, maxDepth: MAX_DEPTH + 20 } as const;
/** A document whose aliases make it more than this many times longer (or 100 KB longer) is a bomb. */
const ALIAS_GROWTH = 10;
const ALIAS_SLACK = 100_000;
/** Parses a JSON or YAML file (bytes or text). Cost is linear in the size of the text. */
export function parseDocument(content: Uint8Array | string): DocumentTree {
  const decoded = decodeText(content);
  if ('fault' in decoded) return failed(errors.formatError({ reason: decoded.fault }));
  const { text } = decoded;
  if (text.trim() === '') return failed(errors.inputEmpty({ reason: 'the file is empty' }));
  const parsed = parseText(text);
  if ('fault' in parsed) return failed(errors.formatError({ reason: parsed.fault }));
  const { value } = parsed;
  if (isObject(value)) return { ok: true, root: value };
  const kind = Array.isArray(value) ? 'list' : 'single value';
  return failed(
    errors.formatError({
      reason: `this is not an OpenAPI file: it must be one mapping that has swagger or openapi; it is a ${kind}`,
    }),
  );
}

const failed = ({ failure }: ApigError): DocumentTree => ({ ok: false, failure });

/** What begins as nothing but JSON does: a bracket and then a quote or another bracket, or a comment of JavaScript. */
const MEANT_AS_JSON = /^\s*(?:[{[]\s*(?:["{}[\]]|\/[/*])|\/[/*])/;

/** JSON is tried first: it is far quicker. A YAML file may begin with a brace as well. */
function parseText(text: string): { readonly value: unknown } | { readonly fault: string } {
  let inJson: Error | undefined;
  const isJson = MEANT_AS_JSON.test(text);
  if (isJson || /^\s*[{[]/.test(text)) {
    try {
      return { value: parseJson(text) };
    } catch (cause) {
      inJson = cause as Error;
      // As YAML a comment would be part of a key, and what follows it lost.
      if (isJson) return { fault: jsonFault(text, inJson) };
    }
  }
  try {
    const value = loadYaml(text);
    const isBomb = text.includes('*') && expandedSize(value) > ALIAS_GROWTH * text.length + ALIAS_SLACK;
    return isBomb ? { fault: BOMB } : { value };
  } catch (cause) {
    // Duplicate keys, unknown tags, several documents, merge or nesting limits: all of it is one error.
    return { fault: inJson === undefined ? yamlFault(cause) : jsonFault(text, inJson) };
  }
}

/** More columns than a node of a document begins behind. */
const INDENT = ' '.repeat(200);
/** Characters that may be read to find all lines that lack indentation: so many times the text, within these bounds. */
const READ_AGAIN = { times: 30, least: 300_000, most: 20_000_000 };

/**
 * As `load`, of text as well whose brackets and quoted texts go on without the indentation that YAML 1.2 wants, as
 * PyYAML, SnakeYAML and go-yaml read it. What indents a line inside them has no meaning, so that a line of which
 * js-yaml complains is indented, and the text read again. Why not by another reader: docs/decisions.md.
 */
function loadYaml(source: string): unknown {
  let left = Math.min(Math.max(READ_AGAIN.times * source.length, READ_AGAIN.least), READ_AGAIN.most);
  let text = source;
  const indented = new Set<number>();
  for (;;) {
    try {
      return load(text, YAML_OPTIONS);
    } catch (cause) {
      if (!(cause instanceof YAMLException) || cause.mark === undefined) throw cause;
      const { line, position, column } = cause.mark;
      left -= position;
      const isIndented = indented.has(line);
      if (cause.reason === 'deficient indentation' && !isIndented && left >= 0) {
        text = text.slice(0, position) + INDENT + text.slice(position);
        indented.add(line);
      } else {
        if (isIndented) cause.mark.column = Math.max(0, column - INDENT.length);
        throw cause;
      }
    }
  }
}

const BOMB = 'its aliases make the document many times longer than the file: write out less';

/** The parser's message and place, up to the first word that may be the document's own. */
function yamlFault(cause: unknown): string {
  if (!(cause instanceof YAMLException)) return 'not YAML: it nests too deep';
  const [what = ''] = cause.reason.split(/["!<]|: /, 1);
  const place =
    cause.mark === undefined ? '' : `line ${cause.mark.line + 1}, column ${cause.mark.column + 1}: `;
  return `${place}not YAML: ${what.trim()}`;
}

/**
 * The size of a document with every alias written out: a character counts one, any other value counts one,
 * an alias that contains itself counts infinite. Aliases share one object, so each is measured once and this
 * is quick however large the sum grows.
 */
function expandedSize(value: unknown, known = new Map<object, number>()): number {
  if (typeof value === 'string') return value.length + 1;
  if (typeof value !== 'object' || value === null) return 1;
  const seen = known.get(value);
  if (seen !== undefined) return seen;
  known.set(value, Number.POSITIVE_INFINITY);
  let size = 1;
  for (const item of Object.values(value)) size += expandedSize(item, known);
  known.set(value, size);
  return size;
}
