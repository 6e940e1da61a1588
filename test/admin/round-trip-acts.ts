/** What the round-trip property does to a mock: calls of every kind with every member, good and bad, in plain data. */
import fc from 'fast-check';
import type { ApigMock } from '../../src/index.ts';
import { call } from '../support/mock.ts';
import { document, type Place } from './scene.ts';

export const PLACES: readonly Place[] = [
  { project_id: 'p1', instance_id: 'i1' },
  { project_id: 'p1', instance_id: 'i2' },
  { project_id: '__proto__', instance_id: 'constructor' },
];

export const apigw = (url: string, { project_id, instance_id }: Place): string =>
  `${url}/v2/${project_id}/apigw/instances/${instance_id}`;

/** Makes one call; it may be rejected, or cut off by a fault. */
export type Act = { readonly name: string; readonly does: (mock: ApigMock) => Promise<unknown> };

const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
const place = fc.constantFrom(...PLACES);
const part = fc.constantFrom<Partial<Place>[]>({}, { project_id: 'p1' }, ...PLACES);
const type = fc.constantFrom('import_api' as const, 'export_api' as const);
export const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    '',
    '{"a":1}',
    '\u0000',
    '\ud800',
    'a\udfffb',
    '\ufeff{}',
    '",\n\\"task_result":""}',
    'é'.repeat(5000),
  ),
);
const number = fc.constantFrom(
  0,
  -0,
  1,
  2,
  100,
  1000,
  2_592_000_000,
  -1,
  0.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  1e21,
);
const count = fc.oneof({ weight: 4, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: number });

const outcome = fc.oneof(
  fc.record({ status: fc.constant('succeed' as const), task_result: maybe(text) }),
  fc.record({ status: fc.constant('failed' as const), error_code: text, error_msg: text }),
);
export const plan = fc.oneof(
  fc.record({
    mode: fc.constant('time'),
    waiting_ms: maybe(number),
    processing_ms: maybe(number),
    outcome: maybe(outcome),
  }),
  fc.record({
    mode: fc.constant('polls'),
    waiting_polls: maybe(count),
    processing_polls: maybe(count),
    outcome: maybe(outcome),
  }),
  fc.record({ mode: fc.constantFrom('manual', 'immediate'), outcome: maybe(outcome) }),
);
const id = fc.constantFrom('t1', 't2', '__proto__', 'constructor', 'x'.repeat(64));

const header = fc.record({ 'Retry-After': maybe(fc.constant('1')), constructor: maybe(fc.constant('x')) });
const action = fc.oneof(
  fc.record({
    type: fc.constant('error'),
    status: maybe(fc.constantFrom(200, 429, 599)),
    error_code: maybe(fc.constantFrom('APIG.3001', 'X')),
    error_msg: maybe(text),
    headers: maybe(header),
    body: maybe(text),
  }),
  fc.record({ type: fc.constantFrom('empty', 'reset', 'truncate', 'malformed') }),
);
const fault = fc.record({
  operation: maybe(fc.constantFrom('ShowAsyncTaskResult', 'ListApisV2', 'ExportApiDefinitionsV2')),
  method: maybe(fc.constantFrom('GET', 'POST')),
  project_id: maybe(fc.constantFrom('p1', '__proto__')),
  instance_id: maybe(fc.constantFrom('i1', 'constructor')),
  task_id: maybe(id),
  after: maybe(count),
  times: maybe(count),
  probability: maybe(fc.constantFrom(0, -0, 0.5, 1, 0.1 + 0.2, 5e-324)),
  phase: maybe(fc.constantFrom('before', 'after')),
  action,
});
/** No request meets it, since a delay on a clock that stands still would not end. */
const delay = fc
  .record({
    type: fc.constant('delay'),
    ms: maybe(fc.constantFrom(0, -0, 5)),
    distribution: maybe(
      fc.oneof(
        fc.record({
          type: fc.constant('uniform'),
          min: fc.constantFrom(0, -0, 1),
          max: fc.constantFrom(-0, 2),
        }),
        fc.record({ type: fc.constant('lognormal'), median: fc.nat(9), sigma: fc.constantFrom(-0, 0.5, 5) }),
      ),
    ),
  })
  .map((slow) => ({ project_id: 'nowhere', action: slow }));

/** Behind an authorizer and a policy, and beside an API that anybody may call, so that the task has a reason. */
const guarded = (uri: string): string =>
  JSON.stringify({
    ...JSON.parse(document(`guarded-${uri}`)),
    paths: {
      '/guarded': {
        get: {
          security: [{ guard: [] }],
          'x-apigateway-ratelimit': 'limit',
          'x-apigateway-backend': { type: 'MOCK', mockEndpoints: { 'result-content': 'x' } },
        },
        put: {
          security: [{ bearer: [] }],
          'x-apigateway-backend': { type: 'MOCK', mockEndpoints: { 'result-content': 'x' } },
        },
      },
    },
    securityDefinitions: {
      bearer: { type: 'basic' },
      guard: {
        ...{ type: 'apiKey', name: 'unused', in: 'header', 'x-apigateway-auth-type': 'AUTHORIZER' },
        'x-apigateway-authorizer': {
          ...{ type: 'FRONTEND', authorizer_type: 'FUNC' },
          authorizer_uri: `urn:fss:${uri}`,
        },
      },
    },
    'x-apigateway-ratelimits': { limit: { 'api-limit': 1, interval: 1, unit: 'DAY' } },
  });

const FILES: readonly (string | Buffer)[] = [
  document('one'),
  document('two', '/b'),
  `\ufeff${document('bom')}`,
  document('lone\ud800 \u0000 name').replaceAll('\u0000', '\\u0000'),
  guarded('one'),
  guarded('two'),
  '{"swagger":"2.0","info":{"title":"numbers","version":"1"},"x-n":[-0,1e400,1e21,0.1],"paths":{"/n":{"get":{"x-a":{"__proto__":{"b":1},"constructor":-0}}}}}',
  'swagger: "2.0"\ninfo: {title: "yaml \\uD800", version: "1"}\nx-nan: [.nan, -.inf, -0.0]\npaths: {/y: {get: {x-b: .nan}, post: {}}}\n',
  Buffer.from([0x7b, 0xff, 0xfe, 0x00]),
  'no document',
];

/** A form by hand, since a file may be no text. */
function formOf(fields: Record<string, string>, file: string | Buffer) {
  const head = Object.entries(fields)
    .map(([name, value]) => `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
    .join('');
  const start = `${head}--b\r\ncontent-disposition: form-data; name="file_name"; filename="a"\r\n\r\n`;
  return {
    headers: { 'content-type': 'multipart/form-data; boundary=b' },
    body: Buffer.concat([Buffer.from(start), Buffer.from(file), Buffer.from('\r\n--b--\r\n')]),
  };
}

/** The groups of a place, as the mock's own state has them: no request is made. */
// biome-ignore lint/suspicious/noExplicitAny: the groups of a snapshot have no type outside
export async function groupsOf(mock: ApigMock, { project_id, instance_id }: Place): Promise<any[]> {
  // biome-ignore lint/suspicious/noExplicitAny: as above
  const { scopes } = (await mock.snapshot()).apis as { scopes: { scope: string; instance: any }[] };
  return scopes.find(({ scope }) => scope === `${project_id}/${instance_id}`)?.instance.groups ?? [];
}

const act = <A>(name: string, args: fc.Arbitrary<A>, does: (mock: ApigMock, args: A) => Promise<unknown>) =>
  args.map(
    (given): Act => ({ name: `${name}(${JSON.stringify(given)})`, does: (mock) => does(mock, given) }),
  );

/** Through the object, or as JSON over HTTP. */
const twice = <A>(
  name: string,
  args: fc.Arbitrary<A>,
  by: {
    object: (mock: ApigMock, args: never) => Promise<unknown>;
    http: (args: A) => [method: 'POST' | 'PUT', path: string];
  },
) => [
  act(`object.${name}`, args, (mock, given) => by.object(mock, given as never)),
  act(`http.${name}`, args, (mock, given) => {
    const [method, path] = by.http(given);
    return call(`${mock.url}/__admin/${path}`, { method, json: given, token: null });
  }),
];

const LATE = ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:58.000Z', '0000-01-01T00:00:00.000Z'];
const now = fc.constantFrom(
  ...LATE,
  '2026-01-01T00:00:01.000Z',
  '2030-01-01T00:00:00.000Z',
  '2025-12-31T23:59:59Z',
);

const create = fc
  .record({ at: place, task_type: type, task_id: maybe(id), plan: maybe(plan), outcome: maybe(outcome) })
  .map(({ at, ...task }) => ({ ...at, ...task }));
const setPlan = fc
  .record({ at: part, task_type: maybe(type), times: maybe(count), plan: fc.oneof(plan, fc.constant(null)) })
  .map(({ at, ...request }) => ({ ...at, ...request }));
const setClock = fc.record({ at: part, now }).map(({ at, now: to }) => ({ ...at, mode: 'manual', now: to }));
const advance = fc.record({ at: part, ms: number }).map(({ at, ms }) => ({ ...at, ms }));

const importFile = act(
  'import',
  fc.record({
    at: place,
    file: fc.nat(FILES.length - 1),
    into: fc.boolean(),
    mode: fc.constantFrom('merge', 'override'),
  }),
  async (mock, { at, file, into, mode }) => {
    const group = into ? (await groupsOf(mock, at))[0]?.id : undefined;
    const fields = group === undefined ? {} : { is_create_group: 'false', group_id: group as string };
    const form = formOf({ ...fields, api_mode: mode, extend_mode: mode }, FILES[file] ?? '');
    return call(`${apigw(mock.url, at)}/openapi/async-import`, { method: 'POST', ...form });
  },
);
const exportGroup = act(
  'export',
  fc.record({ at: place, version: maybe(fc.constant('1')) }),
  async (mock, { at, version }) => {
    const group_id = (await groupsOf(mock, at))[0]?.id ?? 'none';
    return call(`${apigw(mock.url, at)}/openapi/async-export`, {
      json: { env_id: 'DEFAULT_ENVIRONMENT_RELEASE_ID', group_id, version },
    });
  },
);
const publish = act(
  'publish',
  fc.record({ at: place, action: fc.constantFrom('online', 'offline'), remark: text }),
  async (mock, { at, action: what, remark }) => {
    const group_id = (await groupsOf(mock, at))[0]?.id ?? 'none';
    return call(`${apigw(mock.url, at)}/apis/publish?action=${what}`, {
      json: { env_id: 'DEFAULT_ENVIRONMENT_RELEASE_ID', group_id, remark },
    });
  },
);
/** A group, an environment or an API of a place, by a number; none when it has none. */
async function resourcesOf(mock: ApigMock, { project_id, instance_id }: Place) {
  // biome-ignore lint/suspicious/noExplicitAny: the state of a snapshot has no type outside
  const { scopes } = (await mock.snapshot()).apis as { scopes: { scope: string; instance: any }[] };
  const here = scopes.find(({ scope }) => scope === `${project_id}/${instance_id}`)?.instance;
  const groups: { id: string; apis: { id: string }[] }[] = here?.groups ?? [];
  const environments: { id: string }[] = here?.environments ?? [];
  return { 'api-groups': groups, envs: environments, apis: groups.flatMap(({ apis }) => apis) };
}
const list = fc.constantFrom('api-groups' as const, 'envs' as const);
const named = fc.constantFrom('one', 'two', 'BOM', 'lone');
const createResource = act(
  'createResource',
  fc.record({ at: place, list, name: named, remark: maybe(text) }),
  async (mock, { at, list: of, ...json }) => call(`${apigw(mock.url, at)}/${of}`, { json }),
);
const changeResource = act(
  'changeResource',
  fc.record({ at: place, list, pick: fc.nat(9), name: named, remark: maybe(text) }),
  async (mock, { at, list: of, pick, ...json }) => {
    const all = (await resourcesOf(mock, at))[of];
    const id = all[pick % Math.max(all.length, 1)]?.id ?? 'none';
    return call(`${apigw(mock.url, at)}/${of}/${id}`, { method: 'PUT', json });
  },
);
const setSubdomain = act(
  'setSubdomain',
  fc.record({ at: place, enabled: fc.boolean() }),
  async (mock, { at, enabled }) => {
    const id = (await groupsOf(mock, at))[0]?.id ?? 'none';
    const json = { sl_domain_access_enabled: enabled };
    return call(`${apigw(mock.url, at)}/api-groups/${id}/sl-domain-access-settings`, { method: 'PUT', json });
  },
);
const deleteResource = act(
  'deleteResource',
  fc.record({ at: place, list: fc.constantFrom('api-groups', 'envs', 'apis'), pick: fc.nat(9) }),
  async (mock, { at, list: of, pick }) => {
    const all = (await resourcesOf(mock, at))[of as 'apis'];
    const id = all[pick % Math.max(all.length, 1)]?.id ?? 'none';
    return call(`${apigw(mock.url, at)}/${of}/${id}`, { method: 'DELETE' });
  },
);
const publishOne = act(
  'publishOne',
  fc.record({ at: place, action: fc.constantFrom('online', 'offline'), api: fc.nat(3), env: fc.nat(3) }),
  async (mock, { at, action: what, api, env }) => {
    const { apis, envs } = await resourcesOf(mock, at);
    const json = { action: what, api_id: apis[api]?.id ?? 'none', env_id: envs[env]?.id ?? 'none' };
    return call(`${apigw(mock.url, at)}/apis/action`, { json });
  },
);
const poll = act('poll', fc.record({ pick: fc.nat(9) }), async (mock, { pick }) => {
  const { tasks } = await mock.tasks.list();
  const task = tasks[pick % Math.max(tasks.length, 1)];
  if (task === undefined) return;
  const { project_id = 'p1', instance_id = 'i1', task_id } = task;
  return call(`${apigw(mock.url, { project_id, instance_id })}/async-tasks/${task_id}`);
});
const step = act('step', fc.record({ pick: fc.nat(9) }), async (mock, { pick }) => {
  const { tasks } = await mock.tasks.list();
  const { task_id = '', ...task } = tasks[pick % Math.max(tasks.length, 1)] ?? {};
  const { project_id, instance_id } = task as Partial<Place>;
  return mock.tasks.step(
    task_id,
    project_id === undefined ? {} : { project_id, ...(instance_id && { instance_id }) },
  );
});
const reset = act(
  'reset',
  fc.record({ at: part, only: maybe(fc.constantFrom('tasks', 'apis', 'faults', 'plans')) }),
  (mock, { at, only }) => mock.reset({ ...at, ...(only === undefined ? {} : { only: [only as 'tasks'] }) }),
);

const ofTasks = twice('create', create, {
  object: (mock, task) => mock.tasks.create(task),
  http: () => ['POST', 'tasks'],
});
export const acts: fc.Arbitrary<Act>[] = [
  ...ofTasks,
  ...ofTasks,
  ...twice('plan', setPlan, { object: (mock, request) => mock.plan(request), http: () => ['PUT', 'plan'] }),
  ...twice('fault', fc.oneof({ weight: 3, arbitrary: fault }, { weight: 1, arbitrary: delay }), {
    object: (mock, request) => mock.faults.add(request),
    http: () => ['POST', 'faults'],
  }),
  ...twice('clock', setClock, {
    object: (mock, request) => mock.clock.set(request),
    http: () => ['PUT', 'clock'],
  }),
  ...twice('advance', advance, {
    object: (mock, { ms, ...scope }: { ms: number }) => mock.clock.advance(ms, scope),
    http: () => ['POST', 'clock/advance'],
  }),
  importFile,
  importFile,
  exportGroup,
  publish,
  publishOne,
  createResource,
  createResource,
  changeResource,
  setSubdomain,
  deleteResource,
  deleteResource,
  poll,
  poll,
  step,
  reset,
];
