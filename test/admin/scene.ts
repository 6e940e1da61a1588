/** What the tests of `control/` share: a mock behind its object, and the provider's calls within one scope. */
import { readFileSync } from 'node:fs';
import { request } from 'undici';
import { formBytes } from '../../src/cli/client/form-bytes.ts';
import { type ApigMock, type ApigMockOptions, startApigMock } from '../../src/index.ts';
import { type CallResponse, call, TOKEN, taskUrl } from '../support/mock.ts';

export const START = '2026-01-01T00:00:00.000Z';
export const START_MS = Date.parse(START);
export const HERE = { project_id: 'p1', instance_id: 'i1' } as const;
export const TEST8 = readFileSync(new URL('../../fixtures/openapi/test8.json', import.meta.url), 'utf8');

export interface Place {
  readonly project_id: string;
  readonly instance_id: string;
}

/** A small document with its own title, so that no two of them clash. */
export const document = (title: string, path = '/a'): string =>
  JSON.stringify({
    swagger: '2.0',
    info: { title, version: '1' },
    paths: {
      [path]: {
        get: {
          'x-apigateway-request-type': 'public',
          'x-apigateway-backend': { type: 'MOCK', mockEndpoints: { 'result-content': 'x' } },
          responses: { default: { description: 'x' } },
        },
      },
    },
  });

/** An empty mock on a clock that stands still at `START`. */
export async function stillMock(options: ApigMockOptions = {}): Promise<ApigMock> {
  const mock = await startApigMock({ fixtures: 'none', clock: 'manual', ...options });
  await mock.clock.set({ mode: 'manual', now: START });
  return mock;
}

/** The provider's calls in one scope of a mock, over a socket. */
export function callsOf(url: string, { project_id, instance_id }: Place = HERE) {
  const openapi = `${url}/v2/${project_id}/apigw/instances/${instance_id}/openapi`;
  const address = (taskId: string): string => taskUrl(url, taskId, project_id, instance_id);
  return {
    address,
    poll: (taskId: string): Promise<CallResponse> => call(address(taskId)),
    /** With a query, which the fast path leaves to Fastify. */
    pollLong: (taskId: string): Promise<CallResponse> => call(`${address(taskId)}?long=1`),
    async importFile(text: string, token = TOKEN): Promise<string> {
      const form = new FormData();
      form.set('file_name', new Blob([text]), 'file.json');
      form.set('is_create_group', 'true');
      const sent = await formBytes(form);
      const response = await request(`${openapi}/async-import`, {
        method: 'POST',
        headers: { 'x-auth-token': token, ...sent.headers },
        body: sent.body,
      });
      const body = (await response.body.json()) as { task_id?: string };
      if (body.task_id === undefined)
        throw new Error(`import: ${response.statusCode} ${JSON.stringify(body)}`);
      return body.task_id;
    },
    groups: async (): Promise<number> =>
      (await call(`${url}/v2/${project_id}/apigw/instances/${instance_id}/api-groups`)).body.total,
  };
}

/** The message of an error, whichever form of the control it came from. */
export async function rejection(
  of: Promise<unknown>,
): Promise<{ status: number; code: string; why: string }> {
  return of.then(
    () => ({ status: 0, code: '', why: 'it was not rejected' }),
    (cause: { statusCode?: number; code?: string; reason?: string; message: string }) => ({
      status: cause.statusCode ?? 0,
      code: cause.code ?? '',
      why: cause.reason ?? cause.message,
    }),
  );
}

/** Asks again until it is so; fails after five seconds. The pause is one turn of the event loop. */
export async function until(isSo: () => boolean | Promise<boolean>, what = 'it'): Promise<void> {
  const endMs = performance.now() + 5000;
  while (!(await isSo())) {
    if (performance.now() > endMs) throw new Error(`${what} did not come about`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Lets `turns` turns of the event loop pass: long enough for what is ready, no time at all. */
export async function turns(count = 5): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
