/** The routes of imports, exports, groups, APIs and environments, as a table. */
import type { Readable } from 'node:stream';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import type { FastifyRequest } from 'fastify';
import { errors, TAKES_JSON } from '../errors.ts';
import type { OperationName } from '../operations.ts';
import { scopeKey } from '../scope.ts';
import { INSTANCE_URL, scopeParams } from '../tasks/routes.ts';
import { TAKES_FORM } from './import-fields.ts';
import {
  exportNow,
  importNow,
  publishNow,
  type SubmitOptions,
  submitExport,
  submitImport,
} from './submit.ts';
import { checkPage, listApis, listEnvironments, listGroups } from './wire.ts';

const text = Type.Optional(Type.String());
const paging = { offset: text, limit: text };
const ExportQuery = Type.Object({ oas_version: text });
const GroupQuery = Type.Object({ ...paging, id: text, name: text });
const ApiQuery = Type.Object({
  ...paging,
  id: text,
  name: text,
  group_id: text,
  req_method: text,
  req_uri: text,
  auth_type: text,
  env_id: text,
});
const EnvironmentQuery = Type.Object({ ...paging, name: text });
const PublishQuery = Type.Object({ action: text });

const changing = (operation: OperationName) => ({ operation, changes: true });

export const apiRoutes: FastifyPluginAsyncTypebox<SubmitOptions> = async (app, options) => {
  const params = Type.Object(scopeParams(options.strict));
  const stateOf = (at: { project_id: string; instance_id: string }) =>
    options.apis.get(scopeKey(at.project_id, at.instance_id));

  app.addContentTypeParser('multipart/form-data', async (request: FastifyRequest, payload: Readable) => {
    if (request.routeOptions.config.takesFile !== true)
      throw errors.unsupportedMediaType({ reason: TAKES_JSON });
    const { readForm } = await import('./form.ts');
    return readForm(payload, {
      contentType: request.headers['content-type'] ?? '',
      maxBytes: options.maxBytes,
    });
  });

  // Before a parser looks at it: broken JSON where a form belongs is still no form.
  app.addHook('preParsing', async ({ routeOptions, headers }, _reply, payload) => {
    if (
      routeOptions.config.takesFile === true &&
      /^\s*application\/json/i.test(headers['content-type'] ?? '')
    )
      throw errors.unsupportedMediaType({ reason: TAKES_FORM });
    return payload;
  });

  app.post(
    `${INSTANCE_URL}/openapi/async-import`,
    { config: { ...changing('ImportApiDefinitionsAsync'), takesFile: true }, schema: { params } },
    (request, reply) => {
      reply.code(202);
      return submitImport(options, request.params, request.body);
    },
  );
  app.post(
    `${INSTANCE_URL}/openapi/async-export`,
    { config: changing('ExportApiDefinitionsAsync'), schema: { params, querystring: ExportQuery } },
    ({ params: at, query, body }, reply) => {
      reply.code(202);
      return submitExport(options, at, { body, oasVersion: query.oas_version });
    },
  );
  app.post(
    `${INSTANCE_URL}/openapi/import`,
    { config: { ...changing('ImportApiDefinitionsV2'), takesFile: true }, schema: { params } },
    (request) => importNow(options, request.params, request.body),
  );
  app.post(
    `${INSTANCE_URL}/openapi/export`,
    { config: changing('ExportApiDefinitionsV2'), schema: { params, querystring: ExportQuery } },
    async ({ params: at, query, body }, reply) => {
      const file = exportNow(options, at, { body, oasVersion: query.oas_version });
      reply.type('application/octet-stream');
      reply.header(
        'content-disposition',
        `attachment; filename*=UTF-8''${encodeURIComponent(file.FileName + file.FileType)}`,
      );
      return Buffer.from(file.Comment);
    },
  );

  app.get(
    `${INSTANCE_URL}/api-groups`,
    { config: { operation: 'ListApiGroupsV2' }, schema: { params, querystring: GroupQuery } },
    async ({ params: at, query: { offset, limit, ...filter } }) =>
      listGroups(stateOf(at), checkPage({ offset, limit }), { ...filter, region: options.region }),
  );
  app.get(
    `${INSTANCE_URL}/apis`,
    { config: { operation: 'ListApisV2' }, schema: { params, querystring: ApiQuery } },
    async ({ params: at, query: { offset, limit, ...filter } }) =>
      listApis(stateOf(at), checkPage({ offset, limit }), filter),
  );
  app.get(
    `${INSTANCE_URL}/envs`,
    { config: { operation: 'ListEnvironmentsV2' }, schema: { params, querystring: EnvironmentQuery } },
    async ({ params: at, query: { offset, limit, ...filter } }) =>
      listEnvironments(stateOf(at), checkPage({ offset, limit }), filter),
  );
  app.post(
    `${INSTANCE_URL}/apis/publish`,
    { config: changing('BatchPublishOrOfflineApiV2'), schema: { params, querystring: PublishQuery } },
    async ({ params: at, query, body }) => publishNow(options, at, { body, action: query.action }),
  );
};
