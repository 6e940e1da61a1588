/** Names that mean something to JavaScript in any object of a body, a document or a form: taken like any other, or rejected. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunningMock } from '../../src/mock.ts';
import { BOUNDARY, filePart, formBody, formType } from '../gateway/forms.ts';
import { call, TOKEN, testMock } from '../support/mock.ts';
import { type WireResponse, wireCall } from '../support/wire.ts';
import { NAMES, prototypeProbe } from './probe.ts';

const probe = prototypeProbe();
let mock: RunningMock;
beforeAll(async () => {
  mock = await testMock({ clock: 'manual' });
});
beforeEach(() => probe.expectClean());
afterAll(async () => {
  probe.expectClean();
  await mock.close();
});

const JSON_TYPE = { 'content-type': 'application/json' };
const POISONS = [
  '"__proto__":{"polluted":1}',
  '"constructor":{"prototype":{"polluted":1}}',
  '"prototype":{"polluted":1}',
  '"toString":{"polluted":1}',
  '"__proto__":null',
  '"__proto__":[]',
];

/** The JSON text of a value with a poison put first, or last, in each of its objects, one at a time. */
function poisoned(json: unknown, poison: string): string[] {
  const text = JSON.stringify(json);
  return [...text.matchAll(/\{|\}/g)].map(({ index, 0: brace }) => {
    const empty = text[index + 1] === '}' || text[index - 1] === '{';
    return brace === '{'
      ? `${text.slice(0, index + 1)}${poison}${empty ? '' : ','}${text.slice(index + 1)}`
      : `${text.slice(0, index)}${empty ? '' : ','}${poison}${text.slice(index)}`;
  });
}

const SCOPE = { project_id: 'p1', instance_id: 'i1' };
const plan = { mode: 'time', waiting_ms: 1, outcome: { status: 'failed', error_code: 'A', error_msg: 'b' } };
const user = { name: 'u', password: 'x', domain: { name: 'd' } };
const CALLS: [method: string, target: string, body: unknown][] = [
  ['POST', '/__admin/tasks', { ...SCOPE, task_type: 'import_api', plan }],
  ['PUT', '/__admin/plan', { ...SCOPE, plan }],
  ['PUT', '/__admin/clock', { ...SCOPE, mode: 'manual' }],
  ['POST', '/__admin/clock/advance', { ms: 0 }],
  ['POST', '/__admin/faults', { ...SCOPE, action: { type: 'error', headers: { a: 'b' } } }],
  [
    'POST',
    '/__admin/faults',
    { ...SCOPE, action: { type: 'delay', distribution: { type: 'uniform', min: 0, max: 0 } } },
  ],
  ['POST', '/__admin/requests/count', SCOPE],
  ['POST', '/__admin/requests/verify', { ...SCOPE, at_least: 0 }],
  [
    'POST',
    '/__admin/sign-check',
    { method: 'GET', target: '/', headers: { host: 'a', authorization: 'SDK-HMAC-SHA256 Access=a' } },
  ],
  ['POST', '/__admin/reset', { project_id: 'p9' }],
  [
    'POST',
    '/v3/auth/tokens',
    { auth: { identity: { methods: ['password'], password: { user } }, scope: { project: { name: 'a' } } } },
  ],
  [
    'POST',
    '/v2/p1/apigw/instances/i1/openapi/async-export',
    { env_id: 'DEFAULT_ENVIRONMENT_RELEASE_ID', group_id: 'a' },
  ],
];

const send = (
  method: string,
  target: string,
  body?: string | Buffer,
  headers: Record<string, string> = JSON_TYPE,
): Promise<WireResponse> => {
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const all = { 'x-auth-token': TOKEN, ...headers, ...length };
  return wireCall({ port: mock.port, method, target, headers: all, ...(body === undefined ? {} : { body }) });
};

describe('a body with such a name in any of its objects', () => {
  it.each(CALLS)('is taken or rejected, and nothing else changes: %s %s', async (method, target, json) => {
    expect((await send(method, target, JSON.stringify(json))).status).toBeLessThan(500);
    for (const poison of POISONS)
      for (const body of poisoned(json, poison)) {
        const { status, text } = await send(method, target, body);
        expect([status < 500, body, text]).toEqual([true, body, text]);
        probe.expectClean();
      }
    await call(`${mock.url}/__admin/reset`, { json: {} });
  });

  it('that is a snapshot is taken or rejected whole', async () => {
    await call(`${mock.url}/__admin/tasks`, { json: { ...SCOPE, task_type: 'import_api', plan } });
    const { body: snapshot } = await call(`${mock.url}/__admin/state`);
    snapshot.tasks = snapshot.tasks.slice(-1);
    for (const poison of POISONS)
      for (const body of poisoned(snapshot, poison)) {
        expect((await send('PUT', '/__admin/state', body)).status).toBeLessThan(500);
        probe.expectClean();
      }
    expect((await send('PUT', '/__admin/state', JSON.stringify(snapshot))).status).toBe(204);
  });

  it('that is a document or a form is imported or rejected', async () => {
    const operation = {
      operationId: 'a',
      'x-apigateway-backend': { type: 'MOCK', mockEndpoints: { 'result-content': 'x' } },
    };
    const document = {
      ...{
        swagger: '2.0',
        info: { title: 'names' },
        'x-apigateway-responses': { a: { DEFAULT: { body: 'x' } } },
      },
      ...{
        securityDefinitions: { a: { type: 'apiKey', in: 'header', name: 'a' } },
        parameters: { a: { name: 'a', in: 'query', type: 'string' } },
      },
      paths: {
        '/a': {
          get: {
            ...operation,
            parameters: [{ $ref: '#/parameters/a' }],
            responses: { default: { description: 'a' } },
            security: [{ a: [] }],
          },
        },
      },
    };
    const named = NAMES.map((name) =>
      JSON.stringify(document).replaceAll('"a"', JSON.stringify(name)).replaceAll('/a"', `/${name}"`),
    );
    for (const content of [...POISONS.flatMap((poison) => poisoned(document, poison)), ...named]) {
      const parts = [filePart({ content }), { name: 'is_create_group', content: 'true' }];
      const { status, text } = await send(
        'POST',
        '/v2/p1/apigw/instances/names/openapi/import',
        formBody(parts),
        { 'content-type': formType(BOUNDARY) },
      );
      expect([status < 500, content, text]).toEqual([true, content, text]);
      probe.expectClean();
    }
    for (const name of NAMES) {
      const parts = [
        filePart(),
        { name, content: 'x' },
        { name: 'group_id', content: name },
        { name: 'is_create_group', content: 'false' },
      ];
      expect(
        (
          await send('POST', '/v2/p1/apigw/instances/names/openapi/import', formBody(parts), {
            'content-type': formType(BOUNDARY),
          })
        ).status,
      ).toBeLessThan(500);
    }
  });
});
