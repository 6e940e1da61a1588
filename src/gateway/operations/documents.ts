/** The operations that import and export OpenAPI files, as a table. */
import { Type } from '@sinclair/typebox';
import { errors } from '../../core/errors.ts';
import { headerText } from '../../core/header-text.ts';
import { documented, invalid, missing, notJson } from '../../core/operation.ts';
import { INSTANCE_ERRORS, INSTANCE_URL } from '../../tasks/operations.ts';
import * as S from '../schemas.ts';
import { checkExport, checkImport, exportNow, importNow, submitExport, submitImport } from '../submit.ts';
import { operation, unknownEnvironment, unknownGroup } from './shared.ts';

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
export const documentOperations = [
  operation({
    ...importing,
    id: 'ImportApiDefinitionsAsync',
    path: `${INSTANCE_URL}/openapi/async-import`,
    tag: 'Asynchronous tasks',
    summary: 'Imports APIs from an OpenAPI file, asynchronously',
    status: 202,
    parts: ['tasks'],
    response: S.TaskCreated,
    errors: [...importErrors, tooManyTasks],
    check: ({ body }, core) => checkImport(core, body),
    handle: ({ params, checked, begun }, core) => submitImport(core, params, { checked, begun }),
  }),
  operation({
    ...exporting,
    id: 'ExportApiDefinitionsAsync',
    path: `${INSTANCE_URL}/openapi/async-export`,
    tag: 'Asynchronous tasks',
    summary: 'Exports the APIs of a group as an OpenAPI file, asynchronously',
    status: 202,
    parts: ['tasks'],
    response: S.TaskCreated,
    errors: [...exportErrors, tooManyTasks],
    check: ({ body, query }, core) => checkExport(core, body, query.oas_version),
    handle: ({ params, checked, begun }, core) => submitExport(core, params, { checked, begun }),
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
    check: ({ body }, core) => checkImport(core, body),
    responseHeaders: {
      'X-Mock-Reason': {
        description: 'what is worth knowing of the import, and why APIs were not imported',
        schema: { type: 'string' },
      },
    },
    handle: async ({ params, checked, begun }, core, reply) => {
      const { report, reason } = await importNow(core, params, { checked, begun });
      if (reason !== undefined && !core.settings.strict) reply.header('X-Mock-Reason', headerText(reason));
      return report;
    },
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
    check: ({ body, query }, core) => checkExport(core, body, query.oas_version),
    handle: ({ params, checked }, core, reply) => {
      const file = exportNow(core, params, checked);
      const name = encodeURIComponent(file.FileName + file.FileType);
      reply.type('application/octet-stream');
      reply.header('content-disposition', `attachment; filename*=UTF-8''${name}`);
      return Buffer.from(file.Comment);
    },
  }),
];
