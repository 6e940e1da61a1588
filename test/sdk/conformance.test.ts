/**
 * The scenarios of `apig-mock conform`, sent by the provider's Node SDK: imports in each mode, exports in each form, every
 * error, lists, publishing, clean-up. It signs and parses; a failed task reaches it as a result, an error as an exception.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FilePart, RequestStep, Scenario, Step, StepRequest } from '../../src/conformance/scenario.ts';
import { SCENARIOS } from '../../src/conformance/scenarios/all.ts';
import type { Received } from '../../src/conformance/sending.ts';
import type { RunningMock } from '../../src/mock.ts';
import { conform, found, KEY, targetAt } from '../conformance/harness.ts';
import { testMock } from '../support/mock.ts';
import { apigClient, FormData, type SdkError, type SdkResponse } from './apig-client.ts';

let mock: RunningMock;
beforeAll(async () => {
  mock = await testMock({ progression: 'polls' });
});
afterAll(() => mock.close());

/** The SDK hides headers: those that are promised are checked without it. */
const HEADERS = { 'content-type': 'application/json', 'x-request-id': '0'.repeat(32) };

function formOf(parts: Readonly<Record<string, string | FilePart>>) {
  const form = new FormData();
  for (const [name, part] of Object.entries(parts)) {
    if (typeof part === 'string') form.append(name, part);
    else form.append(name, Buffer.from(part.content), { filename: part.name });
  }
  return form;
}

async function sent(request: StepRequest): Promise<Received> {
  const { method, path, absolute, query = {}, json, form, caller } = request;
  const apig = apigClient({
    ...{ endpoint: mock.url, projectId: 'p1' },
    ...(caller === 'wrong secret' && { sk: 'wrong' }),
  });
  const url = absolute === true ? path : `/v2/p1/apigw/instances/i1${path}`;
  try {
    const { httpStatusCode, ...body } = (await apig.send({
      ...{
        method,
        url,
        queryParams: query,
        headers: caller === 'unknown token' ? { 'X-Auth-Token': 'no' } : {},
      },
      ...(json !== undefined && { data: json as Record<string, unknown> }),
      ...(form && { contentType: 'multipart/form-data', data: formOf(form) as never }),
    })) as SdkResponse;
    const text = httpStatusCode === 204 ? '' : JSON.stringify(body);
    return { status: httpStatusCode, headers: HEADERS, text };
  } catch (cause) {
    const { httpStatusCode: status, errorCode, errorMsg, requestId } = cause as SdkError;
    if (status === undefined) throw cause;
    const text = JSON.stringify({ error_code: errorCode, error_msg: errorMsg });
    return { status, headers: { ...HEADERS, 'x-request-id': requestId }, text };
  }
}

/** What this client cannot send, or does not hand on: it always signs, and reads a file as a stream. */
const cannot = (step: Step): boolean =>
  step.kind === 'request' &&
  (step.request.caller === 'nobody' || (step as RequestStep).operation === 'ExportApiDefinitionsV2');
const ITS: readonly Scenario[] = SCENARIOS.map((scenario) => ({
  ...scenario,
  steps: scenario.steps.filter((step) => !cannot(step)),
}));

it('they pass, sent by the Node SDK', async () => {
  const run = await conform({ target: targetAt(mock.url, KEY), scenarios: ITS, options: { send: sent } });
  expect([found(run), run.stopped, run.left]).toEqual([[], undefined, []]);
  expect(run.results.filter(({ outcome }) => outcome === 'passed').length).toBeGreaterThan(110);
});
