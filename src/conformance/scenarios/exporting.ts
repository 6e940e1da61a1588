/** Scenarios of publishing and exporting what was imported. */
import {
  anId,
  aTime,
  both,
  type Expected,
  each,
  holding,
  including,
  jsonText,
  likeText,
  type Matcher,
  oneOf,
  someList,
  someText,
} from '../matchers.ts';
import type { RequestStep, Scenario, Step, StepRequest } from '../scenario.ts';
import { errorBody, exportEnds, jsonHeaders, page, RELEASE, rejected, UNKNOWN } from './shapes.ts';

const publishes = (action: 'online' | 'offline', json: object): StepRequest => ({
  method: 'POST',
  path: '/apis/publish',
  query: { action },
  json: { env_id: RELEASE, ...json },
});
const PUBLISH = { operation: 'BatchPublishOrOfflineApiV2', source: 'publish' } as const;
const PUBLISH_ONE = { operation: 'CreateOrDeletePublishRecordForApiV2', source: 'publishOne' } as const;
const ok = (body: Expected, status = 200): RequestStep['expect'] => ({ status, headers: jsonHeaders, body });
const publication = (more: { readonly [name: string]: Expected } = {}): Matcher =>
  holding({
    ...{ publish_id: anId, api_id: anId, api_name: someText, env_id: RELEASE, remark: someText },
    ...{ publish_time: aTime, version_id: anId, ...more },
  });
const one = (action: string, more: object = {}): StepRequest => ({
  method: 'POST',
  path: '/apis/action',
  json: { action, env_id: RELEASE, api_id: '{{greeting}}', ...more },
});
const GREETING = { api_id: '{{greeting}}', api_name: 'conform_greeting' };

export const PUBLISHING: Scenario = {
  id: 'publishing',
  title: 'Publishing APIs and taking them offline',
  steps: [
    {
      ...{ kind: 'request', id: 'online', title: 'one API is published', ...PUBLISH },
      request: publishes('online', { apis: ['{{greeting}}'], remark: 'by conform' }),
      expect: ok(holding({ success: [publication({ ...GREETING, remark: 'by conform' })], failure: [] })),
    },
    {
      ...{ kind: 'request', id: 'versions', title: 'its versions are listed, the newest first' },
      ...{ operation: 'ListApiVersionsV2', source: 'versions' },
      request: { method: 'GET', path: '/apis/publish/{{greeting}}' },
      expect: ok(
        page({
          api_versions: each(
            holding({
              ...{ version_id: anId, version_no: someText, api_id: '{{greeting}}', env_id: RELEASE },
              ...{ env_name: 'RELEASE', remark: someText, publish_time: aTime, status: oneOf(1, 2) },
            }),
          ),
        }),
      ),
    },
    {
      ...{ kind: 'request', id: 'shown', title: 'the list of APIs shows where it is published' },
      ...{ operation: 'ListApisV2', source: 'apis' },
      request: { method: 'GET', path: '/apis', query: { id: '{{greeting}}' } },
      expect: ok(
        page({
          apis: [
            holding({
              ...{ id: '{{greeting}}', run_env_id: RELEASE, run_env_name: 'RELEASE', publish_id: anId },
              publish_time: likeText(
                'a time such as 2006-01-02 15:04:05',
                /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/,
              ),
            }),
          ],
        }),
      ),
    },
    rejected({
      ...{ id: 'delete-published', title: 'a published API is not deleted' },
      ...{ operation: 'DeleteApiV2', source: 'deleteApi' },
      request: { method: 'DELETE', path: '/apis/{{greeting}}' },
      error: 'APIG.3416',
    }),
    rejected({
      ...{ id: 'delete-group', title: 'a group with APIs is not deleted' },
      ...{ operation: 'DeleteApiGroupV2', source: 'changeGroup' },
      request: { method: 'DELETE', path: '/api-groups/{{group}}' },
      ...{ error: 'APIG.3415', about: '{{group}}' },
    }),
    {
      ...{
        kind: 'request',
        id: 'unknown-api',
        title: 'an API that does not exist is in failure',
        ...PUBLISH,
      },
      request: publishes('offline', { apis: ['{{greeting}}', UNKNOWN] }),
      expect: ok(
        holding({
          success: [publication(GREETING)],
          failure: [
            holding({
              api_id: UNKNOWN,
              ...(errorBody('APIG.3002', undefined, `Api ${UNKNOWN} not found`) as object),
            }),
          ],
        }),
      ),
    },
    {
      ...{ kind: 'request', id: 'offline-twice', title: 'one that is not published, too', ...PUBLISH },
      request: publishes('offline', { apis: ['{{greeting}}'] }),
      expect: ok(
        holding({
          success: [],
          failure: [holding({ api_id: '{{greeting}}', ...(errorBody('APIG.3015') as object) })],
        }),
      ),
    },
    rejected({
      ...{ id: 'one-offline', title: 'the call for one API rejects it', ...PUBLISH_ONE },
      ...{ request: one('offline'), error: 'APIG.3015' },
    }),
    rejected({
      ...{ id: 'one-unknown-environment', title: 'an environment that does not exist', ...PUBLISH_ONE },
      ...{ request: one('online', { env_id: UNKNOWN }), error: 'APIG.3003', about: UNKNOWN },
    }),
    {
      ...{ kind: 'request', id: 'one-online', title: 'the call for one API publishes it', ...PUBLISH_ONE },
      request: one('online'),
      expect: ok(publication(GREETING), 201),
    },
    {
      ...{ kind: 'request', id: 'online-all', title: 'a whole group is published', ...PUBLISH },
      request: publishes('online', { group_id: '{{group}}' }),
      expect: ok(
        holding({
          success: both(each(publication()), including(holding(GREETING))),
          failure: [],
        }),
      ),
    },
  ],
};

const VERSION = '2023-07-11-19:54:22';
const submitsExport = (
  id: string,
  title: string,
  { json, oas, task }: { json: object; oas?: string; task: string },
): Step => ({
  ...{ kind: 'request', id, title, operation: 'ExportApiDefinitionsAsync', source: 'export' },
  request: {
    ...{
      method: 'POST',
      path: '/openapi/async-export',
      query: oas === undefined ? {} : { oas_version: oas },
    },
    json: { env_id: RELEASE, group_id: '{{group}}', version: VERSION, ...json },
  },
  expect: { status: 202, headers: jsonHeaders, body: { task_id: anId } },
  save: { [task]: '/task_id' },
});

const HOST = likeText(
  "the group's subdomain",
  /^[0-9a-f]{32}\.apic\.[a-z0-9-]+\.(huaweicloudapis|[a-z0-9.-]+)\.com$/,
);
const scheme = (type: string, name: string, more: object = {}): Expected => ({
  ...{ type: 'apiKey', name, in: 'header', ...more },
  'x-apigateway-auth-type': type,
});
/** The documented export, of the API that it is about: members, order and texts. */
const DOCUMENTED: Expected = {
  swagger: '2.0',
  info: holding({ title: '{{name}}', version: VERSION }),
  host: HOST,
  paths: {
    '/conform/test1': {
      get: {
        security: [{ 'apig-auth-app': [] }],
        schemes: ['https'],
        operationId: 'conform_test1',
        responses: {
          default: { $ref: '#/responses/default' },
          'x-apigateway-result-failure-sample': '',
          'x-apigateway-result-normal-sample': '',
        },
        'x-apigateway-backend': {
          mockEndpoints: { description: '', 'result-content': 'hello' },
          type: 'MOCK',
        },
        'x-apigateway-cors': false,
        'x-apigateway-match-mode': 'NORMAL',
        'x-apigateway-request-type': 'public',
      },
    },
  },
  responses: { default: { description: 'response example' } },
  securityDefinitions: {
    'apig-auth-app': scheme('AppSigv1', 'Authorization'),
    'apig-auth-app-header': scheme('AppSigv1', 'Authorization', {
      'x-apigateway-auth-opt': { 'appcode-auth-type': 'header' },
    }),
    'apig-auth-iam': scheme('IAM', 'unused'),
  },
  'x-apigateway-responses': {},
};
const LAYOUT = likeText(
  'a text indented by tabs, x-apigateway-responses after a line break',
  /^\{\n\t"swagger": "2\.0",\n\t"info": \{\n\t\t"[\s\S]*\n\t\}\n,\n\t"x-apigateway-responses": \{\}\n\}$/,
);
const paths = (member: Expected): Expected =>
  holding({ '/conform/greeting/{name}': holding({ get: member }) });
const spec = (version: string, member: Expected): Expected =>
  jsonText(
    holding({
      [version === '2.0' ? 'swagger' : 'openapi']: version === '2.0' ? '2.0' : likeText('3.0', /^3\.0\.\d$/),
      paths: paths(member),
    }),
  );
const yaml = (version: string): Matcher =>
  likeText(
    `OpenAPI ${version} as YAML`,
    version === '2.0' ? /^swagger: (["'])2\.0\1$/m : /^openapi: (["']?)3\.0\.\d\1$/m,
  );
const BACKEND = holding({ 'x-apigateway-backend': holding({ type: 'MOCK' }) });
/** The front end alone. */
const FRONT: Matcher = {
  matcher: 'an operation without a back end',
  compare: (value, place) =>
    typeof value === 'object' && value !== null && !('x-apigateway-backend' in value)
      ? holding({ operationId: 'conform_greeting', parameters: someList }).compare(value, place)
      : [{ at: place.at, expected: 'an operation without x-apigateway-backend', received: 'one with it' }],
};

interface Form {
  readonly define: string;
  readonly type: string;
  readonly oas: string;
  readonly comment: Expected;
  readonly apis?: readonly string[];
}
const FORMS: readonly Form[] = [
  {
    define: 'all',
    type: 'json',
    oas: '2.0',
    comment: both(jsonText(DOCUMENTED), LAYOUT),
    apis: ['{{test1}}'],
  },
  { define: 'spec', type: 'json', oas: '2.0', comment: spec('2.0', FRONT) },
  { define: 'proxy', type: 'json', oas: '2.0', comment: spec('2.0', BACKEND) },
  { define: 'all', type: 'json', oas: '3.0', comment: spec('3.0', BACKEND) },
  { define: 'all', type: 'yaml', oas: '2.0', comment: yaml('2.0') },
  { define: 'all', type: 'yml', oas: '3.0', comment: yaml('3.0') },
];
const nameOf = ({ define, type, oas }: Form): string => `${define}-${type}-${oas.replace('.', '-')}`;
const taskOf = (form: Form): string => `export_${nameOf(form).replaceAll('-', '_')}`;

export const EXPORTING: Scenario = {
  id: 'exporting',
  title: 'Exports in each form',
  steps: [
    ...FORMS.map(
      (form): Step =>
        submitsExport(
          `${nameOf(form)}-submit`,
          `define=${form.define}, ${form.type}, OpenAPI ${form.oas}: is accepted`,
          {
            json: { define: form.define, type: form.type, ...(form.apis && { apis: form.apis }) },
            ...{ oas: form.oas, task: taskOf(form) },
          },
        ),
    ),
    ...FORMS.map(
      (form): Step =>
        exportEnds({
          id: `${nameOf(form)}-ends`,
          title: `define=${form.define}, ${form.type}, OpenAPI ${form.oas}: has the file`,
          task: taskOf(form),
          result: {
            FileName: `{{name}}-RELEASE-${form.define}-${VERSION}`,
            FileType: `.${form.type}`,
            Comment: form.comment,
          },
        }),
    ),
    {
      ...{ kind: 'request', id: 'synchronous', title: 'the export that is waited for returns the file' },
      ...{ operation: 'ExportApiDefinitionsV2', source: 'exportNow' },
      request: {
        ...{ method: 'POST', path: '/openapi/export' },
        json: { env_id: RELEASE, group_id: '{{group}}', define: 'proxy', version: VERSION },
      },
      expect: {
        status: 200,
        headers: { 'content-disposition': likeText('attachment; filename…', /^attachment; filename/) },
        body: holding({ swagger: '2.0', paths: paths(BACKEND) }),
      },
    },
  ],
};

export const UNPUBLISHED: Scenario = {
  id: 'unpublished',
  title: 'The export of what is not published',
  steps: [
    {
      ...{ kind: 'request', id: 'offline-all', title: 'what is published is taken offline', ...PUBLISH },
      request: publishes('offline', { group_id: '{{group}}' }),
      expect: ok(holding({ success: someList, failure: someList })),
    },
    submitsExport('submit', 'define=dev: is accepted', { json: { define: 'dev' }, task: 'export_dev' }),
    exportEnds({
      ...{ id: 'ends', title: 'define=dev: has the file', task: 'export_dev' },
      result: {
        FileName: `{{name}}-RELEASE-dev-${VERSION}`,
        FileType: '.json',
        Comment: spec('2.0', BACKEND),
      },
    }),
  ],
};

const FAILING_EXPORTS: readonly { id: string; title: string; json: object; error: string }[] = [
  {
    id: 'unknown-group',
    title: 'a group that does not exist',
    json: { group_id: UNKNOWN },
    error: 'APIG.3001',
  },
  {
    id: 'unknown-environment',
    title: 'an environment that does not exist',
    json: { env_id: UNKNOWN },
    error: 'APIG.3003',
  },
  { id: 'unknown-api', title: 'an API that does not exist', json: { apis: [UNKNOWN] }, error: 'APIG.3002' },
];
const failingTask = (id: string): string => `exporting_${id.replaceAll('-', '_')}`;

export const EXPORT_FAILURES: Scenario = {
  id: 'export-failures',
  title: 'Exports that fail',
  steps: [
    ...FAILING_EXPORTS.map(
      ({ id, title, json }): Step =>
        submitsExport(`${id}-submit`, `${title}: the request is accepted`, { json, task: failingTask(id) }),
    ),
    ...FAILING_EXPORTS.map(
      ({ id, title, error }): Step => ({
        ...exportEnds({
          ...{ id: `${id}-ends`, title: `${title}: the task fails`, task: failingTask(id), source: 'codes' },
          result: errorBody(error, UNKNOWN),
        }),
        ends: 'failed',
      }),
    ),
  ],
};
