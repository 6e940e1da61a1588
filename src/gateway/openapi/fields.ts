/**
 * What the members of an extension take, as tables, and the error that names one which is missing or wrong. The name
 * is the one the API has in the provider's API reference (`url_domain`), as in the failed import that its documentation
 * shows; the reason has the place in the file.
 * Source: "Importing APIs to a New API Group" (`APIG.2011 … parameterName:backend_type`), and CreateApiV2 for the
 * present text, read 2026-11-24.
 */
import { type ApigError, errors } from '../../core/errors.ts';
import { isObject, type Json, type JsonObject, member } from './json.ts';

/** A rule, and what it takes in words. */
export interface Rule {
  readonly takes: string;
  readonly test: (value: Json) => boolean;
}

/** One member: a value, or a list of mappings with members of their own. */
export type Member = (
  | { readonly rule: Rule | ((owner: JsonObject) => Rule) }
  | { readonly items: Members }
) & {
  /** An empty list is as good as none, and so is an empty text unless the rule takes it. */
  readonly required?: boolean | ((owner: JsonObject) => boolean);
  /** Its name in the provider's API reference, where that is another. */
  readonly own?: string;
  /** The error for a wrong value, where it has one of its own. */
  readonly error?: (reason: string) => ApigError;
};
export type Members = Readonly<Record<string, Member>>;

/** A member that is not there. */
export const missing = (own: string, at: string): ApigError =>
  errors.parameterMissing(own, { reason: `${at} is missing` });

/** A value that breaks a rule. */
export const invalid = (own: string, at: string, takes: string): ApigError =>
  errors.valueInvalid(own, { reason: `${at} takes ${takes}` });

/** Checks the members that a table names; others may be anything. Throws an `ApigError`. */
export function checkMembers(owner: JsonObject, members: Members, at: string): void {
  for (const [name, rules] of Object.entries(members))
    checkMember(owner, { name, at: `${at}.${name}`, ...rules });
}

function checkMember(owner: JsonObject, checked: Member & { name: string; at: string }): void {
  const { name, at, required = false, own = name.replaceAll('-', '_') } = checked;
  const value = member(owner, name) ?? undefined;
  const rule =
    'items' in checked ? LIST : typeof checked.rule === 'function' ? checked.rule(owner) : checked.rule;
  const isEmpty = value === '' ? !rule.test('') : Array.isArray(value) && value.length === 0;
  if (value === undefined || isEmpty) {
    if (typeof required === 'function' ? required(owner) : required) throw missing(own, at);
    return;
  }
  if (!rule.test(value)) throw checked.error?.(`${at} takes ${rule.takes}`) ?? invalid(own, at, rule.takes);
  if (!('items' in checked) || !Array.isArray(value)) return;
  for (const [index, item] of value.entries()) {
    if (!isObject(item)) throw invalid(own, `${at}[${index}]`, 'a mapping');
    checkMembers(item, checked.items, `${at}[${index}]`);
  }
}

const LIST: Rule = { takes: 'a list of mappings', test: Array.isArray };

/** One of these, in whichever case. */
export const oneOf = (...values: [string, ...string[]]): Rule => {
  const known = new Set(values.map((value) => value.toLowerCase()));
  return {
    takes: values.join(' or '),
    test: (value) => typeof value === 'string' && known.has(value.toLowerCase()),
  };
};

export const matches = (pattern: RegExp, takes: string): Rule => ({
  takes,
  test: (value) => typeof value === 'string' && pattern.test(value),
});

/** A whole number, or the text of one. */
export const wholeNumber = (least: number, most: number): Rule => ({
  takes: `a whole number from ${least} to ${most}`,
  test: (value) => {
    const number = typeof value === 'string' && value !== '' ? Number(value) : value;
    return typeof number === 'number' && Number.isInteger(number) && number >= least && number <= most;
  },
});

/** A text of up to so many characters; YAML may have written it as a number or a switch. */
export const text = (most = Number.POSITIVE_INFINITY, least = 1): Rule => ({
  takes: most === Number.POSITIVE_INFINITY ? 'a text' : `a text of at most ${most} characters`,
  test: (value) => {
    if (typeof value === 'number' || typeof value === 'boolean') return true;
    return typeof value === 'string' && value.length >= least && value.length <= most;
  },
});

export const flag: Rule = { takes: 'true or false', test: (value) => typeof value === 'boolean' };
