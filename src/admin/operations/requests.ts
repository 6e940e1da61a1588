/** The operations of `/__admin` on the journal, and the one that explains a signature. */
import { errors } from '../../core/errors.ts';
import { documented } from '../../core/operation.ts';
import { type AdminOperation, call } from '../control-call.ts';
import { assertSatisfied } from '../journal/verify.ts';
import * as R from '../responses.ts';
import * as S from '../schemas.ts';
import { changeErrors, MAX_BODY_BYTES, POLLS, queryErrors } from './shared.ts';

export const requestsOperations: readonly AdminOperation[] = [
  call({
    id: 'listRequests',
    call: 'requests.list',
    method: 'GET',
    path: '/__admin/requests',
    summary: 'Lists the requests in the journal, and why some were rejected',
    query: S.RequestsQuerySchema,
    response: R.Requests,
    pick: 'requests',
    errors: queryErrors,
    run: ({ requests }, query) => requests.list(query),
  }),
  call({
    id: 'clearRequests',
    call: 'requests.clear',
    method: 'DELETE',
    path: '/__admin/requests',
    summary: 'Clears the journal of a scope',
    query: S.PlaceSchema,
    status: 204,
    errors: changeErrors,
    run: ({ requests }, scope) => requests.clear(scope),
  }),
  call({
    id: 'countRequests',
    call: 'requests.count',
    method: 'POST',
    path: '/__admin/requests/count',
    summary: 'Counts requests; 409 when some of the scope were dropped from the journal',
    body: S.JournalFilterSchema,
    response: R.Count,
    unwrap: 'count',
    errors: [...changeErrors, documented(errors.notCounted())],
    example: { body: { ...POLLS, status: 200 } },
    run: ({ requests }, filter) => requests.count(filter),
  }),
  call({
    id: 'verifyRequests',
    call: 'requests.verify',
    method: 'POST',
    path: '/__admin/requests/verify',
    summary:
      'Checks the requests against an expectation and shows the nearest ones that do not match; not satisfied, with a reason, when dropped ones might matter',
    body: S.ExpectationSchema,
    response: R.Verification,
    errors: changeErrors,
    example: { body: { ...POLLS, exactly: 4 } },
    checkResult: assertSatisfied,
    run: ({ requests }, expectation) => requests.verify(expectation),
  }),
  call({
    id: 'checkSignature',
    call: 'signCheck',
    method: 'POST',
    path: '/__admin/sign-check',
    summary: 'Explains a request signature step by step',
    body: S.SignCheckSchema,
    bodyLimit: MAX_BODY_BYTES,
    response: R.SignReport,
    errors: changeErrors,
    example: {
      body: {
        method: 'GET',
        target: '/v3/projects',
        headers: { host: 'localhost:8080', 'x-sdk-date': '20260302T093000Z' },
      },
    },
    run: (mock, check) => mock.signCheck(check),
  }),
];
