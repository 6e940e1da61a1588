/** Small documents for case tables: one operation, one path, and what stands around them. */
import { type ApiDefinition, findApi } from '../../src/gateway/model.ts';
import type { Imported } from './harness.ts';

const backend = { type: 'MOCK', mockEndpoints: { 'result-content': 'ok' } };

/** An operation named `op-1` with a Mock back end. */
export const op = (rest: object = {}) => ({ operationId: 'op-1', 'x-apigateway-backend': backend, ...rest });

/** Every parameter that a path names, as a parameter of Swagger 2.0 and of OpenAPI 3.0. */
export const pathParameters = (path: string) =>
  Array.from(path.matchAll(/\{([^{}]*?)\+?\}/g), ([, name = '']) => ({
    ...{ name, in: 'path', required: true, type: 'string' },
  }));

/** A path with one operation and the parameters that the path names. */
export const at = (path: string, operation: object = op()) => ({
  [path]: { parameters: pathParameters(path), get: operation },
});

/** A Swagger 2.0 document without paths. */
export const doc = (rest: object = {}) =>
  JSON.stringify({ swagger: '2.0', info: { title: 'rules' }, paths: {}, ...rest });

/** An OpenAPI 3.0 document without paths. */
export const doc3 = (rest: object = {}) =>
  JSON.stringify({ openapi: '3.0.1', info: { title: 'rules' }, paths: {}, ...rest });

/** A document with `GET /a`. */
export const oneApi = (rest: object, around: object = {}) =>
  doc({ paths: { '/a': { get: op(rest) } }, ...around });

/** Form fields of an import into a group that exists. */
export const into = (groupId: string, rest: object = {}) => ({
  is_create_group: 'false',
  group_id: groupId,
  ...rest,
});

/** The definition of the first API an import has brought. */
export function definitionOf({ state, report }: Imported): ApiDefinition {
  const api = findApi(state, report.success[0]?.id ?? '');
  if (api === undefined) throw new Error(JSON.stringify(report));
  return api.definition;
}

/** Gives the values in turn, again and again. */
export function sequence(...values: string[]): () => string {
  let index = 0;
  return () => values[index++ % values.length] ?? '';
}
