/** The error catalogue: status, code and text of every maker, as the provider documents them. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { documentedError } from '../../src/core/error-codes.ts';
import { ApigError, type ErrorDetails, errorFrom, errors } from '../../src/core/errors.ts';
import { gatewayCodes } from '../../src/core/gateway-error-codes.ts';

const SEE = 'Please refer to the support documentation';
const NO_API = 'The API does not exist or has not been published in the environment';

/** name, arguments, status, code, text */
type Row = readonly [keyof typeof errors, readonly string[], number, string, string];
const CATALOGUE: readonly Row[] = [
  ['routeNotFound', [], 404, 'APIG.0101', NO_API],
  ['methodNotAllowed', [], 405, 'APIG.0101', NO_API],
  ['badRequest', [], 400, 'APIG.0201', 'Bad request'],
  ['bodyTooLarge', [], 413, 'APIG.0201', 'Request entity too large'],
  ['uriTooLong', [], 414, 'APIG.0201', 'Request URI too large'],
  ['headersTooLarge', [], 431, 'APIG.0201', 'Request headers too large'],
  ['unsupportedMediaType', [], 415, 'APIG.0201', 'Unsupported media type'],
  ['expectationFailed', [], 417, 'APIG.0201', 'Expectation failed'],
  ['requestTimeout', [], 408, 'APIG.0201', 'Request timeout'],
  ['notAcceptedHere', [], 403, 'APIG.0306', 'API access denied'],
  ['tokenInvalid', [], 401, 'APIG.1002', 'Incorrect token or token resolution failed'],
  ['signatureInvalid', ['x'], 401, 'APIGW.0301', 'Incorrect IAM authentication information: x'],
  ['throttled', [], 429, 'APIG.0308', 'The throttling threshold has been reached'],
  ['forbidden', [], 403, 'APIG.1005', 'No permissions to request this method'],
  [
    'parameterMissing',
    ['task_id'],
    400,
    'APIG.2001',
    `The request parameters must be specified,parameterName:task_id. ${SEE}`,
  ],
  [
    'parameterInvalid',
    ['task_id'],
    400,
    'APIG.2012',
    `Invalid parameter value,parameterName:task_id. ${SEE}`,
  ],
  [
    'actionInvalid',
    [],
    400,
    'APIG.2011',
    'Invalid parameter value: parameter action should be "online" or "offline"',
  ],
  ['inputTooLong', [], 400, 'APIG.3603', 'The input data is too long'],
  ['inputEmpty', [], 400, 'APIG.3609', 'The input file is empty'],
  ['formatError', [], 400, 'APIG.3600', 'JSON or YAML format error'],
  ['versionUnsupported', [], 400, 'APIG.3601', 'The Swagger file version must be 2.0'],
  ['syntaxError', [], 400, 'APIG.3602', 'Syntax error in the Swagger file'],
  ['titleInvalid', [], 400, 'APIG.2044', 'Invalid title of info'],
  ['groupNameExists', [], 400, 'APIG.3201', 'The API group name already exists'],
  [
    'tooManyApis',
    [],
    403,
    'APIG.3127',
    'The number of APIs has reached the upper limit. A maximum of 300 APIs can be imported at a time.',
  ],
  [
    'tooManyParameters',
    [],
    403,
    'APIG.3111',
    'The number of parameters in req_params exceeds the maximum allowed limit',
  ],
  ['pathParametersUndefined', [], 400, 'APIG.2026', 'The request path parameters are not defined.'],
  ['backendPathParametersUndefined', [], 400, 'APIG.2027', 'The backend path parameters are not defined.'],
  [
    'mappedParametersUndefined',
    [],
    400,
    'APIG.2028',
    'The request parameters mapped to the backend parameters are not defined.',
  ],
  [
    'valueInvalid',
    ['x'],
    400,
    'APIG.2011',
    'Invalid parameter value,parameterName:x. Please refer to the support documentation',
  ],
  ['authorizerNotFound', [], 404, 'APIG.3081', 'The authorizer does not exist.'],
  ['authorizerTimeoutInvalid', [], 400, 'APIG.2046', 'Incorrect custom authentication timeout.'],
  [
    'authorizerRetriesInvalid',
    [],
    400,
    'APIG.2047',
    'Incorrect number of retries for custom authentication.',
  ],
  ['apiNameExists', ['one'], 400, 'APIG.3202', 'The API name already exists, api_name:one'],
  [
    'apiExists',
    ['x'],
    400,
    'APIG.3301',
    'The API already exists, An API with the same combination of the method, path, and x-apigateway-match-mode fields already exists. API name: x',
  ],
  ['notEmulated', ['ListAppsV2'], 501, 'APIG.0101', 'The operation ListAppsV2 is not emulated'],
  ['instanceNotFound', ['i1'], 404, 'APIG.3030', 'The instance does not exist;id:i1'],
  ['domainNotFound', [], 404, 'APIG.3020', 'The URL domain does not exist'],
  ['environmentNameExists', [], 400, 'APIG.3205', 'The environment name already exists.'],
  [
    'groupNotEmpty',
    ['g1'],
    412,
    'APIG.3415',
    'The API group cannot be deleted because it contains APIs,id:g1',
  ],
  ['apiPublished', [], 409, 'APIG.3416', 'The API cannot be deleted because it has been published'],
  ['environmentInUse', [], 403, 'APIG.3418', 'The environment contains published APIs.'],
  ['publicationNotFound', [], 404, 'APIG.3015', 'The API publication record does not exist'],
  ['taskNotFound', ['t1'], 404, 'APIG.3093', 'The asynchronous task t1 does not exist'],
  ['groupNotFound', ['g1'], 404, 'APIG.3001', 'API group g1 does not exist'],
  ['apiNotFound', ['a1'], 404, 'APIG.3002', 'API a1 does not exist'],
  ['environmentNotFound', ['e1'], 404, 'APIG.3003', 'Environment e1 does not exist'],
  ['apiOfBatchNotFound', ['a1'], 404, 'APIG.3002', 'Api a1 not found'],
  ['groupOfImportNotFound', [], 404, 'APIG.3001', 'API group not found'],
  ['waitTimeout', ['still waiting'], 408, 'APIG.0201', 'Request timeout: still waiting'],
  ['neverSettles', ['held'], 409, 'APIG.3718', 'This will not settle: held'],
  ['notCounted', [], 409, 'APIG.3718', 'The requests cannot be counted'],
  ['tooManyResources', [], 403, 'APIG.3100', 'The number of resources exceeds the maximum allowed limit'],
  ['iamPropertyMissing', ['auth'], 400, 'IAM.0072', "'auth' is a required property"],
  ['iamFieldInvalid', ['methods'], 400, 'IAM.0073', "Invalid input for field 'methods'."],
  ['iamUnauthorized', [], 401, 'IAM.401', 'The request you have made requires authentication.'],
  ['systemError', [], 500, 'APIG.9999', 'System error'],
];

const make = (name: keyof typeof errors, args: readonly string[], details?: ErrorDetails): ApigError =>
  (errors[name] as (...given: unknown[]) => ApigError)(...args, ...(details === undefined ? [] : [details]));

describe('the error catalogue', () => {
  it.each(CATALOGUE)('makes %s%j: %i %s', (name, args, status, code, text) => {
    const error = make(name, args);
    expect(error).toBeInstanceOf(ApigError);
    expect(error.statusCode).toBe(status);
    expect(JSON.stringify(error.body)).toBe(JSON.stringify({ error_code: code, error_msg: text }));
    expect(error.reason).toBeUndefined();
    expect(error.headers).toBeUndefined();
  });

  it.each(CATALOGUE)('keeps the details of %s%j out of its body', (name, args, _status, code, text) => {
    const error = make(name, args, { reason: 'as a test', headers: { allow: 'GET' } });
    expect([error.reason, error.headers]).toEqual(['as a test', { allow: 'GET' }]);
    expect(error.body).toEqual({ error_code: code, error_msg: text });
    expect(error.message).toBe(`${text}: as a test`);
  });

  it('does not repeat a reason that its text already has', () => {
    expect(errors.waitTimeout('too slow', { reason: 'too slow' }).message).toBe('Request timeout: too slow');
  });

  it('has no maker that this table leaves out', () => {
    const listed = new Set<string>(CATALOGUE.map(([name]) => name));
    expect(Object.keys(errors).filter((name) => !listed.has(name))).toEqual([]);
  });
});

describe('a code named alone', () => {
  it.each([
    ['APIG.2001', undefined, 400, 'The request parameters must be specified'],
    ['APIG.2001', 'x', 400, `The request parameters must be specified,parameterName:x. ${SEE}`],
    ['APIG.3001', undefined, 404, 'API group does not exist'],
    ['APIG.3003', undefined, 404, 'The environment does not exist'],
    ['APIG.3003', 'e1', 404, 'Environment e1 does not exist'],
    ['APIG.3202', undefined, 400, 'The API name already exists'],
    ['APIG.3093', undefined, 404, 'The asynchronous task does not exist'],
    ['APIG.3093', '$&', 404, 'The asynchronous task $& does not exist'],
    ['APIG.9999', 'x', 500, 'System error'],
    ['APIC.7102', undefined, 401, 'Incorrect token or token resolution failure'],
    ['APIG.0601', undefined, 500, 'Internal server error.'],
    ['APIG.2203', 'x', 400, 'Access token is invalid'],
  ])('%s about %s has the text of the catalogue', (code, value, status, message) => {
    expect(documentedError(code, value)).toEqual({ status, message });
  });

  it('is in one table only', () => {
    const codes = Object.values(gatewayCodes()).flatMap(Object.keys);
    const others = codes.filter((code) => /^APIC\.[79]\d{3}$|^APIG\.(0[1-8]|22)\d\d$/.test(code));
    expect([codes.length, new Set(codes).size]).toEqual([others.length + 1, codes.length]);
    const source = readFileSync(new URL('../../src/core/error-codes.ts', import.meta.url), 'utf8');
    expect(codes.filter((code) => source.includes(`'${code}'`))).toEqual([]);
  });

  it('has no text twice: makers differ from the catalogue by status alone, or name another text', () => {
    const own = CATALOGUE.filter(
      ([, args, , code, text]) => documentedError(code, args[0])?.message !== text,
    );
    expect(own.map(([name]) => name)).toEqual([
      ...['bodyTooLarge', 'uriTooLong', 'headersTooLarge', 'unsupportedMediaType', 'expectationFailed'],
      'requestTimeout',
      ...['actionInvalid', 'notEmulated', 'apiOfBatchNotFound', 'groupOfImportNotFound'],
      ...['waitTimeout', 'neverSettles', 'notCounted'],
    ]);
  });
});

describe('the error of a failed task', () => {
  it.each([
    [errors.formatError(), 400],
    [errors.tooManyApis(), 403],
    [errors.groupNotFound('g'), 404],
    [errors.systemError({ reason: 'why' }), 500],
  ])('%s has status %i again', (error, statusCode) => {
    const again = errorFrom(error.failure);
    expect(again).toMatchObject({ statusCode, body: error.body });
    expect(again.reason).toBe(error.reason);
  });
});
