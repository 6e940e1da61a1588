/** The handle of a project: its calls are those of the mock, bound to it, in process and against a mock elsewhere. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApigMock, connectApigMock, type Project, UnusedFaultsError } from '../../src/index.ts';
import { call, taskUrl } from '../support/mock.ts';
import { callsOf, document, stillMock } from './scene.ts';

let mock: ApigMock;
let client: ApigMock;
beforeAll(async () => {
  mock = await stillMock();
  client = await connectApigMock(mock.url);
});
afterAll(async () => {
  await client.close();
  await mock.close();
});

const poll = (project: Project, taskId: string, token?: string) =>
  call(`${project.url}/apigw/instances/i1/async-tasks/${taskId}`, token === undefined ? {} : { token });

it('has a fresh id of the service’s form, or the one that is given, and the addresses that belong to it', async () => {
  const [one, two] = [mock.project(), mock.project()];
  expect([one.id, two.id]).toEqual([
    expect.stringMatching(/^[0-9a-f]{32}$/),
    expect.not.stringMatching(one.id),
  ]);
  expect(mock.project('p7')).toMatchObject({
    ...{ id: 'p7', url: `${mock.url}/v2/p7`, endpoint: mock.url, token: 'dev-token' },
  });
});

describe.each([
  ['in process', () => mock],
  ['elsewhere', () => client],
])('%s', (_where, form) => {
  it('a task is created, listed, polled, moved by the project’s clock and waited for', async () => {
    const [project, other] = [form().project(), form().project()];
    const task = await project.tasks.create({ taskType: 'import_api' });
    expect(task).toMatchObject({
      ...{ projectId: project.id, instanceId: 'i1', taskType: 'import_api', taskStatus: 'waiting' },
      plan: { mode: 'time', waitingMs: 500, processingMs: 1500 },
    });
    expect((await poll(project, task.taskId)).body.task_status).toBe('waiting');
    await other.clock.advance(10_000);
    expect(await project.tasks.list()).toEqual([task]);
    expect(await other.tasks.list()).toEqual([]);
    expect(await project.clock.advance(500)).toMatchObject({ mode: 'manual', own: true });
    expect((await project.tasks.get(task.taskId)).taskStatus).toBe('processing');
    await expect(project.tasks.wait(task.taskId, { timeoutMs: 1 })).rejects.toThrow('the clock stands still');
    await expect(project.idle({ timeoutMs: 1 })).rejects.toThrow('the clock stands still');
    await project.clock.advance(1500);
    expect((await project.tasks.wait(task.taskId)).taskStatus).toBe('succeed');
    await project.idle();
    await expect(other.tasks.get(task.taskId)).rejects.toMatchObject({ statusCode: 404 });
    await project.reset({ only: ['tasks'] });
    expect(await project.tasks.list()).toEqual([]);
  });

  it('plans are set, listed and cleared for it alone', async () => {
    const [project, other] = [form().project(), form().project()];
    const failed = { status: 'failed', errorCode: 'APIG.3201', errorMsg: 'x' } as const;
    await project.plans.set({ plan: { mode: 'manual', outcome: failed } });
    await project.plans.set({ taskType: 'export_api', times: 2, plan: { mode: 'polls', waitingPolls: 3 } });
    await other.plans.set({ plan: { mode: 'immediate' } });
    expect(await project.plans.list()).toEqual([
      { projectId: project.id, plan: { mode: 'manual', outcome: failed } },
      {
        ...{ projectId: project.id, taskType: 'export_api', times: 2 },
        plan: { mode: 'polls', waitingPolls: 3, processingPolls: 1 },
      },
    ]);
    const { taskId } = await project.tasks.create({ taskType: 'import_api' });
    await project.tasks.step(taskId);
    expect(await project.tasks.step(taskId)).toMatchObject({
      ...{ taskStatus: 'failed', taskResult: '{"error_code":"APIG.3201","error_msg":"x"}' },
    });
    await project.plans.clear();
    expect(await project.plans.list()).toEqual([]);
    expect(await other.plans.list()).toHaveLength(1);
  });

  it('faults are added, carried out, found unused, and cleared for it alone', async () => {
    const [project, other] = [form().project(), form().project()];
    const { taskId } = await project.tasks.create({ taskType: 'import_api', plan: { mode: 'manual' } });
    const fault = await project.faults.add({
      ...{ operation: 'ShowAsyncTaskResult', times: 2, phase: 'checked' },
      action: { type: 'error', status: 429, retryAfterS: 7, headers: { 'X-Retry-aB': 'a_b' } },
    });
    expect(fault).toMatchObject({ projectId: project.id, action: { retryAfterS: 7 }, hits: 0 });
    await other.faults.add({ action: { type: 'reset' } });
    const { status, headers } = await poll(project, taskId);
    expect([status, headers['retry-after']]).toEqual([429, '7']);
    const unused = project.faults.assertAllUsed();
    await expect(unused).rejects.toBeInstanceOf(UnusedFaultsError);
    await expect(unused).rejects.toMatchObject({ faults: [{ id: fault.id, hits: 1 }] });
    await expect(unused).rejects.toThrow(
      `1 of 1 faults was not used up:\n  error 429 for ShowAsyncTaskResult, project ${project.id}: carried out 1 of 2 times; 1 request matched`,
    );
    await expect(other.faults.assertAllUsed()).rejects.toThrow('reset for any request');
    await poll(project, taskId);
    await project.faults.assertAllUsed();
    await project.faults.remove(fault.id);
    expect(await project.faults.list()).toEqual([]);
    await other.faults.clear();
    await other.faults.assertAllUsed();
  });

  it('requests are listed, counted, verified and cleared for it alone', async () => {
    const [project, other] = [form().project(), form().project()];
    const { taskId } = await project.tasks.create({ taskType: 'import_api', plan: { mode: 'manual' } });
    await poll(project, taskId);
    await poll(project, 'unknown');
    const [first, second] = await project.requests.list();
    expect(first).toMatchObject({
      projectId: project.id,
      taskId,
      status: 200,
      requestId: expect.any(String),
    });
    expect(second).toMatchObject({ taskId: 'unknown', status: 404, errorCode: 'APIG.3093' });
    expect(await project.requests.count({ status: 200 })).toBe(1);
    expect(await other.requests.count()).toBe(0);
    await project.requests.verify({ operation: 'ShowAsyncTaskResult', atLeast: 2, atMost: 2 });
    await project.requests.clear();
    expect(await project.requests.list()).toEqual([]);
  });

  it('tokens are issued for it, end by its clock, or at once', async () => {
    const [project, other] = [form().project(), form().project()];
    const { taskId } = await project.tasks.create({ taskType: 'import_api', plan: { mode: 'manual' } });
    const [short, long] = [await project.tokens.issue({ ttlMs: 1000 }), await project.tokens.issue()];
    for (const token of [short, long]) expect((await poll(project, taskId, token)).status).toBe(200);
    expect((await poll(other, taskId, short)).status).toBe(403);
    await project.clock.advance(1000);
    const late = await poll(project, taskId, short);
    expect([late.status, late.headers['x-mock-reason']]).toEqual([
      401,
      expect.stringContaining('expired at'),
    ]);
    expect((await poll(project, taskId, long)).status).toBe(200);
    await project.tokens.expire(long);
    const ended = await poll(project, taskId, long);
    expect([ended.status, ended.headers['x-mock-reason']]).toEqual([
      401,
      expect.stringContaining('expired at'),
    ]);
    // It may have ended already.
    await project.tokens.expire(short);
    await expect(project.tokens.expire('dev-token')).rejects.toThrow('never expires');
    await expect(project.tokens.expire('strange')).rejects.toThrow('not one of this mock');
  });

  it('groups and APIs are listed, read and deleted in it', async () => {
    const [project, other] = [form().project(), form().project()];
    await project.plans.set({ plan: { mode: 'immediate' } });
    const at = { project_id: project.id, instance_id: 'i1' };
    for (const title of ['one', 'two']) await callsOf(mock.url, at).importFile(document(title));
    await project.idle();
    const [group, another] = await project.groups.list();
    expect(group).toMatchObject({ name: 'one', projectId: project.id, instanceId: 'i1', apis: 1 });
    expect(await project.groups.list({ name: 'two' })).toEqual([another]);
    expect(await project.apis.list({ groupId: group?.id ?? '' })).toEqual([
      expect.objectContaining({ method: 'GET', path: '/a', groupName: 'one', publishedIn: ['RELEASE'] }),
    ]);
    expect(await project.groups.get(group?.id ?? '')).toEqual(group);
    await expect(other.groups.get(group?.id ?? '')).rejects.toMatchObject({ statusCode: 404 });
    await project.groups.delete(group?.id ?? '');
    expect(await project.groups.list()).toEqual([another]);
    expect((await project.apis.list()).map(({ groupName }) => groupName)).toEqual(['two']);
    expect([await other.groups.list(), await other.apis.list()]).toEqual([[], []]);
    // Its name and its routes are free again.
    await callsOf(mock.url, at).importFile(document('one'));
    await project.idle();
    expect(await project.groups.list({ name: 'one' })).toHaveLength(1);
  });
});

it('a task polled through the handle’s address is the one of the service’s own', () =>
  expect(`${mock.project('p1').url}/apigw/instances/i1/async-tasks/t`).toBe(taskUrl(mock.url, 't')));
