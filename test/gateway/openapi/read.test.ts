import { describe, expect, it } from 'vitest';
import { importText } from '../harness.ts';
import { at, doc, doc3, oneApi, op } from '../sources.ts';

const onlyFailure = (content: string) => importText(content).report.failure[0];

describe('the paths and methods of an import', () => {
  it.each([
    ['/v1', '/v1/a'],
    ['/v1/', '/v1/a'],
    ['v1', '/v1/a'],
    ['/', '/a'],
    ['', '/a'],
  ])('puts basePath %j before every path', (basePath, path) => {
    expect(importText(oneApi({}, { basePath })).report.success[0]?.path).toBe(path);
  });

  it('does not use host, servers, info.version and responses', () => {
    const { report } = importText(
      doc3({ servers: [{ url: 'http://h/base' }], paths: { '/a': { get: op({ responses: 1 }) } } }),
    );
    expect(report.success).toMatchObject([{ method: 'GET', path: '/a' }]);
  });

  it.each(['/users/{id}', '/users/{proxy+}', '/', '/a//b', `/${'a'.repeat(511)}`])('takes %s', (path) => {
    expect(importText(doc({ paths: at(path) })).report.failure).toEqual([]);
  });

  it.each([
    '/a-{x}',
    '/{x}-b',
    '/{a}{b}',
    '/{a+}/b',
    '/{id}/{id}',
    'a',
    '/{',
    '/a b',
    '/a?b',
    `/${'a'.repeat(512)}`,
  ])('rejects %s', (path) => {
    expect(onlyFailure(doc({ paths: { [path]: { get: op() } } }))).toMatchObject({
      method: 'GET',
      path,
      error_code: 'APIG.2011',
      error_msg: 'Invalid parameter value,parameterName:req_uri. Please refer to the support documentation',
    });
  });

  it('knows eight methods and skips what is not one', () => {
    const methods = [
      'get',
      'put',
      'post',
      'delete',
      'options',
      'head',
      'patch',
      'x-apigateway-any-method',
      'trace',
      'summary',
      'x-other',
    ];
    const pathItem = Object.fromEntries(
      methods.map((method, index) => [method, op({ operationId: `op-${index}` })]),
    );
    const { report } = importText(doc({ paths: { '/a': pathItem, 'x-paths': {} } }));
    expect(report.success.map(({ method }) => method)).toEqual([
      'GET',
      'PUT',
      'POST',
      'DELETE',
      'OPTIONS',
      'HEAD',
      'PATCH',
      'ANY',
    ]);
  });

  it('sends the second of two APIs with one method, path and match mode to failure', () => {
    const paths = { ...at('/a/{x}'), ...at('/a/{y}', op({ operationId: 'op-2' })) };
    const { report } = importText(doc({ paths }));
    expect(report.failure).toEqual([
      {
        method: 'GET',
        path: '/a/{y}',
        error_code: 'APIG.3301',
        error_msg:
          'The API already exists, An API with the same combination of the method, path, and x-apigateway-match-mode fields already exists. API name: op-1',
      },
    ]);
  });

  it('accepts the same path with the other match mode', () => {
    const paths = {
      ...at('/a/{x}'),
      ...at('/a/{y}', op({ operationId: 'op-2', 'x-apigateway-match-mode': 'SWA' })),
    };
    expect(importText(doc({ paths })).report.success).toHaveLength(2);
  });
});
