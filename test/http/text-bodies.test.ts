/** Text in bodies of requests: byte order marks, and numbers that JavaScript has not, over a socket and a restart. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formBody, formType, type Part } from '../gateway/forms.ts';
import { call, testMock } from '../support/mock.ts';

const MARK = '\uFEFF';
const LONG = '9007199254740993';
const DOCUMENT = `{"swagger":"2.0","info":{"title":"text-bodies"},"paths":{"/a":{"get":{"x-apigateway-backend":{"type":"MOCK","mockEndpoints":{"result-content":"ok"}},"x-n":[${LONG},1.10]}}}}`;
const BASE = '/v2/p1/apigw/instances/i1';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'apig-mock-bodies-'));
});
afterAll(() => rm(folder, { recursive: true }));

const importNow = (url: string, ...fields: Part[]) =>
  call(`${url}${BASE}/openapi/import`, {
    method: 'POST',
    headers: { 'content-type': formType() },
    body: formBody([...fields, { name: 'file_name', filename: 'a.json', content: `${MARK}${DOCUMENT}` }]),
  });
const exportNow = async (url: string, group_id: string) => {
  const json = { env_id: 'DEFAULT_ENVIRONMENT_RELEASE_ID', group_id, define: 'all' };
  return (await call(`${url}${BASE}/openapi/export`, { json })).text;
};
const control = (url: string, path: string, body: string | Buffer, method: 'POST' | 'PUT' = 'POST') =>
  call(`${url}/__admin${path}`, { method, headers: { 'content-type': 'application/json' }, body });

describe('a byte order mark', () => {
  it('is taken in the body of a control call, a snapshot, and a request of the emulated API', async () => {
    await using mock = await testMock();
    expect((await control(mock.url, '/clock', `${MARK}{"mode":"manual"}`, 'PUT')).status).toBe(200);
    const snapshot = await call(`${mock.url}/__admin/state`);
    expect((await control(mock.url, '/state', MARK + snapshot.text, 'PUT')).status).toBeLessThan(300);
    const auth = {
      identity: {
        methods: ['password'],
        password: { user: { name: 'u', password: 'x', domain: { name: 'd' } } },
      },
    };
    const body = `${MARK}${JSON.stringify({ auth })}`;
    const headers = { 'content-type': 'application/json' };
    expect((await call(`${mock.url}/v3/auth/tokens`, { method: 'POST', headers, body })).status).toBe(201);
  });

  it('is taken in a form: its texts and its file', async () => {
    await using mock = await testMock();
    const fields = {
      is_create_group: 'true',
      api_mode: 'merge',
      extend_mode: 'override',
      mock_mode: 'false',
    };
    const parts = Object.entries(fields).map(([name, content]) => ({ name, content: `${MARK}${content}` }));
    const response = await importNow(mock.url, ...parts);
    expect([response.status, response.text, response.headers['x-mock-reason']]).toEqual([
      200,
      expect.anything(),
      undefined,
    ]);
  });
});

it('UTF-16 in a control call is an error of the caller', async () => {
  await using mock = await testMock();
  const body = Buffer.from(`${MARK}{"mode":"manual"}`, 'utf16le');
  const response = await control(mock.url, '/clock', body, 'PUT');
  expect(response.status).toBe(400);
  expect(response.headers['x-mock-reason']).toMatch(/the body: it is UTF-16/);
});

describe('a number beyond 2^53', () => {
  it('survives a restart on the state file, and a snapshot restored elsewhere', async () => {
    const stateFile = join(folder, 'state.json');
    // An export has the time it was made at: the clock stands still.
    const first = await testMock({ stateFile, clock: 'manual' });
    const { group_id } = (await importNow(first.url)).body;
    const whole = await exportNow(first.url, group_id);
    expect(whole).toMatch(new RegExp(`${LONG},\\s+1\\.10`));
    const snapshot = await first.control.snapshot();
    await first.close();

    await using again = await testMock({ stateFile, clock: 'manual' });
    expect(await exportNow(again.url, group_id)).toBe(whole);
    await using other = await testMock({ clock: 'manual' });
    expect((await control(other.url, '/state', JSON.stringify(snapshot), 'PUT')).status).toBeLessThan(300);
    expect(await exportNow(other.url, group_id)).toBe(whole);
    const lists = await call(`${other.url}${BASE}/apis`);
    expect(lists.body.apis).toHaveLength(1);
  });
});
