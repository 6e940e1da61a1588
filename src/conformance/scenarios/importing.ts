/** Scenarios of imports: one creates the group of the run, the others import into it or fail. */
import { BARE, BASE, FAILING, TOO_MANY, titled, YAML } from '../documents.ts';
import { anId, both, type Expected, holding, inAnyOrder, including } from '../matchers.ts';
import type { Scenario, Step } from '../scenario.ts';
import {
  api,
  created,
  errorBody,
  file,
  group,
  importEnds,
  importReport,
  intoGroup,
  jsonHeaders,
  page,
  rejected,
  submitsImport,
  UNKNOWN,
} from './shapes.ts';

const GREETING = '/conform/greeting/{name}';
const ORDERS = '/conform/orders';
const TEST1 = '/conform/test1';
/** In the order of the file. */
const updated = [
  { id: '{{greeting}}', action: 'update', method: 'GET', path: GREETING },
  { id: '{{order}}', action: 'update', method: 'PUT', path: ORDERS },
  { id: '{{test1}}', action: 'update', method: 'GET', path: TEST1 },
];

export const CREATE: Scenario = {
  id: 'import-create',
  title: 'An import that creates a group',
  steps: [
    submitsImport('submit', 'is accepted with the id of a task', {
      form: { file_name: file(BASE) },
      task: 'task',
    }),
    importEnds({
      ...{ id: 'ends', title: 'creates every API of the file', task: 'task' },
      result: importReport({
        success: [created('GET', GREETING), created('PUT', ORDERS), created('GET', TEST1)],
        group: anId,
      }),
      save: { group: '/group_id', greeting: '/success/0/id', order: '/success/1/id', test1: '/success/2/id' },
    }),
    {
      ...{ kind: 'request', id: 'group', title: 'the group has the title of the file as its name' },
      ...{ operation: 'ShowDetailsOfApiGroupV2', source: 'groups' },
      request: { method: 'GET', path: '/api-groups/{{group}}' },
      expect: {
        status: 200,
        headers: jsonHeaders,
        body: group({
          id: '{{group}}',
          name: '{{name}}',
          remark: 'made by apig-mock conform, which removes it',
        }),
      },
    },
    {
      ...{ kind: 'request', id: 'list', title: 'the list of groups finds it by name' },
      ...{ operation: 'ListApiGroupsV2', source: 'groups' },
      request: { method: 'GET', path: '/api-groups', query: { name: '{{name}}' } },
      expect: {
        status: 200,
        headers: jsonHeaders,
        body: page({ size: 1, total: 1, groups: [group({ id: '{{group}}', name: '{{name}}' })] }),
      },
    },
    {
      ...{ kind: 'request', id: 'apis', title: 'its APIs are what the file has' },
      ...{ operation: 'ListApisV2', source: 'apis' },
      request: { method: 'GET', path: '/apis', query: { group_id: '{{group}}' } },
      expect: {
        status: 200,
        headers: jsonHeaders,
        body: page({
          ...{ size: 3, total: 3 },
          apis: inAnyOrder(
            api({
              ...{ id: '{{greeting}}', name: 'conform_greeting', req_method: 'GET', req_uri: GREETING },
              ...{
                auth_type: 'APP',
                backend_type: 'MOCK',
                req_protocol: 'HTTPS',
                match_mode: 'NORMAL',
                type: 1,
              },
            }),
            api({
              ...{ id: '{{order}}', name: 'conform_order', req_method: 'PUT', req_uri: ORDERS },
              ...{
                auth_type: 'IAM',
                backend_type: 'HTTP',
                req_protocol: 'HTTPS',
                match_mode: 'NORMAL',
                type: 1,
              },
            }),
            api({ id: '{{test1}}', name: 'conform_test1', req_uri: TEST1 }),
          ),
        }),
      },
    },
    {
      ...{ kind: 'request', id: 'api', title: 'an API has its parameters and its back end' },
      ...{ operation: 'ShowDetailsOfApiV2', source: 'apis' },
      request: { method: 'GET', path: '/apis/{{order}}' },
      expect: {
        status: 200,
        headers: jsonHeaders,
        body: both(
          api({ id: '{{order}}', name: 'conform_order', auth_type: 'IAM', backend_type: 'HTTP' }),
          holding({
            req_params: including(holding({ name: 'count', type: 'NUMBER', location: 'QUERY' })),
            backend_params: including(holding({ name: 'number', origin: 'REQUEST', location: 'QUERY' })),
            backend_api: holding({
              url_domain: 'example.com',
              req_uri: '/orders',
              req_method: 'PUT',
              timeout: 5000,
            }),
          }),
        ),
      },
    },
    rejected({
      ...{ id: 'name-taken', title: 'another group of that name is rejected' },
      ...{ operation: 'CreateApiGroupV2', source: 'changeGroup' },
      request: { method: 'POST', path: '/api-groups', json: { name: '{{name}}' } },
      error: 'APIG.3201',
    }),
    rejected({
      ...{ id: 'bad-name', title: 'a group whose name breaks the rule is rejected' },
      ...{ operation: 'CreateApiGroupV2', source: 'changeGroup' },
      request: { method: 'POST', path: '/api-groups', json: { name: '{{name}}?' } },
      ...{ error: 'APIG.2011', about: 'name' },
    }),
  ],
};

const ignored: Expected = [
  { method: 'GET', path: GREETING },
  { method: 'PUT', path: ORDERS },
  { method: 'GET', path: TEST1 },
];

export const MODES: Scenario = {
  id: 'import-modes',
  title: 'Imports into a group that exists, in each mode',
  steps: [
    submitsImport('merge-submit', 'api_mode=merge is accepted', {
      form: intoGroup(BASE, { api_mode: 'merge' }),
      task: 'merge',
    }),
    submitsImport('override-submit', 'api_mode=override is accepted', {
      form: intoGroup(BASE, { api_mode: 'override', extend_mode: 'override' }),
      task: 'override',
    }),
    submitsImport('mock-submit', 'mock_mode=true is accepted', {
      form: intoGroup(BARE, { mock_mode: 'true' }),
      task: 'mocked',
    }),
    submitsImport('simple-submit', 'simple_mode=true is accepted, and a file in YAML', {
      form: intoGroup(YAML, { simple_mode: 'true' }),
      task: 'simple',
    }),
    importEnds({
      ...{ id: 'merge-ends', title: 'merge leaves the APIs that exist as they are', task: 'merge' },
      result: importReport({ ignore: ignored }),
    }),
    importEnds({
      ...{ id: 'override-ends', title: 'override replaces them', task: 'override' },
      result: importReport({ success: updated }),
    }),
    importEnds({
      ...{ id: 'mock-ends', title: 'mock_mode gives an API a Mock back end', task: 'mocked' },
      result: importReport({ success: [created('GET', '/conform/bare')] }),
      save: { bare: '/success/0/id' },
    }),
    importEnds({
      ...{ id: 'simple-ends', title: 'a quick import of OpenAPI 3.0', task: 'simple' },
      result: importReport({ success: [created('GET', '/conform/volumes/{isbn}')] }),
      save: { volume: '/success/0/id' },
    }),
  ],
};

const failed = (path: string, code: string, about?: string, text?: string): Expected => ({
  ...{ method: 'GET', path },
  ...(errorBody(code, about, text) as object),
});

export const PARTIAL: Scenario = {
  id: 'import-partial',
  title: 'An import of which some APIs fail',
  steps: [
    submitsImport('submit', 'is accepted', { form: intoGroup(FAILING), task: 'partial' }),
    importEnds({
      ...{ id: 'ends', title: 'the others are imported', task: 'partial', source: 'importing' },
      result: importReport({
        success: [created('GET', '/conform/good/{id}')],
        failure: inAnyOrder(
          failed(
            '/conform/good/{other}',
            'APIG.3301',
            undefined,
            'The API already exists, An API with the same combination of the method, path, and x-apigateway-match-mode fields already exists. API name: conform_good',
          ),
          failed(
            '/conform/name',
            'APIG.3202',
            undefined,
            'The API name already exists, api_name:conform_good',
          ),
          failed('/conform/no-backend', 'APIG.2001', 'backend_type'),
          failed('/conform/part-{id}', 'APIG.2011', 'req_uri'),
          failed('/conform/undefined/{id}', 'APIG.2026'),
          failed('/conform/undefined-backend', 'APIG.2027'),
          failed('/conform/undefined-mapping', 'APIG.2028'),
          failed('/conform/unknown-scheme', 'APIG.2011', 'auth_type'),
        ),
      }),
      save: { good: '/success/0/id' },
    }),
  ],
};

interface FailingImport {
  readonly id: string;
  readonly title: string;
  readonly content: string;
  readonly error: string;
  readonly about?: string;
  readonly form?: Readonly<Record<string, string>>;
}
const FAILING_IMPORTS: readonly FailingImport[] = [
  { id: 'no-document', title: 'neither JSON nor YAML', content: '{"swagger":', error: 'APIG.3600' },
  {
    ...{ id: 'old-version', title: 'another version of Swagger', error: 'APIG.3601' },
    content: '{"swagger":"1.2","info":{"title":"{{name}}_old"},"paths":{}}',
  },
  {
    ...{ id: 'bad-syntax', title: 'no version at all', error: 'APIG.3602' },
    content: '{"info":{"title":"{{name}}_syntax"},"paths":{}}',
  },
  {
    id: 'bad-title',
    title: 'a title that breaks the rule',
    content: titled('{{name}}?'),
    error: 'APIG.2044',
  },
  { id: 'title-taken', title: 'a title that a group has', content: titled('{{name}}'), error: 'APIG.3201' },
  { id: 'too-many', title: '301 APIs', content: TOO_MANY, error: 'APIG.3127' },
  {
    ...{ id: 'unknown-group', title: 'a group that does not exist', error: 'APIG.3001', about: UNKNOWN },
    content: titled('{{name}}_nowhere'),
    form: { is_create_group: 'false', group_id: UNKNOWN },
  },
];

const variable = (id: string): string => `failing_${id.replaceAll('-', '_')}`;

export const FAILURES: Scenario = {
  id: 'import-failures',
  title: 'Imports that fail as a whole',
  steps: [
    ...FAILING_IMPORTS.map(
      ({ id, title, content, form = {} }): Step =>
        submitsImport(`${id}-submit`, `${title}: the request is accepted`, {
          form: { ...form, file_name: file(content) },
          task: variable(id),
        }),
    ),
    ...FAILING_IMPORTS.map(
      ({ id, title, error, about }): Step => ({
        ...importEnds({
          ...{ id: `${id}-ends`, title: `${title}: the task fails`, task: variable(id), source: 'codes' },
          result: errorBody(error, about),
        }),
        ends: 'failed',
      }),
    ),
  ],
};

/** More than the 12 MB that a file may have. */
const TOO_LONG = `{"swagger":"2.0","x":"${'x'.repeat(13 * 1024 * 1024)}"}`;

export const SYNCHRONOUS: Scenario = {
  id: 'import-synchronous',
  title: 'The import that is waited for, and a file that is too long',
  steps: [
    {
      ...{ kind: 'request', id: 'import', title: 'returns the result itself' },
      ...{ operation: 'ImportApiDefinitionsV2', source: 'importNow' },
      request: { method: 'POST', path: '/openapi/import', form: intoGroup(BASE) },
      expect: { status: 200, headers: jsonHeaders, body: importReport({ ignore: ignored }) },
    },
    rejected({
      ...{ id: 'bad-file', title: 'rejects a file that is neither JSON nor YAML' },
      ...{ operation: 'ImportApiDefinitionsV2', source: 'importNow' },
      request: { method: 'POST', path: '/openapi/import', form: intoGroup('{"swagger":') },
      error: 'APIG.3600',
    }),
    rejected({
      ...{ id: 'too-long', title: 'rejects a file of more than 12 MB' },
      ...{ operation: 'ImportApiDefinitionsAsync', source: 'import' },
      request: { method: 'POST', path: '/openapi/async-import', form: intoGroup(TOO_LONG) },
      error: 'APIG.3603',
    }),
  ],
};
