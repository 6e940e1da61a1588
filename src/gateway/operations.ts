/** The operations on groups, APIs, environments, and their imports and exports, as a table. */
import { Type } from '@sinclair/typebox';
import { errors } from '../core/errors.ts';
import { declare, documented, invalid, missing, notJson } from '../core/operation.ts';
import { scopeKey } from '../core/scope.ts';
import { INSTANCE_ERRORS, INSTANCE_URL } from '../tasks/operations.ts';
import { checkPage, listApis, listEnvironments, listGroups } from './lists.ts';
import * as S from './schemas.ts';
import { type ApiCore, exportNow, importNow, publishNow, submitExport, submitImport } from './submit.ts';

const operation = declare<ApiCore>();
const EXAMPLE_GROUP = '8d0443832a194eaa84244e0c1c1912ac';
const unknownGroup = documented(errors.groupNotFound(EXAMPLE_GROUP));
const unknownEnvironment = documented(errors.environmentNotFound('e1'));
/** One task more than there may be. */
const tooManyTasks = documented(errors.tooManyResources());

const importErrors = [
  missing('file_name'),
  missing('group_id'),
  invalid('api_mode'),
  documented(errors.inputEmpty()),
  documented(errors.inputTooLong()),
  notJson,
  ...INSTANCE_ERRORS,
];
/** What a file may be rejected for by the call that waits for it; the other one reports it in the task. */
const fileErrors = [
  errors.formatError(),
  errors.versionUnsupported(),
  errors.syntaxError(),
  errors.titleInvalid(),
  errors.groupNameExists(),
].map(documented);
const exportErrors = [missing('env_id'), missing('group_id'), invalid('type'), notJson, ...INSTANCE_ERRORS];

const importing = {
  method: 'POST',
  security: 'credentials',
  consumes: 'multipart/form-data',
  changes: true,
  takesFile: true,
  described: { body: S.ImportFormBody },
} as const;
const exporting = {
  method: 'POST',
  security: 'credentials',
  changes: true,
  query: Type.Object({ oas_version: Type.Optional(Type.String()) }),
  described: { body: S.ExportBody, query: S.ExportQuery },
} as const;
const listing = {
  method: 'GET',
  tag: 'Groups and APIs',
  security: 'credentials',
  described: { query: S.Paging },
  errors: [invalid('limit'), ...INSTANCE_ERRORS],
} as const;

const stateOf = ({ apis }: ApiCore, at: { project_id: string; instance_id: string }) =>
  apis.get(scopeKey(at.project_id, at.instance_id));

export const apiOperations = [
  operation({
    ...importing,
    id: 'ImportApiDefinitionsAsync',
    path: `${INSTANCE_URL}/openapi/async-import`,
    tag: 'Asynchronous tasks',
    summary: 'Imports APIs from an OpenAPI file, asynchronously',
    status: 202,
    response: S.TaskCreated,
    errors: [...importErrors, tooManyTasks],
    handle: ({ params, body, begun }, core) => submitImport(core, params, { body, begun }),
  }),
  operation({
    ...exporting,
    id: 'ExportApiDefinitionsAsync',
    path: `${INSTANCE_URL}/openapi/async-export`,
    tag: 'Asynchronous tasks',
    summary: 'Exports the APIs of a group as an OpenAPI file, asynchronously',
    status: 202,
    response: S.TaskCreated,
    errors: [...exportErrors, tooManyTasks],
    handle: ({ params, query, body, begun }, core) =>
      submitExport(core, params, { body, begun, oasVersion: query.oas_version }),
  }),
  operation({
    ...importing,
    id: 'ImportApiDefinitionsV2',
    path: `${INSTANCE_URL}/openapi/import`,
    tag: 'Groups and APIs',
    summary: 'Imports APIs from an OpenAPI file and returns the result',
    response: S.ImportResult,
    errors: [
      ...importErrors,
      ...fileErrors,
      documented(errors.tooManyApis()),
      tooManyTasks,
      documented(errors.groupOfImportNotFound()),
    ],
    handle: ({ params, body, begun }, core) => importNow(core, params, { body, begun }),
  }),
  operation({
    ...exporting,
    id: 'ExportApiDefinitionsV2',
    path: `${INSTANCE_URL}/openapi/export`,
    tag: 'Groups and APIs',
    summary: 'Exports the APIs of a group and returns the file',
    produces: 'application/octet-stream',
    responseHeaders: {
      'Content-Disposition': {
        description: 'the name of the file',
        required: true,
        schema: { type: 'string', pattern: '^attachment; filename' },
      },
    },
    errors: [...exportErrors, unknownGroup, unknownEnvironment, documented(errors.apiNotFound('a1'))],
    handle: ({ params, query, body }, core, reply) => {
      const file = exportNow(core, params, { body, oasVersion: query.oas_version });
      const name = encodeURIComponent(file.FileName + file.FileType);
      reply.type('application/octet-stream');
      reply.header('content-disposition', `attachment; filename*=UTF-8''${name}`);
      return Buffer.from(file.Comment);
    },
  }),
  operation({
    ...listing,
    id: 'ListApiGroupsV2',
    path: `${INSTANCE_URL}/api-groups`,
    summary: 'Lists the groups of an instance',
    query: S.GroupFilter,
    response: S.Groups,
    handle: ({ params, query }, core) =>
      listGroups(stateOf(core, params), checkPage(query), { ...query, region: core.settings.region }),
  }),
  operation({
    ...listing,
    id: 'ListApisV2',
    path: `${INSTANCE_URL}/apis`,
    summary: 'Lists the APIs of an instance',
    query: S.ApiFilter,
    response: S.Apis,
    handle: ({ params, query }, core) =>
      listApis(stateOf(core, params), checkPage(query), { ...query, region: core.settings.region }),
  }),
  operation({
    ...listing,
    id: 'ListEnvironmentsV2',
    path: `${INSTANCE_URL}/envs`,
    summary: 'Lists the environments of an instance',
    query: S.EnvironmentFilter,
    response: S.Environments,
    handle: ({ params, query }, core) => listEnvironments(stateOf(core, params), checkPage(query), query),
  }),
  operation({
    id: 'BatchPublishOrOfflineApiV2',
    method: 'POST',
    path: `${INSTANCE_URL}/apis/publish`,
    tag: 'Groups and APIs',
    summary: 'Publishes APIs to an environment, or takes them offline',
    security: 'credentials',
    changes: true,
    query: Type.Object({ action: Type.Optional(Type.String()) }),
    described: { body: S.PublishBody, query: S.PublishQuery },
    response: S.Published,
    errors: [
      documented(errors.actionInvalid()),
      missing('env_id'),
      invalid('env_id'),
      notJson,
      ...INSTANCE_ERRORS,
      unknownGroup,
      unknownEnvironment,
    ],
    handle: ({ params, query, body }, core) => publishNow(core, params, { body, action: query.action }),
  }),
];
