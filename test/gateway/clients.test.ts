/**
 * The sequences of calls that clients make around imports and exports, over a socket and as each client sends them.
 * Sources, read 2026-11-24: `huaweicloud/terraform-provider-huaweicloud` (`services/apig`) with the requests of
 * `chnsz/golangsdk` (`apigw/dedicated/v2`); the scripts of users who clean up.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunningMock } from '../../src/mock.ts';
import { type CallResponse, call, testMock } from '../support/mock.ts';

const RELEASE = 'DEFAULT_ENVIRONMENT_RELEASE_ID';
/** golangsdk names the type on every request that Terraform makes by hand, with or without a body. */
const TYPED = { accept: 'application/json', 'content-type': 'application/json' };

let mock: RunningMock;
let project = 0;
let url = '';
beforeAll(async () => {
  mock = await testMock({ clock: 'manual', progression: 'immediate' });
});
afterAll(() => mock.close());
beforeEach(() => {
  project += 1;
  url = `${mock.url}/v2/p${project}/apigw/instances`;
});

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
/** One call below `instances/i1`, as golangsdk makes it: these are the statuses that it takes. */
async function sdk(method: Method, path: string, json?: object): Promise<CallResponse> {
  const response = await call(`${url}/i1/${path}`, { method, headers: TYPED, ...(json && { json }) });
  const ok = { GET: [200], POST: [200, 201, 202], PUT: [200, 201, 202, 204], DELETE: [200, 202, 204] };
  expect([method, path, response.status, response.text]).toEqual([
    method,
    path,
    expect.toSatisfy((status: number) => ok[method].includes(status)),
    response.text,
  ]);
  return response;
}

const document = (title: string, ...paths: string[]): string =>
  JSON.stringify({
    swagger: '2.0',
    info: { title, version: '1' },
    paths: Object.fromEntries(
      paths.map((path) => [
        path,
        { get: { 'x-apigateway-backend': { type: 'MOCK', mockEndpoints: { 'result-content': '' } } } },
      ]),
    ),
  });

/** Imports a file and returns the ids of its group and APIs. */
async function imported(title: string, ...paths: string[]): Promise<{ group: string; apis: string[] }> {
  const form = new FormData();
  form.append('file_name', new Blob([document(title, ...paths)]), 'a.json');
  const response = await fetch(`${url}/i1/openapi/import`, {
    method: 'POST',
    headers: { 'x-auth-token': 'dev-token' },
    body: form,
  });
  const body = (await response.json()) as { group_id: string; success: { id: string }[] };
  return { group: body.group_id, apis: body.success.map(({ id }) => id) };
}

describe('Terraform', () => {
  it('creates, reads, changes, imports and deletes apig_group', async () => {
    const created = await sdk('POST', 'api-groups', { name: 'tf_group', remark: '' });
    const { id } = created.body;
    // The setting is off in the plan when it is not in the configuration.
    const setting = await sdk('PUT', `api-groups/${id}/sl-domain-access-settings`, {
      sl_domain_access_enabled: false,
    });
    expect([created.status, setting.status, setting.text]).toEqual([201, 204, '']);

    const read = async () => {
      const { body } = await sdk('GET', `api-groups/${id}`);
      const variables = await sdk('GET', `env-variables?group_id=${id}`);
      expect(variables.body).toEqual({ size: 0, total: 0, variables: [] });
      return body;
    };
    const [domain] = created.body.sl_domains;
    expect(await read()).toEqual({
      id,
      name: 'tf_group',
      status: 1,
      sl_domain: domain,
      sl_domains: [domain],
      sl_domain_access_enabled: false,
      register_time: created.body.register_time,
      update_time: created.body.register_time,
      on_sell_status: 2,
      url_domains: [],
      remark: '',
      is_default: 2,
    });

    await mock.control.clock.advance(5000);
    const changed = await sdk('PUT', `api-groups/${id}`, { name: 'tf_renamed', remark: 'by Terraform' });
    expect(await read()).toEqual(changed.body);
    expect(changed.body).toMatchObject({ id, name: 'tf_renamed', remark: 'by Terraform' });
    expect(Date.parse(changed.body.update_time) - Date.parse(changed.body.register_time)).toBe(5000);

    expect((await sdk('DELETE', `api-groups/${id}`)).text).toBe('');
    // What the provider takes for "deleted".
    const gone = await call(`${url}/i1/api-groups/${id}`, { headers: TYPED });
    expect([gone.status, gone.body]).toEqual([
      404,
      { error_code: 'APIG.3001', error_msg: `API group ${id} does not exist` },
    ]);
  });

  it('empties a group with force_destroy: lists, takes offline, deletes each, deletes the group', async () => {
    const { group, apis } = await imported('forced', '/a', '/b', '/c');
    const env = (await sdk('POST', 'envs', { name: 'dev', remark: '' })).body.id;
    await sdk('POST', 'apis/action', { action: 'online', env_id: env, api_id: apis[0] });

    const listed: { id: string; run_env_id: string }[] = [];
    for (;;) {
      const page = await sdk('GET', `apis?group_id=${group}&limit=500&offset=${listed.length}`);
      if (page.body.apis.length === 0) break;
      listed.push(...page.body.apis);
    }
    expect(listed.map(({ id }) => id).sort()).toEqual([...apis].sort());
    const byEnvironment = new Map<string, string[]>();
    for (const { id, run_env_id } of listed)
      for (const one of run_env_id.split('|'))
        byEnvironment.set(one, [...(byEnvironment.get(one) ?? []), id]);
    expect([...byEnvironment.keys()].sort()).toEqual([RELEASE, env].sort());
    for (const [env_id, some] of byEnvironment) {
      const offline = await sdk('POST', 'apis/publish?action=offline', { apis: some, env_id });
      expect(offline.body.failure).toEqual([]);
    }
    for (const id of apis) await sdk('DELETE', `apis/${id}`);
    await sdk('DELETE', `api-groups/${group}`);
    expect((await sdk('GET', 'api-groups')).body.total).toBe(0);
  });

  it('creates, reads, changes, imports and deletes apig_environment', async () => {
    const created = await sdk('POST', 'envs', { name: 'tf_env', remark: 'made by Terraform' });
    const { id, create_time } = created.body;
    expect([created.status, created.body]).toEqual([
      201,
      { id, create_time, name: 'tf_env', remark: 'made by Terraform' },
    ]);
    // It reads by listing, and imports by name.
    const read = async () =>
      (await sdk('GET', 'envs')).body.envs.find((one: { id: string }) => one.id === id);
    expect(await read()).toEqual(created.body);
    expect((await sdk('GET', 'envs?name=tf_env')).body.envs).toEqual([created.body]);
    const changed = await sdk('PUT', `envs/${id}`, { name: 'tf_renamed', remark: '' });
    expect(changed.body).toEqual({ id, create_time, name: 'tf_renamed', remark: '' });
    expect(await read()).toEqual(changed.body);
    await sdk('DELETE', `envs/${id}`);
    expect(await read()).toBeUndefined();
  });

  it('publishes, reads, publishes anew and unpublishes apig_api_publishment', async () => {
    const { apis } = await imported('published', '/a');
    const [api_id = ''] = apis;
    const env_id = (await sdk('POST', 'envs', { name: 'stage' })).body.id;
    const read = async () => {
      const { api_versions } = (await sdk('GET', `apis/publish/${api_id}?env_id=${env_id}`)).body;
      const api = (await sdk('GET', `apis/${api_id}`)).body;
      const at = (api.run_env_id ?? '').split('|').indexOf(env_id);
      return { versions: api_versions, publishId: (api.publish_id ?? '').split('|')[at] };
    };

    const first = await sdk('POST', 'apis/action', { action: 'online', env_id, api_id, remark: 'one' });
    expect(first.status).toBe(201);
    const version = { api_id, env_id, env_name: 'stage', publish_time: first.body.publish_time };
    expect(await read()).toEqual({
      versions: [
        {
          ...version,
          version_id: first.body.version_id,
          version_no: expect.stringMatching(/^\d{14}$/),
          remark: 'one',
          status: 1,
        },
      ],
      publishId: first.body.publish_id,
    });

    await mock.control.clock.advance(1000);
    const second = await sdk('POST', 'apis/action', { action: 'online', env_id, api_id, remark: 'two' });
    const { versions, publishId } = await read();
    expect(publishId).toBe(second.body.publish_id);
    expect(
      versions.map(({ version_id, remark, status }: Record<string, unknown>) => [version_id, remark, status]),
    ).toEqual([
      [second.body.version_id, 'two', 1],
      [first.body.version_id, 'one', 2],
    ]);

    const offline = await sdk('POST', 'apis/action', { action: 'offline', env_id, api_id });
    expect(offline.body.version_id).toBe(second.body.version_id);
    const after = await read();
    expect(after.versions.map(({ status }: { status: number }) => status)).toEqual([2, 2]);
    expect(after.publishId).toBeUndefined();
    // The publication in RELEASE is another one, and still there.
    expect((await sdk('GET', `apis/publish/${api_id}?env_name=RELEASE`)).body).toMatchObject({
      total: 1,
      api_versions: [{ env_id: RELEASE, status: 1 }],
    });
  });

  it('reads the data sources apig_groups, apig_api_basic_configurations, apig_environments and apig_instances', async () => {
    const { group, apis } = await imported('sources', '/a', '/b');
    const groups = (await sdk('GET', `api-groups?id=${group}&name=sources`)).body.groups;
    expect(groups).toEqual([(await sdk('GET', `api-groups/${group}`)).body]);
    expect((await sdk('GET', `env-variables?group_id=${group}`)).body.variables).toEqual([]);
    const configurations = (await sdk('GET', `apis?group_id=${group}&limit=500&offset=0`)).body.apis;
    expect(configurations.map(({ id }: { id: string }) => id).sort()).toEqual([...apis].sort());
    expect((await sdk('GET', `apis?group_id=${group}&limit=500&offset=2`)).body.apis).toEqual([]);
    expect((await sdk('GET', 'envs?name=RELEASE')).body.envs).toMatchObject([{ id: RELEASE }]);
    const { instances } = (await call(`${url}?limit=500&offset=0`, { headers: TYPED })).body;
    expect(instances.map(({ id }: { id: string }) => id)).toEqual(['i1']);
    expect((await call(`${url}/i1/features?limit=500&offset=0`, { headers: TYPED })).body.features).toEqual(
      [],
    );
  });
});

describe('a script', () => {
  it('cleans up: lists, takes offline, deletes the APIs, deletes the groups', async () => {
    await imported('first', '/a', '/b');
    await imported('second', '/a');
    for (const { id: group_id } of (await sdk('GET', 'api-groups')).body.groups) {
      const full = await call(`${url}/i1/api-groups/${group_id}`, { method: 'DELETE' });
      expect([full.status, full.body]).toEqual([
        412,
        {
          error_code: 'APIG.3415',
          error_msg: `The API group cannot be deleted because it contains APIs,id:${group_id}`,
        },
      ]);
      await sdk('POST', 'apis/publish?action=offline', { env_id: RELEASE, group_id });
      for (const { id } of (await sdk('GET', `apis?group_id=${group_id}`)).body.apis)
        await sdk('DELETE', `apis/${id}`);
      await sdk('DELETE', `api-groups/${group_id}`);
    }
    expect((await sdk('GET', 'api-groups')).body).toEqual({ size: 0, total: 0, groups: [] });
    // The names are free again.
    expect((await imported('first', '/a')).apis).toHaveLength(1);
  });

  it('begins as the guides of KooCLI do: ListInstancesV2, ShowDetailsOfInstanceV2, ListApiGroupsV2', async () => {
    const { instances, total } = (await call(url)).body;
    expect(total).toBe(1);
    const [{ id }] = instances;
    const shown = await call(`${url}/${id}`);
    expect(shown.body).toMatchObject({ ...instances[0], status: 'Running', instance_status: 6 });
    expect((await call(`${url}/${id}/api-groups`)).body.groups).toEqual([]);
  });
});

describe('an operation that only the service has', () => {
  it.each<[Method, string, string]>([
    ['GET', 'apps', 'ListAppsV2'],
    ['POST', 'apis', 'CreateApiV2'],
    ['PUT', 'apis/a1', 'UpdateApiV2'],
    ['POST', 'apis/check', 'CheckApisV2'],
    ['PUT', 'apis/publish/a1', 'ChangeApiVersionV2'],
    ['POST', 'api-groups/g1/domains', 'AssociateDomainV2'],
    ['GET', 'authorizers/a1', 'ShowDetailsOfCustomAuthorizersV2'],
  ])('%s %s is 501, which no client takes for "deleted"', async (method, path, operation) => {
    const response = await call(`${url}/i1/${path}`, { method, ...(method !== 'GET' && { json: {} }) });
    expect([response.status, response.body]).toEqual([
      501,
      { error_code: 'APIG.0101', error_msg: `The operation ${operation} is not emulated` },
    ]);
  });

  it('is another thing than a path that nobody has', async () => {
    for (const path of ['wonders', 'api-groups/g1/wonders', 'apis/a1/b1/c1'])
      expect((await call(`${url}/i1/${path}`)).status).toBe(404);
    expect((await call(`${url}/i1/apis/action`, { method: 'PATCH' })).status).toBe(405);
  });
});
