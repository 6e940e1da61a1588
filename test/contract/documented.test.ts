/** The ten documented bodies, byte for byte, by every way into the mock. */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RunningMock } from '../../src/mock.ts';
import { TaskStore } from '../../src/tasks/store.ts';
import { TOKEN, testMock } from '../support/mock.ts';
import { wireCall } from '../support/wire.ts';
import documented from './documented-responses.json' with { type: 'json' };

let mock: RunningMock;
beforeAll(async () => {
  mock = await testMock();
});
afterAll(() => mock.close());
afterEach(() => {
  vi.restoreAllMocks();
});

interface Asked {
  target: string;
  headers: Record<string, string>;
}
interface Got {
  status: number;
  type: unknown;
  requestId: unknown;
  text: string;
}
type Way = (asked: Asked) => Promise<Got>;

const overSocket =
  (more: Record<string, string>): Way =>
  async ({ target, headers }) => {
    const response = await wireCall({ port: mock.port, target, headers: { ...headers, ...more } });
    return {
      status: response.status,
      type: response.headers['content-type'],
      requestId: response.headers['x-request-id'],
      text: response.text,
    };
  };

const WAYS: Record<string, Way> = {
  'over a socket, the fast path': overSocket({}),
  // A length, even of nothing, is unusual on a GET: the fast path leaves such requests to Fastify.
  'over a socket, through Fastify': overSocket({ 'content-length': '0' }),
  'injected into Fastify': async ({ target, headers }) => {
    const response = await (await mock.app()).inject({ method: 'GET', url: target, headers });
    return {
      status: response.statusCode,
      type: response.headers['content-type'],
      requestId: response.headers['x-request-id'],
      text: response.payload,
    };
  },
};

const pathOf = (taskId: string, projectId = 'p1'): string =>
  `/v2/${projectId}/apigw/instances/i1/async-tasks/${taskId}`;
const [FIRST] = documented.tasks;
const token = { 'x-auth-token': TOKEN };

async function tokenOf(project: string): Promise<string> {
  const response = await (await mock.app()).inject({
    method: 'POST',
    url: '/v3/auth/tokens',
    payload: {
      auth: {
        identity: {
          methods: ['password'],
          password: { user: { name: 'u', password: 'x', domain: { name: 'd' } } },
        },
        scope: { project: { id: project } },
      },
    },
  });
  return String(response.headers['x-subject-token']);
}

const expectResponse = (got: Got, status: number, body: object): void => {
  expect(got).toEqual({
    status,
    type: 'application/json',
    requestId: expect.stringMatching(/^[0-9a-f]{32}$/),
    text: JSON.stringify(body),
  });
};

describe.each(Object.entries(WAYS))('%s', (_way, ask) => {
  it.each(documented.tasks)('returns task $task_id as documented: $task_status', async (task) => {
    for (const projectId of ['p1', 'another', 'p1'])
      expectResponse(await ask({ target: pathOf(task.task_id, projectId), headers: token }), 200, task);
  });

  it.each(['async-tasks/', 'async-tasks'])('returns 400 without a task id: …/%s', async (end) => {
    const target = `/v2/p1/apigw/instances/i1/${end}`;
    expectResponse(await ask({ target, headers: token }), 400, documented.errors['400']);
  });

  it('returns 401 without a token, and with one that is unknown', async () => {
    const target = pathOf(FIRST?.task_id ?? '');
    expectResponse(await ask({ target, headers: {} }), 401, documented.errors['401']);
    expectResponse(
      await ask({ target, headers: { 'x-auth-token': 'unknown' } }),
      401,
      documented.errors['401'],
    );
  });

  it('returns 403 to the token of another project', async () => {
    const headers = { 'x-auth-token': await tokenOf('project-a') };
    const taskId = FIRST?.task_id ?? '';
    expectResponse(await ask({ target: pathOf(taskId, 'project-a'), headers }), 200, FIRST ?? {});
    expectResponse(
      await ask({ target: pathOf(taskId, 'project-b'), headers }),
      403,
      documented.errors['403'],
    );
  });

  it('returns 404 for an unknown task, by its id', async () => {
    const unknown = 'd9ce8c9eede54b3f841ec324fe0bfdc3';
    const body = JSON.stringify(documented.errors['404']).replace(FIRST?.task_id ?? '', unknown);
    expectResponse(await ask({ target: pathOf(unknown), headers: token }), 404, JSON.parse(body));
  });

  it('returns 500 for an unforeseen error, and nothing of its cause', async () => {
    // Only the slow path looks where else a task may be, so both paths meet the same failure.
    vi.spyOn(TaskStore.prototype, 'findElsewhere').mockImplementation(() => {
      throw new Error('a secret of the inside');
    });
    const got = await ask({ target: pathOf('unknown'), headers: token });
    expectResponse(got, 500, documented.errors['500']);
  });
});

it('documents the 404 for the id of the first example: that task itself is there', () => {
  expect(documented.errors['404'].error_msg).toContain(FIRST?.task_id);
});
