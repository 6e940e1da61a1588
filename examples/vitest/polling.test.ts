/** A client under test, driven through all three states and one fault, without a sleep. */
import { beforeAll, expect, test } from 'vitest';
import { type ApigMock, startApigMock } from '../../src/index.ts'; // in your project: from 'apig-mock'

let mock: ApigMock;

beforeAll(async () => {
  mock = await startApigMock({ clock: 'manual', preload: true });
  return () => mock.close();
});

/** The client under test: one poll, which takes a 500 for "try again later". */
async function poll(taskId: string): Promise<string> {
  const url = `${mock.url}/v2/p1/apigw/instances/i1/async-tasks/${taskId}`;
  const response = await fetch(url, { headers: { 'x-auth-token': mock.token } });
  const body = (await response.json()) as { task_status?: string };
  return body.task_status ?? `try again: ${response.status}`;
}

test('a client sees all three states and survives a 500', async () => {
  const form = new FormData();
  const document = {
    swagger: '2.0',
    info: { title: 'orders', version: '1' },
    paths: {
      '/orders': {
        get: { 'x-apigateway-backend': { type: 'MOCK', mockEndpoints: { 'result-content': 'ok' } } },
      },
    },
  };
  form.set('file_name', new Blob([JSON.stringify(document)]), 'orders.json');
  const submitted = await fetch(`${mock.url}/v2/p1/apigw/instances/i1/openapi/async-import`, {
    method: 'POST',
    headers: { 'x-auth-token': mock.token },
    body: form,
  });
  const { task_id: taskId } = (await submitted.json()) as { task_id: string };
  await mock.faults.add({
    operation: 'ShowAsyncTaskResult',
    project_id: 'p1',
    after: 1,
    times: 1,
    action: { type: 'error', status: 500 },
  });

  const seen = [await poll(taskId), await poll(taskId)];
  await mock.clock.advance(500);
  seen.push(await poll(taskId));
  await mock.clock.advance(1500);
  seen.push(await poll(taskId));

  expect(seen).toEqual(['waiting', 'try again: 500', 'processing', 'succeed']);
  await mock.requests.verify({ operation: 'ShowAsyncTaskResult', task_id: taskId, exactly: 4 });
});
