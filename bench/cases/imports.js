/** Imports: files of so many APIs made here, sent as a form, and how long until the task has ended. */
import { setTimeout as sleep } from 'node:timers/promises';
import { median, round } from '../figures.js';
import { TOKEN } from '../job.js';
import { startServer } from '../running.js';

const PROJECT = 'benchmark-imports';
let files = 0;

/** A file of `count` APIs with a title of its own, so that each import makes a new group. */
export function openApiFile(count) {
  files += 1;
  const paths = Array.from({ length: count }, (_, at) => [
    `/resource-${at}/{id}`,
    {
      get: {
        operationId: `read-${at}`,
        summary: `Reads resource ${at}`,
        parameters: [{ name: 'id', in: 'path', type: 'string', required: true, maxLength: 32 }],
        responses: { default: { description: 'the resource' } },
        'x-apigateway-request-type': 'public',
        'x-apigateway-backend': { type: 'MOCK', mockEndpoints: { 'result-content': `{"id":${at}}` } },
      },
    },
  ]);
  const info = { title: `bench_${process.pid}_${files}`, version: '1.0' };
  return JSON.stringify({ swagger: '2.0', info, basePath: '/v1', paths: Object.fromEntries(paths) });
}

const headers = { 'x-auth-token': TOKEN };

async function bodyOf(response) {
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text.slice(0, 300)}`);
  return text === '' ? undefined : JSON.parse(text);
}

/** A call of `/__admin`; resolves with its body. */
export async function adminCall(base, method, path, request) {
  const body = request === undefined ? {} : { body: JSON.stringify(request) };
  const call = { method, headers: { 'content-type': 'application/json' }, ...body };
  return bodyOf(await fetch(`${base}/__admin/${path}`, call));
}

/** Makes tasks of this project end as soon as their work is done. */
export const endAtOnce = (base) =>
  adminCall(base, 'PUT', 'plan', { project_id: PROJECT, plan: { mode: 'immediate' } });

/** Sends one file; resolves with the path of its task. */
export async function sendImport(base, file, instance = 'i1') {
  const form = new FormData();
  form.set('is_create_group', 'true');
  form.set('file_name', new Blob([file]), 'apis.json');
  const place = `${base}/v2/${PROJECT}/apigw/instances/${instance}`;
  const sent = await fetch(`${place}/openapi/async-import`, { method: 'POST', headers, body: form });
  return `${place}/async-tasks/${(await bodyOf(sent)).task_id}`;
}

async function importOnce(base, file) {
  const beganMs = performance.now();
  const task = await sendImport(base, file);
  for (;;) {
    const { task_status: status, task_result: result } = await bodyOf(await fetch(task, { headers }));
    if (status === 'succeed') return performance.now() - beganMs;
    if (status === 'failed') throw new Error(`the import failed: ${result.slice(0, 300)}`);
    await sleep(1);
  }
}

/** Milliseconds from sending a file of `count` APIs to the poll that sees its end; the first import apart. */
export async function measureImports({ all, plan, rig, progress }) {
  progress('imports of 1, 100 and 300 APIs');
  const server = await startServer(all.mock, { core: rig.serverCore });
  try {
    const base = `http://127.0.0.1:${server.port}`;
    await endAtOnce(base);
    const firstMs = round(await importOnce(base, openApiFile(1)), 1);
    const rows = [];
    for (const apis of [1, 100, 300]) {
      const times = [];
      for (let at = 0; at < plan.imports; at += 1) times.push(await importOnce(base, openApiFile(apis)));
      rows.push({ apis, ms: round(median(times), 1) });
    }
    return { firstMs, rows };
  } finally {
    await server.stop();
  }
}

/** Sends imports of ten APIs, `perSecond` of them, until the returned function is called. */
export function keepImporting(base, perSecond) {
  const stopping = new AbortController();
  let failed;
  const going = (async () => {
    while (!stopping.signal.aborted) {
      await sendImport(base, openApiFile(10), 'i2');
      await sleep(1000 / perSecond, undefined, { signal: stopping.signal }).catch(() => {});
    }
  })().catch((cause) => {
    failed = cause;
  });
  return async () => {
    stopping.abort();
    await going;
    if (failed !== undefined) throw failed;
  };
}
