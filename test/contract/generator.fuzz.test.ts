/** Every operation of the description is sent what the description allows, and what it does not. */
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { serviceOperation } from '../../src/gateway/service-operations.ts';
import { cases } from '../support/fuzz.ts';
import { call, testMock } from '../support/mock.ts';
import type { WireResponse } from '../support/wire.ts';
import { mismatches } from './generator/mismatches.ts';
import { type Operation, parametersIn, requestsTo, type Sent, send, targetOf } from './generator/requests.ts';
import { isOfState, keepToWords, OPENAPI_FILE, TOKEN_REQUEST } from './generator/words.ts';
import { type Checker, checkerOf, type Description, finderOf } from './hook/checker.ts';

const SEED = 20261124;
/** Fewer are, for some operations, rejected for the state of the mock each time. */
const RUNS = cases(40, 10);
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'];

const described = await (async () => {
  await using mock = await testMock();
  return (await call(`${mock.url}/__admin/openapi.json`)).body as Description;
})();
const check: Checker = checkerOf(described);
const find = finderOf(described);
const OPERATIONS = Object.entries(described.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, one]): Operation => ({ method, path, described: one })),
);
/** What never ends, and what takes a whole snapshot, is sent by tests of its own. */
const named = OPERATIONS.filter(
  ({ described: { operationId } }) => !/^(events|restore)$/.test(operationId),
).map((operation) => [operation.described.operationId, operation] as const);

/** A mock of the test's own, and by name what is there: a task that waits to be stepped, a group, a token, a fault. */
async function furnished({ method, path }: Operation) {
  // What is to be deleted is not in use.
  const deletes = method === 'delete';
  const mock = await testMock({ clock: 'manual', autoPublish: !deletes });
  const place = { project_id: 'p1', instance_id: 'i1' };
  const { control, url } = mock;
  const plan = { mode: 'manual' } as const;
  await control.tasks.create({ ...place, task_type: 'import_api', task_id: 't1', plan });
  const fault = await control.faults.add({ project_id: 'nobody', action: { type: 'delay', ms: 1 } });
  const form = new FormData();
  form.set('file_name', new Blob([OPENAPI_FILE]));
  const { body } = await call(`${url}/v2/p1/apigw/instances/i1/openapi/import`, await formCall(form));
  const instance = `${url}/v2/p1/apigw/instances/i1`;
  const empty = await call(`${instance}/api-groups`, { json: { name: 'empty' } });
  const environment = await call(`${instance}/envs`, { json: { name: 'own' } });
  const token = await call(`${url}/v3/auth/tokens`, { token: null, json: TOKEN_REQUEST });
  const known = {
    ...place,
    task_id: 't1',
    fault_id: fault.id,
    group_id: deletes ? empty.body.id : body.group_id,
    env_id: path.includes('{env_id}') ? environment.body.id : 'DEFAULT_ENVIRONMENT_RELEASE_ID',
    apis: [body.success[0].id],
    api_id: body.success[0].id,
    token: token.headers['x-subject-token'],
    'X-Subject-Token': token.headers['x-subject-token'],
  };
  return { mock, known };
}

async function formCall(form: FormData) {
  const encoded = new Response(form);
  const type = encoded.headers.get('content-type') ?? '';
  return { headers: { 'content-type': type }, body: Buffer.from(await encoded.arrayBuffer()) };
}

/** The description holds for the response, whatever its content. */
function expectDescribed(operation: Operation, sent: Sent, response: WireResponse): void {
  const { status, headers, text } = response;
  const target = targetOf(operation, sent);
  expect(check({ method: operation.method.toUpperCase(), target, status, headers, text })).toBeUndefined();
}

const codeOf = ({ text }: WireResponse): string => (JSON.parse(text) as { error_code: string }).error_code;

describe('what is allowed', () => {
  it.each(named)('is taken by %s', async (_id, operation) => {
    const { mock: own, known } = await furnished(operation);
    await using mock = own;
    const responses = new Set<number>();
    const property = fc.asyncProperty(requestsTo(operation, known), async (given) => {
      const sent = keepToWords(operation, given);
      const response = await send(mock.port, operation, sent);
      responses.add(response.status);
      expectDescribed(operation, sent, response);
      expect(response.status).toBeLessThan(500);
      if (response.status < 400) return;
      const reason = String(response.headers['x-mock-reason'] ?? '');
      expect(
        isOfState(codeOf(response), reason) || neverTaken(operation),
        `${response.status} ${response.text} ${reason}`,
      ).toBe(true);
    });
    await fc.assert(property, { seed: SEED, numRuns: RUNS });
    // One that is rejected for the state of the mock each time would prove little.
    const isTaken = [...responses].some((status) => status < 400);
    expect(isTaken || neverTaken(operation), [...responses].join()).toBe(true);
  });
});

const bodied = named.filter(([, { described: one }]) => one.requestBody !== undefined);
describe('the example of a body', () => {
  it.each(bodied)('is taken by %s', async (_id, operation) => {
    const [media] = Object.values(operation.described.requestBody?.content ?? {});
    expect(media?.example).toBeDefined();
    const { mock: own, known } = await furnished(operation);
    await using mock = own;
    const body = structuredClone(media?.example) as Record<string, unknown>;
    for (const name of ['group_id', 'api_id', 'token'] as const) if (name in body) body[name] = known[name];
    const needed = parametersIn(operation, 'query').filter(({ required }) => required === true);
    const query = Object.fromEntries(needed.map(({ name, schema }) => [name, schema.enum?.[0]]));
    const sent = { path: known, query, headers: {}, body };
    const response = await send(mock.port, operation, sent);
    expectDescribed(operation, sent, response);
    expect(response.status, response.text).toBeLessThan(400);
  });
});

/** An operation that is described with rejections alone. */
const neverTaken = ({ described: { responses } }: Operation): boolean =>
  Object.keys(responses).every((status) => Number(status) >= 400);

describe('what is not allowed', () => {
  const ajv = new Ajv({ strict: false, validateFormats: false });

  it.each(named)('is rejected by %s, before a fault is hit', async (_id, operation) => {
    const { mock: own, known } = await furnished(operation);
    await using mock = own;
    const fault = await mock.control.faults.add({ action: { type: 'error', status: 503 } });
    const [given] = fc.sample(requestsTo(operation, known), { seed: SEED, numRuns: 1 }) as [Sent];
    const taken: string[] = [];
    for (const [what, sent, status] of mismatches(operation, keepToWords(operation, given), ajv)) {
      const response = await send(mock.port, operation, sent);
      if (response.status !== status) taken.push(`${what}: ${response.status} ${response.text.slice(0, 80)}`);
      else expectDescribed(operation, sent, response);
    }
    expect(taken).toEqual([]);
    const inForce = (await mock.control.faults.list()).find(({ id }) => id === fault.id);
    expect(inForce).toMatchObject({ seen: 0, hits: 0 });
  });

  it.each(Object.keys(described.paths))('is another method on %s', async (path) => {
    await using mock = await testMock();
    const target = path.replaceAll(/\{\w+\}/g, 'x1');
    const known = Object.keys(described.paths[path] ?? {}).map((method) => method.toUpperCase());
    // A path such as `apis/publish` is one of `apis/{api_id}`, too.
    for (const method of METHODS.filter((one) => find(one, target) === undefined)) {
      const operation = { method, path: target, described: { operationId: '', responses: {} } };
      const sent = { path: {}, query: {}, headers: {}, body: undefined };
      const response = await send(mock.port, operation, sent);
      const isOfService = serviceOperation(method, target) !== undefined;
      expect(response.status, `${method} ${path}`).toBe(isOfService ? 501 : 405);
      if (!isOfService)
        expect(String(response.headers['allow']).split(', ')).toEqual(expect.arrayContaining(known));
      expectDescribed(operation, sent, response);
    }
  });
});
