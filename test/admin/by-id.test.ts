/** Control calls on one thing: they want its id, and take no body where none is described. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningMock } from '../../src/mock.ts';
import { call, testMock } from '../support/mock.ts';

let mock: RunningMock;
beforeAll(async () => {
  mock = await testMock({ clock: 'manual' });
});
afterAll(() => mock.close());

const admin = (path: string, json?: unknown, method: 'GET' | 'POST' | 'DELETE' = 'POST') =>
  call(`${mock.url}/__admin${path}`, { method, ...(json === undefined ? {} : { json }) });

const TASK = { project_id: 'p1', instance_id: 'i1', task_type: 'import_api', plan: { mode: 'manual' } };

describe('a call by id', () => {
  it.each<[string, 'GET' | 'POST' | 'DELETE']>([
    ['/tasks/', 'GET'],
    ['/tasks//step', 'POST'],
    ['/faults/', 'DELETE'],
  ])('wants one: %s', async (path, method) => {
    const { status, body } = await admin(path, method === 'GET' ? undefined : {}, method);
    expect([status, body.error_code]).toEqual([400, 'APIG.2012']);
  });

  it('that takes no body takes an empty object, and nothing else', async () => {
    const { body: made } = await admin('/tasks', TASK);
    const rejected = await admin(`/tasks/${made.task_id}/step`, [5]);
    expect([rejected.status, rejected.body.error_code]).toEqual([400, 'APIG.2012']);
    expect((await admin(`/tasks/${made.task_id}/step`, {})).body.task_status).toBe('processing');
  });
});
