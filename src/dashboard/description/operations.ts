/**
 * The operations of the emulated service as they are described: names and summaries as the provider has them,
 * what they answer, and which refusals its pages document.
 */
import { type TObject, type TProperties, type TSchema, Type } from '@sinclair/typebox';
import { failures } from '../../apis/failures.ts';
import { errors } from '../../errors.ts';
import { INSTANCE_URL, ShowAsyncTaskResultResponse } from '../../tasks/routes.ts';
import * as A from './answers.ts';
import { ExportBody, ExportQuery, ImportForm, PublishBody, PublishQuery, paging } from './bodies.ts';
import { type DescribedHeader, FILE_NAME, SUBJECT_TOKEN, SubjectTokenHeader } from './headers.ts';
import { closed, foreign, invalid, misfit, missing, notJson, type Refusal, refusal } from './refusals.ts';

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
  /** Members of the query that are checked by hand, over what the route says of them. */
  readonly query?: TObject;
  /** What the request brings in headers, beside credentials. */
  readonly headers?: TSchema;
  /** Headers of the answer, beside the id. */
  readonly answerHeaders?: Readonly<Record<string, DescribedHeader>>;
  /** Further members of the refusals of a status. */
  readonly refused?: Readonly<Record<number, TProperties>>;
  readonly refusals: readonly Refusal[];
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
}

const TASK = 'd9ce8c9eede54b3f841ec324fe0bfdc2';
const GROUP = '8d0443832a194eaa84244e0c1c1912ac';
const CREDENTIALS = [{ token: [] }, { signature: [] }];
const OPEN: Operation['security'] = [];
const known = [...closed, refusal(errors.forbidden())];
const unknownGroup = refusal(errors.groupNotFound(GROUP));
const unknownEnvironment = refusal(errors.environmentNotFound('e1'));

const importing = [
  missing('file_name'),
  missing('group_id'),
  invalid('api_mode'),
  refusal(errors.inputEmpty()),
  refusal(errors.inputTooLong()),
  notJson,
  ...known,
];
const tooManyApis: Refusal = { status: 403, body: failures.tooManyApis };
/** What a file may be refused for by the call that waits for it; the other says it in the task. */
const importFailures = [
  failures.formatError,
  failures.versionUnsupported,
  failures.syntaxError,
  failures.titleInvalid,
  failures.groupNameExists,
].map((body): Refusal => ({ status: 400, body }));
/** A task more than there may be. */
const tooManyTasks = refusal(errors.tooManyResources());
const exporting = [missing('env_id'), missing('group_id'), invalid('type'), notJson, ...known];
const listing = [invalid('limit'), ...known];
const show = {
  tag: 'Asynchronous tasks',
  answer: ShowAsyncTaskResultResponse,
  security: CREDENTIALS,
} as const;
const exported = { body: ExportBody, query: ExportQuery, security: CREDENTIALS } as const;
const file = { body: ImportForm, consumes: 'multipart/form-data', security: CREDENTIALS } as const;
const groups = {
  tag: 'Groups and APIs',
  status: 200,
  security: CREDENTIALS,
  query: Type.Object(paging),
  refusals: listing,
} as const;
const iam = {
  tag: 'IAM',
  status: 200,
  security: CREDENTIALS,
  refusals: closed,
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
    refusals: [...misfit('task_id'), ...known],
  },
  [`GET ${INSTANCE_URL}/async-tasks/`]: {
    id: 'ShowAsyncTaskResultWithEmptyId',
    summary: 'ShowAsyncTaskResult with an empty id: always refused',
    tag: show.tag,
    security: CREDENTIALS,
    status: 400,
    refusals: [...misfit('task_id'), ...known],
  },
  [`POST ${INSTANCE_URL}/openapi/async-import`]: {
    ...file,
    id: 'ImportApiDefinitionsAsync',
    summary: 'Imports APIs from an OpenAPI file, asynchronously',
    tag: show.tag,
    status: 202,
    answer: A.TaskCreated,
    refusals: [...importing, tooManyTasks],
  },
  [`POST ${INSTANCE_URL}/openapi/async-export`]: {
    id: 'ExportApiDefinitionsAsync',
    summary: 'Exports the APIs of a group as an OpenAPI file, asynchronously',
    tag: show.tag,
    status: 202,
    answer: A.TaskCreated,
    ...exported,
    refusals: [...exporting, tooManyTasks],
  },
  [`POST ${INSTANCE_URL}/openapi/import`]: {
    ...file,
    id: 'ImportApiDefinitionsV2',
    summary: 'Imports APIs from an OpenAPI file and answers with the result',
    tag: groups.tag,
    status: 200,
    answer: A.ImportResult,
    refusals: [...importing, ...importFailures, tooManyApis, tooManyTasks, unknownGroup],
  },
  [`POST ${INSTANCE_URL}/openapi/export`]: {
    id: 'ExportApiDefinitionsV2',
    summary: 'Exports the APIs of a group and answers with the file',
    tag: groups.tag,
    status: 200,
    produces: 'application/octet-stream',
    ...exported,
    answerHeaders: FILE_NAME,
    refusals: [...exporting, unknownGroup, unknownEnvironment, refusal(errors.apiNotFound('a1'))],
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
    query: PublishQuery,
    refusals: [...misfit('env_id'), notJson, ...known, unknownGroup, unknownEnvironment],
  },
  'POST /v3/auth/tokens': {
    ...iam,
    id: 'KeystoneCreateUserTokenByPassword',
    summary: 'Gives a token for a user and a password; it stands in the header X-Subject-Token',
    status: 201,
    answer: A.Token,
    answerHeaders: SUBJECT_TOKEN,
    refusals: [missing('auth'), invalid('auth.identity.methods'), notJson, foreign],
    security: OPEN,
  },
  'GET /v3/auth/tokens': {
    ...iam,
    id: 'KeystoneValidateToken',
    summary: 'Says what the token of the header X-Subject-Token is good for',
    answer: A.Token,
    headers: SubjectTokenHeader,
    answerHeaders: SUBJECT_TOKEN,
    refusals: [missing('X-Subject-Token'), invalid('nocatalog'), ...iam.refusals],
  },
  'GET /v3/projects': {
    ...iam,
    id: 'KeystoneListProjects',
    summary: 'Lists projects',
    answer: A.Projects,
    refusals: [invalid('name'), ...iam.refusals],
  },
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
