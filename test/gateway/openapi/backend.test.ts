import { describe, expect, it } from 'vitest';
import { ApigError } from '../../../src/core/errors.ts';
import { checkBackend } from '../../../src/gateway/openapi/backend.ts';
import type { JsonObject } from '../../../src/gateway/openapi/json.ts';

const http = (endpoints: JsonObject = {}, rest: JsonObject = {}): JsonObject => ({
  'x-apigateway-backend': {
    type: 'HTTP',
    httpEndpoints: { address: 'a.example.com', ...endpoints },
    ...rest,
  },
});
const policies = (type: string, list: JsonObject[]): JsonObject => ({
  'x-apigateway-backend': {
    type,
    httpEndpoints: { address: 'a' },
    httpVpcEndpoints: { name: 'c' },
    functionEndpoints: { 'function-urn': 'u' },
  },
  'x-apigateway-backend-policies': list,
});
const policy = (type: string, rest: JsonObject = {}): JsonObject => ({
  type,
  name: 'p',
  httpEndpoints: { address: 'a' },
  httpVpcEndpoints: { name: 'c' },
  functionEndpoints: { 'function-urn': 'u' },
  ...rest,
});

/** `APIG.2012 httpEndpoints.timeout`, or the type of a back end that is good. */
function verdict(extensions: JsonObject): string {
  try {
    return checkBackend(extensions);
  } catch (error) {
    if (!(error instanceof ApigError)) throw error;
    const field = /parameterName:(.*)\. /.exec(error.body.error_msg)?.[1] ?? '';
    return `${error.code} ${field.replace(/^x-apigateway-/, '')}`;
  }
}

describe('the rules of back ends', () => {
  it.each<[string, JsonObject, string]>([
    ['HTTP', http(), 'HTTP'],
    ['in lower case', { 'x-apigateway-backend': { type: 'mock' } }, 'MOCK'],
    ['none', {}, 'APIG.2001 backend'],
    ['null', { 'x-apigateway-backend': null }, 'APIG.2001 backend'],
    ['a list', { 'x-apigateway-backend': [] }, 'APIG.2012 backend'],
    ['no type', { 'x-apigateway-backend': {} }, 'APIG.2012 backend.type'],
    [
      'the name of a prototype as type',
      { 'x-apigateway-backend': { type: 'constructor' } },
      'APIG.2012 backend.type',
    ],
    ['no address', { 'x-apigateway-backend': { type: 'HTTP' } }, 'APIG.2001 backend.httpEndpoints.address'],
    ['an address with a port', http({ address: '192.0.2.1:8080' }), 'HTTP'],
    ['an IPv6 address', http({ address: '[2001:db8::1]:80' }), 'HTTP'],
    [
      'an address with a path',
      http({ address: 'a.example.com/x' }),
      'APIG.2012 backend.httpEndpoints.address',
    ],
    ['scheme ftp', http({ scheme: 'ftp' }), 'APIG.2012 backend.httpEndpoints.scheme'],
    ['method ANY', http({ method: 'ANY' }), 'HTTP'],
    ['method TRACE', http({ method: 'TRACE' }), 'APIG.2012 backend.httpEndpoints.method'],
    ['a path without a slash', http({ path: 'x' }), 'APIG.2012 backend.httpEndpoints.path'],
    ['1 ms', http({ timeout: 1 }), 'HTTP'],
    ['60,000 ms as text', http({ timeout: '60000' }), 'HTTP'],
    ['0 ms', http({ timeout: 0 }), 'APIG.2012 backend.httpEndpoints.timeout'],
    ['60,001 ms', http({ timeout: 60_001 }), 'APIG.2012 backend.httpEndpoints.timeout'],
    ['half a ms', http({ timeout: 1.5 }), 'APIG.2012 backend.httpEndpoints.timeout'],
    [
      'a channel without a name',
      { 'x-apigateway-backend': { type: 'HTTP-VPC' } },
      'APIG.2001 backend.httpVpcEndpoints.name',
    ],
    [
      'a function without URN',
      { 'x-apigateway-backend': { type: 'FUNCTION' } },
      'APIG.2001 backend.functionEndpoints.function-urn',
    ],
    [
      'an unknown invocation type',
      {
        'x-apigateway-backend': {
          type: 'FUNCTION',
          functionEndpoints: { 'function-urn': 'u', 'invocation-type': 'later' },
        },
      },
      'APIG.2012 backend.functionEndpoints.invocation-type',
    ],
    [
      'a parameter',
      http({}, { parameters: [{ name: 'X-a', value: '1', in: 'header', origin: 'CONSTANT' }] }),
      'HTTP',
    ],
    ['a parameter without a name', http({}, { parameters: [{}] }), 'APIG.2001 backend.parameters.name'],
    [
      'a parameter name of 33',
      http({}, { parameters: [{ name: 'a'.repeat(33) }] }),
      'APIG.2012 backend.parameters.name',
    ],
    [
      'a parameter name from a digit',
      http({}, { parameters: [{ name: '1a' }] }),
      'APIG.2012 backend.parameters.name',
    ],
    [
      'a parameter of the body',
      http({}, { parameters: [{ name: 'a', in: 'body' }] }),
      'APIG.2012 backend.parameters.in',
    ],
    [
      'an unknown origin',
      http({}, { parameters: [{ name: 'a', origin: 'MOON' }] }),
      'APIG.2012 backend.parameters.origin',
    ],
    ['a policy of HTTP-VPC for HTTP', policies('HTTP', [policy('HTTP-VPC')]), 'HTTP'],
    ['a policy of HTTP for HTTP-VPC', policies('HTTP-VPC', [policy('HTTP')]), 'HTTP-VPC'],
    ['a policy of MOCK for HTTP', policies('HTTP', [policy('MOCK')]), 'APIG.2012 backend-policies.type'],
    [
      'a policy of HTTP for FUNCTION',
      policies('FUNCTION', [policy('HTTP')]),
      'APIG.2012 backend-policies.type',
    ],
    ['a policy of FUNCTION for FUNCTION', policies('FUNCTION', [policy('FUNCTION')]), 'FUNCTION'],
    ['a policy without a name', policies('MOCK', [{ type: 'MOCK' }]), 'APIG.2001 backend-policies.name'],
    [
      'an unknown condition',
      policies('MOCK', [policy('MOCK', { conditions: [{ type: 'near' }] })]),
      'APIG.2012 backend-policies.conditions.type',
    ],
    [
      'a condition',
      policies('MOCK', [
        policy('MOCK', { conditions: [{ type: 'enum', origin: 'source', value: '192.0.2.1' }] }),
      ]),
      'MOCK',
    ],
  ])('%s', (_name, extensions, expected) => {
    expect(verdict(extensions)).toBe(expected);
  });
});
