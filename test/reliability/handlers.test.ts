/**
 * An exception inside each handler: whatever is thrown, the response is 500 in the provider's shape, its cause is
 * logged once with the request id, nothing has changed and the next request works. The routes are Fastify's own.
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { settingsFrom } from '../../src/config/check.ts';
import { type RunningMock, startServer } from '../../src/mock.ts';
import { call, testMock } from '../support/mock.ts';
import { expectShape } from '../support/shape.ts';
import { type WireResponse, wireCall } from '../support/wire.ts';
import { type Line, logLines } from './log-lines.ts';
import { FAULT_ID, type GoodRequest, NEW_TASK, requestsOf, STEPPED, USER } from './route-requests.ts';

type Throw = () => unknown;
/** What stands in the place of every handler and, where it has one, of its check, and the routes that Fastify was given. */
const broken = vi.hoisted(() => ({
  handler: undefined as Throw | undefined,
  check: undefined as Throw | undefined,
  checked: new Set<string>(),
  routes: new Set<string>(),
}));
vi.mock('fastify', async (importOriginal) => {
  const real = (await importOriginal()) as { default: (options: object) => Record<string, unknown> };
  const watched = (options: object) => {
    const app = real.default(options) as { addHook: (name: string, hook: (route: Route) => void) => void };
    app.addHook('onRoute', (route) => {
      for (const method of [route.method].flat()) broken.routes.add(`${method} ${route.url}`);
      const { handler, config } = route;
      const check = config?.check;
      if (check !== undefined) {
        for (const method of [route.method].flat()) broken.checked.add(`${method} ${route.url}`);
        config.check = (request) =>
          broken.handler === undefined && broken.check === undefined ? check(request) : broken.check?.();
      }
      route.handler = function (this: unknown, ...given: unknown[]) {
        return broken.handler === undefined ? handler.apply(this, given) : broken.handler();
      };
    });
    return app;
  };
  return { ...real, default: watched };
});
vi.mock('../../src/http/openapi.ts', async (importOriginal) => {
  const real = await importOriginal<typeof import('../../src/http/openapi.ts')>();
  return { describeOperations: vi.fn(real.describeOperations) };
});
interface Route {
  method: string | string[];
  url: string;
  config: { check?: (request: unknown) => unknown };
  handler: (...given: unknown[]) => unknown;
}

const SECRET = 'not for the caller';
const THROWN: [what: string, make: () => unknown][] = [
  ['an Error', () => new Error(SECRET)],
  ['a SyntaxError', () => new SyntaxError(SECRET)],
  ['a string', () => SECRET],
  ['undefined', () => undefined],
  ['an error with status code 400', () => Object.assign(new Error(SECRET), { statusCode: 400 })],
  ['an error with status code 404', () => Object.assign(new Error(SECRET), { statusCode: 404, status: 404 })],
];
const WAYS: [how: string, way: (cause: unknown) => Throw][] = [
  [
    'at once',
    (cause) => () => {
      throw cause;
    },
  ],
  ['later', (cause) => () => new Promise((_, reject) => setImmediate(reject, cause))],
];

const log = logLines();
let mock: RunningMock;
let requests: Readonly<Record<string, GoodRequest>>;

async function send(method: string, { target, headers = {}, body }: GoodRequest): Promise<WireResponse> {
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  return wireCall({
    port: mock.port,
    method,
    target,
    headers: { ...headers, ...length },
    ...(body === undefined ? {} : { body }),
  });
}

/** The state of the mock without what moves by itself. */
const stateOf = async (): Promise<unknown> => {
  const { clocks: _, ...state } = await mock.control.snapshot();
  return state;
};

beforeAll(async () => {
  mock = await startServer(settingsFrom({ port: 0, clock: 'manual' }), log);
  const { routes } = broken;
  await mock.app();
  // The description is of a second application, which takes no requests.
  broken.routes = new Set(routes);
  const instance = `${mock.url}/v2/p1/apigw/instances/i1`;
  const seedForm = requestsOf({ token: '', groupId: '', apiId: '', state: '' })[
    'POST /v2/:project_id/apigw/instances/:instance_id/openapi/import'
  ] as GoodRequest;
  await send('POST', { ...seedForm, body: seedForm.body?.replace('at_once', 'before') ?? '' });
  const groups = await call(`${instance}/api-groups`);
  const apis = await call(`${instance}/apis`);
  const token = await call(`${mock.url}/v3/auth/tokens`, { token: null, json: USER });
  await mock.control.tasks.create({ ...NEW_TASK, task_id: STEPPED, plan: { mode: 'manual' } } as never);
  requests = requestsOf({
    token: String(token.headers['x-subject-token']),
    groupId: groups.body.groups[0].id,
    apiId: apis.body.apis[0].id,
    state: JSON.stringify(await mock.control.snapshot()),
  });
});
afterAll(() => mock.close());

/** With HEAD where Fastify responds to it too. */
const twins = (route: string): string[] => [route, route.replace(/^GET/, 'HEAD')];

describe('a handler that throws', () => {
  it('is one of those that are tried here, whichever was added', () => {
    const tried = new Set(Object.keys(requests).flatMap(twins));
    expect([...broken.routes].filter((route) => !tried.has(route))).toEqual([]);
    expect(Object.keys(requests).filter((route) => !broken.routes.has(route))).toEqual([]);
  });

  it.each(THROWN)('%s in its check returns 500', async (_what, make) => {
    const routes = [...broken.routes].filter((route) => broken.checked.has(route));
    expect(routes.length).toBeGreaterThan(5);
    broken.check = () => {
      throw make();
    };
    for (const route of routes) {
      const [method = '', url = ''] = route.split(' ');
      const request = requests[`${method.replace('HEAD', 'GET')} ${url}`] as GoodRequest;
      expect([route, (await send(method, request)).status]).toEqual([route, 500]);
    }
    broken.check = undefined;
  });

  it.each(THROWN)('%s returns 500, and nothing has changed', async (_what, make) => {
    const before = await stateOf();
    for (const route of broken.routes) {
      const [method = '', url = ''] = route.split(' ');
      const request = requests[`${method.replace('HEAD', 'GET')} ${url}`] as GoodRequest;
      for (const [how, way] of WAYS) {
        log.clear();
        broken.handler = way(make());
        const response = await send(method, request).finally(() => {
          broken.handler = undefined;
        });
        expect([route, how, response.status]).toEqual([route, how, 500]);
        if (method === 'HEAD') expect(response.headers['content-type']).toBe('application/json');
        else expectShape(response, 500, 'APIG.9999');
        expect(JSON.stringify([response.text, response.headers])).not.toContain(SECRET);
        const logged = log.lines.filter(({ level }) => level === 'error');
        expect(logged).toEqual([
          expect.objectContaining({ level: 'error', request_id: response.headers['x-request-id'] }),
        ]);
        expect(String((logged[0] as Line)['err'])).toContain(String(make()));
      }
    }
    expect(await stateOf()).toEqual(before);
  });

  it('leaves the next request unaffected', async () => {
    for (const [route, request] of Object.entries(requests)) {
      if (route === 'GET /__admin/events') continue;
      const [method = ''] = route.split(' ');
      broken.handler = () => {
        throw new Error(SECRET);
      };
      await send(method, request).finally(() => {
        broken.handler = undefined;
      });
      const { id } = await mock.control.faults.add({ action: { type: 'error' }, project_id: 'nobody' });
      const response = await send(method, { ...request, target: request.target.replace(FAULT_ID, id) });
      expect([route, response.status]).toEqual([route, request.status]);
    }
  });
});

describe('a fault in what the caller sent is still reported to the caller', () => {
  it.each([
    ['/v3/auth/tokens', '{"auth":'],
    ['/__admin/reset', '{"only":'],
  ])('broken JSON for %s is 400', async (path, body) => {
    await using other = await testMock();
    const response = await call(`${other.url}${path}`, {
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect([response.status, response.body.error_code]).toEqual([400, 'APIG.0201']);
  });
});

describe('the description of the routes', () => {
  it('that could not be made once is made for the next request', async () => {
    const { describeOperations } = await import('../../src/http/openapi.ts');
    vi.mocked(describeOperations).mockRejectedValueOnce(new Error(SECRET));
    // One that nobody has asked yet, in whatever order the tests are run.
    await using other = await testMock();
    const statuses = [];
    for (const _ of [1, 2, 3]) statuses.push((await call(`${other.url}/__admin/openapi.json`)).status);
    expect(statuses).toEqual([500, 200, 200]);
  });
});
