/** The provider's Node SDK, unmodified, over a real socket: import, poll, export, with an endpoint and keys alone. */
import { createReadStream } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningMock } from '../../src/mock.ts';
import { testMock } from '../support/mock.ts';
import { apigClient, iamClient } from './apig-client.ts';

const fixture = (name: string): URL => new URL(`../../fixtures/openapi/${name}`, import.meta.url);
const RELEASE = 'DEFAULT_ENVIRONMENT_RELEASE_ID';
const TIMES = { waitingMs: 500, processingMs: 1500 };

let mock: RunningMock;
beforeAll(async () => {
  mock = await testMock({ clock: 'manual', strict: true, region: 'cn-north-7', ...TIMES });
});
afterAll(() => mock.close());

let count = 0;
/** A project and an instance that no other test uses. */
function scene() {
  count += 1;
  const projectId = count.toString(16).padStart(32, 'a');
  const instanceId = count.toString(16).padStart(32, 'b');
  return { projectId, instanceId, apig: apigClient({ endpoint: mock.url, projectId }) };
}

/** Polls once per state, moving the clock in between. */
async function follow(apig: ReturnType<typeof apigClient>, instanceId: string, taskId: string) {
  const responses = [await apig.showAsyncTaskResult(instanceId, taskId)];
  for (const ms of [TIMES.waitingMs, TIMES.processingMs]) {
    await mock.control.clock.advance(ms);
    responses.push(await apig.showAsyncTaskResult(instanceId, taskId));
  }
  return responses;
}

describe('the Node SDK with keys', () => {
  it('imports a file, polls to its end, exports it, and imports the export without a change', async () => {
    const { apig, instanceId } = scene();
    const submitted = await apig.importApiDefinitionsAsync(instanceId, {
      is_create_group: 'true',
      extend_mode: 'merge',
      simple_mode: 'false',
      mock_mode: 'false',
      api_mode: 'merge',
      file_name: createReadStream(fixture('test8.json')),
    });
    expect(submitted).toEqual({ httpStatusCode: 202, task_id: expect.stringMatching(/^[0-9a-f]{32}$/) });

    const polls = await follow(apig, instanceId, submitted['task_id']);
    expect(polls.map((poll) => poll['task_status'])).toEqual(['waiting', 'processing', 'succeed']);
    expect(polls.map((poll) => poll['task_type'])).toEqual(Array(3).fill('import_api'));
    expect(polls.map((poll) => poll['task_result'] === '')).toEqual([true, true, false]);
    const result = JSON.parse(polls[2]?.['task_result']);
    expect(result.success).toEqual([
      { id: expect.any(String), action: 'create', method: 'GET', path: '/test1' },
    ]);

    const body = { env_id: RELEASE, group_id: result.group_id, define: 'all', type: 'json', version: '1' };
    const exported = await apig.exportApiDefinitionsAsync(instanceId, body, '2.0');
    const last = (await follow(apig, instanceId, exported['task_id'])).at(-1);
    const file = JSON.parse(last?.['task_result']);
    expect(file).toMatchObject({ FileName: 'test8-RELEASE-all-1', FileType: '.json' });

    const again = await apig.importApiDefinitionsAsync(instanceId, {
      is_create_group: 'false',
      group_id: result.group_id,
      file_name: file.Comment,
    });
    const reimported = (await follow(apig, instanceId, again['task_id'])).at(-1);
    expect(JSON.parse(reimported?.['task_result'])).toMatchObject({
      success: [],
      failure: [],
      ignore: [{ method: 'GET', path: '/test1' }],
    });
  });

  it('reads the documented tasks', async () => {
    const { apig, instanceId } = scene();
    const task = await apig.showAsyncTaskResult(instanceId, 'd9ce8c9eede54b3f841ec324fe0bfdc2');
    expect(task).toMatchObject({ httpStatusCode: 200, task_id: 'd9ce8c9eede54b3f841ec324fe0bfdc2' });
  });
});

describe('the Node SDK without a project id', () => {
  it('looks the project up by its region, with a signed body on a GET', async () => {
    const apig = apigClient({ endpoint: mock.url, region: 'cn-north-7' });
    const instanceId = 'c'.repeat(32);
    const submitted = await apig.importApiDefinitionsAsync(instanceId, {
      file_name: createReadStream(fixture('hello.yaml')),
    });
    const last = (await follow(apig, instanceId, submitted['task_id'])).at(-1);
    expect(last?.['task_status']).toBe('succeed');

    const { requests } = await mock.control.requests.list({ operation: 'KeystoneListProjects' });
    expect(requests).toMatchObject([{ method: 'GET', path: '/v3/projects', status: 200 }]);
    const { tasks } = await mock.control.tasks.list({ instance_id: instanceId, task_type: 'import_api' });
    const listed = await apig.send({ url: '/v3/projects', queryParams: { name: 'cn-north-7' } });
    expect(tasks.find(({ task_id }) => task_id === submitted['task_id'])?.project_id).toBe(
      listed['projects'][0].id,
    );
  });
});

describe("IAM's own client", () => {
  const request = (project: object) => ({
    body: {
      auth: {
        identity: {
          methods: ['password'],
          password: { user: { name: 'someone', password: 'secret', domain: { name: 'mock-domain' } } },
        },
        scope: { project },
      },
    },
  });

  it('gets a token by password, and the token polls', async () => {
    const { projectId, instanceId } = scene();
    const iam = iamClient(mock.url);
    const made = (await iam.keystoneCreateUserTokenByPassword(
      request({ id: projectId }) as never,
    )) as unknown as Record<string, string> & { token: { project: { id: string }; expires_at: string } };
    const token = made['X-Subject-Token'] ?? '';
    expect(made.token.project.id).toBe(projectId);
    expect(made.token.expires_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);

    // Keys that are not known: it is the token alone that lets in.
    const apig = apigClient({ endpoint: mock.url, projectId, ak: 'nobody', sk: 'nothing' });
    const poll = (instance: string) =>
      apig.showAsyncTaskResult(instance, 'd9ce8c9eede54b3f841ec324fe0bfdc2', { 'X-Auth-Token': token });
    expect((await poll(instanceId)).httpStatusCode).toBe(200);
  });

  it('gets a token that is good for its own project alone, for 24 hours', async () => {
    await using own = await testMock({ clock: 'manual' });
    const iam = iamClient(own.url);
    const made = (await iam.keystoneCreateUserTokenByPassword(
      request({ id: 'mine' }) as never,
    )) as unknown as Record<string, string>;
    const headers = { 'X-Auth-Token': made['X-Subject-Token'] ?? '' };
    const poll = (projectId: string) =>
      apigClient({ endpoint: own.url, projectId, ak: 'nobody', sk: 'nothing' })
        .showAsyncTaskResult('i1', 'd9ce8c9eede54b3f841ec324fe0bfdc2', headers)
        .then(({ httpStatusCode }) => httpStatusCode)
        .catch(({ httpStatusCode, errorCode }) => `${httpStatusCode} ${errorCode}`);
    expect(await poll('mine')).toBe(200);
    expect(await poll('theirs')).toBe('403 APIG.1005');
    await own.control.clock.advance(24 * 60 * 60 * 1000 - 1);
    expect(await poll('mine')).toBe(200);
    await own.control.clock.advance(1);
    expect(await poll('mine')).toBe('401 APIG.1002');
  });
});
