import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { idFromName } from '../../src/core/ids.ts';
import { type Api, type ApiGroup, type InstanceApis, RELEASE_ID } from '../../src/gateway/model.ts';
import { apiToWire, backendToWire, groupInfoToWire, groupToWire } from '../../src/gateway/wire.ts';
import { importText, NOW_MS } from './harness.ts';

function imported(fixture: string, given: { autoPublish?: boolean } = {}) {
  const url = new URL(`../../fixtures/openapi/${fixture}`, import.meta.url);
  const { state } = importText(readFileSync(url), {}, given);
  const [group] = state.groups.values();
  if (group === undefined) throw new Error(`${fixture} has no group`);
  return { state, group, apis: [...group.apis.values()] };
}

const { state, group, apis } = imported('http-orders.yaml');
const toWire = (api: Api | undefined, within: ApiGroup = group, all: InstanceApis = state) =>
  apiToWire(api ?? fail(), within, all);
const fail = (): never => {
  throw new Error('there is no such API');
};

describe('a group', () => {
  const info = {
    id: group.id,
    name: 'orders',
    status: 1,
    sl_domain: `${group.id}.apic.cn-north-7.huaweicloudapis.com`,
    register_time: '2023-07-11T19:54:22Z',
    update_time: '2023-07-11T19:54:22Z',
    on_sell_status: 2,
    url_domains: [],
    sl_domain_access_enabled: true,
  };

  it('is shown with its domains, and without the version that only groups of ROMA Connect have', () => {
    expect(groupToWire(group, 'cn-north-7')).toEqual({
      ...info,
      sl_domains: [info.sl_domain],
      remark: 'Orders of a web shop, stored on one server',
      is_default: 2,
    });
  });

  it('is repeated by its APIs without remark and domains', () => {
    expect(groupInfoToWire(group, 'cn-north-7')).toEqual(info);
  });
});

describe('an API', () => {
  it('is shown in full', () => {
    expect(toWire(apis[0])).toEqual({
      id: apis[0]?.id,
      name: 'list-orders',
      type: 1,
      version: 'V0.0.1',
      req_protocol: 'HTTPS',
      req_method: 'GET',
      req_uri: '/shop/orders',
      auth_type: 'APP',
      auth_opt: { app_code_auth_type: 'DISABLE' },
      cors: true,
      match_mode: 'NORMAL',
      backend_type: 'HTTP',
      remark: '',
      group_id: group.id,
      group_name: 'orders',
      group_version: 'V1',
      tags: ['orders'],
      is_send_fg_body_base64: true,
      result_normal_sample: '{"orders":[]}',
      result_failure_sample: '',
      status: 1,
      arrange_necessary: 2,
      register_time: '2023-07-11T19:54:22Z',
      update_time: '2023-07-11T19:54:22Z',
      run_env_id: RELEASE_ID,
      run_env_name: 'RELEASE',
      publish_id: apis[0]?.publications.get(RELEASE_ID)?.id,
      publish_time: '2023-07-11 19:54:22',
    });
    expect(apis.map((api) => toWire(api)).map((one) => [one.req_protocol, one.type, one.auth_type])).toEqual([
      ['HTTPS', 1, 'APP'],
      ['BOTH', 1, 'APP'],
      ['HTTPS', 1, 'APP'],
      ['HTTPS', 2, 'IAM'],
    ]);
  });

  it('omits its environment while it is not published', () => {
    const quiet = imported('hello.yaml', { autoPublish: false });
    const shown = toWire(quiet.apis[0], quiet.group, quiet.state);
    expect(Object.keys(shown).filter((name) => /^(run|publish)_/.test(name))).toEqual([]);
  });

  it('names the environment of its newest publication first', () => {
    const [api = fail()] = apis;
    const record = api.publications.get(RELEASE_ID) ?? fail();
    const environments = new Map(state.environments);
    const publications = new Map(api.publications);
    for (const [name, sinceThen] of [
      ['older', -1000],
      ['newest', 2000],
      ['newer', 1000],
    ] as const) {
      environments.set(`${name}-id`, { id: `${name}-id`, name, remark: '', createdMs: NOW_MS });
      publications.set(`${name}-id`, { ...record, id: `${name}-record`, publishedMs: NOW_MS + sinceThen });
    }
    expect(toWire({ ...api, publications }, group, { ...state, environments })).toMatchObject({
      run_env_id: `newest-id|newer-id|${RELEASE_ID}|older-id`,
      run_env_name: 'newest|newer|RELEASE|older',
      publish_id: `newest-record|newer-record|${record.id}|older-record`,
      publish_time: '2023-07-11 19:54:24|2023-07-11 19:54:23|2023-07-11 19:54:22|2023-07-11 19:54:21',
    });
  });

  it('has the id of the gateway response that it names, if its group has it', () => {
    const guarded = imported('policies.yaml');
    expect(toWire(guarded.apis[0], guarded.group, guarded.state).response_id).toBe(
      idFromName('response', guarded.group.id, 'friendly'),
    );
    const without = toWire(guarded.apis[0], { ...guarded.group, responses: {} }, guarded.state);
    expect(without).not.toHaveProperty('response_id');
  });

  it.each([
    [{}, {}],
    [
      { content: { 'application/json': { schema: { example: '', type: 'object' } } } },
      { content_type: 'application/json' },
    ],
    [
      { content: { 'text/plain': { schema: { example: 'an order', type: 'string' } } } },
      { content_type: 'text/plain', body_remark: 'an order' },
    ],
    [
      { content: { 'application/xml': { schema: { example: { id: 7 } } } } },
      { content_type: 'application/xml', body_remark: '{"id":7}' },
    ],
    [{ content: { 'image/png': {} } }, {}],
  ])('has of the body %j what the model has', (requestBody, expected) => {
    const [api = fail()] = apis;
    const { body_remark, content_type } = toWire({ ...api, definition: { ...api.definition, requestBody } });
    expect(JSON.parse(JSON.stringify({ body_remark, content_type }))).toEqual(expected);
  });

  it('shows when the body that a function gets is not encoded', () => {
    const [api = fail()] = apis;
    const extensions = { ...api.definition.extensions, 'x-apigateway-is-send-fg-body-base64': false };
    expect(toWire({ ...api, definition: { ...api.definition, extensions } }).is_send_fg_body_base64).toBe(
      false,
    );
  });
});

describe('a back end', () => {
  it('on the web is shown as it was imported', () => {
    expect(backendToWire(apis[0] ?? fail())).toEqual({
      url_domain: 'orders.example.com:8443',
      req_protocol: 'HTTPS',
      remark: 'The server that keeps the orders',
      req_method: 'GET',
      req_uri: '/internal/orders',
      timeout: 8000,
      enable_client_ssl: false,
      retry_count: '1',
      id: idFromName('backend', apis[0]?.id ?? ''),
      status: 1,
      register_time: '2023-07-11T19:54:22Z',
      update_time: '2023-07-11T19:54:22Z',
      vpc_channel_status: 2,
    });
  });

  it('has the defaults of the service where nothing was imported', () => {
    const [api = fail()] = apis;
    const extensions = {
      'x-apigateway-backend': { type: 'HTTP', httpEndpoints: { address: 'a.example.com' } },
    };
    expect(backendToWire({ ...api, definition: { ...api.definition, extensions } })).toMatchObject({
      url_domain: 'a.example.com',
      req_protocol: 'HTTPS',
      remark: '',
      req_method: 'GET',
      req_uri: '/shop/orders',
      timeout: 5000,
      enable_client_ssl: false,
      retry_count: '-1',
    });
  });

  it('behind a load balance channel names the channel by its id', () => {
    const inventory = imported('http-vpc-inventory.json');
    const id = idFromName('vpc-channel', 'inventory-channel');
    expect(backendToWire(inventory.apis[0] ?? fail())).toMatchObject({
      url_domain: id,
      vpc_channel_status: 1,
      vpc_channel_info: { vpc_channel_id: id, vpc_channel_proxy_host: '' },
    });
  });

  it('of another kind is none of the web', () => {
    expect(imported('hello.yaml').apis.map((api) => backendToWire(api))).toEqual([undefined]);
    expect(backendToWire(imported('function-thumbnails.yaml').apis[0] ?? fail())).toBeUndefined();
  });
});
