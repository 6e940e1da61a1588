/** Scenarios at the end of a run: what stands on the instance beside groups, the clean-up, and what all tasks showed. */
import { GUARDED } from '../documents.ts';
import { anId, aTime, both, holding, jsonText, likeText, nothing, someList, someText } from '../matchers.ts';
import type { Scenario, StepRequest } from '../scenario.ts';
import {
  api,
  created,
  exportEnds,
  importEnds,
  importReport,
  intoGroup,
  jsonHeaders,
  page,
  RELEASE,
  rejected,
  submitsImport,
} from './shapes.ts';

const environments = (method: 'POST' | 'DELETE', path: string, json?: object): StepRequest => ({
  ...{ method, path: `/envs${path}` },
  ...(json && { json }),
});

export const ENTITIES: Scenario = {
  id: 'entities',
  title: 'An authorizer, policies and an environment, which belong to the instance',
  leaves: 'a custom authorizer, two policies and an environment',
  steps: [
    submitsImport('submit', 'the import is accepted', { form: intoGroup(GUARDED), task: 'guarded_task' }),
    importEnds({
      ...{
        id: 'ends',
        title: 'imports the API that they protect',
        task: 'guarded_task',
        source: 'extensions',
      },
      result: importReport({ success: [created('GET', '/conform/guarded')] }),
      save: { guarded: '/success/0/id' },
    }),
    {
      ...{ kind: 'request', id: 'shown', title: 'the API is protected by the authorizer' },
      ...{ operation: 'ListApisV2', source: 'apis' },
      request: { method: 'GET', path: '/apis', query: { id: '{{guarded}}' } },
      expect: {
        status: 200,
        headers: jsonHeaders,
        body: page({
          apis: [both(api({ id: '{{guarded}}', auth_type: 'AUTHORIZER' }), holding({ authorizer_id: anId }))],
        }),
      },
    },
    {
      ...{ kind: 'request', id: 'publish', title: 'it is published' },
      ...{ operation: 'BatchPublishOrOfflineApiV2', source: 'publish' },
      request: {
        ...{ method: 'POST', path: '/apis/publish', query: { action: 'online' } },
        json: { env_id: RELEASE, apis: ['{{guarded}}'] },
      },
      expect: { status: 200, headers: jsonHeaders, body: holding({ failure: [] }) },
    },
    {
      ...{ kind: 'request', id: 'export-submit', title: 'its export is accepted' },
      ...{ operation: 'ExportApiDefinitionsAsync', source: 'export' },
      request: {
        ...{ method: 'POST', path: '/openapi/async-export' },
        json: { env_id: RELEASE, group_id: '{{group}}', define: 'all', apis: ['{{guarded}}'] },
      },
      expect: { status: 202, headers: jsonHeaders, body: { task_id: anId } },
      save: { guarded_export: '/task_id' },
    },
    exportEnds({
      ...{
        id: 'export-ends',
        title: 'define=all has the authorizer and the policies',
        task: 'guarded_export',
      },
      source: 'extensions',
      result: {
        FileName: likeText(
          'a name with the present time',
          /^apig_mock_conform_\w+-RELEASE-all-\d{4}-\d\d-\d\d-\d\d:\d\d:\d\d$/,
        ),
        FileType: '.json',
        Comment: jsonText(
          holding({
            paths: holding({
              '/conform/guarded': holding({
                get: holding({
                  security: [{ conform_authorizer: [] }],
                  'x-apigateway-ratelimit': 'conform_twenty',
                  'x-apigateway-access-control': 'conform_office',
                }),
              }),
            }),
            securityDefinitions: holding({
              conform_authorizer: holding({
                'x-apigateway-auth-type': 'AUTHORIZER',
                'x-apigateway-authorizer': holding({ type: 'FRONTEND', authorizer_type: 'FUNC' }),
              }),
            }),
            'x-apigateway-ratelimits': holding({
              conform_twenty: holding({ 'api-limit': 20, unit: 'MINUTE' }),
            }),
            'x-apigateway-access-controls': holding({ conform_office: holding({ 'acl-type': 'PERMIT' }) }),
          }),
        ),
      },
    }),
    {
      ...{ kind: 'request', id: 'offline', title: 'it is taken offline' },
      ...{ operation: 'BatchPublishOrOfflineApiV2', source: 'publish' },
      request: {
        ...{ method: 'POST', path: '/apis/publish', query: { action: 'offline' } },
        json: { env_id: RELEASE, apis: ['{{guarded}}'] },
      },
      expect: { status: 200, headers: jsonHeaders, body: holding({ failure: [] }) },
    },
    {
      ...{
        kind: 'request',
        id: 'deleted',
        title: 'and deleted',
        operation: 'DeleteApiV2',
        source: 'deleteApi',
      },
      request: { method: 'DELETE', path: '/apis/{{guarded}}' },
      expect: { status: 204, body: nothing },
    },
    rejected({
      ...{ id: 'environment-taken', title: 'an environment whose name is taken is rejected' },
      ...{ operation: 'CreateEnvironmentV2', source: 'changeEnvironment' },
      ...{ request: environments('POST', '', { name: 'RELEASE' }), error: 'APIG.3205' },
    }),
    {
      ...{ kind: 'request', id: 'environment', title: 'an environment is created' },
      ...{ operation: 'CreateEnvironmentV2', source: 'changeEnvironment' },
      request: environments('POST', '', { name: '{{name}}' }),
      expect: {
        status: 201,
        headers: jsonHeaders,
        body: holding({ id: someText, name: '{{name}}', create_time: aTime, remark: someText }),
      },
      save: { environment: '/id' },
    },
    {
      ...{ kind: 'request', id: 'environment-deleted', title: 'and deleted' },
      ...{ operation: 'DeleteEnvironmentV2', source: 'changeEnvironment' },
      request: environments('DELETE', '/{{environment}}'),
      expect: { status: 204, body: nothing },
    },
    rejected({
      ...{ id: 'environment-gone', title: 'and is gone' },
      ...{ operation: 'DeleteEnvironmentV2', source: 'changeEnvironment' },
      ...{
        request: environments('DELETE', '/{{environment}}'),
        error: 'APIG.3003',
        about: '{{environment}}',
      },
    }),
  ],
};

export const CLEAN_UP: Scenario = {
  id: 'clean-up',
  title: 'Taking the group away',
  steps: [
    {
      ...{ kind: 'request', id: 'offline', title: 'its APIs are taken offline' },
      ...{ operation: 'BatchPublishOrOfflineApiV2', source: 'publish' },
      request: {
        ...{ method: 'POST', path: '/apis/publish', query: { action: 'offline' } },
        json: { env_id: RELEASE, group_id: '{{group}}' },
      },
      expect: { status: 200, headers: jsonHeaders, body: holding({ success: someList, failure: someList }) },
    },
    ...['greeting', 'order', 'test1', 'bare', 'volume', 'good'].map((name): Scenario['steps'][number] => ({
      ...{ kind: 'request', id: `delete-${name}`, title: `the API ${name} is deleted` },
      ...{ operation: 'DeleteApiV2', source: 'deleteApi' },
      request: { method: 'DELETE', path: `/apis/{{${name}}}` },
      expect: { status: 204, body: nothing },
    })),
    rejected({
      ...{ id: 'api-gone', title: 'an API that was deleted is gone' },
      ...{ operation: 'ShowDetailsOfApiV2', source: 'apis' },
      request: { method: 'GET', path: '/apis/{{greeting}}' },
      ...{ error: 'APIG.3002', about: '{{greeting}}' },
    }),
    {
      ...{ kind: 'request', id: 'delete-group', title: 'the group is deleted' },
      ...{ operation: 'DeleteApiGroupV2', source: 'changeGroup' },
      request: { method: 'DELETE', path: '/api-groups/{{group}}' },
      expect: { status: 204, body: nothing },
    },
    rejected({
      ...{ id: 'group-gone', title: 'and is gone' },
      ...{ operation: 'ShowDetailsOfApiGroupV2', source: 'groups' },
      request: { method: 'GET', path: '/api-groups/{{group}}' },
      ...{ error: 'APIG.3001', about: '{{group}}' },
    }),
  ],
};

export const STATES: Scenario = {
  id: 'states',
  title: 'The states of a task',
  steps: [
    {
      ...{
        kind: 'states',
        id: 'all-seen',
        title: 'the tasks of this run were seen in every documented state',
      },
      ...{ operation: 'ShowAsyncTaskResult', source: 'show' },
      states: ['waiting', 'processing', 'succeed', 'failed'],
    },
  ],
};
