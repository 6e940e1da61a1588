/**
 * The part of IAM that clients need before they can call the gateway: tokens by password, and what projects,
 * domains and regions there are. Users and passwords are not stored: any is valid.
 * Source: IAM API reference, KeystoneCreateUserTokenByPassword and KeystoneListProjects, read in 2026-11.
 */
import { type Static, Type } from '@sinclair/typebox';
import { errors } from '../core/errors.ts';
import type { Core } from '../mock.ts';
import { idOf } from './credentials.ts';
import type { Identity } from './identity.ts';
import type { TokenClaims } from './tokens.ts';

const name = Type.String({ minLength: 1, maxLength: 255 });
const named = Type.Object({ id: Type.Optional(name), name: Type.Optional(name) });

/** The body of `POST /v3/auth/tokens`. */
export const TokenRequestSchema = Type.Object({
  auth: Type.Object({
    identity: Type.Object({
      methods: Type.Array(Type.String(), { minItems: 1 }),
      password: Type.Optional(
        Type.Object({
          user: Type.Object({
            name: Type.Optional(name),
            id: Type.Optional(name),
            password: Type.String({ minLength: 1 }),
            domain: Type.Optional(named),
          }),
        }),
      ),
      token: Type.Optional(Type.Object({ id: Type.String({ minLength: 1 }) })),
    }),
    scope: Type.Optional(Type.Object({ project: Type.Optional(named), domain: Type.Optional(named) })),
  }),
});
export type TokenRequest = Static<typeof TokenRequestSchema>;

export type IamCore = Pick<Core, 'credentials' | 'ids' | 'settings'>;

const DEFAULT_DOMAIN = 'mock-domain';
const ROLES = [{ id: '0', name: 'te_admin' }];

/** An id given, else the one derived from the name. */
const idFor = (kind: 'user' | 'project' | 'domain', thing: { id?: string; name?: string }): string =>
  thing.id ?? idOf(kind, thing.name ?? '');

/** Who wants a token, and the method by which they prove it. */
type Applicant = Pick<TokenClaims, 'userId' | 'userName' | 'domainId' | 'domainName' | 'method'>;

/** The user of a request for a token, which names it with its password or shows a token of its own. Throws `ApigError`. */
export function checkTokenRequest(options: IamCore, { auth: { identity, scope } }: TokenRequest): Applicant {
  const project = scope?.project;
  if (project !== undefined && project.id === undefined && project.name === undefined)
    throw errors.iamPropertyMissing('name', { reason: 'auth.scope.project has neither id nor name' });
  const { methods, password, token } = identity;
  if (methods.includes('password')) {
    if (password === undefined)
      throw errors.iamPropertyMissing('password', { reason: 'auth.identity.password is missing' });
    return applicantOf(password.user, scope?.domain);
  }
  if (methods.includes('token')) {
    if (token === undefined)
      throw errors.iamPropertyMissing('token', { reason: 'auth.identity.token is missing' });
    const shown = options.credentials.verify(token.id);
    if (shown.kind === 'rejected') throw errors.iamUnauthorized({ reason: shown.reason });
    const { userId, userName, domainId, domainName } = shown.identity;
    return { userId, userName, domainId, domainName, method: 'token' };
  }
  const reason =
    'auth.identity.methods: the mock knows "password" and "token"; it has no agencies and no one-time passwords';
  throw errors.iamFieldInvalid('methods', { reason });
}

type Named = Static<typeof named>;
function applicantOf(user: Named & { domain?: Named }, scopeDomain: Named | undefined): Applicant {
  if (user.name === undefined && user.id === undefined)
    throw errors.iamPropertyMissing('name', {
      reason: 'auth.identity.password.user has neither id nor name',
    });
  const domain = user.domain ?? scopeDomain ?? { name: DEFAULT_DOMAIN };
  return {
    userId: idFor('user', user),
    userName: user.name ?? user.id ?? '',
    domainId: idFor('domain', domain),
    domainName: domain.name ?? domain.id ?? DEFAULT_DOMAIN,
  };
}

/** Makes the claims of a new token: project scope when a project is named, else domain scope. */
export function claimsFor(
  options: IamCore,
  { auth: { scope } }: TokenRequest,
  { ttlMs = options.settings.tokenTtlMs, ...who }: Applicant & { readonly ttlMs?: number | undefined },
): TokenClaims {
  const project = scope?.project;
  const projectId = project && idFor('project', project);
  const nowMs = options.credentials.nowMs(projectId);
  return {
    ...who,
    ...(projectId === undefined ? {} : { project: { id: projectId, name: project?.name ?? projectId } }),
    issuedMs: nowMs,
    expiresMs: nowMs + ttlMs,
    nonce: options.ids.of('').next().slice(0, 12),
  };
}

/** The token that is asked about, and what it claims. Throws `ApigError` where there is none, or none of this mock. */
export function checkSubjectToken({ credentials }: IamCore, shown: unknown) {
  if (typeof shown !== 'string') throw errors.iamPropertyMissing('X-Subject-Token');
  const claims = credentials.claimsOf(shown);
  if (claims === undefined)
    throw errors.iamUnauthorized({ reason: 'X-Subject-Token is not a token of this mock' });
  return { token: shown, claims };
}

/** IAM writes times with microseconds. */
const iamTime = (ms: number): string => new Date(ms).toISOString().replace(/Z$/, '000Z');

/**
 * What of this mock a client may look up in the catalogue, at the address it called. Clients of Open Telekom Cloud look
 * for other types: `apigv2` (python-otcextensions) and `volumev2`, of which gophertelekomcloud makes the address of every
 * service (`openstack/client.go`); both read 2026-11-24.
 */
export function catalogOf(region: string, origin: string, projectId?: string) {
  const urls = {
    apig: origin,
    iam: `${origin}/v3`,
    apigv2: `${origin}/v2`,
    ...(projectId !== undefined && { volumev2: `${origin}/v2/${projectId}` }),
  };
  return Object.entries(urls).map(([type, url]) => ({
    id: idOf('project', `service ${type}`),
    name: type,
    type,
    endpoints: [
      { id: idOf('project', `endpoint ${type}`), interface: 'public', region, region_id: region, url },
    ],
  }));
}

/** The documented body of a token; `origin` undefined = without a catalogue. */
export function tokenBody(claims: TokenClaims, region: string, origin: string | undefined) {
  const domain = { id: claims.domainId, name: claims.domainName };
  return {
    token: {
      expires_at: iamTime(claims.expiresMs),
      issued_at: iamTime(claims.issuedMs),
      methods: [claims.method ?? 'password'],
      ...(claims.project === undefined ? { domain } : { project: { ...claims.project, domain } }),
      user: { id: claims.userId, name: claims.userName, domain, password_expires_at: '' },
      roles: ROLES,
      catalog: origin === undefined ? [] : catalogOf(region, origin, claims.project?.id),
    },
  };
}

/** The projects a caller sees: its own, the one it asks for by name, else the region's. */
export function projectsFor(options: IamCore, identity: Identity | undefined, wanted: string | undefined) {
  const projectName = wanted ?? options.settings.region;
  const id =
    wanted === undefined
      ? (identity?.projectId ?? idOf('project', projectName))
      : idOf('project', projectName);
  const domainId = identity?.domainId ?? idOf('domain', DEFAULT_DOMAIN);
  return {
    projects: [
      {
        id,
        name: projectName,
        domain_id: domainId,
        parent_id: domainId,
        is_domain: false,
        enabled: true,
        description: '',
      },
    ],
    links: { next: null, previous: null, self: '/v3/projects' },
  };
}

/** The domain that a caller asks for by name, else the one it belongs to. */
export function domainsFor(identity: Identity | undefined, wanted: string | undefined) {
  const isOwn = wanted === undefined || wanted === identity?.domainName;
  const own = { id: identity?.domainId, name: identity?.domainName };
  const domainName = (isOwn ? own.name : wanted) ?? DEFAULT_DOMAIN;
  const id = (isOwn ? own.id : undefined) ?? idOf('domain', domainName);
  return {
    domains: [{ id, name: domainName, enabled: true, description: '' }],
    links: { next: null, previous: null, self: '/v3/auth/domains' },
  };
}

/** The one region of this mock. */
export function regionsFor(region: string) {
  return {
    regions: [{ id: region, type: 'public', description: '', locales: { 'zh-cn': region, 'en-us': region } }],
    links: { next: null, previous: null, self: '/v3/regions' },
  };
}
