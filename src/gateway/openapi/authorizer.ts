/**
 * The rules of `x-apigateway-authorizer`, the custom authorizer of a security scheme. It is stored as it was written.
 * Source: the page of that extension in Huawei Cloud's user guide (apig_03_0119), the page on custom authorizers of
 * Open Telekom Cloud's for the cache, the error codes 2046 and 2047 for their limits; read 2026-11-24.
 */
import { errors } from '../../core/errors.ts';
import { checkMembers, flag, invalid, type Members, oneOf, text, wholeNumber } from './fields.ts';
import { isObject, type Json, type JsonObject, member } from './json.ts';

/** The member of a security scheme. */
export const AUTHORIZER = 'x-apigateway-authorizer';

const MAX_TIMEOUT_MS = 600_000;
const MAX_CACHE_S = 3600;

/** Identities are what a cache is looked up by. */
const isCached = (authorizer: JsonObject): boolean =>
  String(member(authorizer, 'type')).toUpperCase() === 'FRONTEND' &&
  Number(member(authorizer, 'ttl') ?? 0) > 0;

const MEMBERS: Members = {
  type: { rule: oneOf('FRONTEND', 'BACKEND'), required: true },
  authorizer_type: { rule: oneOf('FUNC'), required: true },
  authorizer_uri: { rule: text(), required: true },
  authorizer_version: { rule: text(64) },
  authorizer_alias_uri: { rule: text() },
  network_type: { rule: oneOf('V1', 'V2') },
  auth_downgrade_enabled: { rule: flag },
  need_body: { rule: flag },
  ttl: { rule: wholeNumber(0, MAX_CACHE_S) },
  timeout: {
    rule: wholeNumber(1, MAX_TIMEOUT_MS),
    error: (reason) => errors.authorizerTimeoutInvalid({ reason }),
  },
  retry_attempts: {
    rule: wholeNumber(0, 10),
    error: (reason) => errors.authorizerRetriesInvalid({ reason }),
  },
  identities: {
    items: {
      name: { rule: text(), required: true },
      location: { rule: oneOf('HEADER', 'QUERY'), required: true },
    },
    required: isCached,
  },
};

/** Checks an authorizer; throws an `ApigError` that names the field. */
export function checkAuthorizer(authorizer: Json): void {
  if (!isObject(authorizer)) throw invalid('authorizer_id', AUTHORIZER, 'a mapping');
  checkMembers(authorizer, MEMBERS, AUTHORIZER);
}
