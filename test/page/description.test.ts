/** The OpenAPI description: valid, complete, and its examples match its schemas. */
import { Validator } from '@seriousme/openapi-schema-validator';
import { FormatRegistry, type TSchema } from '@sinclair/typebox';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminOperations } from '../../src/admin/operations.ts';
import { pageOperations, rootOperations } from '../../src/admin/pages/operations.ts';
import type { OperationDocs } from '../../src/core/operation.ts';
import { OPERATION_NAMES } from '../../src/core/operation-names.ts';
import { exampleOf } from '../../src/core/schemas.ts';
import { loadCheckers } from '../../src/core/validation.ts';
import { apiOperations } from '../../src/gateway/operations.ts';
import { iamOperations } from '../../src/iam/operations.ts';
import type { RunningMock } from '../../src/mock.ts';
import { taskOperations } from '../../src/tasks/operations.ts';
import documented from '../contract/documented-responses.json' with { type: 'json' };
import { call, taskUrl, testMock } from '../support/mock.ts';

interface Described {
  operationId: string;
  summary: string;
  security: object[];
  requestBody?: { content: Record<string, { schema: { properties: Record<string, object> } }> };
  responses: Record<
    string,
    { content?: Record<string, { schema: object; examples?: Record<string, { value: unknown }> }> }
  >;
}
interface Description {
  openapi: string;
  paths: Record<string, Record<string, Described>>;
  components: { securitySchemes: Record<string, { name?: string }> };
}

const DECLARED: readonly OperationDocs[] = [
  ...[iamOperations, taskOperations, apiOperations, adminOperations, pageOperations, rootOperations].flat(),
];
/** By method and path, as they are registered. */
const ALL = Object.fromEntries(DECLARED.map((one) => [`${one.method} ${one.path}`, one]));
let mock: RunningMock;
let description: Description;
beforeAll(async () => {
  mock = await testMock();
  description = (await call(`${mock.url}/__admin/openapi.json`)).body as Description;
});
afterAll(() => mock.close());

const keyOf = (path: string, method: string): string =>
  `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`;
const described = (): [string, Described][] =>
  Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]): [string, Described] => [keyOf(path, method), one]),
  );
const INSTANCE = '/v2/{project_id}/apigw/instances/{instance_id}';
const at = (method: string, path: string): Described => {
  const found = description.paths[path]?.[method];
  if (found === undefined) throw new Error(`${method} ${path} is not described`);
  return found;
};
const show = (): Described => at('get', `${INSTANCE}/async-tasks/{task_id}`);

FormatRegistry.Set('date-time', (text) => !Number.isNaN(Date.parse(text)));

/** What a value has against a schema of ours. */
async function problemOf(schema: TSchema, value: unknown): Promise<unknown> {
  return (await loadCheckers())(schema).problem(value);
}

const ajv = new Ajv({ strict: false, validateFormats: false });
/** What a value has against a schema of the description. */
const mismatchOf = (schema: object, value: unknown): string | undefined =>
  ajv.validate(schema, value) ? undefined : ajv.errorsText();

describe('the description', () => {
  it('is a valid OpenAPI document', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(description) as never);
    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
    expect(description.openapi).toMatch(/^3\./);
  });

  it('has every route, and no other', async () => {
    const app = await mock.app();
    const routes = described().map(([key]) => key);
    expect(routes.sort()).toEqual(Object.keys(ALL).sort());
    for (const key of routes) {
      const [method, url] = key.split(' ') as ['GET', string];
      expect(app.hasRoute({ method, url }), key).toBe(true);
    }
    const lines = app.printRoutes({ commonPrefix: false }).match(/\((?!HEAD)[A-Z, ]+\)/g) ?? [];
    const registered = lines
      .flatMap((line) => line.slice(1, -1).split(', '))
      .filter((method) => method !== 'HEAD');
    expect(registered.length).toBe(routes.length);
  });

  it('names operations as the provider does, once each', () => {
    const ids = described().map(([, { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of [
      'ShowAsyncTaskResult',
      'ImportApiDefinitionsAsync',
      'ExportApiDefinitionsAsync',
      'KeystoneCreateUserTokenByPassword',
    ])
      expect(ids).toContain(id);
    for (const [, { summary }] of described()) expect(summary.length).toBeGreaterThan(5);
  });

  it('gives the documented responses of ShowAsyncTaskResult as its examples', () => {
    const values = (status: string): unknown[] =>
      Object.values(show().responses[status]?.content?.['application/json']?.examples ?? {}).map(
        ({ value }) => value,
      );
    expect(values('200')).toEqual(documented.tasks);
    for (const [status, body] of Object.entries(documented.errors))
      expect(values(status)).toContainEqual(body);
  });

  it('describes the operations that faults and filters may name, and no others', () => {
    const emulated = described().filter(([key]) => !key.includes('/__admin') && key !== 'GET /');
    const ids = emulated.map(([, { operationId }]) => operationId);
    expect(ids.filter((id) => !/^ShowAsyncTaskResultWith/.test(id)).sort()).toEqual(
      [...OPERATION_NAMES].sort(),
    );
  });

  it('describes the form of an import and both ways to prove who one is', () => {
    const { requestBody, security } = at('post', `${INSTANCE}/openapi/async-import`);
    const form = requestBody?.content['multipart/form-data']?.schema.properties ?? {};
    expect(form['file_name']).toMatchObject({ type: 'string', format: 'binary' });
    expect(Object.keys(form)).toContain('is_create_group');
    expect(security).toEqual([{ token: [] }, { signature: [] }]);
    expect(description.components.securitySchemes['token']?.name).toBe('X-Auth-Token');
  });
});

describe('every documented status', () => {
  it.each(Object.keys(ALL))('of %s has an example that its schema takes', (key) => {
    const one = described().find(([name]) => name === key)?.[1] as Described;
    const statuses = Object.entries(one.responses);
    expect(statuses.length).toBeGreaterThan(0);
    for (const [status, { content }] of statuses) {
      if (status === '204' || status === '302') continue;
      for (const [type, { schema, examples: given }] of Object.entries(content ?? {})) {
        const values = Object.values(given ?? {});
        expect(values.length, `${key} ${status}`).toBeGreaterThan(0);
        for (const { value } of values) {
          expect(value, `${key} ${status} ${type}`).toBeDefined();
          if (type === 'application/json')
            expect(mismatchOf(schema, value), `${key} ${status}`).toBeUndefined();
        }
      }
    }
  });

  it.each(Object.entries(ALL).filter(([, { response }]) => response !== undefined))(
    'of %s has an example that its own schema takes',
    async (_key, { response }) => {
      expect(await problemOf(response as TSchema, exampleOf(response as TSchema))).toBeUndefined();
    },
  );
});

describe('the response of a mock today', () => {
  it.each(
    Object.entries(ALL).filter(
      ([key, { response, status = 200 }]) =>
        key.startsWith('GET /__admin') && response !== undefined && status === 200 && !key.includes(':'),
    ),
  )('to %s is as described', async (key, { response }) => {
    await call(taskUrl(mock.url, documented.tasks[0]?.task_id ?? ''));
    await call(`${mock.url}/__admin/faults`, {
      json: { operation: 'ShowCatalog', action: { type: 'reset' } },
    });
    const query = key.includes('overview') ? '?cards=5' : key.includes('idle') ? '?project_id=nobody' : '';
    const { status, body } = await call(`${mock.url}${key.slice(4)}${query}`);
    expect(status).toBe(200);
    expect(await problemOf(response as TSchema, body)).toBeUndefined();
  });
});
