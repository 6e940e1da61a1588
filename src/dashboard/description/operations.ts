/**
 * The operations of the emulated service as they are described: names and summaries as the provider has them,
 * what they answer, and which refusals its pages document.
 */
import { type TSchema, Type } from '@sinclair/typebox';
import type { ErrorBody as Body } from '../../errors.ts';
import { errors } from '../../errors.ts';
import { INSTANCE_URL, ShowAsyncTaskResultResponse } from '../../tasks/routes.ts';
import * as A from './answers.ts';

/** What a refusal looks like: its status, and a body as it is sent. */
export interface Refusal {
  readonly status: number;
  readonly body: Body;
}

/** One operation. */
export interface Operation {
  /** Unique in the description. */
  readonly id: string;
  readonly summary: string;
  readonly tag: string;
  readonly status: number;
  /** Absent: no body, or none that is JSON. */
  readonly answer?: TSchema;
  /** The type of an answer that is no JSON. */
  readonly produces?: string;
  readonly body?: TSchema;
  readonly consumes?: string;
  readonly refusals: readonly Refusal[];
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
}

type Maker = { readonly statusCode: number; readonly body: Body };
export const refusal = ({ statusCode, body }: Maker): Refusal => ({ status: statusCode, body });

const TASK = 'd9ce8c9eede54b3f841ec324fe0bfdc2';
const CREDENTIALS = [{ token: [] }, { signature: [] }];
const OPEN: Operation['security'] = [];
const SIGNATURE = 'verify aksk signature fail, canonicalRequest:GET|/v2/…';
const known = [
  refusal(errors.tokenInvalid()),
  refusal(errors.signatureInvalid(SIGNATURE)),
  refusal(errors.forbidden()),
  refusal(errors.systemError()),
];
const badInstance = refusal(errors.parameterInvalid('instance_id'));
const missing = (name: string): Refusal => refusal(errors.parameterMissing(name));
const invalid = (name: string): Refusal => refusal(errors.parameterInvalid(name));

const flag = (description: string, otherwise: boolean) =>
  Type.Optional(Type.Boolean({ description, default: otherwise }));
const mode = (description: string) =>
  Type.Optional(Type.String({ enum: ['merge', 'override'], default: 'merge', description }));

const ImportForm = Type.Object({
  file_name: Type.String({ format: 'binary', description: 'the OpenAPI file, JSON or YAML' }),
  is_create_group: flag('make a new group', true),
  group_id: Type.Optional(Type.String({ description: 'the group to import into, unless one is made' })),
  api_mode: mode('what happens to an API that exists'),
  extend_mode: mode('what happens to policies and responses that exist'),
  simple_mode: flag('leave out policies and extensions', false),
  mock_mode: flag('give every API a Mock back end', false),
});

const ExportBody = Type.Object({
  env_id: Type.String({ description: 'the environment whose APIs are exported' }),
  group_id: Type.String(),
  define: Type.Optional(Type.String({ enum: ['spec', 'proxy', 'all', 'dev'], default: 'spec' })),
  type: Type.Optional(Type.String({ enum: ['json', 'yaml', 'yml'], default: 'json' })),
  version: Type.Optional(Type.String({ description: 'default: the time of the export' })),
  apis: Type.Optional(Type.Array(Type.String(), { description: 'default: every API of the group' })),
});

const PublishBody = Type.Object({
  env_id: Type.String(),
  remark: Type.Optional(Type.String({ maxLength: 255 })),
  apis: Type.Optional(Type.Array(Type.String())),
  group_id: Type.Optional(Type.String()),
});

const importing = [
  missing('file_name'),
  invalid('api_mode'),
  refusal(errors.inputEmpty()),
  refusal(errors.inputTooLong()),
  ...known,
];
const exporting = [missing('env_id'), missing('group_id'), invalid('type'), ...known];
const listing = [invalid('limit'), ...known];
const show = {
  tag: 'Asynchronous tasks',
  answer: ShowAsyncTaskResultResponse,
  security: CREDENTIALS,
} as const;
const file = { body: ImportForm, consumes: 'multipart/form-data', security: CREDENTIALS } as const;
const groups = { tag: 'Groups and APIs', status: 200, security: CREDENTIALS, refusals: listing } as const;
const iam = {
  tag: 'IAM',
  status: 200,
  security: [{ token: [] }],
  refusals: [refusal(errors.tokenInvalid())],
};

/** By method and URL, as they are registered. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  [`GET ${INSTANCE_URL}/async-tasks/:task_id`]: {
    ...show,
    id: 'ShowAsyncTaskResult',
    summary: 'Shows the state and the result of an asynchronous import or export',
    status: 200,
    refusals: [missing('task_id'), invalid('task_id'), ...known, refusal(errors.taskNotFound(TASK))],
  },
  [`GET ${INSTANCE_URL}/async-tasks`]: {
    id: 'ShowAsyncTaskResultWithoutId',
    summary: 'ShowAsyncTaskResult without the id of a task: always refused',
    tag: show.tag,
    security: CREDENTIALS,
    status: 400,
    refusals: [missing('task_id'), ...known],
  },
  [`GET ${INSTANCE_URL}/async-tasks/`]: {
    id: 'ShowAsyncTaskResultWithEmptyId',
    summary: 'ShowAsyncTaskResult with an empty id: always refused',
    tag: show.tag,
    security: CREDENTIALS,
    status: 400,
    refusals: [missing('task_id'), ...known],
  },
  [`POST ${INSTANCE_URL}/openapi/async-import`]: {
    ...file,
    id: 'ImportApiDefinitionsAsync',
    summary: 'Imports APIs from an OpenAPI file, asynchronously',
    tag: show.tag,
    status: 202,
    answer: A.TaskCreated,
    refusals: importing,
  },
  [`POST ${INSTANCE_URL}/openapi/async-export`]: {
    id: 'ExportApiDefinitionsAsync',
    summary: 'Exports the APIs of a group as an OpenAPI file, asynchronously',
    tag: show.tag,
    status: 202,
    answer: A.TaskCreated,
    body: ExportBody,
    refusals: exporting,
    security: CREDENTIALS,
  },
  [`POST ${INSTANCE_URL}/openapi/import`]: {
    ...file,
    id: 'ImportApiDefinitionsV2',
    summary: 'Imports APIs from an OpenAPI file and answers with the result',
    tag: groups.tag,
    status: 200,
    answer: A.ImportResult,
    refusals: importing,
  },
  [`POST ${INSTANCE_URL}/openapi/export`]: {
    id: 'ExportApiDefinitionsV2',
    summary: 'Exports the APIs of a group and answers with the file',
    tag: groups.tag,
    status: 200,
    produces: 'application/octet-stream',
    body: ExportBody,
    refusals: [...exporting, refusal(errors.groupNotFound('8d0443832a194eaa84244e0c1c1912ac'))],
    security: CREDENTIALS,
  },
  [`GET ${INSTANCE_URL}/api-groups`]: {
    ...groups,
    id: 'ListApiGroupsV2',
    summary: 'Lists the groups of an instance',
    answer: A.Groups,
  },
  [`GET ${INSTANCE_URL}/apis`]: {
    ...groups,
    id: 'ListApisV2',
    summary: 'Lists the APIs of an instance',
    answer: A.Apis,
  },
  [`GET ${INSTANCE_URL}/envs`]: {
    ...groups,
    id: 'ListEnvironmentsV2',
    summary: 'Lists the environments of an instance',
    answer: A.Environments,
  },
  [`POST ${INSTANCE_URL}/apis/publish`]: {
    ...groups,
    id: 'BatchPublishOrOfflineApiV2',
    summary: 'Publishes APIs to an environment, or takes them offline',
    answer: A.Published,
    body: PublishBody,
    refusals: [missing('env_id'), badInstance, ...known],
  },
  'POST /v3/auth/tokens': {
    ...iam,
    id: 'KeystoneCreateUserTokenByPassword',
    summary: 'Gives a token for a user and a password; it stands in the header X-Subject-Token',
    status: 201,
    answer: A.Token,
    refusals: [missing('auth')],
    security: OPEN,
  },
  'GET /v3/auth/tokens': {
    ...iam,
    id: 'KeystoneValidateToken',
    summary: 'Says what the token of the header X-Subject-Token is good for',
    answer: A.Token,
    refusals: [missing('X-Subject-Token'), ...iam.refusals],
  },
  'GET /v3/projects': { ...iam, id: 'KeystoneListProjects', summary: 'Lists projects', answer: A.Projects },
  'GET /v3/auth/projects': {
    ...iam,
    id: 'KeystoneListAuthProjects',
    summary: 'Lists the projects of the caller',
    answer: A.Projects,
  },
  'GET /v3/auth/domains': {
    ...iam,
    id: 'KeystoneListAuthDomains',
    summary: 'Lists the domains of the caller',
    answer: A.Domains,
  },
  'GET /v3/auth/catalog': { ...iam, id: 'ShowCatalog', summary: 'Lists services', answer: A.CatalogAnswer },
  'GET /v3/regions': { ...iam, id: 'KeystoneListRegions', summary: 'Lists regions', answer: A.Regions },
};
