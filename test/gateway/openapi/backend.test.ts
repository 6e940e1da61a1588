import { describe, expect, it } from 'vitest';
import { ApigError } from '../../../src/core/errors.ts';
import { checkBackend } from '../../../src/gateway/openapi/backend.ts';
import type { JsonObject } from '../../../src/gateway/openapi/json.ts';

const request = { scheme: 'https', method: 'GET', path: '/' };
const backend = (type: string, key: string, endpoints: JsonObject, rest: JsonObject = {}): JsonObject => ({
  'x-apigateway-backend': { type, [key]: endpoints, ...rest },
});
const http = (endpoints: JsonObject = {}, rest: JsonObject = {}): JsonObject =>
  backend('HTTP', 'httpEndpoints', { address: 'a.example.com', ...request, ...endpoints }, rest);
const channel = (endpoints: JsonObject = {}): JsonObject =>
  backend('HTTP-VPC', 'httpVpcEndpoints', { name: 'c', ...request, ...endpoints });
const memberGroup = (endpoints: JsonObject = {}): JsonObject =>
  backend('HTTP-VPC-MEMBER-GROUP', 'httpVpcMemberGroupEndpoints', {
    name: 'c',
    memberGroupUrlInfos: [{ name: 'g', ...request }],
    ...endpoints,
  });
const fn = (endpoints: JsonObject = {}): JsonObject =>
  backend('FUNCTION', 'functionEndpoints', {
    'function-urn': 'u',
    version: 'v1',
    'invocation-type': 'sync',
    ...endpoints,
  });
const parameter = (rest: JsonObject): JsonObject =>
  http({}, { parameters: [{ name: 'X-a', value: '1', in: 'header', origin: 'CONSTANT', ...rest }] });

const every: JsonObject = {
  httpEndpoints: { address: 'a', ...request },
  httpVpcEndpoints: { name: 'c', ...request },
  functionEndpoints: { 'function-urn': 'u', version: 'v1', 'invocation-type': 'async' },
  mockEndpoints: { 'result-content': '' },
};
const policies = (type: string, list: JsonObject[]): JsonObject => ({
  'x-apigateway-backend': { type, ...every },
  'x-apigateway-backend-policies': list,
});
const SOURCE = { type: 'equal', origin: 'source', value: '192.0.2.1' };
const policy = (type: string, rest: JsonObject = {}): JsonObject => ({
  type,
  name: 'p',
  conditions: [SOURCE],
  ...every,
  ...rest,
});
const condition = (rest: JsonObject): JsonObject =>
  policies('MOCK', [policy('MOCK', { conditions: [{ ...SOURCE, ...rest }] })]);
const without = (name: string): JsonObject => ({ [name]: null });

/** `APIG.2011 timeout`, or the type of a back end that is good. */
function verdict(extensions: JsonObject): string {
  try {
    return checkBackend(extensions);
  } catch (error) {
    if (!(error instanceof ApigError)) throw error;
    return `${error.code} ${/parameterName:(.*)\. /.exec(error.body.error_msg)?.[1] ?? ''}`;
  }
}

describe('the rules of back ends', () => {
  it.each<[string, JsonObject, string]>([
    ['HTTP', http(), 'HTTP'],
    ['in lower case', backend('mock', 'mockEndpoints', { 'result-content': '' }), 'MOCK'],
    ['none', {}, 'APIG.2001 backend_type'],
    ['null', { 'x-apigateway-backend': null }, 'APIG.2001 backend_type'],
    ['a list', { 'x-apigateway-backend': [] }, 'APIG.2011 backend_type'],
    ['nothing', { 'x-apigateway-backend': {} }, 'APIG.2001 backend_type'],
    [
      'the name of a prototype',
      { 'x-apigateway-backend': { type: 'constructor' } },
      'APIG.2011 backend_type',
    ],
    [
      'endpoints that are a text',
      { 'x-apigateway-backend': { type: 'HTTP', httpEndpoints: 'x' } },
      'APIG.2011 backend_api',
    ],

    ['HTTP without anything', { 'x-apigateway-backend': { type: 'HTTP' } }, 'APIG.2001 url_domain'],
    ['an empty address', http({ address: '' }), 'APIG.2001 url_domain'],
    ['an address with a port', http({ address: '192.0.2.1:8080' }), 'HTTP'],
    ['an IPv6 address', http({ address: '[2001:db8::1]:80' }), 'HTTP'],
    ['an address with a path', http({ address: 'a.example.com/x' }), 'APIG.2011 url_domain'],
    ['no scheme', http(without('scheme')), 'APIG.2001 req_protocol'],
    ['scheme ftp', http({ scheme: 'ftp' }), 'APIG.2011 req_protocol'],
    ['no method', http(without('method')), 'APIG.2001 req_method'],
    ['method ANY', http({ method: 'ANY' }), 'HTTP'],
    ['method TRACE', http({ method: 'TRACE' }), 'APIG.2011 req_method'],
    ['no path', http(without('path')), 'APIG.2001 req_uri'],
    ['a path without a slash', http({ path: 'x' }), 'APIG.2011 req_uri'],
    ['1 ms', http({ timeout: 1 }), 'HTTP'],
    ['60,000 ms as text', http({ timeout: '60000' }), 'HTTP'],
    ['an empty timeout', http({ timeout: '' }), 'HTTP'],
    ['0 ms', http({ timeout: 0 }), 'APIG.2011 timeout'],
    ['60,001 ms', http({ timeout: 60_001 }), 'APIG.2011 timeout'],
    ['half a ms', http({ timeout: 1.5 }), 'APIG.2011 timeout'],
    ['what exports add', http({ description: '', enableClientSsl: false, retryCount: '-1' }), 'HTTP'],
    ['11 retries', http({ retryCount: '11' }), 'APIG.2011 retry_count'],

    ['a channel', channel({ cascade_flag: false }), 'HTTP-VPC'],
    ['a channel without a name', channel(without('name')), 'APIG.2001 vpc_channel_name'],
    ['a channel without a scheme', channel(without('scheme')), 'APIG.2001 req_protocol'],
    ['a member group', memberGroup(), 'HTTP-VPC-MEMBER-GROUP'],
    ['no member group', memberGroup({ memberGroupUrlInfos: [] }), 'APIG.2001 member_groups'],
    [
      'a member group without a path',
      memberGroup({ memberGroupUrlInfos: [{ ...request, path: null }] }),
      'APIG.2001 req_uri',
    ],

    ['a function', fn(), 'FUNCTION'],
    ['a function without URN', fn(without('function-urn')), 'APIG.2001 function_urn'],
    ['a function without version', fn(without('version')), 'APIG.2001 version'],
    ['a function with an alias in place of a version', fn({ version: '', 'alias-urn': 'u:!a' }), 'FUNCTION'],
    ['synchronous, as the example of its page has it', fn({ 'invocation-type': 'synchronous' }), 'FUNCTION'],
    ['no invocation type', fn(without('invocation-type')), 'APIG.2001 invocation_type'],
    ['an unknown invocation type', fn({ 'invocation-type': 'later' }), 'APIG.2011 invocation_type'],
    ['an unknown network', fn({ 'network-type': 'V3' }), 'APIG.2011 network_type'],
    ['ten minutes outside a VPC', fn({ timeout: 600_000, 'network-type': 'V1' }), 'APIG.2011 timeout'],
    ['ten minutes in a VPC', fn({ timeout: 600_000, 'network-type': 'V2' }), 'FUNCTION'],
    ['more than that', fn({ timeout: 600_001, 'network-type': 'V2' }), 'APIG.2011 timeout'],

    ['MOCK without content', backend('MOCK', 'mockEndpoints', {}), 'APIG.2001 result_content'],
    [
      'MOCK with a mapping as content',
      backend('MOCK', 'mockEndpoints', { 'result-content': {} }),
      'APIG.2011 result_content',
    ],
    [
      'GRPC',
      { 'x-apigateway-backend': { type: 'GRPC', httpEndpoints: { address: 'a', scheme: 'GRPCS' } } },
      'GRPC',
    ],

    ['a parameter', parameter({}), 'HTTP'],
    ['a parameter that is a number', parameter({ value: 7 }), 'HTTP'],
    ['parameters that are a mapping', http({}, { parameters: {} }), 'APIG.2011 backend_params'],
    ['a parameter that is a text', http({}, { parameters: ['a'] }), 'APIG.2011 backend_params'],
    ['a parameter without a name', parameter(without('name')), 'APIG.2001 name'],
    ['a parameter without a place', parameter(without('in')), 'APIG.2001 location'],
    ['a parameter without an origin', parameter(without('origin')), 'APIG.2001 origin'],
    ['a parameter without a value', parameter(without('value')), 'APIG.2001 value'],
    ['a parameter name of 33', parameter({ name: 'a'.repeat(33) }), 'APIG.2011 name'],
    ['a parameter name from a digit', parameter({ name: '1a' }), 'APIG.2011 name'],
    ['a parameter of the body', parameter({ in: 'body' }), 'APIG.2011 location'],
    ['an unknown origin', parameter({ origin: 'MOON' }), 'APIG.2011 origin'],

    [
      'policies that are a mapping',
      { ...http(), 'x-apigateway-backend-policies': {} },
      'APIG.2011 backend_policies',
    ],
    ['a policy of HTTP-VPC for HTTP', policies('HTTP', [policy('HTTP-VPC')]), 'HTTP'],
    ['a policy of HTTP for HTTP-VPC', policies('HTTP-VPC', [policy('HTTP')]), 'HTTP-VPC'],
    ['a policy of MOCK for HTTP', policies('HTTP', [policy('MOCK')]), 'APIG.2011 backend_type'],
    ['a policy of HTTP for FUNCTION', policies('FUNCTION', [policy('HTTP')]), 'APIG.2011 backend_type'],
    ['a policy of FUNCTION for FUNCTION', policies('FUNCTION', [policy('FUNCTION')]), 'FUNCTION'],
    ['a policy without a name', policies('MOCK', [policy('MOCK', without('name'))]), 'APIG.2001 name'],
    [
      'an unknown combination',
      policies('MOCK', [policy('MOCK', { effectMode: 'SOME' })]),
      'APIG.2011 effect_mode',
    ],
    ['no conditions', policies('MOCK', [policy('MOCK', without('conditions'))]), 'APIG.2001 conditions'],
    [
      'an empty list of conditions',
      policies('MOCK', [policy('MOCK', { conditions: [] })]),
      'APIG.2001 conditions',
    ],
    [
      'a condition that is a text',
      policies('MOCK', [policy('MOCK', { conditions: ['a'] })]),
      'APIG.2011 conditions',
    ],
    ['a condition on a parameter', condition({ type: 'pattern', origin: 'request', parameter: 'a' }), 'MOCK'],
    ['one of 2021 on a parameter', condition({ type: 'exact', origin: 'param', parameter: 'a' }), 'MOCK'],
    ['one of 2021 on the source', condition({ type: '', parameter: '' }), 'MOCK'],
    ['one on a cookie', condition({ type: 'exact', origin: 'cookie' }), 'MOCK'],
    ['an empty type elsewhere', condition({ type: '', origin: 'param' }), 'APIG.2001 condition_type'],
    ['a condition without a type', condition(without('type')), 'APIG.2001 condition_type'],
    ['no origin', condition(without('origin')), 'APIG.2001 condition_origin'],
    ['no value', condition(without('value')), 'APIG.2001 condition_value'],
    ['an unknown type', condition({ type: 'near' }), 'APIG.2011 condition_type'],
    ['an unknown origin of a condition', condition({ origin: 'moon' }), 'APIG.2011 condition_origin'],
  ])('%s', (_name, extensions, expected) => {
    expect(verdict(extensions)).toBe(expected);
  });

  it.each([
    [http({ timeout: 0 }), 'x-apigateway-backend.httpEndpoints.timeout takes a whole number from 1 to 60000'],
    [http(without('path')), 'x-apigateway-backend.httpEndpoints.path is missing'],
    [
      condition({ origin: 'moon' }),
      /^x-apigateway-backend-policies\[0\]\.conditions\[0\]\.origin takes source or /,
    ],
  ])('the reason has the place in the file', (extensions, reason) => {
    expect(() => checkBackend(extensions)).toThrow(
      expect.objectContaining({
        reason: typeof reason === 'string' ? reason : expect.stringMatching(reason),
      }),
    );
  });
});
