/** Every control call, three ways: on the object, through the client, and under `/__admin`; all return the same. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ApigMock, connectApigMock, type Snapshot } from '../../src/index.ts';
import { call } from '../support/mock.ts';
import { HERE, rejection, stillMock } from './scene.ts';

let mock: ApigMock;
let client: ApigMock;
let blank: Snapshot;
beforeAll(async () => {
  mock = await stillMock({ seed: 'x' });
  client = await connectApigMock(mock.url);
  await mock.tasks.create({ ...HERE, task_id: 't1', task_type: 'import_api', plan: { mode: 'manual' } });
  await mock.faults.add({ ...HERE, operation: 'ShowCatalog', action: { type: 'empty' } });
  blank = await mock.snapshot();
});
afterAll(async () => {
  await client.close();
  await mock.close();
});
beforeEach(() => mock.restore(blank));

type Ask = (control: ApigMock) => Promise<unknown>;
type Http = [method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown];
const PLACE = 'project_id=p1&instance_id=i1';
const CHECK = { method: 'GET', target: '/', headers: {} };
const faultId = async (): Promise<string> => (await mock.faults.list())[0]?.id ?? '';

/** Name, how it is called on an object, how over HTTP, and what the HTTP response wraps. */
const CALLS: [name: string, ask: Ask, http: () => Http | Promise<Http>, unwrap?: (body: never) => unknown][] =
  [
    ['overview', (m) => m.overview(), () => ['GET', '/overview']],
    [
      'tasks.create',
      (m) => m.tasks.create({ ...HERE, task_type: 'export_api' }),
      () => ['POST', '/tasks', { ...HERE, task_type: 'export_api' }],
    ],
    ['tasks.list', (m) => m.tasks.list(HERE), () => ['GET', `/tasks?${PLACE}`]],
    ['tasks.get', (m) => m.tasks.get('t1', HERE), () => ['GET', `/tasks/t1?${PLACE}`]],
    ['tasks.step', (m) => m.tasks.step('t1'), () => ['POST', '/tasks/t1/step', {}]],
    [
      'tasks.wait',
      (m) => m.tasks.wait('t1', { until: 'waiting' }),
      () => ['GET', '/tasks/t1/wait?until=waiting'],
    ],
    ['idle', (m) => m.idle({ project_id: 'p2' }), () => ['GET', '/idle?project_id=p2'], () => undefined],
    [
      'plan',
      (m) => m.plan({ plan: { mode: 'manual' } }),
      () => ['PUT', '/plan', { plan: { mode: 'manual' } }],
    ],
    ['plans', (m) => m.plans(), () => ['GET', '/plan']],
    ['clock.get', (m) => m.clock.get(), () => ['GET', '/clock']],
    [
      'clock.set',
      (m) => m.clock.set({ mode: 'manual', now: '2027-01-01T00:00:00Z' }),
      () => ['PUT', '/clock', { mode: 'manual', now: '2027-01-01T00:00:00Z' }],
    ],
    ['clock.freeze', (m) => m.clock.freeze(HERE), () => ['PUT', '/clock', { ...HERE, mode: 'manual' }]],
    [
      'clock.resume',
      async (m) => (await m.clock.resume({ project_id: 'p9' })).mode,
      () => ['PUT', '/clock', { project_id: 'p9', mode: 'system' }],
      (body: { mode: string }) => body.mode,
    ],
    ['clock.advance', (m) => m.clock.advance(5), () => ['POST', '/clock/advance', { ms: 5 }]],
    [
      'faults.add',
      (m) => m.faults.add({ action: { type: 'reset' }, operation: 'ListApisV2' }),
      () => ['POST', '/faults', { action: { type: 'reset' }, operation: 'ListApisV2' }],
    ],
    [
      'faults.list',
      (m) => m.faults.list(),
      () => ['GET', '/faults'],
      (body: { faults: unknown }) => body.faults,
    ],
    [
      'faults.remove',
      async (m) => m.faults.remove(await faultId()),
      async () => ['DELETE', `/faults/${await faultId()}`, {}],
    ],
    ['faults.clear', (m) => m.faults.clear(HERE), () => ['DELETE', `/faults?${PLACE}`, {}]],
    ['requests.list', (m) => m.requests.list(HERE), () => ['GET', `/requests?${PLACE}`]],
    [
      'requests.count',
      (m) => m.requests.count(HERE),
      () => ['POST', '/requests/count', HERE],
      (body: { count: number }) => body.count,
    ],
    [
      'requests.verify',
      (m) => m.requests.verify({ ...HERE, exactly: 0 }),
      () => ['POST', '/requests/verify', { ...HERE, exactly: 0 }],
    ],
    ['requests.clear', (m) => m.requests.clear(HERE), () => ['DELETE', `/requests?${PLACE}`, {}]],
    ['signCheck', (m) => m.signCheck(CHECK), () => ['POST', '/sign-check', CHECK]],
    ['reset', (m) => m.reset(HERE), () => ['POST', '/reset', HERE]],
    ['snapshot', (m) => m.snapshot(), () => ['GET', '/state']],
    ['restore', (m) => m.restore(blank), () => ['PUT', '/state', blank]],
  ];

/** Over HTTP, as any language calls it. */
async function overHttp([method, path, json]: Http): Promise<unknown> {
  const response = await call(`${mock.url}/__admin${path}`, {
    method,
    token: null,
    ...(json === undefined ? {} : { json }),
  });
  if (response.status >= 400) throw new Error(`${method} ${path}: ${response.status} ${response.text}`);
  return response.body;
}

/** Event numbers and the time a look took differ from call to call. */
const settled = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value ?? null, (name, inner) =>
      name === 'last_event_id' || name === 'last_request_id' ? 0 : inner,
    ),
  );

describe('every control call', () => {
  it.each(CALLS)(
    '%s returns the same on the object, the client and over HTTP',
    async (_name, ask, http, unwrap = (body: never) => body) => {
      const ways = [
        () => ask(mock),
        () => ask(client),
        async () => unwrap((await overHttp(await http())) as never),
      ];
      const responses: unknown[] = [];
      for (const way of ways) {
        await mock.restore(blank);
        responses.push(settled(await way()));
      }
      expect(responses[1]).toEqual(responses[0]);
      expect(responses[2]).toEqual(responses[0]);
    },
  );

  it('stands in this table', () => {
    const names = (control: object): string[] =>
      Object.entries(control).flatMap(([name, inner]) =>
        typeof inner === 'object' && inner !== null && name !== 'events'
          ? Object.keys(inner).map((one) => `${name}.${one}`)
          : [name],
      );
    const own = ['url', 'token', 'project', 'close', 'events'];
    const calls = names(mock).filter((name) => !own.includes(name));
    expect(calls.sort()).toEqual(CALLS.map(([name]) => name).sort());
    expect(names(client).sort()).toEqual(names(mock).sort());
  });

  it.each<[string, (control: ApigMock) => Promise<unknown>, RegExp]>([
    [
      'tasks.create',
      (m) => m.tasks.create({ ...HERE, task_type: 'x' as never }),
      /task_type takes import_api or export_api/,
    ],
    ['tasks.list', (m) => m.tasks.list({ limit: 5000 }), /limit takes a whole number from 1 to 1000/],
    ['tasks.wait', (m) => m.tasks.wait('t1', { timeout_ms: -1 }), /timeout_ms takes a whole number from 0/],
    [
      'plan',
      (m) => m.plan({ plan: { mode: 'polls', waiting_polls: 1.5 } }),
      /plan.waiting_polls takes .*whole number/,
    ],
    ['clock.set', (m) => m.clock.set({ mode: 'manual', now: 'soon' }), /now takes a time in RFC 3339/],
    ['clock.advance', (m) => m.clock.advance(-1), /ms takes a whole number from 0/],
    ['faults.add', (m) => m.faults.add({ action: { type: 'delay', ms: -5 } }), /action.ms takes/],
    [
      'faults.add',
      (m) => m.faults.add({ operation: 'ShowAsyncTask' as never, times: 1, action: { type: 'error' } }),
      /^operation: there is no 'ShowAsyncTask'; did you mean ShowAsyncTaskResult\?$/,
    ],
    [
      'faults.add',
      (m) => m.faults.add({ operation: 'health' as never, action: { type: 'error' } }),
      /^operation: there is no 'health'; there are ShowAsyncTaskResult, .*KeystoneListRegions$/,
    ],
    [
      'requests.list',
      (m) => m.requests.list({ operation: 'listapisv2' as never }),
      /did you mean ListApisV2\?$/,
    ],
    [
      'requests.count',
      (m) => m.requests.count({ operation: 'ListApis' as never }),
      /did you mean ListApisV2\?$/,
    ],
    [
      'requests.verify',
      (m) => m.requests.verify({ operation: 'ImportApiDefinitionAsync' as never, exactly: 0 }),
      /did you mean ImportApiDefinitionsAsync\?$/,
    ],
    ['requests.list', (m) => m.requests.list({ status: 700 }), /status takes a whole number from 0 to 599/],
    ['requests.verify', (m) => m.requests.verify({ exactly: -1 }), /exactly takes a whole number from 0/],
    ['reset', (m) => m.reset({ only: ['everything' as never] }), /only\[0\] takes one of/],
  ])(
    '%s rejects what it does not take, in both forms, with the field and what it takes',
    async (_name, ask, expected) => {
      for (const control of [mock, client]) {
        const rejected = await rejection(ask(control));
        expect([rejected.status, rejected.code]).toEqual([400, 'APIG.2012']);
        expect(rejected.why).toMatch(expected);
        await expect(ask(control)).rejects.toThrow(`documentation: ${rejected.why}`);
      }
    },
  );
});
