/** The IAM routes, as a table. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import type { Clocks } from '../clocks.ts';
import { errors } from '../errors.ts';
import {
  catalogOf,
  claimsFor,
  domainsFor,
  type IamOptions,
  projectsFor,
  regionsFor,
  TokenRequestSchema,
  tokenBody,
} from './iam.ts';

export interface IamRouteOptions extends IamOptions {
  readonly clocks: Clocks;
}

const TokenQuery = Type.Object({ nocatalog: Type.Optional(Type.String()) });
const ProjectQuery = Type.Object({ name: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })) });

export const iamRoutes: FastifyPluginAsyncTypebox<IamRouteOptions> = async (app, options) => {
  const { clocks, credentials, region } = options;
  const originOf = (host: string): string => `http://${host}`;

  app.post(
    '/v3/auth/tokens',
    {
      config: { operation: 'KeystoneCreateUserTokenByPassword', open: true },
      schema: { body: TokenRequestSchema, querystring: TokenQuery },
    },
    async (request, reply) => {
      const claims = claimsFor(options, request.body, clocks.main.now());
      const origin = request.query.nocatalog === undefined ? originOf(request.host) : undefined;
      reply.code(201).header('x-subject-token', credentials.issue(claims));
      return tokenBody(claims, region, origin);
    },
  );

  app.get(
    '/v3/auth/tokens',
    { config: { operation: 'KeystoneValidateToken' }, schema: { querystring: TokenQuery } },
    async (request, reply) => {
      const token = request.headers['x-subject-token'];
      if (typeof token !== 'string') throw errors.parameterMissing('X-Subject-Token');
      const claims = credentials.claimsOf(token, clocks.main.now());
      if (claims === undefined)
        throw errors.tokenInvalid({ reason: 'X-Subject-Token is no token of this mock' });
      reply.header('x-subject-token', token);
      return tokenBody(
        claims,
        region,
        request.query.nocatalog === undefined ? originOf(request.host) : undefined,
      );
    },
  );

  app.get(
    '/v3/projects',
    { config: { operation: 'KeystoneListProjects' }, schema: { querystring: ProjectQuery } },
    async (request) => projectsFor(options, request.identity, request.query.name),
  );

  app.get('/v3/auth/projects', { config: { operation: 'KeystoneListAuthProjects' } }, async (request) =>
    projectsFor(options, request.identity, undefined),
  );

  app.get('/v3/auth/domains', { config: { operation: 'KeystoneListAuthDomains' } }, async (request) =>
    domainsFor(request.identity),
  );

  app.get('/v3/auth/catalog', { config: { operation: 'ShowCatalog' } }, async (request) => ({
    catalog: catalogOf(region, originOf(request.host)),
  }));

  app.get('/v3/regions', { config: { operation: 'KeystoneListRegions' } }, async () => regionsFor(region));
};
