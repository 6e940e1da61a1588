/**
 * Records the examples of the OpenAPI description: a mock with a seed and a clock that stands still is told a
 * short story, and what it answers to each call is written down. `npm run build` comes first.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { startApigMock } from '../dist/index.js';

const root = new URL('..', import.meta.url);
const target = new URL('src/dashboard/description/examples.json', root);
const HERE = { project_id: 'p1', instance_id: 'i1' };
const INSTANCE = '/v2/:project_id/apigw/instances/:instance_id';
const START = '2026-03-02T09:30:00.000Z';

/** What may differ from run to run, made the same. */
const steady = (value) =>
  JSON.parse(
    JSON.stringify(value, (name, part) => {
      if (name === 'duration_ms') return 0.5;
      if (name === 'version' && typeof part === 'string' && /^\d+\.\d+\.\d+$/.test(part)) return '1.0.0';
      if (name === 'url') return String(part).replace(/127\.0\.0\.1:\d+/, '127.0.0.1:8080');
      if (name === 'request_id') return '0c44f1da5ff5fb975a0d1d0b1a0c034b';
      return part;
    }),
  );

function recorder(mock, examples) {
  return async (method, url, { params = {}, query = '', json, form, headers = {} } = {}) => {
    const path = url.replaceAll(/:(\w+)/g, (_, name) => ({ ...HERE, ...params })[name]);
    const answer = await fetch(`${mock.url}${path}${query}`, {
      method,
      headers: {
        'x-auth-token': 'dev-token',
        ...(form === undefined && method !== 'GET' ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      ...(method === 'GET' ? {} : { body: form ?? JSON.stringify(json ?? {}) }),
    });
    const type = answer.headers.get('content-type') ?? '';
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    const body = type.includes('json') ? steady(JSON.parse(text)) : text;
    if (text !== '') examples[`${method} ${url}`] = body;
    return { body, headers: answer.headers };
  };
}

async function importForm(name) {
  const form = new FormData();
  form.set('is_create_group', 'true');
  form.set('file_name', new Blob([await readFile(new URL(`fixtures/openapi/${name}`, root))]), name);
  return form;
}

async function recordService(record) {
  const { headers } = await record('POST', '/v3/auth/tokens', {
    json: {
      auth: {
        identity: {
          methods: ['password'],
          password: { user: { name: 'dev', password: 'any', domain: { name: 'mock-domain' } } },
        },
        scope: { project: { id: 'p1', name: 'cn-north-7' } },
      },
    },
  });
  await record('GET', '/v3/auth/tokens', { headers: { 'x-subject-token': headers.get('x-subject-token') } });
  for (const url of [
    '/v3/projects',
    '/v3/auth/projects',
    '/v3/auth/domains',
    '/v3/auth/catalog',
    '/v3/regions',
  ])
    await record('GET', url);
  await record('POST', `${INSTANCE}/openapi/import`, { form: await importForm('test8.json') });
  await record('POST', `${INSTANCE}/openapi/async-import`, { form: await importForm('hello.yaml') });
  const { body } = await record('GET', `${INSTANCE}/api-groups`);
  await record('GET', `${INSTANCE}/apis`, { query: '?limit=1' });
  await record('GET', `${INSTANCE}/envs`);
  const json = { env_id: 'DEFAULT_ENVIRONMENT_RELEASE_ID', group_id: body.groups[0].id };
  await record('POST', `${INSTANCE}/apis/publish`, { json });
  await record('POST', `${INSTANCE}/openapi/async-export`, { json });
  await record('POST', `${INSTANCE}/openapi/export`, { json });
}

async function recordControl(mock, record) {
  const params = { task_id: 'task-1' };
  await record('GET', '/__admin/health');
  await record('GET', '/__admin/ready');
  await record('POST', '/__admin/tasks', {
    json: { ...HERE, task_id: 'task-1', task_type: 'import_api', plan: { mode: 'manual' } },
  });
  await record('POST', '/__admin/tasks/:task_id/step', { params });
  await record('GET', '/__admin/tasks/:task_id', { params });
  await record('GET', '/__admin/tasks/:task_id/wait', { params, query: '?until=processing' });
  await mock.tasks.step('task-1');
  await record('GET', '/__admin/clock');
  await record('PUT', '/__admin/clock', { json: { mode: 'manual', now: START } });
  await record('POST', '/__admin/clock/advance', { json: { ms: 10_000 } });
  await record('GET', '/__admin/idle');
  await record('GET', '/__admin/tasks', { query: '?limit=1' });
  await record('PUT', '/__admin/plan', {
    json: { ...HERE, plan: { mode: 'polls', waiting_polls: 1, processing_polls: 2 } },
  });
  await record('GET', '/__admin/plan');
  const action = { type: 'error', status: 429, error_code: 'APIG.0308' };
  await record('POST', '/__admin/faults', { json: { operation: 'ShowAsyncTaskResult', times: 2, action } });
  await record('GET', '/__admin/faults');
  await fetch(`${mock.url}/v2/p1/apigw/instances/i1/async-tasks/task-1`, {
    headers: { 'x-auth-token': 'no' },
  });
  await record('GET', '/__admin/requests', { query: '?status=401' });
  await record('POST', '/__admin/requests/count', { json: { status: 401 } });
  await record('POST', '/__admin/requests/verify', { json: { status: 200, task_id: 'task-1', exactly: 1 } });
  await record('POST', '/__admin/sign-check', {
    json: {
      method: 'GET',
      target: '/v2/p1/apigw/instances/i1/async-tasks/task-1',
      headers: {
        host: '127.0.0.1:8080',
        'x-sdk-date': '20260302T093010Z',
        authorization: `SDK-HMAC-SHA256 Access=dev-ak, SignedHeaders=host;x-sdk-date, Signature=${'0'.repeat(64)}`,
      },
    },
  });
  await record('GET', '/__admin/overview', { query: '?cards=1' });
  await record('GET', '/__admin/state');
}

const examples = {};
const mock = await startApigMock({
  fixtures: 'none',
  seed: 'examples',
  clock: 'manual',
  tokenSecret: 'examples',
  port: 0,
});
try {
  await mock.clock.set({ mode: 'manual', now: START });
  const record = recorder(mock, examples);
  await recordService(record);
  await recordControl(mock, record);
} finally {
  await mock.close();
}
const state = examples['GET /__admin/state'];
state.tasks = state.tasks.slice(-1);
state.apis = [];
examples['GET /__admin/overview'].settings = { workers: 4, progression: 'time' };
examples['GET /__admin/events'] =
  'id: 1\nevent: task\ndata: {"id":1,"at":"2026-03-02T09:30:00.000Z","type":"task","task_id":"task-1","task_type":"import_api","from":null,"to":"waiting","project_id":"p1","instance_id":"i1","ended":false}\n\n';
for (const url of ['/__admin/', '/__admin/docs']) examples[`GET ${url}`] = '<!doctype html>…';
examples['GET /__admin/openapi.json'] = { openapi: '3.0.3' };
await writeFile(target, `${JSON.stringify(examples, null, 2)}\n`);
