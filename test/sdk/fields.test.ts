/**
 * What the provider's SDK knows of groups, APIs, environments, publications, tasks and instances, against what it reads: every field is there, and of its type, after
 * imports of the fixtures that have everything, or stands in `NOT_APPLICABLE` with the reason.
 */
import { readFileSync } from 'node:fs';
import type { HttpRequestOptions } from '@huaweicloud/huaweicloud-sdk-core/HcClient.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningMock } from '../../src/mock.ts';
import { testMock } from '../support/mock.ts';
import { apigClient, FormData, type SdkResponse } from './apig-client.ts';

/** The models of the SDK that these reads have: the types of the fields by name. */
const { models } = JSON.parse(readFileSync(new URL('models.json', import.meta.url), 'utf8')) as {
  models: Record<string, Record<string, string>>;
};

const ROMA = 'belongs to ROMA Connect, another service on the same models';
const NO_DOMAINS = 'domains of one’s own cannot be bound: docs/differences.md';
const NO_BACKEND_AUTHORIZER = 'no extension of a file names a back-end authorizer for one back end';
const NO_VERSION = 'no documented response has it: the version is that of the API';
const NO_TRACES = 'no extension of a file turns call tracing on, and no documented response has it';
const CHANNEL_BY_NAME = 'a file knows its load balance channel by name alone';
const NOT_SUPPORTED = '“currently not supported”, by its own description';
const NO_NETWORK = 'nothing of the network of an instance is shown: docs/differences.md';
const NO_IPV6 = 'newer than the documented response, and of the network';
const ORCHESTRATED = 'of conditions on orchestration rules, which no page on files has';

/** A model, or one field of it, that no response of the mock has. */
const NOT_APPLICABLE: Readonly<Record<string, string>> = {
  UrlDomain: NO_DOMAINS,
  SslInfo: NO_DOMAINS,
  ...groups('call_limits', 'no documented response has it: limits of a whole group are set by the service'),
  ...groups('time_interval', 'goes with call_limits'),
  ...groups('time_unit', 'goes with call_limits'),
  ...groups('version', ROMA),
  ...groups('roma_app_id', ROMA),
  ...groups('roma_app_name', ROMA),
  ...apis('roma_app_id', ROMA),
  ...apis('roma_app_name', ROMA),
  ...apis('ld_api_id', ROMA),
  ...apis('domain_name', NO_DOMAINS),
  ...apis('tag', 'to be abolished, by its own description: tags has them'),
  ...apis('trace_enabled', NO_TRACES),
  ...apis('sampling_strategy', NO_TRACES),
  ...apis('sampling_param', NO_TRACES),
  'ApiInfoPerPage.req_params': 'no documented example of the list has it: the read of one API has',
  'BackendApi.authorizer_id': NO_BACKEND_AUTHORIZER,
  'BackendApi.version': NO_VERSION,
  'ApiFunc.authorizer_id': NO_BACKEND_AUTHORIZER,
  'ApiMock.authorizer_id': NO_BACKEND_AUTHORIZER,
  'ApiMock.version': NO_VERSION,
  'ApiPolicyFunctionResp.authorizer_id': NO_BACKEND_AUTHORIZER,
  'ApiPolicyMockResp.authorizer_id': NO_BACKEND_AUTHORIZER,
  'ApiPolicyHttpResp.authorizer_id': NO_BACKEND_AUTHORIZER,
  'VpcInfo.ecs_id': CHANNEL_BY_NAME,
  'VpcInfo.ecs_name': CHANNEL_BY_NAME,
  'VpcInfo.vpc_channel_port': CHANNEL_BY_NAME,
  'ReqParam.regular': NOT_SUPPORTED,
  'ReqParam.json_schema': NOT_SUPPORTED,
  'CoditionResp.mapped_param_name': ORCHESTRATED,
  'CoditionResp.mapped_param_location': ORCHESTRATED,
  CbcOperationLock: 'an instance that runs has no locks',
  EndpointService: NO_NETWORK,
  IpDetails: NO_NETWORK,
  'ShowDetailsOfInstanceV2Response.nat_eip_ipv6_cidr': NO_IPV6,
  'ShowDetailsOfInstanceV2Response.eip_ipv6_address': NO_IPV6,
  'ShowDetailsOfInstanceV2Response.node_ipv6_ips': NO_IPV6,
  'ShowDetailsOfInstanceV2Response.public_ipv6_ips': NO_IPV6,
  'ShowDetailsOfInstanceV2Response.enable_fullstack_ipv6': NO_IPV6,
};
/** Their members may be null, as in the documented examples. */
const WITH_NULL = ['RespInstanceBase', 'ShowDetailsOfInstanceV2Response'];

function groups(field: string, reason: string) {
  const models = [
    'ApiGroupInfo',
    ...['ShowDetailsOf', 'Create', 'Update'].map((what) => `${what}ApiGroupV2Response`),
  ];
  return Object.fromEntries(models.map((model) => [`${model}.${field}`, reason]));
}

function apis(field: string, reason: string) {
  return { [`ApiInfoPerPage.${field}`]: reason, [`ShowDetailsOfApiV2Response.${field}`]: reason };
}

/** What was read of each model: the fields that were there, and what is wrong. */
const read = new Map<string, Set<string>>();
const wrong: string[] = [];

function note(model: string, value: Record<string, unknown>): void {
  const fields = models[model] ?? {};
  const present = read.get(model) ?? new Set();
  read.set(model, present);
  for (const [name, member] of Object.entries(value)) {
    const type = fields[name];
    if (type === undefined) wrong.push(`${model}.${name} is no field of the model`);
    else if (!isOfType(type, member) && !(member === null && WITH_NULL.includes(model)))
      wrong.push(`${model}.${name} is no ${type}: ${JSON.stringify(member)}`);
    else present.add(name);
  }
}

function isOfType(type: string, value: unknown): boolean {
  if (type.endsWith('[]'))
    return Array.isArray(value) && value.every((item) => isOfType(type.slice(0, -2), item));
  if (type === 'Date') return typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:]{8}Z$/.test(value);
  if (!Object.hasOwn(models, type)) return typeof value === type;
  if (typeof value !== 'object' || value === null) return false;
  note(type, { ...value });
  return true;
}

const FIXTURES = [
  ...['backends-3.0.yaml', 'exported-2021.json', 'function-thumbnails.yaml', 'member-group.yaml'],
  ...['policies-3.0.yaml', 'protected-3.0.yaml'],
];
const INSTANCES = '/v2/{project_id}/apigw/instances';
const fixture = (name: string): string =>
  readFileSync(new URL(`../../fixtures/openapi/${name}`, import.meta.url), 'utf8');
const bodyOf = ({ httpStatusCode: _status, ...body }: SdkResponse): Record<string, unknown> => body;
type Call = (model: string, path: string, rest: Partial<HttpRequestOptions>) => Promise<unknown>;

/** Imports a file twice, in step with its request: what is good is created, then left as it is. */
async function importAgain(call: Call, group_id: string): Promise<void> {
  for (const api_mode of ['override', 'merge']) {
    const form = new FormData();
    const fields = { is_create_group: 'false', group_id, api_mode, file_name: fixture('every-failure.yaml') };
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    const contentType = 'multipart/form-data';
    await call('ImportApiDefinitionsV2Response', '/{instance_id}/openapi/import', {
      ...{ method: 'POST', contentType, headers: { 'Content-Type': contentType } },
      data: form as unknown as Record<string, unknown>,
    });
  }
}

describe('what the SDK reads', () => {
  let mock: RunningMock;
  beforeAll(async () => {
    mock = await testMock({ progression: 'immediate' });
    const apig = apigClient({ endpoint: mock.url, projectId: 'p1' });
    const call = async (model: string, path: string, rest: Partial<HttpRequestOptions> = {}) => {
      const url = `${INSTANCES}${path}`;
      const { httpStatusCode, ...body } = await apig.send({
        url,
        pathParams: { instance_id: 'i1' },
        ...rest,
      });
      expect(httpStatusCode).toBeLessThan(300);
      note(model, body);
      return body;
    };
    const post = (model: string, path: string, data: Record<string, unknown>, method = 'POST') =>
      call(model, path, { method, data });
    for (const name of FIXTURES) {
      const begun = await apig.importApiDefinitionsAsync('i1', {
        is_create_group: 'true',
        file_name: fixture(name),
      });
      await mock.control.idle();
      note('ImportApiDefinitionsAsyncResponse', bodyOf(begun));
      note('ShowAsyncTaskResultResponse', bodyOf(await apig.showAsyncTaskResult('i1', begun['task_id'])));
    }
    const { groups } = await call('ListApiGroupsV2Response', '/{instance_id}/api-groups');
    const group = `/{instance_id}/api-groups/${groups[0].id}`;
    await call('ShowDetailsOfApiGroupV2Response', group);
    const queryParams = { return_data_mode: 'include_group,include_group_backend' };
    const { apis } = await call('ListApisV2Response', '/{instance_id}/apis', { queryParams });
    for (const { id } of apis) await call('ShowDetailsOfApiV2Response', `/{instance_id}/apis/${id}`);
    await importAgain(call, groups[0].id);
    await post('CreateApiGroupV2Response', '/{instance_id}/api-groups', { name: 'made_here' });
    await post('UpdateApiGroupV2Response', group, { name: 'renamed', remark: 'for a while' }, 'PUT');
    const stage = { name: 'stage', remark: 'before the rest' };
    const { id: env_id } = await post('CreateEnvironmentV2Response', '/{instance_id}/envs', stage);
    await post('UpdateEnvironmentV2Response', `/{instance_id}/envs/${env_id}`, stage, 'PUT');
    await call('ListEnvironmentsV2Response', '/{instance_id}/envs');
    const publish = { action: 'online', env_id, api_id: apis[0].id };
    await post('CreateOrDeletePublishRecordForApiV2Response', '/{instance_id}/apis/action', publish);
    // The last two are not published there, and not there at all.
    for (const action of ['online', 'offline']) {
      const data = { env_id, apis: [apis[1].id, ...(action === 'offline' ? [apis[2].id, 'unknown'] : [])] };
      const rest = { method: 'POST', data, queryParams: { action } };
      await call('BatchPublishOrOfflineApiV2Response', '/{instance_id}/apis/publish', rest);
    }
    await call('ListApiVersionsV2Response', `/{instance_id}/apis/publish/${apis[0].id}`);
    await call('ListInstancesV2Response', '');
    await call('ShowDetailsOfInstanceV2Response', '/{instance_id}');
  });
  afterAll(() => mock.close());

  it('is of the types that its models have, and has no other fields', () => {
    expect(wrong).toEqual([]);
  });

  const cases = Object.entries(models).flatMap(([model, fields]) =>
    Object.keys(fields).map((field) => ({ model, field })),
  );

  it.each(cases)('$model $field is there, or has a reason not to be', ({ model, field }) => {
    const isThere = read.get(model)?.has(field) ?? false;
    const reason = NOT_APPLICABLE[model] ?? NOT_APPLICABLE[`${model}.${field}`];
    expect(isThere, reason ?? 'no response has it').toBe(reason === undefined);
  });

  it('has no reason for a field that the models do not know', () => {
    const known = new Set([...Object.keys(models), ...cases.map(({ model, field }) => `${model}.${field}`)]);
    expect(Object.keys(NOT_APPLICABLE).filter((name) => !known.has(name))).toEqual([]);
  });
});
