/** The example of a fleet: two processes behind nginx that accept each other's tokens and share no state. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, taskUrl } from '../support/mock.ts';
import { hasProgram, needs } from '../support/needs.ts';

interface Fleet {
  readonly url: string;
  readonly mocks: readonly { readonly url: string; stop(): Promise<void> }[];
  stop(): Promise<void>;
}

const hasNginx = needs(hasProgram('nginx'), 'the fleet: install nginx (Debian: nginx-light)');

const EXAMPLE = 'd9ce8c9eede54b3f841ec324fe0bfdc2';
const PROCESS = 'x-fleet-process';

describe.skipIf(!hasNginx)('a fleet of two', () => {
  let fleet: Fleet;

  beforeAll(async () => {
    // A script of an example, not a module of ours: it has no types.
    const path = new URL('../../examples/fleet/start.js', import.meta.url).href;
    const { startFleet } = (await import(path)) as { startFleet(): Promise<Fleet> };
    fleet = await startFleet();
  });
  afterAll(() => fleet?.stop());

  const exportFrom = (instance: string) =>
    call(`${fleet.url}/v2/p1/apigw/instances/${instance}/openapi/async-export`, {
      json: { env_id: 'DEFAULT_ENVIRONMENT_RELEASE_ID', group_id: 'g1' },
    });
  const journalOf = async (mock: { url: string }, instance: string): Promise<unknown[]> =>
    (await call(`${mock.url}/__admin/requests?project_id=p1&instance_id=${instance}`)).body.requests;

  it('accepts in one process a token that another one issued', async () => {
    const [issuer, other] = fleet.mocks;
    const user = { name: 'jo', password: 'secret', domain: { name: 'shop' } };
    const auth = {
      identity: { methods: ['password'], password: { user } },
      scope: { project: { name: 'cn-north-7' } },
    };
    const issued = await call(`${issuer?.url}/v3/auth/tokens`, { token: null, json: { auth } });
    const token = String(issued.headers['x-subject-token']);
    const projectId: string = issued.body.token.project.id;

    for (const base of [other?.url, fleet.url]) {
      expect((await call(taskUrl(String(base), EXAMPLE, projectId), { token })).status).toBe(200);
    }
    expect((await call(taskUrl(String(other?.url), EXAMPLE, projectId), { token: `${token}x` })).status).toBe(
      401,
    );
  });

  it('sends every call of an instance to one process, whatever the call', async () => {
    const submitted = await exportFrom('i1');
    expect(submitted.status).toBe(202);
    const seen = new Set([submitted.headers[PROCESS]]);
    for (let poll = 0; poll < 20; poll += 1) {
      const response = await call(taskUrl(fleet.url, submitted.body.task_id));
      expect(response.status).toBe(200);
      seen.add(response.headers[PROCESS]);
    }
    expect(seen.size).toBe(1);
    const counts = await Promise.all(fleet.mocks.map(async (mock) => (await journalOf(mock, 'i1')).length));
    expect(counts.sort((a, b) => a - b)).toEqual([0, 21]);
  });

  it('spreads instances over both processes', async () => {
    const instances = Array.from({ length: 40 }, (_, at) => `spread-${at}`);
    const responses = await Promise.all(
      instances.map((instance) => call(taskUrl(fleet.url, EXAMPLE, 'p1', instance))),
    );
    const processes = responses.map(({ headers }) => headers[PROCESS]);
    expect(new Set(processes).size).toBe(2);
  });

  it('leaves control to the processes, each at its own port', async () => {
    const response = await call(`${fleet.url}/__admin/health`);
    expect(response.status).toBe(404);
    expect(response.body.error_code).toBe('APIG.0101');
    for (const { url } of fleet.mocks) expect((await call(`${url}/__admin/health`)).status).toBe(200);
  });
});

describe.skipIf(!hasNginx)('a fleet that has lost a process', () => {
  it('returns an error for its instances, never a response of another process', async () => {
    const path = new URL('../../examples/fleet/start.js', import.meta.url).href;
    const { startFleet } = (await import(path)) as { startFleet(): Promise<Fleet> };
    const fleet = await startFleet();
    try {
      await fleet.mocks[0]?.stop();
      const instances = Array.from({ length: 40 }, (_, at) => `spread-${at}`);
      const responses = await Promise.all(
        instances.map((instance) => call(taskUrl(fleet.url, EXAMPLE, 'p1', instance))),
      );
      expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200, 500]));
      for (const { status, body } of responses) if (status === 500) expect(body.error_code).toBe('APIG.9999');
    } finally {
      await fleet.stop();
    }
  });
});
