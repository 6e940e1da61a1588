/** Ids, queries, headers, tokens and settings named as something that JavaScript knows: found nowhere, or names like any other. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/cli/config.ts';
import { settingsFrom } from '../../src/config/check.ts';
import type { RunningMock } from '../../src/mock.ts';
import { call, TOKEN, testMock } from '../support/mock.ts';
import { type WireResponse, wireCall } from '../support/wire.ts';
import { NAMES, prototypeProbe } from './probe.ts';

const probe = prototypeProbe();
let mock: RunningMock;
beforeAll(async () => {
  mock = await testMock({ clock: 'manual' });
});
afterAll(async () => {
  probe.expectClean();
  await mock.close();
});

const send = (
  method: string,
  target: string,
  body?: string,
  headers: Record<string, string> = { 'content-type': 'application/json' },
): Promise<WireResponse> => {
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const all = { 'x-auth-token': TOKEN, ...headers, ...length };
  return wireCall({ port: mock.port, method, target, headers: all, ...(body === undefined ? {} : { body }) });
};

describe('such a name as an id', () => {
  it.each(NAMES)('finds nothing, on any route: %s', async (name) => {
    const { paths } = (await call(`${mock.url}/__admin/openapi.json`)).body as {
      paths: Record<string, object>;
    };
    for (const [path, methods] of Object.entries(paths)) {
      if (!path.includes('{') || path.endsWith('/wait')) continue;
      const target = path.replaceAll(/\{\w+\}/g, name);
      for (const method of Object.keys(methods)) {
        const { status, text } = await send(
          method.toUpperCase(),
          target,
          method === 'get' ? undefined : '{}',
        );
        const isList = method === 'get' && status === 200;
        expect([method, target, status < 500]).toEqual([method, target, true]);
        if (isList && text.includes('"total"'))
          expect(JSON.parse(text)).toMatchObject({ size: expect.any(Number) });
        if (isList && path.includes('/api-groups')) expect(JSON.parse(text).total).toBe(0);
      }
    }
    probe.expectClean();
  });

  it.each(NAMES)('is one like any other: what is made as %s is there, and only there', async (name) => {
    await using own = await testMock({ clock: 'manual', fixtures: 'none' });
    const { control } = own;
    const scope = { project_id: name, instance_id: name };
    await control.tasks.create({ ...scope, task_id: name, task_type: 'import_api' });
    await control.plan({ ...scope, plan: { mode: 'manual' } });
    await control.clock.set({ ...scope, mode: 'manual' });
    await control.clock.advance(5, scope);
    await control.faults.add({ ...scope, action: { type: 'error', status: 500 } });
    const snapshot = JSON.parse(JSON.stringify(await control.snapshot()));
    await control.reset({});
    expect((await control.tasks.list({})).total).toBe(0);
    await control.restore(snapshot);
    expect(JSON.parse(JSON.stringify(await control.snapshot()))).toEqual(snapshot);
    expect((await control.tasks.list(scope)).total).toBe(1);
    expect((await control.tasks.list({ project_id: 'p1' })).total).toBe(0);
    expect((await control.faults.list()).length).toBe(1);
    await control.reset({ project_id: name });
    expect((await control.tasks.list({})).total).toBe(0);
    probe.expectClean();
  });
});

describe('such a name elsewhere', () => {
  it.each(NAMES)('in a query, a header or a token is nothing: %s', async (name) => {
    for (const query of [`${name}=1`, `${name}[polluted]=1`, `${name}.polluted=1`, `a[${name}]=1`])
      for (const target of [
        '/v3/projects',
        '/v2/p1/apigw/instances/i1/api-groups',
        '/__admin/tasks',
        '/__admin/overview',
      ])
        expect((await send('GET', `${target}?${query}`)).status).toBeLessThan(500);
    expect((await send('GET', '/v3/projects', undefined, { [name]: 'x' })).status).toBe(200);
    expect((await send('GET', '/v3/projects', undefined, { 'x-auth-token': name })).status).toBe(401);
    const authorization = `SDK-HMAC-SHA256 Access=${name}, SignedHeaders=${name.toLowerCase()};x-sdk-date, Signature=${'a'.repeat(64)}`;
    const strict = await testMock({ strict: true });
    const headers = { authorization, 'x-sdk-date': '20260101T000000Z' };
    expect((await wireCall({ port: strict.port, target: '/v3/projects', headers })).status).toBe(401);
    await strict.close();
  });

  it('among the settings is rejected by its name', async () => {
    for (const name of NAMES) {
      const given = JSON.parse(`{${JSON.stringify(name)}:{"port":1}}`);
      expect(() => settingsFrom(given)).toThrow(name);
      await expect(
        loadConfig({ argv: ['--config', 'x'], env: {}, readFile: async () => given }),
      ).rejects.toThrow(name);
    }
    probe.expectClean();
  });
});
