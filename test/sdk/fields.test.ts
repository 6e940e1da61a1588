/**
 * What the provider's SDK knows of groups and APIs, against what it reads: every field is there, and of its type, after
 * imports of the fixtures that have everything, or stands in `NOT_APPLICABLE` with the reason.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningMock } from '../../src/mock.ts';
import { testMock } from '../support/mock.ts';
import { apigClient } from './apig-client.ts';

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
};

function groups(field: string, reason: string) {
  return { [`ApiGroupInfo.${field}`]: reason, [`ShowDetailsOfApiGroupV2Response.${field}`]: reason };
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
    else if (!isOfType(type, member)) wrong.push(`${model}.${name} is no ${type}: ${JSON.stringify(member)}`);
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
const RESPONSES = [
  'ListApiGroupsV2Response',
  'ShowDetailsOfApiGroupV2Response',
  'ListApisV2Response',
  'ShowDetailsOfApiV2Response',
];
const INSTANCE = '/v2/{project_id}/apigw/instances/{instance_id}';

describe('what the SDK reads', () => {
  let mock: RunningMock;
  beforeAll(async () => {
    mock = await testMock({ progression: 'immediate' });
    const apig = apigClient({ endpoint: mock.url, projectId: 'p1' });
    const get = async (path: string, queryParams: Record<string, string> = {}) => {
      const { httpStatusCode, ...body } = await apig.send({
        ...{ url: `${INSTANCE}/${path}`, pathParams: { instance_id: 'i1' }, queryParams },
      });
      expect(httpStatusCode).toBe(200);
      return body;
    };
    for (const name of FIXTURES) {
      const file = readFileSync(new URL(`../../fixtures/openapi/${name}`, import.meta.url), 'utf8');
      await apig.importApiDefinitionsAsync('i1', { is_create_group: 'true', file_name: file });
    }
    await mock.control.idle();
    const groupList = await get('api-groups');
    note('ListApiGroupsV2Response', groupList);
    note('ShowDetailsOfApiGroupV2Response', await get(`api-groups/${groupList['groups'][0].id}`));
    const apiList = await get('apis', { return_data_mode: 'include_group,include_group_backend' });
    note('ListApisV2Response', apiList);
    for (const { id } of apiList['apis']) note('ShowDetailsOfApiV2Response', await get(`apis/${id}`));
  });
  afterAll(() => mock.close());

  it('is of the types that its models have, and has no other fields', () => {
    expect([...read.keys()]).toEqual(expect.arrayContaining(RESPONSES));
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
