/** Groups, APIs, environments and instances: what is rejected, and how; and what happens at the same time. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { errors } from '../../src/core/errors.ts';
import { apiOperations } from '../../src/gateway/operations.ts';
import { SERVICE_OPERATIONS, serviceOperation } from '../../src/gateway/service-operations.ts';
import type { RunningMock } from '../../src/mock.ts';
import { taskOperations } from '../../src/tasks/operations.ts';
import { callsOf, document } from '../admin/scene.ts';
import { type Call, call, taskUrl, testMock } from '../support/mock.ts';

const RELEASE = 'DEFAULT_ENVIRONMENT_RELEASE_ID';

let mock: RunningMock;
let project = 0;
let place = { project_id: 'p0', instance_id: 'i1' };
let url = '';
beforeAll(async () => {
  mock = await testMock({ progression: 'manual', fixtures: 'none' });
});
afterAll(() => mock.close());
beforeEach(() => {
  project += 1;
  place = { project_id: `p${project}`, instance_id: 'i1' };
  url = `${mock.url}/v2/p${project}/apigw/instances/i1`;
});

const to = (path: string, how: Call = {}) => call(`${url}/${path}`, how);
const destroy = (path: string) => to(path, { method: 'DELETE' });
/** A group, made by a file with one API. */
async function imported(title = 'a-group'): Promise<{ group: string; api: string }> {
  const form = new FormData();
  form.append('file_name', new Blob([document(title)]), 'a.json');
  const headers = { 'x-auth-token': 'dev-token' };
  const response = await fetch(`${url}/openapi/import`, { method: 'POST', headers, body: form });
  const { group_id, success } = (await response.json()) as { group_id: string; success: { id: string }[] };
  return { group: group_id, api: success[0]?.id ?? '' };
}
const outcomeOf = async (taskId: string) => {
  await mock.control.tasks.step(taskId, place);
  await mock.control.tasks.step(taskId, place);
  const { body } = await call(taskUrl(mock.url, taskId, place.project_id));
  return [body.task_status, JSON.parse(body.task_result)];
};

describe('an import into a group', () => {
  it('fails with APIG.3001 when the group is deleted while it runs', async () => {
    const { id } = (await to('api-groups', { json: { name: 'doomed' } })).body;
    const form = new FormData();
    form.append('file_name', new Blob([document('more')]), 'a.json');
    form.append('is_create_group', 'false');
    form.append('group_id', id);
    const headers = { 'x-auth-token': 'dev-token' };
    const submitted = await fetch(`${url}/openapi/async-import`, { method: 'POST', headers, body: form });
    const { task_id } = (await submitted.json()) as { task_id: string };
    expect((await destroy(`api-groups/${id}`)).status).toBe(204);
    expect(await outcomeOf(task_id)).toEqual(['failed', errors.groupNotFound(id).body]);
    expect((await to('apis')).body.total).toBe(0);
  });

  it('that creates it takes a name that a deletion has set free', async () => {
    const { id } = (await to('api-groups', { json: { name: 'freed' } })).body;
    const taskId = await callsOf(mock.url, place).importFile(document('freed'));
    await destroy(`api-groups/${id}`);
    const [status, result] = await outcomeOf(taskId);
    expect([status, result.success.length]).toEqual(['succeed', 1]);
  });

  it('fails when a group of that name was created while it ran', async () => {
    const taskId = await callsOf(mock.url, place).importFile(document('raced'));
    await to('api-groups', { json: { name: 'raced' } });
    expect(await outcomeOf(taskId)).toEqual(['failed', errors.groupNameExists().body]);
  });
});

describe('two deletions at once', () => {
  it('of a group, an API, an environment: one is done, the other finds nothing', async () => {
    const { api, group } = await imported();
    await to('apis/action', { json: { action: 'offline', env_id: RELEASE, api_id: api } });
    const { id } = (await to('envs', { json: { name: 'dev' } })).body;
    const both = async (path: string) =>
      (await Promise.all([destroy(path), destroy(path)])).map(({ status }) => status).sort();
    for (const path of [`apis/${api}`, `api-groups/${group}`, `envs/${id}`])
      expect([path, await both(path)]).toEqual([path, [204, 404]]);
  });
});

describe('a deletion', () => {
  it('of a published API is rejected until it is offline everywhere', async () => {
    const { api } = await imported();
    const env_id = (await to('envs', { json: { name: 'dev' } })).body.id;
    await to('apis/action', { json: { action: 'online', env_id, api_id: api } });
    for (const env of [RELEASE, env_id]) {
      const rejected = await destroy(`apis/${api}`);
      expect([rejected.status, rejected.body]).toEqual([409, errors.apiPublished().body]);
      await to('apis/action', { json: { action: 'offline', env_id: env, api_id: api } });
    }
    expect((await destroy(`apis/${api}`)).status).toBe(204);
    expect((await to(`apis/${api}`)).body).toEqual(errors.apiNotFound(api).body);
  });

  it('of an API frees its name and its route', async () => {
    const { api, group } = await imported();
    await to('apis/action', { json: { action: 'offline', env_id: RELEASE, api_id: api } });
    await destroy(`apis/${api}`);
    const form = new FormData();
    form.append('file_name', new Blob([document('again')]), 'a.json');
    form.append('is_create_group', 'false');
    form.append('group_id', group);
    const headers = { 'x-auth-token': 'dev-token' };
    const response = await fetch(`${url}/openapi/import`, { method: 'POST', headers, body: form });
    expect(await response.json()).toMatchObject({ success: [{ action: 'create' }], failure: [] });
  });

  it('of an environment in which an API is published is rejected, and of RELEASE always', async () => {
    const { api } = await imported();
    const env_id = (await to('envs', { json: { name: 'dev' } })).body.id;
    await to('apis/action', { json: { action: 'online', env_id, api_id: api } });
    const used = await destroy(`envs/${env_id}`);
    expect([used.status, used.body]).toEqual([403, errors.environmentInUse().body]);
    for (const response of [
      await destroy(`envs/${RELEASE}`),
      await to(`envs/${RELEASE}`, { method: 'PUT', json: { name: 'other' } }),
    ])
      expect([response.status, response.body.error_code]).toEqual([400, 'APIG.2012']);
  });

  it('may be called by nobody who may only read', async () => {
    await using careful = await testMock({ readOnlyUsers: ['reader'], accessKeys: ['dev-ak:dev-sk'] });
    const token = (
      await call(`${careful.url}/v3/auth/tokens`, {
        token: null,
        json: {
          auth: {
            identity: { methods: ['password'], password: { user: { name: 'reader', password: 'x' } } },
            scope: { project: { id: 'p1' } },
          },
        },
      })
    ).headers['x-subject-token'] as string;
    const at = `${careful.url}/v2/p1/apigw/instances/i1`;
    for (const [method, path] of [
      ['POST', 'api-groups'],
      ['DELETE', 'api-groups/g1'],
      ['DELETE', 'apis/a1'],
      ['DELETE', 'envs/e1'],
      ['POST', 'apis/action'],
    ] as const)
      expect((await call(`${at}/${path}`, { method, token, json: {} })).status).toBe(403);
    expect((await call(`${at}/api-groups`, { token })).status).toBe(200);
  });
});

describe('a body', () => {
  const long = 'x'.repeat(1001);
  it.each<[string, 'POST' | 'PUT', string, unknown, number, string, string]>([
    ['no name', 'POST', 'api-groups', {}, 400, 'APIG.2001', 'name'],
    ['no object', 'POST', 'api-groups', ['x'], 400, 'APIG.2001', 'name'],
    ['a short name', 'POST', 'api-groups', { name: 'ab' }, 400, 'APIG.2011', 'name'],
    ['a name that is a number', 'POST', 'api-groups', { name: 12345 }, 400, 'APIG.2011', 'name'],
    ['a long remark', 'POST', 'api-groups', { name: 'good', remark: long }, 400, 'APIG.2012', 'remark'],
    ['a name with a hyphen', 'POST', 'envs', { name: 'a-b' }, 400, 'APIG.2012', 'name'],
    ['a digit first', 'PUT', 'envs/e1', { name: '1ab' }, 400, 'APIG.2012', 'name'],
    ['no action', 'POST', 'apis/action', { env_id: RELEASE, api_id: 'a1' }, 400, 'APIG.2001', 'action'],
    [
      'a wrong action',
      'POST',
      'apis/action',
      { action: 'on', env_id: RELEASE, api_id: 'a1' },
      400,
      'APIG.2011',
      'action',
    ],
    ['no API', 'POST', 'apis/action', { action: 'online', env_id: RELEASE }, 400, 'APIG.2001', 'api_id'],
    ['no environment', 'POST', 'apis/action', { action: 'online', api_id: 'a1' }, 400, 'APIG.2001', 'env_id'],
    ['no setting', 'PUT', 'api-groups/g1/sl-domain-access-settings', {}, 400, 'APIG.2001', 'sl_domain'],
    [
      'a setting that is a text',
      'PUT',
      'api-groups/g1/sl-domain-access-settings',
      { sl_domain_access_enabled: 'true' },
      400,
      'APIG.2011',
      'sl_domain',
    ],
  ])('with %s is rejected', async (_what, method, path, json, status, code, field) => {
    const { body, ...response } = await to(path, { method, json });
    expect([response.status, body.error_code, body.error_msg]).toEqual([
      status,
      code,
      expect.stringContaining(`parameterName:${field}`),
    ]);
  });

  it('may not give a name that is in use; the own one is no clash', async () => {
    for (const [list, code] of [
      ['api-groups', 'APIG.3201'],
      ['envs', 'APIG.3205'],
    ] as const) {
      const [one, two] = [
        (await to(list, { json: { name: 'one' } })).body.id,
        (await to(list, { json: { name: 'two' } })).body.id,
      ];
      const taken = [
        await to(list, { json: { name: 'one' } }),
        await to(`${list}/${two}`, { method: 'PUT', json: { name: 'one' } }),
      ];
      expect(taken.map(({ status, body }) => [status, body.error_code])).toEqual([
        [400, code],
        [400, code],
      ]);
      const same = await to(`${list}/${one}`, { method: 'PUT', json: { name: 'one', remark: 'still' } });
      expect([same.status, same.body.remark]).toEqual([200, 'still']);
      // A change frees the name of before, and leaves a remark that it does not give.
      const renamed = await to(`${list}/${one}`, { method: 'PUT', json: { name: 'three' } });
      expect(renamed.body.remark).toBe('still');
      expect((await to(list, { json: { name: 'one' } })).status).toBe(201);
    }
  });

  it('with a member that there is not is rejected with --strict alone', async () => {
    await using strict = await testMock({ strict: true });
    const id = 'a'.repeat(32);
    const at = `${strict.url}/v2/${id}/apigw/instances/${id}/api-groups`;
    const json = { name: 'good', wonder: 1 };
    expect((await to('api-groups', { json })).status).toBe(201);
    expect((await call(at, { json })).body.error_msg).toContain('parameterName:wonder');
  });
});

describe('an id', () => {
  it.each<[string, string, string]>([
    ['GET', 'api-groups', 'APIG.3001'],
    ['DELETE', 'api-groups', 'APIG.3001'],
    ['GET', 'apis', 'APIG.3002'],
    ['DELETE', 'apis', 'APIG.3002'],
    ['DELETE', 'envs', 'APIG.3003'],
    ['GET', 'apis/publish', 'APIG.3002'],
  ])('that is unknown or malformed, in %s %s', async (method, path, code) => {
    const unknown = await to(`${path}/x1`, { method: method as 'GET' });
    expect([unknown.status, unknown.body.error_code]).toEqual([404, code]);
    for (const id of ['%20', 'a.b', 'x'.repeat(65), '%E4%B8%AD']) {
      const malformed = await to(`${path}/${id}`, { method: method as 'GET' });
      expect([id, malformed.status, malformed.body.error_code]).toEqual([id, 400, 'APIG.2012']);
    }
  });

  it('of another instance is unknown here', async () => {
    const { group, api } = await imported();
    const other = url.replace('/i1', '/i2');
    expect((await call(`${other}/api-groups/${group}`)).status).toBe(404);
    expect((await call(`${other}/apis/${api}`, { method: 'DELETE' })).status).toBe(404);
    expect((await to(`api-groups/${group}`)).status).toBe(200);
  });
});

describe('--instance', () => {
  it('makes every other instance unknown, to polls as well', async () => {
    await using some = await testMock({ instances: ['i1', 'i2'], fixtures: 'none' });
    const at = (id: string) => `${some.url}/v2/p1/apigw/instances/${id}`;
    const task = { project_id: 'p1', task_type: 'import_api', task_id: 't1' } as const;
    for (const instance_id of ['i1', 'i3']) await some.control.tasks.create({ ...task, instance_id });
    const unknown = { error_code: 'APIG.3030', error_msg: 'The instance does not exist;id:i3' };
    for (const path of [
      '',
      '/features',
      '/async-tasks/t1',
      '/async-tasks/t1?a=b',
      '/api-groups',
      '/apis/a1',
    ]) {
      const response = await call(`${at('i3')}${path}`);
      expect([path, response.status, response.body]).toEqual([path, 404, unknown]);
    }
    expect((await call(`${at('i3')}/api-groups`, { json: { name: 'abc' } })).status).toBe(404);
    expect((await call(`${at('i1')}/async-tasks/t1`)).status).toBe(200);
    const { instances } = (await call(`${some.url}/v2/p1/apigw/instances`)).body;
    expect(instances.map(({ id }: { id: string }) => id)).toEqual(['i1', 'i2']);
    // A caller without permission learns nothing of it.
    expect((await call(at('i3'), { token: 'wrong' })).status).toBe(401);
  });

  it('left out, makes the list of those that hold something', async () => {
    const of = async (query = '') => (await call(`${url.replace('/i1', '')}${query}`)).body;
    expect((await of()).instances).toMatchObject([{ id: 'eddc4d25480b4cd6b512f270a1b8b341' }]);
    await to('api-groups', { json: { name: 'abc' } });
    await mock.control.tasks.create({ ...place, instance_id: 'i0', task_type: 'export_api' });
    expect((await of()).instances.map(({ id }: { id: string }) => id)).toEqual(['i0', 'i1']);
    expect(await of('?instance_id=i1&status=Running')).toMatchObject({ total: 1, instances: [{ id: 'i1' }] });
    expect(await of('?status=Creating')).toEqual({ size: 0, total: 0, instances: [] });
    expect(await of('?instance_name=-i0&limit=1')).toMatchObject({ total: 1, instances: [{ id: 'i0' }] });
  });
});

describe('the table of the service', () => {
  it('has every operation that is emulated, under the same method and path', () => {
    const emulated = [...apiOperations, ...taskOperations].filter(
      ({ operationId }) => operationId === undefined,
    );
    const names = (path: string) => path.replaceAll(/:(\w+)/g, '{$1}');
    for (const { id, method, path } of emulated)
      expect(SERVICE_OPERATIONS).toContainEqual({ id, method, path: names(path) });
  });

  it('names each operation once, and finds it by its own path', () => {
    const ids = SERVICE_OPERATIONS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id, method, path } of SERVICE_OPERATIONS)
      expect(serviceOperation(method, path.replaceAll(/\{\w+\}/g, 'x'))).toBe(id);
  });
});
