/** Scenarios that change nothing: polls, credentials, lists, and what is rejected before anything is created. */

import { titled } from '../documents.ts';
import { type Expected, each, holding, including, likeText, someList, someText } from '../matchers.ts';
import type { RequestStep, Scenario } from '../scenario.ts';
import { api, file, group, jsonHeaders, page, RELEASE, rejected, UNKNOWN } from './shapes.ts';

const poll = (path: string) => ({ method: 'GET', path: `/async-tasks${path}` }) as const;

export const POLLS: Scenario = {
  id: 'polls',
  title: 'Polls that are rejected',
  readOnly: true,
  steps: [
    rejected({
      ...{ id: 'unknown-task', title: 'a task that does not exist', operation: 'ShowAsyncTaskResult' },
      ...{ request: poll(`/${UNKNOWN}`), source: 'show', error: 'APIG.3093', about: UNKNOWN },
    }),
    rejected({
      ...{ id: 'no-task-id', title: 'no task id', operation: undefined },
      ...{ request: poll(''), source: 'show', error: 'APIG.2001', about: 'task_id' },
    }),
    rejected({
      ...{ id: 'empty-task-id', title: 'an empty task id', operation: undefined },
      ...{ request: poll('/'), source: 'show', error: 'APIG.2001', about: 'task_id' },
    }),
    rejected({
      ...{ id: 'no-token', title: 'no credentials', operation: 'ShowAsyncTaskResult' },
      request: { ...poll(`/${UNKNOWN}`), caller: 'nobody' },
      ...{ source: 'show', error: 'APIG.1002' },
    }),
    rejected({
      ...{ id: 'wrong-token', title: 'a token that is none', operation: 'ShowAsyncTaskResult' },
      request: { ...poll(`/${UNKNOWN}`), caller: 'unknown token' },
      ...{ source: 'show', error: 'APIG.1002' },
    }),
    {
      ...{ kind: 'request', id: 'wrong-signature', title: 'a signature with another secret' },
      ...{ operation: 'ShowAsyncTaskResult', source: 'signing', needs: 'key' },
      request: { ...poll(`/${UNKNOWN}`), caller: 'wrong secret' },
      expect: {
        status: 401,
        headers: jsonHeaders,
        body: holding({
          error_code: 'APIGW.0301',
          error_msg: likeText(
            '"Incorrect IAM authentication information: …"',
            /^Incorrect IAM authentication information: /,
          ),
        }),
      },
    },
    rejected({
      ...{ id: 'other-project', title: 'a project of somebody else', operation: 'ShowAsyncTaskResult' },
      request: {
        method: 'GET',
        path: `/v2/${UNKNOWN}/apigw/instances/{{instance}}/async-tasks/${UNKNOWN}`,
        absolute: true,
      },
      ...{ source: 'show', error: 'APIG.1005', needs: 'key' },
    }),
  ],
};

interface Listing extends Pick<RequestStep, 'id' | 'title' | 'operation' | 'source'> {
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body: NonNullable<RequestStep['expect']['body']>;
  readonly absolute?: true;
}
const lists = ({ path, query = {}, body, absolute, ...step }: Listing): RequestStep => ({
  ...step,
  kind: 'request',
  foreign: true,
  request: { method: 'GET', path, query, ...(absolute && { absolute }) },
  expect: { status: 200, headers: jsonHeaders, body },
});
const environment = holding({ id: RELEASE, name: 'RELEASE', create_time: someText, remark: someText });
const instanceWith = (id: Expected) =>
  holding({
    id,
    project_id: '{{project}}',
    instance_name: someText,
    status: someText,
    type: someText,
    spec: someText,
  });
const noneOf = (name: string) => page({ size: 0, [name]: [] });

export const LISTS: Scenario = {
  id: 'lists',
  title: 'Lists and what they show',
  readOnly: true,
  steps: [
    lists({
      ...{ id: 'groups', title: 'the groups', operation: 'ListApiGroupsV2', source: 'groups' },
      ...{ path: '/api-groups', query: { limit: '2' }, body: page({ groups: each(group()) }) },
    }),
    lists({
      ...{ id: 'groups-by-id', title: 'a group that does not exist', operation: 'ListApiGroupsV2' },
      ...{ source: 'groups', path: '/api-groups', query: { id: UNKNOWN }, body: noneOf('groups') },
    }),
    lists({
      ...{
        id: 'groups-limit',
        title: 'a limit of 0 is 20, one above 500 is 500',
        operation: 'ListApiGroupsV2',
      },
      ...{
        source: 'lists',
        path: '/api-groups',
        query: { limit: '0', offset: '-1' },
        body: page({ groups: someList }),
      },
    }),
    lists({
      ...{ id: 'groups-offset', title: 'an offset behind the end', operation: 'ListApiGroupsV2' },
      ...{ source: 'groups', path: '/api-groups', query: { offset: '1000000' }, body: noneOf('groups') },
    }),
    lists({
      ...{ id: 'apis', title: 'the APIs', operation: 'ListApisV2', source: 'apis' },
      path: '/apis',
      query: { limit: '2' },
      body: page({ apis: each(api({ group_id: someText, group_name: someText })) }),
    }),
    lists({
      ...{
        id: 'apis-of-no-group',
        title: 'the APIs of a group that does not exist',
        operation: 'ListApisV2',
      },
      ...{ source: 'apis', path: '/apis', query: { group_id: UNKNOWN }, body: noneOf('apis') },
    }),
    lists({
      ...{ id: 'environments', title: 'RELEASE is always there', operation: 'ListEnvironmentsV2' },
      ...{ source: 'environments', path: '/envs', query: { name: 'RELEASE' } },
      body: page({ envs: including(environment) }),
    }),
    lists({
      ...{ id: 'instances', title: 'the instances of the project', operation: 'ListInstancesV2' },
      ...{ source: 'instances', path: '/v2/{{project}}/apigw/instances', absolute: true },
      body: page({ instances: each(instanceWith(someText)) }),
    }),
    lists({
      ...{ id: 'instance', title: 'the instance', operation: 'ShowDetailsOfInstanceV2', source: 'instances' },
      ...{ path: '', body: instanceWith('{{instance}}') },
    }),
    rejected({
      ...{ id: 'bad-limit', title: 'a limit that is no number', operation: 'ListApiGroupsV2' },
      request: { method: 'GET', path: '/api-groups', query: { limit: 'many' } },
      ...{ source: 'codes', error: 'APIG.2012', about: 'limit' },
    }),
    rejected({
      ...{ id: 'unknown-group', title: 'a group that does not exist', operation: 'ShowDetailsOfApiGroupV2' },
      request: { method: 'GET', path: `/api-groups/${UNKNOWN}` },
      ...{ source: 'groups', error: 'APIG.3001', about: UNKNOWN },
    }),
    rejected({
      ...{ id: 'unknown-api', title: 'an API that does not exist', operation: 'ShowDetailsOfApiV2' },
      request: { method: 'GET', path: `/apis/${UNKNOWN}` },
      ...{ source: 'apis', error: 'APIG.3002', about: UNKNOWN },
    }),
    rejected({
      ...{ id: 'unknown-route', title: 'a path that does not exist', operation: undefined },
      request: { method: 'GET', path: '/v2/apig-mock-conform', absolute: true },
      ...{ source: 'codes', error: 'APIG.0101' },
    }),
  ],
};

const imports = (form: Readonly<Record<string, string | ReturnType<typeof file>>>) =>
  ({ method: 'POST', path: '/openapi/async-import', form }) as const;
const exports = (json: object, query: Readonly<Record<string, string>> = {}) =>
  ({ method: 'POST', path: '/openapi/async-export', json, query }) as const;
/** Into a group that does not exist: if the rest is accepted after all, the task fails and creates nothing. */
const INTO_NOTHING = { is_create_group: 'false', group_id: UNKNOWN };
const GOOD = titled('{{name}}');
const IMPORT = { operation: 'ImportApiDefinitionsAsync', source: 'import' } as const;
const EXPORT = { operation: 'ExportApiDefinitionsAsync', source: 'export' } as const;

export const REJECTIONS: Scenario = {
  id: 'rejections',
  title: 'What is rejected before a task is created',
  readOnly: true,
  steps: [
    rejected({
      ...{ id: 'import-no-file', title: 'an import without a file', ...IMPORT },
      ...{ request: imports(INTO_NOTHING), error: 'APIG.2001', about: 'file_name' },
    }),
    rejected({
      ...{ id: 'import-empty-file', title: 'an import of an empty file', ...IMPORT },
      ...{ request: imports({ ...INTO_NOTHING, file_name: file('') }), error: 'APIG.3609' },
    }),
    rejected({
      ...{ id: 'import-no-group', title: 'an import into a group that is not named', ...IMPORT },
      request: imports({ is_create_group: 'false', file_name: file(GOOD) }),
      ...{ error: 'APIG.2001', about: 'group_id' },
    }),
    rejected({
      ...{ id: 'import-bad-mode', title: 'an import with an unknown api_mode', ...IMPORT },
      request: imports({ ...INTO_NOTHING, api_mode: 'replace', file_name: file(GOOD) }),
      ...{ error: 'APIG.2012', about: 'api_mode' },
    }),
    rejected({
      ...{ id: 'import-no-token', title: 'an import without credentials', ...IMPORT },
      request: { ...imports({ ...INTO_NOTHING, file_name: file(GOOD) }), caller: 'nobody' },
      error: 'APIG.1002',
    }),
    rejected({
      ...{ id: 'export-no-environment', title: 'an export without env_id', ...EXPORT },
      ...{ request: exports({ group_id: UNKNOWN }), error: 'APIG.2001', about: 'env_id' },
    }),
    rejected({
      ...{ id: 'export-no-group', title: 'an export without group_id', ...EXPORT },
      ...{ request: exports({ env_id: RELEASE }), error: 'APIG.2001', about: 'group_id' },
    }),
    rejected({
      ...{ id: 'export-bad-type', title: 'an export of an unknown type', ...EXPORT },
      request: exports({ env_id: RELEASE, group_id: UNKNOWN, type: 'xml' }),
      ...{ error: 'APIG.2012', about: 'type' },
    }),
    rejected({
      ...{ id: 'export-bad-define', title: 'an export with an unknown define', ...EXPORT },
      request: exports({ env_id: RELEASE, group_id: UNKNOWN, define: 'everything' }),
      ...{ error: 'APIG.2012', about: 'define' },
    }),
    rejected({
      ...{ id: 'export-bad-version', title: 'an export in an unknown version of OpenAPI', ...EXPORT },
      request: exports({ env_id: RELEASE, group_id: UNKNOWN }, { oas_version: '4.0' }),
      ...{ error: 'APIG.2012', about: 'oas_version' },
    }),
    rejected({
      ...{ id: 'publish-bad-action', title: 'publishing with an unknown action' },
      ...{ operation: 'BatchPublishOrOfflineApiV2', source: 'publish' },
      request: {
        ...{ method: 'POST', path: '/apis/publish', query: { action: 'sideways' } },
        json: { env_id: RELEASE, group_id: UNKNOWN },
      },
      error: 'APIG.2011',
      text: 'Invalid parameter value: parameter action should be "online" or "offline"',
    }),
    rejected({
      ...{ id: 'publish-no-environment', title: 'publishing without env_id' },
      ...{ operation: 'BatchPublishOrOfflineApiV2', source: 'publish' },
      request: {
        ...{ method: 'POST', path: '/apis/publish', query: { action: 'online' } },
        json: { group_id: UNKNOWN },
      },
      ...{ error: 'APIG.2001', about: 'env_id' },
    }),
    rejected({
      ...{ id: 'publish-unknown-environment', title: 'publishing to an environment that does not exist' },
      ...{ operation: 'BatchPublishOrOfflineApiV2', source: 'publish' },
      request: {
        ...{ method: 'POST', path: '/apis/publish', query: { action: 'online' } },
        json: { env_id: UNKNOWN, group_id: UNKNOWN },
      },
      ...{ error: 'APIG.3003', about: UNKNOWN },
    }),
    rejected({
      ...{ id: 'sync-import-unknown-group', title: 'a synchronous import into a group that does not exist' },
      ...{ operation: 'ImportApiDefinitionsV2', source: 'importNow' },
      request: { method: 'POST', path: '/openapi/import', form: { ...INTO_NOTHING, file_name: file(GOOD) } },
      ...{ error: 'APIG.3001', text: 'API group not found' },
    }),
    rejected({
      ...{ id: 'sync-export-unknown-group', title: 'a synchronous export of a group that does not exist' },
      ...{ operation: 'ExportApiDefinitionsV2', source: 'exportNow' },
      request: { method: 'POST', path: '/openapi/export', json: { env_id: RELEASE, group_id: UNKNOWN } },
      ...{ error: 'APIG.3001', about: UNKNOWN },
    }),
  ],
};
