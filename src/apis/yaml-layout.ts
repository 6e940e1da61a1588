/**
 * The YAML text of an export: block style, two spaces, one line per value. A text stands without quotes only
 * when no YAML 1.1 or 1.2 reader could take it for anything else; every other one is written as JSON, which
 * YAML reads the same. The service does not document its own layout.
 */
import { isObject, type Json, type JsonObject } from './json.ts';
import { isSpelled, numberText, spellingOf } from './spelled.ts';

/** Letters first, then letters, digits and marks that mean nothing to YAML; single spaces inside. */
const PLAIN = /^[\p{L}/][\p{L}\d_./()+@-]*( [\p{L}\d_./()+@-]+)*$/u;
/** Words of YAML 1.1, and an exponent alone, which some readers take for a number. */
const RESERVED = /^(null|true|false|yes|no|on|off|y|n|e[+-]?\d[\d_]*)$/i;
/** A long key would have to be written as a complex one. */
const MAX_PLAIN_CHARS = 1000;
/** JSON leaves these as they are, YAML takes them for line breaks or does not print them. */
const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** Writes a document and its gateway responses, the latter last as in the JSON layout. */
export function layOutYaml(document: JsonObject, responses: JsonObject): string {
  const lines: string[] = [];
  writeMembers({ ...document, 'x-apigateway-responses': responses }, '', lines);
  return `${lines.join('\n')}\n`;
}

function writeMembers(object: JsonObject, indent: string, lines: string[]): void {
  for (const [key, value] of Object.entries(object))
    writeValue(`${indent}${writeKey(key)}:`, value, { indent, lines });
}

type Place = { indent: string; lines: string[] };

/** One value behind `head` (a key with its colon), its content on the lines below when it has any. */
function writeValue(head: string, value: Json | undefined, place: Place): void {
  const { indent, lines } = place;
  if (Array.isArray(value) && value.length > 0) {
    lines.push(head);
    writeItems(value, `${indent}  `, lines);
  } else if (isObject(value) && Object.keys(value).length > 0) {
    lines.push(head);
    writeMembers(value, `${indent}  `, lines);
  } else {
    lines.push(`${head} ${writeScalar(value)}`);
  }
}

/** The first line of an item that is a mapping or a list goes on the line of its dash. */
function writeItems(items: readonly Json[], indent: string, lines: string[]): void {
  for (const item of items) {
    const first = lines.length;
    if (Array.isArray(item) && item.length > 0) writeItems(item, `${indent}  `, lines);
    else if (isObject(item) && Object.keys(item).length > 0) writeMembers(item, `${indent}  `, lines);
    else lines.push(`${indent}  ${writeScalar(item)}`);
    lines[first] = `${indent}- ${lines[first]?.slice(indent.length + 2) ?? ''}`;
  }
}

function writeScalar(value: Json | undefined): string {
  if (typeof value === 'string') return isPlain(value) ? value : quote(value);
  if (Array.isArray(value)) return '[]';
  if (isObject(value)) return '{}';
  if (isSpelled(value)) return writeNumber(numberText(spellingOf(value)));
  if (typeof value === 'number') return writeNumber(JSON.stringify(value));
  return String(value ?? null);
}

/** YAML 1.2 wants a point in a mantissa before it takes `1e+21` for a number everywhere. */
function writeNumber(text: string): string {
  return text.replace(/^(-?\d+)e/, '$1.0e');
}

function writeKey(key: string): string {
  return isPlain(key) ? key : quote(key);
}

function isPlain(text: string): boolean {
  return text.length <= MAX_PLAIN_CHARS && PLAIN.test(text) && !RESERVED.test(text);
}

function quote(text: string): string {
  return JSON.stringify(text).replace(
    UNPRINTABLE,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
