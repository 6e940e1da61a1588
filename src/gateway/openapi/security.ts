/**
 * Security schemes between a document and the service: `x-apigateway-auth-type` decides what a scheme means,
 * whatever its name. The three schemes every export defines are the service's own (example 2 of the page of
 * ShowAsyncTaskResult).
 */
import { errors } from '../../core/errors.ts';
import type { ApiDefinition, Authentication } from '../model.ts';
import {
  canonicalObject,
  isObject,
  type JsonObject,
  list,
  mapping,
  member,
  syntaxError,
  textMember,
} from './json.ts';
import { followOrReject, type References } from './refs.ts';

const APP = 'apig-auth-app';
const APP_CODE = 'apig-auth-app-header';
const IAM = 'apig-auth-iam';

/** The schemes of the service, as it writes them. */
const OWN_SCHEMES: Readonly<Record<string, JsonObject>> = {
  [APP]: { type: 'apiKey', name: 'Authorization', in: 'header', 'x-apigateway-auth-type': 'AppSigv1' },
  [APP_CODE]: {
    type: 'apiKey',
    name: 'Authorization',
    in: 'header',
    'x-apigateway-auth-opt': { 'appcode-auth-type': 'header' },
    'x-apigateway-auth-type': 'AppSigv1',
  },
  [IAM]: { type: 'apiKey', name: 'unused', in: 'header', 'x-apigateway-auth-type': 'IAM' },
};

/** The scheme of a custom authorizer loses this member in exports without authorizers. */
const AUTHORIZER_MEMBER = 'x-apigateway-authorizer';

/** The security that a document declares, looked up by operation. */
export interface SecurityReader {
  /** Custom authorizers by name. */
  readonly authorizers: ReadonlyMap<string, JsonObject>;
  /** The authentication of an operation; its own `security` wins over the document's. */
  read(operation: JsonObject): Authentication;
}

type Scheme = { type: 'APP' | 'IAM' | 'NONE'; appCode: boolean } | { type: 'AUTHORIZER'; name: string };

/** A reader of `schemes` (securityDefinitions, or components.securitySchemes). */
export function securityReader(
  root: JsonObject,
  schemes: JsonObject,
  references: References,
): SecurityReader {
  const byName = new Map<string, Scheme>();
  const authorizers = new Map<string, JsonObject>();
  for (const [name, value] of Object.entries(schemes)) {
    if (name === '__proto__') continue;
    if (!isObject(value)) throw syntaxError('every security scheme must be a mapping');
    const source = followOrReject(references, value, 'a security scheme');
    const scheme = readScheme(name, source);
    byName.set(name, scheme);
    if (scheme.type === 'AUTHORIZER') authorizers.set(scheme.name, writeScheme(source));
  }
  for (const [name, scheme] of Object.entries(OWN_SCHEMES)) {
    if (!byName.has(name)) byName.set(name, readScheme(name, scheme));
  }
  return {
    authorizers,
    read: (operation) => authenticationOf(Object.hasOwn(operation, 'security') ? operation : root, byName),
  };
}

function readScheme(name: string, source: JsonObject): Scheme {
  switch (textMember(source, 'x-apigateway-auth-type')?.toLowerCase()) {
    case 'appsigv1':
      return { type: 'APP', appCode: wantsAppCode(source) };
    case 'iam':
      return { type: 'IAM', appCode: false };
    case 'custom':
      return { type: 'AUTHORIZER', name: Object.hasOwn(OWN_SCHEMES, name) ? `custom-${name}` : name };
    default:
      return { type: 'NONE', appCode: false };
  }
}

function wantsAppCode(source: JsonObject): boolean {
  const options = member(source, 'x-apigateway-auth-opt');
  return isObject(options) && member(options, 'appcode-auth-type') === 'header';
}

/** All requirements of one `security` list together: APP, IAM or none, with or without an authorizer. */
function authenticationOf(owner: JsonObject, schemes: ReadonlyMap<string, Scheme>): Authentication {
  let type: 'APP' | 'IAM' | 'NONE' = 'NONE';
  let appCode = false;
  let authorizer: string | undefined;
  for (const requirement of list(owner, 'security')) {
    if (!isObject(requirement)) throw syntaxError('every entry of security must be a mapping');
    for (const name of Object.keys(requirement)) {
      const scheme = schemes.get(name);
      if (scheme === undefined) throw errors.parameterInvalid('security');
      if (scheme.type === 'AUTHORIZER') authorizer ??= scheme.name;
      else if (type === 'NONE') ({ type, appCode } = scheme);
      else if (type === 'APP' && scheme.type === 'APP') appCode ||= scheme.appCode;
    }
  }
  if (authorizer === undefined) return { type, appCode };
  return { type: type === 'NONE' ? 'AUTHORIZER' : type, appCode, authorizer };
}

/** The `security` list of an operation, or nothing for an API that anybody may call. */
export function writeSecurity(definition: ApiDefinition): JsonObject {
  const { type, appCode, authorizer } = definition.authentication;
  const requirement: JsonObject = {};
  if (type === 'APP') requirement[appCode ? APP_CODE : APP] = [];
  if (type === 'IAM') requirement[IAM] = [];
  if (authorizer !== undefined) requirement[authorizer] = [];
  return Object.keys(requirement).length === 0 ? {} : { security: [requirement] };
}

/** The schemes of an export: the service's own, then the authorizers its APIs use, in the order given. */
export function writeSchemes(
  authorizers: ReadonlyMap<string, JsonObject>,
  withAuthorizers: boolean,
): JsonObject {
  const schemes: JsonObject = { ...OWN_SCHEMES };
  for (const [name, scheme] of authorizers) {
    if (withAuthorizers) {
      schemes[name] = scheme;
    } else {
      const { [AUTHORIZER_MEMBER]: _left, ...rest } = scheme;
      schemes[name] = rest;
    }
  }
  return schemes;
}

/** The scheme of an authorizer that is only known by name. */
export function schemeOfUnknown(): JsonObject {
  return { type: 'apiKey', name: 'Authorization', in: 'header', 'x-apigateway-auth-type': 'custom' };
}

/** A scheme with its plain members first, in the order the service writes them, then the extensions. */
function writeScheme(source: JsonObject): JsonObject {
  const sorted = canonicalObject(source);
  const { type = 'apiKey', name = 'Authorization', in: place = 'header', description, ...rest } = sorted;
  const scheme: JsonObject = { type, ...(description !== undefined && { description }), name, in: place };
  for (const [key, value] of Object.entries(rest)) if (key.startsWith('x-')) scheme[key] = value;
  return scheme;
}

/** `securityDefinitions` or `components.securitySchemes`; empty when there are none. */
export function schemesOf(root: JsonObject): JsonObject {
  const components = mapping(root, 'components');
  const schemes =
    components === undefined ? mapping(root, 'securityDefinitions') : mapping(components, 'securitySchemes');
  return schemes ?? {};
}
