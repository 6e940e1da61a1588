/** The hook itself: what does not fit is found, whatever sent it, and what fits is not. */
import { beforeAll, describe, expect, it } from 'vitest';
import { call, testMock } from '../support/mock.ts';
import documented from './documented-responses.json' with { type: 'json' };
import { type Checker, checkerOf, type Description, type SeenResponse } from './hook/checker.ts';
import { exemption } from './hook/exempt.ts';

const TARGET = '/v2/p1/apigw/instances/i1/async-tasks/t1';
const [TASK] = documented.tasks;
const GOOD: SeenResponse = {
  method: 'GET',
  target: TARGET,
  status: 200,
  headers: { 'content-type': 'application/json', 'x-request-id': '0'.repeat(32) },
  text: JSON.stringify(TASK),
};
const rejected = (status: number, error_code: string, more: Partial<SeenResponse> = {}): SeenResponse => ({
  ...GOOD,
  status,
  text: JSON.stringify({ error_code, error_msg: 'x' }),
  ...more,
});

let check: Checker;
beforeAll(async () => {
  await using mock = await testMock();
  check = checkerOf((await call(`${mock.url}/__admin/openapi.json`)).body as Description);
});

describe('a response that fits', () => {
  const ALLOW = { ...GOOD.headers, allow: 'GET, HEAD' };
  it.each<[string, SeenResponse]>([
    ['as documented', GOOD],
    ['of a target in absolute form', { ...GOOD, target: `http://mock${TARGET}?x=1` }],
    ['of a target that is encoded without need', { ...GOOD, target: TARGET.replace('async', '%61sync') }],
    ['without its body, to a HEAD', { ...GOOD, method: 'HEAD', text: '' }],
    ['too long to be recorded', { ...GOOD, text: undefined as never }],
    ['a documented rejection', rejected(404, 'APIG.3093')],
    ['a route that is not there', rejected(404, 'APIG.0101', { target: '/nope' })],
    ['another method', rejected(405, 'APIG.0101', { method: 'PATCH', headers: ALLOW })],
    ['bytes that are no request', { ...rejected(431, 'APIG.0201'), method: undefined as never }],
  ])('is taken: %s', (_what, response) => {
    expect(check(response)).toBeUndefined();
  });
});

describe('a response that does not fit', () => {
  const { 'x-request-id': _, ...without } = GOOD.headers;
  const html = { ...GOOD.headers, 'content-type': 'text/html' };
  const charset = { ...GOOD.headers, 'content-type': 'application/json; charset=utf-8' };
  it.each<[string, SeenResponse, string]>([
    ['a status', { ...GOOD, status: 201 }, 'this status is not described'],
    ['a code', rejected(404, 'APIG.3001'), 'body/error_code must be equal'],
    [
      'a member too many',
      { ...GOOD, text: JSON.stringify({ ...TASK, more: 1 }) },
      'must NOT have additional',
    ],
    ['a member too few', { ...GOOD, text: '{"task_id":"t1"}' }, 'must have required property'],
    ['a value', { ...GOOD, text: JSON.stringify({ ...TASK, task_status: 'done' }) }, 'body/task_status must'],
    ['half a body', { ...GOOD, text: '{"task_id":' }, 'no JSON'],
    ['no header', { ...GOOD, headers: without }, 'the header X-Request-Id is missing'],
    ['a header', { ...GOOD, headers: { ...GOOD.headers, 'x-request-id': '1' } }, "X-Request-Id is '1'"],
    ['a type', { ...GOOD, headers: html }, "the content type is 'text/html'"],
    ['a charset', { ...GOOD, headers: charset }, 'the content type is'],
    ['405 without Allow', rejected(405, 'APIG.0101', { method: 'PATCH' }), 'the header Allow is missing'],
    ['a body of 204', { ...GOOD, method: 'POST', target: '/__admin/reset', status: 204 }, ''],
  ])('is found out: %s', (_what, response, expected) => {
    expect(check(response)).toContain(`${response.method} ${response.target} ${response.status}: `);
    expect(check(response)).toContain(expected);
  });
});

describe('an exemption', () => {
  it('is what a fault has shaped, and nothing else', () => {
    expect(exemption({ ...GOOD, faulted: true })).toMatch(/fault/);
    expect(exemption(GOOD)).toBeUndefined();
    expect(exemption({ ...GOOD, status: 500 })).toBeUndefined();
  });
});
