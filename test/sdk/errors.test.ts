/** Every error reaches the SDK's exception as it was returned: code, message, request id, and the right class. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentedError } from '../../src/core/error-codes.ts';
import { type ApigError, errors } from '../../src/core/errors.ts';
import type { RunningMock } from '../../src/mock.ts';
import { testMock } from '../support/mock.ts';
import { apigClient, failureOf, type SdkError } from './apig-client.ts';
import { PROVOKED, SETTINGS } from './provoked.ts';

let mock: RunningMock;
let apig: ReturnType<typeof apigClient>;
beforeAll(async () => {
  mock = await testMock(SETTINGS);
  apig = apigClient({ endpoint: mock.url, projectId: 'p1' });
});
afterAll(() => mock.close());

/** The exception has what the response had, and names the request that the journal has. */
function expectError(failure: SdkError, error: ApigError): void {
  expect(failure).toMatchObject({
    httpStatusCode: error.statusCode,
    errorCode: error.code,
    errorMsg: error.body.error_msg,
    requestId: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
  expect(failure.name).toBe(error.statusCode < 500 ? 'ClientRequestException' : 'ServerResponseException');
}

describe('the SDK’s exception', () => {
  const provoked = Object.entries(PROVOKED).flatMap(([name, how]) =>
    how === undefined ? [] : [{ name, ...how }],
  );

  it.each(provoked)('has what the response has: $name', async ({ provoke, error }) => {
    const failure = await provoke({ url: mock.url, apig });
    expectError(failure, typeof error === 'function' ? error(failure) : error);
  });

  it('names the request that the journal has', async () => {
    const failure = await failureOf(apig.showAsyncTaskResult('journal', 'unknown'));
    const { requests } = await mock.control.requests.list({ instance_id: 'journal' });
    expect(requests.map(({ request_id }) => request_id)).toEqual([failure.requestId]);
  });
});

const TASK_ID = 'd9ce8c9eede54b3f841ec324fe0bfdc2';

describe('the SDK’s exception of an injected fault', () => {
  const source = readFileSync(new URL('../../src/core/error-codes.ts', import.meta.url), 'utf8');
  const codes = [...source.matchAll(/^ +'(APIG\.\d{4})'/gm)].map(([, code = '']) => code);

  it('knows the table of codes', () => {
    expect(codes.length).toBeGreaterThan(200);
  });

  it('has code, message and request id of every documented error', { timeout: 60_000 }, async () => {
    await using faulty = await testMock();
    const client = apigClient({ endpoint: faulty.url, projectId: 'p1' });
    const about: Record<string, string> = { 'APIG.2001': 'task_id', 'APIG.3093': TASK_ID };
    for (const code of new Set(codes)) {
      const { id } = await faulty.control.faults.add({ action: { type: 'error', error_code: code } });
      const failure = await failureOf(client.showAsyncTaskResult('i1', TASK_ID));
      const { status = 0, message = '' } = documentedError(code, about[code]) ?? {};
      expect(failure).toMatchObject({
        httpStatusCode: status,
        errorCode: code,
        errorMsg: message,
        requestId: expect.stringMatching(/^[0-9a-f]{32}$/),
      });
      await faulty.control.faults.remove(id);
    }
  });

  it.each([
    ['throttled', 429, errors.throttled()],
    ['systemError', 500, errors.systemError()],
  ])('has code, message and request id of %s, named by its status', async (_name, status, error) => {
    await using faulty = await testMock();
    const client = apigClient({ endpoint: faulty.url, projectId: 'p1' });
    await faulty.control.faults.add({ action: { type: 'error', status } });
    expectError(await failureOf(client.showAsyncTaskResult('i1', TASK_ID)), error);
  });
});
