/**
 * Security schemes between a document and the service: `x-apigateway-auth-type` decides what a scheme means,
 * whatever its name. The three schemes every export defines are the service's own (example 2 of the page of
 * ShowAsyncTaskResult).
 */
import { ApigError } from '../../core/errors.ts';
import type { ApiDefinition, Authentication } from '../model.ts';
import { AUTHORIZER, checkAuthorizer } from './authorizer.ts';
import { checkMembers, invalid, type Members, oneOf } from './fields.ts';
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
/** Written only where an API has it: exports without it do not define it. */
const IAM_NONE = 'apig-auth-iam-none';

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
const IAM_NONE_SCHEME: JsonObject = { ...OWN_SCHEMES[IAM], 'x-apigateway-auth-type': 'IAM_NONE' };

const AUTH_TYPE = 'x-apigateway-auth-type';
const AUTH_OPTIONS = 'x-apigateway-auth-opt';
const APP_CODE_OPTION: Members = {
  'appcode-auth-type': { rule: oneOf('header', 'disable'), own: 'app_code_auth_type' },
};

/** The security that a document declares, looked up by operation. */
export interface SecurityReader {
  /** Custom authorizers by name, as the document defines them. */
  readonly authorizers: ReadonlyMap<string, JsonObject>;
  /**
   * The authentication of an operation; its own `security` wins over the document's. What it means that nobody may
   * expect goes to `note`. Throws an `ApigError`.
   */
  read(operation: JsonObject, note: (text: string) => void): Authentication;
  /** What is wrong with schemes, one text each. */
  readonly problems: readonly string[];
}

type Scheme =
  | { readonly type: 'APP' | 'IAM' | 'NONE'; readonly appCode: boolean; readonly iamNone?: true }
  | { readonly type: 'AUTHORIZER'; readonly name: string }
  | { readonly type: 'broken'; readonly error: ApigError };

/** A reader of `schemes` (securityDefinitions, or components.securitySchemes). */
export function securityReader(
  root: JsonObject,
  schemes: JsonObject,
  references: References,
): SecurityReader {
  const byName = new Map<string, Scheme>();
  const authorizers = new Map<string, JsonObject>();
  const problems: string[] = [];
  for (const [name, value] of Object.entries(schemes)) {
    if (name === '__proto__') continue;
    if (!isObject(value)) throw syntaxError('every security scheme must be a mapping');
    const source = canonicalObject(followOrReject(references, value, 'a security scheme'));
    const scheme = readScheme(name, source);
    byName.set(name, scheme);
    if (scheme.type === 'broken') problems.push(scheme.error.reason ?? scheme.error.message);
    if (scheme.type === 'AUTHORIZER' && Object.hasOwn(source, AUTHORIZER))
      authorizers.set(scheme.name, authorizerScheme(source));
  }
  for (const [name, scheme] of Object.entries(OWN_SCHEMES)) {
    if (!byName.has(name)) byName.set(name, readScheme(name, scheme));
  }
  return {
    authorizers,
    problems,
    read(operation, note) {
      const owner = Object.hasOwn(operation, 'security') ? operation : root;
      const schemesUsed = [...schemesNamed(owner, byName)];
      const authentication = authenticationOf(schemesUsed);
      for (const scheme of schemesUsed) if (scheme.type === 'NONE') note(noteOf(scheme, authentication));
      return authentication;
    },
  };
}

/** A scheme that breaks a rule fails the APIs that use it. */
function readScheme(name: string, source: JsonObject): Scheme {
  try {
    return schemeOf(name, source);
  } catch (error) {
    if (error instanceof ApigError) return { type: 'broken', error };
    throw error;
  }
}

/**
 * `AUTHORIZER` is what exports of the service have (seen 2026-06), `custom` what files written by hand have. `IAM_NONE`
 * is documented for imports (2021) and nowhere explained.
 */
function schemeOf(name: string, source: JsonObject): Scheme {
  const written = member(source, AUTH_TYPE) ?? undefined;
  switch (typeof written === 'string' ? written.toLowerCase() : written) {
    case undefined:
      return { type: 'NONE', appCode: false };
    case 'appsigv1':
      return { type: 'APP', appCode: wantsAppCode(source) };
    case 'iam':
      return { type: 'IAM', appCode: false };
    case 'iam_none':
      return { type: 'NONE', appCode: false, iamNone: true };
    case 'authorizer':
    case 'custom': {
      const authorizer = member(source, AUTHORIZER);
      if (authorizer !== undefined) checkAuthorizer(authorizer);
      return { type: 'AUTHORIZER', name: Object.hasOwn(OWN_SCHEMES, name) ? `custom-${name}` : name };
    }
    default:
      throw invalid('auth_type', AUTH_TYPE, 'AppSigv1, IAM, IAM_NONE or AUTHORIZER');
  }
}

function wantsAppCode(source: JsonObject): boolean {
  const options = member(source, AUTH_OPTIONS) ?? {};
  if (!isObject(options)) throw invalid('auth_opt', AUTH_OPTIONS, 'a mapping');
  checkMembers(options, APP_CODE_OPTION, AUTH_OPTIONS);
  return textMember(options, 'appcode-auth-type')?.toLowerCase() === 'header';
}

type UsedScheme = Exclude<Scheme, { type: 'broken' }>;

/** What nobody may expect of a scheme that is no authentication of the service. */
function noteOf({ iamNone }: { readonly iamNone?: true }, { type }: Authentication): string {
  const who = type === 'NONE' ? 'anybody may call it' : `${type} alone counts`;
  return iamNone
    ? `${who}: IAM_NONE is no authentication that the reference explains`
    : `${who}, since a scheme in its security has no x-apigateway-auth-type: write AppSigv1, IAM or AUTHORIZER there`;
}

/** All requirements of one `security` list together: APP, IAM or none, with or without an authorizer. */
function authenticationOf(schemes: readonly UsedScheme[]): Authentication {
  let main: Exclude<UsedScheme, { type: 'AUTHORIZER' }> = { type: 'NONE', appCode: false };
  let authorizer: string | undefined;
  for (const scheme of schemes) {
    if (scheme.type === 'AUTHORIZER') {
      if (authorizer !== undefined && authorizer !== scheme.name) throw tooManySchemes();
      authorizer = scheme.name;
    } else if (scheme.type === main.type || main.type === 'NONE') {
      main = { ...scheme, appCode: scheme.appCode || main.appCode };
    } else if (scheme.type !== 'NONE') throw tooManySchemes();
  }
  const { type } = main;
  if (authorizer === undefined) return main;
  return { ...main, type: type === 'NONE' ? 'AUTHORIZER' : type, authorizer };
}

function* schemesNamed(owner: JsonObject, schemes: ReadonlyMap<string, Scheme>): Generator<UsedScheme> {
  for (const requirement of list(owner, 'security')) {
    if (!isObject(requirement)) throw syntaxError('every entry of security must be a mapping');
    for (const name of Object.keys(requirement)) {
      const scheme = schemes.get(name);
      if (scheme === undefined)
        throw invalid(
          'auth_type',
          'security',
          'names that securityDefinitions or components.securitySchemes define',
        );
      if (scheme.type === 'broken') throw scheme.error;
      yield scheme;
    }
  }
}

/** An API of the service has one of its own ways to authenticate, and one authorizer. */
const tooManySchemes = (): ApigError =>
  invalid('auth_type', 'security', 'one of AppSigv1 and IAM, and one authorizer beside it');

/** The `security` list of an operation, or nothing for an API that anybody may call. */
export function writeSecurity(definition: ApiDefinition): JsonObject {
  const { type, appCode, authorizer, iamNone } = definition.authentication;
  const requirement: JsonObject = {};
  if (type === 'APP') requirement[appCode ? APP_CODE : APP] = [];
  if (type === 'IAM') requirement[IAM] = [];
  if (iamNone === true) requirement[IAM_NONE] = [];
  if (authorizer !== undefined) requirement[authorizer] = [];
  return Object.keys(requirement).length === 0 ? {} : { security: [requirement] };
}

/** What the schemes of an export are made of. */
interface UsedSchemes {
  readonly apis: readonly ApiDefinition[];
  /** Authorizers by name, in the order in which they are written. */
  readonly authorizers: ReadonlyMap<string, JsonObject>;
  /** Without, an authorizer is named and not defined. */
  readonly withDefinitions: boolean;
}

/** The schemes of an export: the service's own, then the authorizers its APIs use, in the order given. */
export function writeSchemes({ apis, authorizers, withDefinitions }: UsedSchemes): JsonObject {
  const schemes: JsonObject = { ...OWN_SCHEMES };
  if (apis.some(({ authentication }) => authentication.iamNone)) schemes[IAM_NONE] = IAM_NONE_SCHEME;
  for (const [name, scheme] of authorizers) {
    const { [AUTHORIZER]: definition, ...rest } = scheme;
    schemes[name] = withDefinitions && definition !== undefined ? scheme : rest;
  }
  return schemes;
}

/** The scheme of an authorizer; as the service writes it, unless the document has another. */
export function authorizerScheme(source: JsonObject = {}): JsonObject {
  const { type = 'apiKey', name = 'unused', in: place = 'header', description, ...rest } = source;
  const scheme: JsonObject = { type, ...(description !== undefined && { description }), name, in: place };
  for (const [key, value] of Object.entries(rest)) if (key.startsWith('x-')) scheme[key] = value;
  return { ...scheme, [AUTH_TYPE]: 'AUTHORIZER' };
}

/** `securityDefinitions` or `components.securitySchemes`; empty when there are none. */
export function schemesOf(root: JsonObject): JsonObject {
  const components = mapping(root, 'components');
  const schemes =
    components === undefined ? mapping(root, 'securityDefinitions') : mapping(components, 'securitySchemes');
  return schemes ?? {};
}
