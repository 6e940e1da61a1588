import { describe, expect, it } from 'vitest';
import { filledBackend } from '../../../src/gateway/openapi/filled.ts';
import type { Json, JsonObject } from '../../../src/gateway/openapi/json.ts';

const HTTP = { description: '', enableClientSsl: false, retryCount: '-1', timeout: 5000 };
const mapping = (name: string, rest: JsonObject = {}): JsonObject => ({
  ...{ name, in: 'HEADER', origin: 'CONSTANT', value: 'x', description: '' },
  ...rest,
});

describe('what the service fills in', () => {
  it.each<[string, JsonObject, JsonObject]>([
    ['httpEndpoints', { path: '/' }, { path: '/', ...HTTP }],
    ['httpEndpoints', { retryCount: '3', timeout: 1 }, { ...HTTP, retryCount: '3', timeout: 1 }],
    ['httpEndpoints', { retryCount: null, other: null }, { ...HTTP, other: null }],
    ['httpVpcEndpoints', { name: 'c' }, { name: 'c', cascade_flag: false, ...HTTP }],
    [
      'functionEndpoints',
      { 'function-urn': 'u', timeout: 30_000 },
      {
        ...{ 'alias-urn': '', description: '', 'function-urn': 'u', 'network-type': 'V1' },
        ...{ req_protocol: 'HTTPS', timeout: 30_000 },
      },
    ],
    ['mockEndpoints', { 'result-content': 'x' }, { description: '', 'result-content': 'x' }],
    ['otherEndpoints', { a: 1 }, { a: 1 }],
    ['constructor', { a: 1 }, { a: 1 }],
  ])('into %s %j', (name, source, filled) => {
    const backend = filledBackend({ [name]: source, type: 'X' }) as JsonObject;
    expect(backend).toEqual({ [name]: filled, type: 'X' });
    const members = Object.keys(backend[name] as JsonObject);
    expect(members).toEqual([...members].sort());
    expect(filledBackend(backend)).toEqual(backend);
  });

  it('into parameters: a description, capitals, and their order by name', () => {
    const parameters: Json[] = [
      { name: 'userId', in: 'query', origin: 'REQUEST', value: 'userId', description: 'd' },
      { name: 'X-Invoke-User', in: 'header', origin: 'constant', value: 'x' },
      { name: 'a' },
      7,
    ];
    expect(filledBackend({ parameters })).toEqual({
      parameters: [
        7,
        mapping('X-Invoke-User'),
        { name: 'a', description: '' },
        mapping('userId', { in: 'QUERY', origin: 'REQUEST', value: 'userId', description: 'd' }),
      ],
    });
  });

  it('into nothing but a mapping', () => {
    for (const backend of [null, 7, 'x', []]) expect(filledBackend(backend)).toBe(backend);
    expect(filledBackend({ httpEndpoints: 'x', parameters: 7 })).toEqual({
      httpEndpoints: 'x',
      parameters: 7,
    });
  });
});
