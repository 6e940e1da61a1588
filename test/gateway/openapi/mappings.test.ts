import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/gateway/openapi/json.ts';
import { importText } from '../harness.ts';
import { doc, doc3, op } from '../sources.ts';

const PARAMETERS = [
  { name: 'id', in: 'path', required: true, type: 'string' },
  { name: 'page', in: 'query', type: 'string' },
  { name: 'X-Trace', in: 'header', type: 'string' },
];
const http = (path: string, ...parameters: JsonObject[]) => ({
  type: 'HTTP',
  httpEndpoints: { address: 'a.example.com', scheme: 'https', method: 'GET', path },
  parameters,
});
const mapped = (name: string, place: string, origin: string, value: unknown): JsonObject =>
  ({ name, in: place, origin, value }) as JsonObject;

/** The code with which an API with this path and back end fails, or `success`. */
const verdict = (path: string, rest: object, version = doc): string => {
  const { report } = importText(version({ paths: { [path]: { get: op(rest) } } }));
  return report.failure[0]?.error_code ?? 'success';
};
const backend = (source: object) =>
  verdict('/a/{id}', { parameters: PARAMETERS, 'x-apigateway-backend': source });

describe('the parameters of a path', () => {
  it.each([
    ['/a/{id}', ['id'], 'success'],
    ['/a/{id}', [], 'APIG.2026'],
    ['/a/{id}', ['ID'], 'APIG.2026'],
    ['/a/{id}/{other}', ['id'], 'APIG.2026'],
    ['/a/{id}/{other}', ['other', 'id'], 'success'],
    ['/a/{proxy+}', ['proxy'], 'success'],
    ['/a/{proxy+}', ['proxy+'], 'success'],
    ['/a/{proxy+}', [], 'APIG.2026'],
    ['/a', ['id'], 'success'],
  ])('of %s, where %j are defined: %s', (path, names, code) => {
    const parameters = names.map((name) => ({ name, in: 'path', required: true, type: 'string' }));
    expect(verdict(path, { parameters })).toBe(code);
    const parameters3 = names.map((name) => ({
      ...{ name, in: 'path', required: true, schema: { type: 'string' } },
    }));
    expect(verdict(path, { parameters: parameters3 }, doc3)).toBe(code);
  });

  it('are not those of the query', () => {
    expect(verdict('/a/{page}', { parameters: PARAMETERS })).toBe('APIG.2026');
  });

  it('may stand in basePath, and on the path item', () => {
    const parameters = [{ name: 'tenant', in: 'path', required: true, type: 'string' }];
    const failure = (pathItem: object) =>
      importText(doc({ basePath: '/{tenant}', paths: { '/a': { ...pathItem, get: op() } } })).report.failure;
    expect(failure({})).toMatchObject([{ path: '/{tenant}/a', error_code: 'APIG.2026' }]);
    expect(failure({ parameters })).toEqual([]);
  });
});

describe('the parameters of a back end', () => {
  it.each<[string, object, string]>([
    ['none', http('/b'), 'success'],
    ['a path without its mapping', http('/b/{zz}'), 'APIG.2027'],
    ['a path of the same name as the request path', http('/b/{id}'), 'APIG.2027'],
    ['a path with it', http('/b/{zz}', mapped('zz', 'path', 'REQUEST', 'id')), 'success'],
    ['in capitals', http('/b/{zz}', mapped('zz', 'PATH', 'request', 'id')), 'success'],
    ['a path from a constant', http('/b/{zz}', mapped('zz', 'path', 'CONSTANT', '7')), 'success'],
    ['a path between letters', http('/b/x-{zz}-y'), 'APIG.2027'],
    ['a mapping to another place', http('/b/{zz}', mapped('zz', 'query', 'REQUEST', 'id')), 'APIG.2027'],
    ['from the query', http('/b', mapped('q', 'query', 'REQUEST', 'page')), 'success'],
    ['from a header, whatever its case', http('/b', mapped('h', 'header', 'REQUEST', 'x-trace')), 'success'],
    ['from a query of another case', http('/b', mapped('q', 'query', 'REQUEST', 'Page')), 'APIG.2028'],
    ['from nothing', http('/b', mapped('q', 'query', 'REQUEST', 'gone')), 'APIG.2028'],
    ['from an empty name', http('/b', mapped('q', 'query', 'REQUEST', '')), 'APIG.2028'],
    ['without a value', http('/b', { name: 'q', in: 'query', origin: 'REQUEST' }), 'APIG.2001'],
    ['of the system', http('/b', mapped('q', 'query', 'SYSTEM', '$context.sourceIp')), 'success'],
    [
      'of a channel',
      { type: 'HTTP-VPC', httpVpcEndpoints: { name: 'c', scheme: 'http', method: 'GET', path: '/b/{zz}' } },
      'APIG.2027',
    ],
    [
      'of a group of members',
      {
        type: 'HTTP-VPC-MEMBER-GROUP',
        httpVpcMemberGroupEndpoints: {
          name: 'c',
          memberGroupUrlInfos: [
            { scheme: 'http', method: 'GET', path: '/b' },
            { scheme: 'http', method: 'GET', path: '/b/{zz}' },
          ],
        },
      },
      'APIG.2027',
    ],
  ])('%s', (_what, source, code) => {
    expect(backend(source)).toBe(code);
  });

  it.each([
    [http('/p/{id}'), 'APIG.2027'],
    [http('/p', mapped('q', 'query', 'REQUEST', 'gone')), 'APIG.2028'],
    [http('/p/{id}', mapped('id', 'path', 'REQUEST', 'id')), 'success'],
  ])('are checked for policies too: %j', (policy, code) => {
    const conditions = [{ type: 'equal', origin: 'source', value: '192.0.2.1' }];
    const rest = {
      parameters: PARAMETERS,
      'x-apigateway-backend': http('/b'),
      'x-apigateway-backend-policies': [{ name: 'pol', conditions, ...policy }],
    };
    expect(verdict('/a/{id}', rest)).toBe(code);
  });

  it('are not those of a back end that mock mode puts away', () => {
    const paths = { '/a': { get: op({ 'x-apigateway-backend': http('/b/{zz}') }) } };
    expect(importText(doc({ paths }), { mock_mode: 'true' }).report.failure).toEqual([]);
  });
});
