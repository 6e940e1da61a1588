/** A small heap with bounded settings: whatever is sent to it is accepted or rejected, and the process lives. */
import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import { formBytes } from '../../src/cli/client/form-bytes.ts';
import { type Started, start, waitFor } from '../support/command.ts';
import { call, TOKEN, taskUrl } from '../support/mock.ts';

const HEAP = ['--max-old-space-size=48'];
const BOUNDS = ['--max-tasks', '200', '--max-requests', '500', '--max-body-mb', '2', '--log-level', 'warn'];
const MIB = 1024 * 1024;

/** A document of about so many bytes, its bulk in what is stored of an API. */
function largeFile(title: string, bytes: number): string {
  const count = 50;
  const filler = 'x'.repeat(Math.floor(bytes / count) - 250);
  const paths = Object.fromEntries(
    Array.from({ length: count }, (_, at) => [
      `/a${at}`,
      {
        get: {
          'x-apigateway-request-type': 'public',
          'x-apigateway-backend': { type: 'MOCK', mockEndpoints: { 'result-content': filler } },
          responses: { default: { description: 'x' } },
        },
      },
    ]),
  );
  return JSON.stringify({ swagger: '2.0', info: { title, version: '1' }, paths });
}

interface Seen {
  readonly status: number;
  readonly code: string | undefined;
  readonly taskId: string | undefined;
}

async function importFile({ url }: Started, text: string, place = 'p1/apigw/instances/i1'): Promise<Seen> {
  const form = new FormData();
  form.set('file_name', new Blob([text]), 'file.json');
  const sent = await formBytes(form);
  const response = await request(`${url}/v2/${place}/openapi/async-import`, {
    method: 'POST',
    headers: { 'x-auth-token': TOKEN, ...sent.headers },
    body: sent.body,
  });
  const body = (await response.body.json()) as { task_id?: string; error_code?: string };
  return { status: response.statusCode, code: body.error_code, taskId: body.task_id };
}

const kinds = (seen: readonly { status: number; code: string | undefined }[]): string[] =>
  [...new Set(seen.map(({ status, code = '' }) => `${status} ${code}`.trim()))].sort();

async function expectAlive(mock: Started): Promise<void> {
  expect((await call(`${mock.url}/__admin/health`)).status).toBe(200);
  expect((await mock.stop()).code).toBe(0);
}

describe('a heap of 48 MiB', { timeout: 30_000 }, () => {
  it('holds as many large imports as it can and rejects the others', async () => {
    const args = [...BOUNDS, '--progression', 'manual'];
    const mock = await start({ node: HEAP, args });
    const seen: Seen[] = [];
    for (let round = 0; round < 6; round += 1) {
      const files = Array.from({ length: 6 }, (_, at) => largeFile(`g${round}x${at}`, 1.9 * MIB));
      seen.push(...(await Promise.all(files.map((file) => importFile(mock, file)))));
    }
    expect(kinds(seen)).toEqual(['202', '403 APIG.3100']);
    await expectAlive(mock);
  });

  it('does the large imports that end, however many come', async () => {
    const mock = await start({ node: HEAP, args: [...BOUNDS, '--progression', 'immediate'] });
    const seen: Seen[] = [];
    for (let round = 0; round < 12; round += 1) {
      const file = largeFile(`g${round}`, 1.9 * MIB);
      seen.push(await importFile(mock, file));
      await call(`${mock.url}/__admin/reset`, { json: {} });
    }
    expect(kinds(seen)).toEqual(['202']);
    await expectAlive(mock);
  });

  it('keeps what was imported as far as it can, rejects the rest, and goes on after a reset', async () => {
    const mock = await start({ node: HEAP, args: [...BOUNDS, '--progression', 'immediate'] });
    const seen: Seen[] = [];
    for (let round = 0; round < 40; round += 1)
      seen.push(await importFile(mock, largeFile(`g${round}`, 1.9 * MIB)));
    expect(kinds(seen)).toEqual(['202', '403 APIG.3100']);
    expect((await call(`${mock.url}/__admin/reset`, { json: {} })).status).toBe(204);
    await waitFor(async () => {
      const { status } = await importFile(mock, largeFile('again', MIB));
      return status === 202 || undefined;
    }, 'space after the reset');
    await expectAlive(mock);
  });

  it('rejects files that are longer than they may be', async () => {
    const mock = await start({ node: HEAP, args: BOUNDS });
    const seen = await Promise.all(
      Array.from({ length: 8 }, (_, at) => importFile(mock, largeFile(`g${at}`, 8 * MIB))),
    );
    expect(kinds(seen)).toEqual(['400 APIG.3603']);
    await expectAlive(mock);
  });

  it('survives more tasks than it may store, and a journal of many scopes and long paths', async () => {
    const mock = await start({ node: HEAP, args: [...BOUNDS, '--progression', 'immediate'] });
    const json = { instance_id: 'i1', task_type: 'import_api' };
    const responses = [];
    for (let round = 0; round < 15; round += 1) {
      const made = Array.from({ length: 50 }, (_, at) =>
        call(`${mock.url}/__admin/tasks`, { json: { ...json, project_id: `p${(round * 50 + at) % 90}` } }),
      );
      responses.push(...(await Promise.all(made)));
      const long = Array.from({ length: 50 }, (_, at) =>
        call(taskUrl(mock.url, `t${'x'.repeat(7000)}`, `p${at}`, `i${round}`)),
      );
      responses.push(...(await Promise.all(long)));
    }
    expect(kinds(responses.map(({ status, body }) => ({ status, code: body.error_code })))).toEqual([
      '201',
      '400 APIG.2012',
    ]);
    const overview = await call(`${mock.url}/__admin/requests?limit=10`);
    expect(overview.status).toBe(200);
    await expectAlive(mock);
  });
});
