/**
 * The throttling and access control policies of a document, and their rules. One that breaks a rule is not imported,
 * and fails the APIs that name it.
 * Source: `x-apigateway-ratelimits.policy`, `.special` and `x-apigateway-access-controls.policy` of Open Telekom
 * Cloud's user guide; the kinds of accounts and the limits of its API reference; read 2026-11-24.
 */
import { ApigError } from '../../core/errors.ts';
import { type Policy, policyKey } from '../model.ts';
import { checkMembers, flag, type Members, oneOf, text, wholeNumber } from './fields.ts';
import { canonicalObject, isObject, type JsonObject, mapping, syntaxError } from './json.ts';

export const RATE_LIMITS = 'x-apigateway-ratelimits';
export const ACCESS_CONTROLS = 'x-apigateway-access-controls';

const MOST = 2_147_483_647;
const LIMIT = wholeNumber(1, MOST);
/** 0 is no limit. */
const LIMIT_OR_NONE = wholeNumber(0, MOST);

const RATE_LIMIT: Members = {
  'api-limit': { rule: LIMIT, required: true, own: 'api_call_limits' },
  'user-limit': { rule: LIMIT_OR_NONE, own: 'user_call_limits' },
  'app-limit': { rule: LIMIT_OR_NONE, own: 'app_call_limits' },
  'ip-limit': { rule: LIMIT_OR_NONE, own: 'ip_call_limits' },
  interval: { rule: LIMIT, required: true, own: 'time_interval' },
  unit: { rule: oneOf('SECOND', 'MINUTE', 'HOUR', 'DAY'), required: true, own: 'time_unit' },
  shared: { rule: flag, own: 'type' },
  special: {
    items: {
      type: { rule: oneOf('APP', 'USER'), required: true, own: 'object_type' },
      limit: { rule: LIMIT, required: true, own: 'call_limits' },
      instance: { rule: text(), required: true, own: 'object_id' },
    },
  },
};
const ACCESS_CONTROL: Members = {
  'acl-type': { rule: oneOf('PERMIT', 'DENY'), required: true },
  'entity-type': { rule: oneOf('IP', 'DOMAIN', 'DOMAIN_ID'), required: true },
  value: { rule: text(), required: true, own: 'acl_value' },
};
const KINDS = [
  { kind: 'ratelimit', key: RATE_LIMITS, members: RATE_LIMIT },
  { kind: 'access-control', key: ACCESS_CONTROLS, members: ACCESS_CONTROL },
] as const;

/** The policies of a document, and what is wrong with those that break a rule, by `policyKey`. */
export interface DocumentPolicies {
  readonly good: readonly Policy[];
  readonly broken: ReadonlyMap<string, ApigError>;
}

/** Reads the policies of a document. Throws `APIG.3602` for what is no mapping. */
export function readPolicies(root: JsonObject): DocumentPolicies {
  const good: Policy[] = [];
  const broken = new Map<string, ApigError>();
  for (const { kind, key, members } of KINDS) {
    for (const [name, source] of Object.entries(mapping(root, key) ?? {})) {
      if (name === '__proto__') continue;
      if (!isObject(source)) throw syntaxError(`every entry of ${key} must be a mapping`);
      const definition = canonicalObject(source);
      const error = problemOf(definition, members, key);
      if (error === undefined) good.push({ kind, name, definition });
      else broken.set(policyKey(kind, name), error);
    }
  }
  return { good, broken };
}

function problemOf(definition: JsonObject, members: Members, key: string): ApigError | undefined {
  try {
    checkMembers(definition, members, key);
    return undefined;
  } catch (error) {
    if (error instanceof ApigError) return error;
    throw error;
  }
}
