/** The operations of IAM that clients call before the gateway, as a table. */
import { Type } from '@sinclair/typebox';
import { errors } from '../core/errors.ts';
import {
  UNAUTHORIZED as COMMON_UNAUTHORIZED,
  type DocumentedHeader,
  declare,
  documented,
  notJson,
} from '../core/operation.ts';
import { flag, id, list, object, optional, text, time } from '../core/schemas.ts';
import {
  catalogOf,
  checkSubjectToken,
  checkTokenRequest,
  claimsFor,
  domainsFor,
  type IamCore,
  projectsFor,
  regionsFor,
  TokenRequestSchema,
  tokenBody,
} from './iam.ts';

const name = (example: string) => text(undefined, example);
const Named = object({ id: id(), name: name('cn-north-7') });
const Domain = object({ id: id(), name: name('mock-domain') });
const Catalog = list(
  object({
    id: id(),
    name: name('apig'),
    type: name('apig'),
    endpoints: list(
      object({
        id: id(),
        interface: name('public'),
        region: name('cn-north-7'),
        region_id: name('cn-north-7'),
        url: name('http://127.0.0.1:8080'),
      }),
    ),
  }),
);
const Token = object({
  token: object({
    expires_at: time(),
    issued_at: time(),
    methods: list(name('password')),
    domain: optional(Domain),
    project: optional(object({ id: id(), name: name('cn-north-7'), domain: Domain })),
    user: object({ id: id(), name: name('dev'), domain: Domain, password_expires_at: text() }),
    roles: list(Named),
    catalog: Catalog,
  }),
});
const links = object({
  next: Type.Union([Type.Null(), text()]),
  previous: Type.Union([Type.Null(), text()]),
  self: name('/v3/projects'),
});
const Projects = object({
  projects: list(
    object({
      id: id(),
      name: name('cn-north-7'),
      domain_id: id(),
      parent_id: id(),
      is_domain: flag(),
      enabled: flag(),
      description: text(),
    }),
  ),
  links,
});
const Domains = object({
  domains: list(object({ id: id(), name: name('mock-domain'), enabled: flag(), description: text() })),
  links,
});
const Regions = object({
  regions: list(
    object({
      id: name('cn-north-7'),
      type: name('public'),
      description: text(),
      locales: object({ 'zh-cn': text(), 'en-us': text() }),
    }),
  ),
  links,
});

const SUBJECT_TOKEN: Record<string, DocumentedHeader> = {
  'X-Subject-Token': {
    description: 'the token',
    required: true,
    schema: { type: 'string', pattern: '.' },
  },
};
const TokenQuery = Type.Object({ nocatalog: Type.Optional(Type.String()) });
const originOf = (host: string, nocatalog: string | undefined): string | undefined =>
  nocatalog === undefined ? `http://${host}` : undefined;

const anyName = Type.Optional(Type.String({ minLength: 1, maxLength: 64 }));
const NameFilter = Type.Object({ name: anyName });
const filter = Type.Optional(Type.String());
/** Those beside the name are taken and filter nothing: there is one project. */
const ProjectFilter = Type.Object({
  ...{ name: anyName, domain_id: filter, parent_id: filter, enabled: filter, is_domain: filter },
  ...{ page: filter, per_page: filter },
});

const required = (field: string) => documented(errors.iamPropertyMissing(field));
const invalidField = (field: string) => documented(errors.iamFieldInvalid(field));
/** IAM rejects a token in its own shape, the gateway before it a signature in the gateway's. */
const UNAUTHORIZED = [
  documented(errors.iamUnauthorized()),
  ...COMMON_UNAUTHORIZED.filter(({ body }) => body.error_code !== 'APIG.1002'),
];

const operation = declare<IamCore>();
const reading = {
  method: 'GET',
  tag: 'IAM',
  security: 'credentials',
  errors: [invalidField('field'), ...UNAUTHORIZED],
} as const;

export const iamOperations = [
  operation({
    id: 'KeystoneCreateUserTokenByPassword',
    method: 'POST',
    path: '/v3/auth/tokens',
    tag: 'IAM',
    summary: 'Issues a token for a user and a password, in the header X-Subject-Token',
    security: 'none',
    open: true,
    query: TokenQuery,
    body: TokenRequestSchema,
    status: 201,
    response: Token,
    responseHeaders: SUBJECT_TOKEN,
    errors: [required('auth'), invalidField('methods'), ...UNAUTHORIZED, notJson],
    example: {
      body: {
        auth: {
          identity: {
            methods: ['password'],
            password: { user: { name: 'dev', password: 'any', domain: { name: 'mock-domain' } } },
          },
          scope: { project: { name: 'cn-north-7' } },
        },
      },
    },
    check: ({ body }, core) => checkTokenRequest(core, body),
    handle: ({ body, checked, query, host }, core, reply) => {
      const claims = claimsFor(core, body, checked);
      reply.header('x-subject-token', core.credentials.issue(claims));
      return tokenBody(claims, core.settings.region, originOf(host, query.nocatalog));
    },
  }),
  operation({
    ...reading,
    id: 'KeystoneValidateToken',
    path: '/v3/auth/tokens',
    summary: 'Shows what the token in the header X-Subject-Token is valid for',
    query: TokenQuery,
    described: {
      headers: Type.Object({ 'X-Subject-Token': Type.String({ description: 'the token to look at' }) }),
    },
    response: Token,
    responseHeaders: SUBJECT_TOKEN,
    errors: [required('X-Subject-Token'), invalidField('nocatalog'), ...UNAUTHORIZED],
    check: ({ headers }, core) => checkSubjectToken(core, headers['x-subject-token']),
    handle: ({ checked: { token, claims }, query, host }, core, reply) => {
      reply.header('x-subject-token', token);
      return tokenBody(claims, core.settings.region, originOf(host, query.nocatalog));
    },
  }),
  operation({
    ...reading,
    id: 'KeystoneListProjects',
    path: '/v3/projects',
    summary: 'Lists projects',
    query: ProjectFilter,
    response: Projects,
    handle: ({ identity, query }, core) => projectsFor(core, identity, query.name),
  }),
  operation({
    ...reading,
    id: 'KeystoneListAuthProjects',
    path: '/v3/auth/projects',
    summary: 'Lists the projects of the caller',
    response: Projects,
    handle: ({ identity }, core) => projectsFor(core, identity, undefined),
  }),
  operation({
    ...reading,
    id: 'KeystoneListAuthDomains',
    path: '/v3/auth/domains',
    summary: 'Lists the domains of the caller, or the one of a name',
    query: NameFilter,
    response: Domains,
    handle: ({ identity, query }) => domainsFor(identity, query.name),
  }),
  operation({
    ...reading,
    id: 'ShowCatalog',
    path: '/v3/auth/catalog',
    summary: 'Lists services',
    response: object({ catalog: Catalog }),
    handle: ({ host }, { settings }) => ({ catalog: catalogOf(settings.region, `http://${host}`) }),
  }),
  operation({
    ...reading,
    id: 'KeystoneListRegions',
    path: '/v3/regions',
    summary: 'Lists regions',
    response: Regions,
    handle: (_request, { settings }) => regionsFor(settings.region),
  }),
];
