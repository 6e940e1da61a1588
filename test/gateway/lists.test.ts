import { readFileSync } from 'node:fs';
import type { Static } from '@sinclair/typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkPage, listApis, listEnvironments, listGroups } from '../../src/gateway/lists.ts';
import { EMPTY_INSTANCE, RELEASE_ID } from '../../src/gateway/model.ts';
import type { ApiFilter } from '../../src/gateway/schemas.ts';
import type { RunningMock } from '../../src/mock.ts';
import { call, testMock } from '../support/mock.ts';
import { importText } from './harness.ts';

const ORDERS = new URL('../../fixtures/openapi/http-orders.yaml', import.meta.url);
const orders = importText(readFileSync(ORDERS));
const groupId = orders.report.group_id;
const page = checkPage({});

describe('paging', () => {
  it.each([
    [{}, { offset: 0, limit: 20 }],
    [
      { offset: '', limit: '' },
      { offset: 0, limit: 20 },
    ],
    [
      { offset: '40', limit: '500' },
      { offset: 40, limit: 500 },
    ],
    [
      { offset: 3, limit: 1 },
      { offset: 3, limit: 1 },
    ],
    [
      { offset: '-1', limit: '0' },
      { offset: 0, limit: 20 },
    ],
    [
      { offset: '-9223372036854775808', limit: '-7' },
      { offset: 0, limit: 20 },
    ],
    [
      { offset: '99999999999999999', limit: '501' },
      { offset: 1e17, limit: 500 },
    ],
    [{ limit: '2147483647' }, { offset: 0, limit: 500 }],
  ])('%j', (query, expected) => {
    expect(checkPage(query)).toEqual(expected);
  });

  it.each([
    [{ limit: 'ten' }, 'limit'],
    [{ limit: '1.5' }, 'limit'],
    [{ limit: '01' }, 'limit'],
    [{ limit: '-0' }, 'limit'],
    [{ limit: '1e2' }, 'limit'],
    [{ limit: '2147483648' }, 'limit'],
    [{ offset: ' 5' }, 'offset'],
    [{ limit: ['1', '2'] }, 'limit'],
    [{ offset: '9223372036854775808' }, 'offset'],
  ])('%j is rejected', (query, name) => {
    expect(() => checkPage(query)).toThrow(
      expect.objectContaining({
        code: 'APIG.2012',
        message: expect.stringContaining(`parameterName:${name}.`),
      }),
    );
  });
});

const apisOf = (filter: Static<typeof ApiFilter>, state = orders.state) =>
  listApis(state, page, { ...filter, region: 'cn-north-7' });

describe('the lists', () => {
  it.each([
    [{}, 1],
    [{ name: 'rder' }, 1],
    [{ name: 'rder', precise_search: 'name' }, 0],
    [{ name: 'orders', precise_search: 'name' }, 1],
    [{ name: 'none' }, 0],
    [{ id: groupId }, 1],
    [{ id: 'none' }, 0],
    [{ id: '', name: '', precise_search: '' }, 1],
  ])('filter groups by %j', (filter, total) => {
    expect(listGroups(orders.state, page, { ...filter, region: 'r' }).total).toBe(total);
  });

  it.each([
    [{}, 4],
    [{ name: 'order' }, 4],
    [{ name: 'place' }, 1],
    [{ name: 'order', precise_search: 'name' }, 0],
    [{ name: 'place-order', precise_search: 'req_uri,name' }, 1],
    [{ group_id: 'none' }, 0],
    [{ req_method: 'GET' }, 2],
    [{ req_uri: '{id}' }, 2],
    [{ req_uri: '/shop/orders' }, 4],
    [{ req_uri: '/shop/orders', precise_search: 'req_uri' }, 2],
    [{ req_protocol: 'HTTPS' }, 3],
    [{ req_protocol: 'BOTH' }, 1],
    [{ req_protocol: 'HTTP' }, 0],
    [{ auth_type: 'IAM' }, 1],
    [{ env_id: RELEASE_ID }, 4],
    [{ env_id: 'none' }, 0],
    [{ id: 'none' }, 0],
    [{ type: 1 }, 3],
    [{ type: 2 }, 1],
    [{ vpc_channel_name: 'none' }, 0],
    [{ tags: 'orders' }, 2],
    [{ tags: ' none, orders ' }, 2],
    [{ tags: 'none' }, 0],
    [{ tags: '#no_tags#' }, 2],
    [{ tags: '#no_tags#,orders' }, 4],
    [{ tags: '', name: '', req_method: '', env_id: '', vpc_channel_name: '' }, 4],
  ])('filter APIs by %j', (filter, total) => {
    expect(apisOf(filter).total).toBe(total);
  });

  it.each([
    ['inventory-channel', 2],
    ['tory', 2],
    ['orders', 0],
  ])('filter APIs by the channel %s', (vpc_channel_name, total) => {
    const url = new URL('../../fixtures/openapi/http-vpc-inventory.json', import.meta.url);
    expect(apisOf({ vpc_channel_name }, importText(readFileSync(url)).state).total).toBe(total);
  });

  it.each([
    [undefined, []],
    ['brief', []],
    ['include_group', ['api_group_info']],
    ['brief,include_group_backend', ['backend_api']],
    ['include_group, include_group_backend', ['api_group_info', 'backend_api']],
  ])('show beside an API what return_data_mode %s asks for', (mode, members) => {
    const [api] = apisOf({ ...(mode && { return_data_mode: mode }) }).apis;
    expect(Object.keys(api ?? {}).filter((name) => /^(api_group_info|backend_api)$/.test(name))).toEqual(
      members,
    );
  });

  it('give the window asked for, and the number of all', () => {
    const { size, total, apis } = listApis(orders.state, { offset: 3, limit: 2 }, { region: 'r' });
    expect({ size, total, names: apis.map(({ name }) => name) }).toEqual({
      size: 1,
      total: 4,
      names: ['cancel-order'],
    });
    expect(listApis(orders.state, { offset: 9, limit: 2 }, { region: 'r' })).toEqual({
      size: 0,
      total: 4,
      apis: [],
    });
  });

  it('have RELEASE among the environments of every instance', () => {
    expect(listEnvironments(EMPTY_INSTANCE, page)).toEqual({
      size: 1,
      total: 1,
      envs: [{ id: RELEASE_ID, name: 'RELEASE', remark: '生产环境', create_time: '2020-10-14T16:15:19Z' }],
    });
    expect(listEnvironments(EMPTY_INSTANCE, page, { name: 'LEASE' }).total).toBe(1);
    expect(listEnvironments(EMPTY_INSTANCE, page, { name: 'DEV' }).total).toBe(0);
  });
});

describe('the queries of the lists', () => {
  let mock: RunningMock;
  const at = (path: string) => `${mock.url}/v2/p1/apigw/instances/i1/${path}`;
  beforeAll(async () => {
    mock = await testMock();
    const form = new FormData();
    form.set('file_name', new Blob([readFileSync(ORDERS)]), 'orders.yaml');
    const response = await fetch(at('openapi/import'), {
      method: 'POST',
      headers: { 'x-auth-token': 'dev-token' },
      body: form,
    });
    expect(response.status).toBe(200);
  });
  afterAll(() => mock.close());

  it.each([
    ['apis?type=2', 1],
    ['apis?type=1&req_method=GET', 2],
    ['apis?req_protocol=BOTH', 1],
    ['apis?auth_type=IAM&env_id=DEFAULT_ENVIRONMENT_RELEASE_ID', 1],
    ['apis?name=order&precise_search=name,req_uri', 0],
    ['apis?tags=%23no_tags%23', 2],
    ['apis?vpc_channel_name=none', 0],
    ['apis?req_method=&auth_type=&precise_search=&return_data_mode=&tags=&limit=&offset=', 4],
    ['apis?limit=0&offset=-3', 4],
    ['apis?limit=501', 4],
    ['api-groups?name=rder&precise_search=name', 0],
    ['api-groups?name=rder', 1],
    ['envs?name=LEASE', 1],
    ['envs?name=DEV', 0],
  ])('filter by %s', async (path, size) => {
    const { status, body } = await call(at(path));
    expect({ status, size: body.size, total: body.total }).toEqual({ status: 200, size, total: size });
  });

  it('show group and back end when they ask for them', async () => {
    const { body } = await call(at('apis?return_data_mode=include_group,include_group_backend&limit=1'));
    expect(body).toMatchObject({
      size: 1,
      total: 4,
      apis: [{ api_group_info: { name: 'orders' }, backend_api: { req_uri: '/internal/orders' } }],
    });
  });

  it.each([
    ['apis?type=private', 'type'],
    ['apis?type=0', 'type'],
    ['apis?type=3', 'type'],
    ['apis?type=1&type=2', 'type'],
    ['apis?req_protocol=FTP', 'req_protocol'],
    ['apis?req_protocol=https', 'req_protocol'],
    ['apis?req_method=FETCH', 'req_method'],
    ['apis?auth_type=BASIC', 'auth_type'],
    ['apis?precise_search=remark', 'precise_search'],
    ['apis?precise_search=name,remark', 'precise_search'],
    ['apis?return_data_mode=full', 'return_data_mode'],
    ['apis?name=a&name=b', 'name'],
    ['apis?limit=ten', 'limit'],
    ['apis?offset=1.5', 'offset'],
    ['api-groups?precise_search=id', 'precise_search'],
    ['api-groups?id=a&id=b', 'id'],
    ['envs?name=a&name=b', 'name'],
    ['envs?limit=2147483648', 'limit'],
  ])('are rejected: %s', async (path, name) => {
    const { status, body, headers } = await call(at(path));
    expect({ status, body }).toEqual({
      status: 400,
      body: {
        error_code: 'APIG.2012',
        error_msg: `Invalid parameter value,parameterName:${name}. Please refer to the support documentation`,
      },
    });
    expect(headers['x-mock-reason']).toContain(`${name}`);
  });
});
