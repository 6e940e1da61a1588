/** What a handler calls breaks amid its work: 500, logged once, nothing half done, and the same request works next. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { FaultRegistry } from '../../src/admin/faults/registry.ts';
import { Journal } from '../../src/admin/journal/journal.ts';
import { PlanRegistry } from '../../src/admin/plans.ts';
import { settingsFrom } from '../../src/config/check.ts';
import * as importRules from '../../src/gateway/import/apply.ts';
import { CredentialStore } from '../../src/iam/credentials.ts';
import { type RunningMock, startServer } from '../../src/mock.ts';
import { TaskStore } from '../../src/tasks/store.ts';
import { TaskWorker } from '../../src/tasks/worker.ts';
import { expectShape } from '../support/shape.ts';
import { type WireResponse, wireCall } from '../support/wire.ts';
import { logLines } from './log-lines.ts';
import { type GoodRequest, requestsOf } from './route-requests.ts';

vi.mock('../../src/gateway/import/apply.ts', { spy: true });
const boom = (): never => {
  throw new SyntaxError('boom');
};
const log = logLines();
let mock: RunningMock;
beforeAll(async () => {
  mock = await startServer(settingsFrom({ port: 0, clock: 'manual' }), log);
});
afterAll(() => mock.close());
beforeEach(() => mock.control.reset());
afterEach(() => vi.restoreAllMocks());

const INSTANCE = '/v2/:project_id/apigw/instances/:instance_id';
const SEED = 'd9ce8c9eede54b3f841ec324fe0bfdc2';
const requests = requestsOf({ token: '', groupId: 'g', apiId: '', state: '' });
const plainPoll: GoodRequest = {
  ...(requests[`GET ${INSTANCE}/async-tasks/:task_id`] as GoodRequest),
  target: `/v2/p1/apigw/instances/i1/async-tasks/${SEED}`,
};

function send(route: string, { target, headers = {}, body }: GoodRequest): Promise<WireResponse> {
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const [method = ''] = route.split(' ');
  const call = { port: mock.port, method, target, headers: { ...headers, ...length } };
  return wireCall({ ...call, ...(body === undefined ? {} : { body }) });
}

/** Breaks one call of a part. */
// biome-ignore lint/suspicious/noExplicitAny: the parts have nothing in common
const once = (part: any, call: string) => (): void => void vi.spyOn(part, call).mockImplementationOnce(boom);

describe('a call that throws in the middle of the work', () => {
  it.each<[what: string, breakOnce: () => void, route: string, request?: GoodRequest]>([
    [
      'the rules of an import at once',
      () => void vi.mocked(importRules.applyImport).mockImplementationOnce(boom),
      `POST ${INSTANCE}/openapi/import`,
    ],
    ['the place of a new task', once(TaskStore.prototype, 'add'), `POST ${INSTANCE}/openapi/async-import`],
    ['the worker', once(TaskWorker.prototype, 'create'), `POST ${INSTANCE}/openapi/async-export`],
    ['the space for a task', once(TaskStore.prototype, 'makeSpace'), 'POST /__admin/tasks'],
    ['the plans', once(PlanRegistry.prototype, 'set'), 'PUT /__admin/plan'],
    ['the faults', once(FaultRegistry.prototype, 'add'), 'POST /__admin/faults'],
    ['the journal', once(Journal.prototype, 'query'), 'GET /__admin/requests'],
    ['the tokens', once(CredentialStore.prototype, 'issue'), 'POST /v3/auth/tokens'],
  ])('%s', async (_what, breakOnce, route) => {
    const before = await mock.control.snapshot();
    log.clear();
    breakOnce();
    const request = requests[route] as GoodRequest;
    const response = await send(route, request);
    expectShape(response, 500, 'APIG.9999');
    expect(log.lines.filter(({ level }) => level === 'error')).toEqual([
      expect.objectContaining({ request_id: response.headers['x-request-id'], err: new SyntaxError('boom') }),
    ]);
    expect(await mock.control.snapshot()).toEqual(before);
    expect((await send(route, request)).status).toBe(request.status);
  });

  it('the look-up of a plain poll', async () => {
    log.clear();
    const spy = vi.spyOn(TaskStore.prototype, 'find').mockImplementation(boom);
    const response = await send('GET', plainPoll);
    expectShape(response, 500, 'APIG.9999');
    expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
    spy.mockRestore();
    expect((await send('GET', plainPoll)).status).toBe(200);
  });
});
