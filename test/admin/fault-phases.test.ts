/** When a fault matches, what of the work is done by then, which calls it leaves alone, and faults of the settings. */
import { afterAll, afterEach, beforeAll, describe, expect, it, inject as provided } from 'vitest';
import {
  type ApigMock,
  type FaultAction,
  type FaultRequest,
  type OperationName,
  SettingError,
  startApigMock,
} from '../../src/index.ts';
import { filePart, formBody, formType } from '../gateway/forms.ts';
import { type Call, call } from '../support/mock.ts';
import { callsOf, document, HERE, rejection, stillMock } from './scene.ts';

let mock: ApigMock;
beforeAll(async () => {
  mock = await stillMock();
});
afterAll(() => mock.close());
afterEach(() => mock.reset());

const plan = { mode: 'polls', waiting_polls: 2 } as const;
const create = async (place: { project_id: string; instance_id: string } = HERE): Promise<string> =>
  (await mock.tasks.create({ ...place, task_type: 'import_api', plan })).task_id;
const inject = (action: FaultAction, more: Partial<FaultRequest> = {}) =>
  mock.faults.add({ ...HERE, operation: 'ShowAsyncTaskResult', action, ...more });
const polls = async (taskId: string): Promise<number> => (await mock.tasks.get(taskId, HERE)).polls;

describe('phases', () => {
  const error = { type: 'error', status: 500 } as const;

  it('before everything: no token is asked for, nothing is read', async () => {
    await inject(error, { phase: 'before' });
    const taskId = await create();
    expect((await call(callsOf(mock.url).address(taskId), { token: null })).status).toBe(500);
    expect(await polls(taskId)).toBe(0);
  });

  it('checked, the usual one: credentials, parameters and the task come first, and the read does not count', async () => {
    await inject(error);
    const taskId = await create();
    const { poll, address } = callsOf(mock.url);
    expect((await call(address(taskId), { token: null })).status).toBe(401);
    expect((await poll('nobody')).status).toBe(404);
    expect((await call(address('%20'))).status).toBe(400);
    expect((await mock.faults.list())[0]?.hits).toBe(0);
    expect((await poll(taskId)).status).toBe(500);
    expect(await polls(taskId)).toBe(0);
  });

  const instance = '/v2/p1/apigw/instances/i1';
  const user = { name: 'dev', password: 'x' };
  const auth = (more: object) => ({ identity: { methods: ['password'], password: { user } }, ...more });
  const form = { 'content-type': formType() };
  const importing = {
    wrong: { headers: form, body: formBody([filePart(), { name: 'is_create_group', content: 'false' }]) },
    right: { headers: form, body: formBody([filePart()]) },
  };
  const exporting = { wrong: { json: { env_id: 'e' } }, right: { json: { env_id: 'e', group_id: 'g' } } };

  it.each<[OperationName, string, { wrong: Call; right: Call; query?: string }]>([
    ['ImportApiDefinitionsAsync', `${instance}/openapi/async-import`, importing],
    ['ImportApiDefinitionsV2', `${instance}/openapi/import`, importing],
    ['ExportApiDefinitionsAsync', `${instance}/openapi/async-export`, exporting],
    ['ExportApiDefinitionsV2', `${instance}/openapi/export`, exporting],
    ['ListApiGroupsV2', `${instance}/api-groups`, { wrong: {}, right: {}, query: '?limit=ten' }],
    ['ListApisV2', `${instance}/apis`, { wrong: {}, right: {}, query: '?offset=1.5' }],
    ['ListEnvironmentsV2', `${instance}/envs`, { wrong: {}, right: {}, query: '?limit=x' }],
    [
      'BatchPublishOrOfflineApiV2',
      `${instance}/apis/publish?action=online`,
      { wrong: { json: { group_id: 'g' } }, right: { json: { env_id: 'e', group_id: 'g' } } },
    ],
    [
      'KeystoneCreateUserTokenByPassword',
      '/v3/auth/tokens',
      { wrong: { json: { auth: auth({ scope: { project: {} } }) } }, right: { json: { auth: auth({}) } } },
    ],
  ])('checked: a fault for one call is not used up by a malformed %s', async (operation, path, sent) => {
    const fault = await mock.faults.add({ operation, times: 1, action: { ...error, status: 503 } });
    const bad = await call(mock.url + path + (sent.query ?? ''), sent.wrong);
    expect([bad.status, (await mock.faults.list())[0]]).toEqual([400, fault]);
    expect((await call(mock.url + path, sent.right)).status).toBe(503);
    expect((await mock.faults.list())[0]).toMatchObject({ seen: 1, hits: 1 });
  });

  it('after the work: the read counts although its response never came', async () => {
    await inject(error, { phase: 'after' });
    const taskId = await create();
    expect((await callsOf(mock.url).poll(taskId)).status).toBe(500);
    expect(await polls(taskId)).toBe(1);
    await callsOf(mock.url).poll(taskId);
    expect((await mock.tasks.get(taskId)).task_status).toBe('processing');
  });

  it.each<['before' | 'checked' | 'after', number]>([
    ['before', 0],
    ['checked', 0],
    ['after', 1],
  ])('an import that is matched %s leaves %i task(s)', async (phase, count) => {
    const operation = 'ImportApiDefinitionsAsync';
    await inject(error, { operation, ...(phase === 'checked' ? {} : { phase }) });
    await expect(callsOf(mock.url).importFile(document('matched'))).rejects.toThrow('500');
    expect((await mock.tasks.list(HERE)).total).toBe(count);
    await mock.clock.advance(10_000);
    expect(await callsOf(mock.url).groups()).toBe(count);
  });
});

describe('matching', () => {
  it('by operation, method, task and scope leaves all other calls alone', async () => {
    const error = { type: 'error', status: 500 } as const;
    const [mine, other] = [await create(), await create()];
    const there = { project_id: 'p1', instance_id: 'i2' };
    const elsewhere = await create(there);
    await mock.faults.add({ ...HERE, task_id: mine, method: 'GET', action: error });
    const { poll, groups } = callsOf(mock.url);
    expect((await poll(mine)).status).toBe(500);
    expect((await poll(other)).status).toBe(200);
    expect((await callsOf(mock.url, there).poll(elsewhere)).status).toBe(200);
    expect(await groups()).toBe(0);
  });

  it('may be every call of a project, or of the mock, IAM included', async () => {
    await mock.faults.add({ action: { type: 'error', status: 503 } });
    expect((await call(`${mock.url}/v3/regions`)).status).toBe(503);
    expect((await call(`${mock.url}/v2/p9/apigw/instances/i9/apis`)).status).toBe(503);
    expect((await mock.faults.list())[0]).toMatchObject({ hits: 2, seen: 2 });
  });

  it('is listed with hits, removed by id, cleared by scope', async () => {
    const [one, two] = [
      await inject({ type: 'error' }),
      await inject({ type: 'error' }, { project_id: 'p2' }),
    ];
    expect((await mock.faults.list()).map(({ id, hits, seen }) => [id, hits, seen])).toEqual([
      [one.id, 0, 0],
      [two.id, 0, 0],
    ]);
    await mock.faults.remove(one.id);
    const gone = await rejection(mock.faults.remove(one.id));
    expect([gone.status, gone.why]).toEqual([404, `there is no fault ${one.id}`]);
    await mock.faults.clear({ project_id: 'p1' });
    expect(await mock.faults.list()).toHaveLength(1);
    await mock.faults.clear({ project_id: 'p2' });
    expect(await mock.faults.list()).toEqual([]);
  });
});

describe('a fault in one scope', () => {
  /** An odd header pair that only Node's own writing of a response, on the fast path, leaves out. */
  const isShort = async (
    url: string,
    taskId: string,
    place = HERE as { project_id: string; instance_id: string },
  ) => {
    const response = await call(callsOf(url, place).address(taskId));
    return (
      Object.keys(response.headers).join() ===
      'content-type,content-length,x-request-id,date,connection,keep-alive'
    );
  };

  it('leaves the polls of all other scopes on the fast path', async () => {
    const there = { project_id: 'p2', instance_id: 'i1' };
    const isOn = provided('fastPath');
    const [mine, theirs] = [await create(), await create(there)];
    const before = [await isShort(mock.url, mine), await isShort(mock.url, theirs, there)];
    await inject({ type: 'delay', ms: 0 });
    const after = [await isShort(mock.url, mine), await isShort(mock.url, theirs, there)];
    expect([before, after]).toEqual([
      [isOn, isOn],
      [false, isOn],
    ]);
  });
});

describe('faults of the settings', () => {
  const throttled: FaultRequest = { operation: 'ListApisV2', action: { type: 'error', status: 429 } };
  const scoped: FaultRequest = { ...HERE, times: 1, action: { type: 'error', status: 503 } };
  const apis = async (url: string, project = 'p1') =>
    (await call(`${url}/v2/${project}/apigw/instances/i1/apis`)).status;

  it('are in force from the start and after a reset, counted from zero', async () => {
    await using own = await startApigMock({ faults: [throttled, scoped] });
    expect([await apis(own.url), await apis(own.url, 'p2')]).toEqual([429, 429]);
    await own.faults.clear();
    expect(await apis(own.url)).toBe(200);
    await own.reset();
    expect((await own.faults.list()).map(({ hits }) => hits)).toEqual([0, 0]);
    await own.faults.clear(HERE);
    await own.reset({ ...HERE, only: ['faults'] });
    expect((await own.faults.list()).map(({ project_id }) => project_id)).toEqual([undefined, 'p1']);
  });

  it.each<[string, unknown, string]>([
    ['no list', {}, 'faults'],
    ['no fault', [5], '[0]'],
    ['one of two is none', [throttled, { action: { type: 'explode' } }], '[1] action'],
    ['what contradicts itself', [{ action: { type: 'delay' } }], '[0] a delay takes either'],
    [
      'a misspelt operation',
      [throttled, { ...throttled, operation: 'ListApiV2' }],
      "[1] operation: there is no 'ListApiV2'; did you mean ListApisV2?",
    ],
    ['an unknown member', [{ ...throttled, name: 'x' }], '[0] name'],
  ])('are rejected at start-up: %s', async (_what, faults, expected) => {
    const started = startApigMock({ faults: faults as FaultRequest[] });
    await expect(started).rejects.toThrow(SettingError);
    await expect(started).rejects.toThrow(expected);
  });
});
