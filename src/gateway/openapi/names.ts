/**
 * The rules for names and paths, and the names the service makes up. Source: the import rules of the user
 * guide, 2026-11; letters of any script count as letters, as they do in the service's own console.
 */
import type { IdSource } from '../../core/ids.ts';

/** A name of a group or an API, as a pattern. */
export const NAME = /^[\p{L}\d][\p{L}\d\-_./:()]{2,254}$/u;
const MAX_PATH_CHARS = 512;
const LITERAL = /^[^\s{}?#\\]*$/u;
const PARAMETER = /^\{([\p{L}_][\p{L}\d_.-]*)(\+?)\}$/u;

/** Names of groups and APIs: 3 to 255 characters, first a letter or digit, then also `-_./:()`. */
export function isName(name: string): boolean {
  return NAME.test(name);
}

export const NAME_IN_WORDS = '3 to 255 letters, digits and -_./:(), first a letter or digit';
export const PATH_IN_WORDS = `at most ${MAX_PATH_CHARS} characters from a slash on; a segment is plain text or one {parameter}, the last may be {greedy+}`;

/** What is wrong with a name that is none, without a word of it. */
export function whyNoName(name: string): string {
  const { length } = name;
  if (length < 3 || length > 255) return `has ${length} characters`;
  if (!/^[\p{L}\d]/u.test(name)) return 'begins with neither a letter nor a digit';
  return `has another character at place ${name.search(/[^\p{L}\d\-_./:()]/u) + 1}`;
}

/**
 * Request paths: at most 512 characters, from `/`; a segment is plain text or one `{parameter}` and nothing
 * beside it, the last one may be greedy (`{proxy+}`).
 */
export function isPath(path: string): boolean {
  if (path.length > MAX_PATH_CHARS || !path.startsWith('/')) return false;
  const segments = path.slice(1).split('/');
  const names = new Set<string>();
  return segments.every((segment, index) => {
    if (LITERAL.test(segment)) return true;
    const [, name = '', greedy = ''] = PARAMETER.exec(segment) ?? [];
    if (name === '' || names.has(name)) return false;
    names.add(name);
    return greedy === '' || index === segments.length - 1;
  });
}

/** A name for an API without `operationId`, such as `API_zjev`, that `isTaken` does not know. */
export function generateApiName(ids: IdSource, isTaken: (name: string) => boolean): string {
  let name = `API_${ids.letters()}`;
  // A group may hold so many generated names that four letters collide: then one more draw is appended.
  while (isTaken(name)) name = name.length > 12 ? `API_${ids.letters()}` : name + ids.letters();
  return name;
}
