/** One API in full: every member that the SDK's model has, from each kind of back end. */
import { describe, expect, it } from 'vitest';
import { apiDetailToWire } from '../../src/gateway/api-detail.ts';
import { apiOf } from '../../src/gateway/apis.ts';
import { importText, NOW_MS } from './harness.ts';

const TIME = new Date(NOW_MS).toISOString().replace('.000', '');
const ID = expect.stringMatching(/^[0-9a-f]{32}$/);

/** The API of an operation, as the mock shows it. */
function shown(operation: object, method = 'get', path = '/a/{id}') {
  const { state, report } = importText(
    JSON.stringify({
      swagger: '2.0',
      info: { title: 'details', version: '1' },
      paths: {
        [path]: {
          [method]: {
            operationId: 'the-api',
            parameters: [{ name: 'id', in: 'path', type: 'string', required: true }],
            ...operation,
          },
        },
      },
    }),
  );
  expect(report.failure).toEqual([]);
  const id = report.success[0]?.id ?? '';
  return apiDetailToWire(apiOf(state, id), state, 'cn-north-7') as Record<string, unknown>;
}

describe('an API in full', () => {
  it('has its web back end, its parameters and its policies', () => {
    const api = shown({
      parameters: [
        { name: 'id', in: 'path', type: 'string', required: true, description: 'of a thing' },
        { name: 'size', in: 'query', type: 'integer', minimum: 1, maximum: 9, default: 3 },
        { name: 'X-Kind', in: 'header', type: 'string', enum: ['a', 'b'], minLength: 1 },
      ],
      'x-apigateway-backend': {
        type: 'HTTP',
        httpEndpoints: {
          address: 'a.example.com:8080',
          scheme: 'https',
          method: 'POST',
          path: '/b/{id}',
          timeout: 2000,
        },
        parameters: [
          { name: 'id', value: 'id', in: 'path', origin: 'REQUEST' },
          { name: 'X-Fixed', value: 'demo', in: 'header', origin: 'CONSTANT', description: 'fixed' },
        ],
      },
      'x-apigateway-backend-policies': [
        {
          type: 'HTTP-VPC',
          name: 'through_channel',
          effectMode: 'ANY',
          httpVpcEndpoints: { name: 'channel', scheme: 'http', method: 'GET', path: '/c/{id}' },
          parameters: [{ name: 'id', value: 'id', in: 'path', origin: 'REQUEST' }],
          conditions: [
            { type: 'equal', value: 'a', origin: 'request', parameter: 'X-Kind' },
            { type: 'enum', value: '10.0.0.1', origin: 'source' },
          ],
        },
      ],
    });
    expect(api).toMatchObject({
      backend_type: 'HTTP',
      backend_api: {
        id: ID,
        url_domain: 'a.example.com:8080',
        req_protocol: 'HTTPS',
        req_method: 'POST',
        req_uri: '/b/{id}',
        timeout: 2000,
        retry_count: '-1',
        enable_client_ssl: false,
        vpc_channel_status: 2,
        status: 1,
        register_time: TIME,
        update_time: TIME,
      },
      api_group_info: { name: 'details', sl_domain_access_enabled: true, url_domains: [] },
      req_params: [
        { name: 'id', type: 'STRING', location: 'PATH', required: 1, valid_enable: 2, remark: 'of a thing' },
        {
          name: 'size',
          type: 'NUMBER',
          location: 'QUERY',
          required: 2,
          valid_enable: 1,
          default_value: '3',
          min_num: 1,
          max_num: 9,
        },
        { name: 'X-Kind', location: 'HEADER', enumerations: 'a,b', min_size: 1 },
      ],
      backend_params: [
        { id: ID, origin: 'REQUEST', name: 'id', value: 'id', location: 'PATH', remark: '' },
        { id: ID, origin: 'CONSTANT', name: 'X-Fixed', value: 'demo', location: 'HEADER', remark: 'fixed' },
      ],
      policy_functions: [],
      policy_mocks: [],
    });
    const [first, ...others] = api['policy_https'] as Record<string, unknown>[];
    expect(others).toEqual([]);
    expect(first).toMatchObject({
      id: ID,
      name: 'through_channel',
      effect_mode: 'ANY',
      req_protocol: 'HTTP',
      req_uri: '/c/{id}',
      vpc_channel_status: 1,
      vpc_channel_info: { vpc_channel_id: ID },
      conditions: [
        {
          id: ID,
          condition_origin: 'param',
          condition_type: 'exact',
          condition_value: 'a',
          req_param_name: 'X-Kind',
        },
        { id: ID, condition_origin: 'source', condition_value: '10.0.0.1' },
      ],
    });
    // What goes together is named by the same ids, and nothing else is.
    const ids = JSON.stringify(api).match(/"id":"[0-9a-f]{32}"/g) ?? [];
    expect(new Set(ids).size).toBe(ids.length);
    const [requested] = api['req_params'] as { id: string }[];
    expect((api['backend_params'] as Record<string, unknown>[])[0]?.['req_param_id']).toBe(requested?.id);
  });

  it('has the function or the mock that it calls', () => {
    const functional = shown({
      'x-apigateway-backend': {
        type: 'FUNCTION',
        functionEndpoints: {
          'function-urn': 'urn:fss:r:p:function:default:f',
          version: 'latest',
          'invocation-type': 'async',
          timeout: 3000,
          description: 'makes it',
        },
      },
    });
    expect(functional).toMatchObject({
      backend_type: 'FUNCTION',
      func_info: {
        id: ID,
        function_urn: 'urn:fss:r:p:function:default:f',
        version: 'latest',
        invocation_type: 'async',
        network_type: 'V1',
        timeout: 3000,
        remark: 'makes it',
      },
    });
    const mocked = shown({
      'x-apigateway-backend': {
        type: 'MOCK',
        mockEndpoints: { 'result-content': 'hello', description: 'no more' },
      },
    });
    expect(mocked).toMatchObject({
      backend_type: 'MOCK',
      mock_info: { id: ID, result_content: 'hello', remark: 'no more', status: 1 },
    });
    for (const api of [functional, mocked]) expect(api).not.toHaveProperty('backend_api');
  });

  it('has what the extensions of a parameter and of an operation are for', () => {
    const api = shown({
      parameters: [
        {
          ...{ name: 'id', in: 'path', type: 'string', required: true },
          'x-apigateway-sample': 42,
          'x-apigateway-orchestrations': ['rule'],
        },
        { name: 'size', in: 'query', type: 'integer', 'x-apigateway-pass-through': 'never' },
      ],
      'x-apigateway-content-type': 'text/plain',
      'x-apigateway-backend': { type: 'MOCK', mockEndpoints: { 'result-content': '' } },
    });
    const [first, second] = api['req_params'] as Record<string, unknown>[];
    expect(first).toMatchObject({ sample_value: '42', pass_through: 1, orchestrations: ['rule'] });
    expect(second).toMatchObject({ sample_value: '', pass_through: 2 });
    expect(second).not.toHaveProperty('orchestrations');
    expect(api['content_type']).toBe('text/plain');
  });

  it('has the groups of servers and the channel that its web back end goes through', () => {
    const urls = [
      { name: 'new', scheme: 'https', method: 'get', path: '/v2' },
      { name: 'old', scheme: 'http', method: 'ANY', path: '/v1' },
    ];
    const grouped = shown({
      'x-apigateway-backend': {
        type: 'HTTP-VPC-MEMBER-GROUP',
        httpVpcMemberGroupEndpoints: { name: 'channel', enableSmChannel: true, memberGroupUrlInfos: urls },
      },
    });
    expect(grouped['backend_api']).toMatchObject({
      enable_sm_channel: true,
      member_group_url_infos: [
        { member_group_id: ID, req_protocol: 'HTTPS', req_method: 'GET', req_uri: '/v2' },
        { member_group_id: ID, req_protocol: 'HTTP', req_method: 'ANY', req_uri: '/v1' },
      ],
      vpc_channel_info: { vpc_channel_id: ID, cascade_flag: false },
    });
    const channel = { name: 'channel', scheme: 'http', method: 'GET', path: '/', cascade_flag: true };
    const single = shown({ 'x-apigateway-backend': { type: 'HTTP-VPC', httpVpcEndpoints: channel } });
    expect(single['backend_api']).toMatchObject({ vpc_channel_info: { cascade_flag: true } });
    expect(single['backend_api']).not.toHaveProperty('member_group_url_infos');
    expect(single['backend_api']).not.toHaveProperty('enable_sm_channel');
  });
});
