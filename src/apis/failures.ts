/**
 * The refusals of an import or export task and of single APIs in it: they stand in `task_result`, not in an
 * HTTP answer. Texts and codes: the error code table and the import rules of the API reference, 2026-11.
 */
import { ApigError, type ErrorBody, errors } from '../errors.ts';

/** What a task came to. `result` is the text of `task_result`. */
export type Outcome =
  | { status: 'succeed'; result: string }
  | { status: 'failed'; error_code: string; error_msg: string };

/** A refusal of a document or of one API, with the HTTP status the synchronous calls answer it with. */
export interface Failure extends ErrorBody {
  readonly httpStatus: number;
}

function failure(httpStatus: number, code: string, message: string): Failure {
  return { httpStatus, error_code: code, error_msg: message };
}

function fromError(error: ApigError): Failure {
  return failure(error.statusCode, error.code, error.message);
}

export const failures = {
  formatError: failure(400, 'APIG.3600', 'JSON or YAML format error'),
  versionUnsupported: failure(400, 'APIG.3601', 'The Swagger file version must be 2.0'),
  syntaxError: failure(400, 'APIG.3602', 'Syntax error in the Swagger file'),
  inputEmpty: fromError(errors.inputEmpty()),
  titleInvalid: failure(400, 'APIG.2044', 'Invalid title of info'),
  groupNameExists: failure(400, 'APIG.3201', 'The API group name already exists'),
  apiNameExists: failure(400, 'APIG.3202', 'The API name already exists'),
  tooManyApis: failure(
    403,
    'APIG.3127',
    'The number of APIs has reached the upper limit. A maximum of 300 APIs can be imported at a time.',
  ),
  tooManyParameters: failure(
    403,
    'APIG.3111',
    'The number of parameters in req_params exceeds the maximum allowed limit',
  ),
  apiExists: (name: string): Failure =>
    failure(
      400,
      'APIG.3301',
      'The API already exists, An API with the same combination of the method, path, and ' +
        `x-apigateway-match-mode fields already exists. API name: ${name}`,
    ),
  missing: (field: string): Failure => fromError(errors.parameterMissing(field)),
  invalid: (field: string): Failure => fromError(errors.parameterInvalid(field)),
  groupNotFound: (id: string): Failure => fromError(errors.groupNotFound(id)),
  apiNotFound: (id: string): Failure => fromError(errors.apiNotFound(id)),
  environmentNotFound: (id: string): Failure => fromError(errors.environmentNotFound(id)),
  systemError: fromError(errors.systemError()),
} as const;

/** The failed outcome of a refusal. */
export function failed(reason: Failure): Outcome {
  return { status: 'failed', error_code: reason.error_code, error_msg: reason.error_msg };
}

const STATUS_OF_CLASS: readonly [RegExp, number][] = [
  [/^APIG\.(3127|31\d\d)$/, 403],
  [/^APIG\.30\d\d$/, 404],
  [/^APIG\.9999$/, 500],
];

/** A failed outcome as the error that the synchronous twin of the call throws. */
export function outcomeError(outcome: ErrorBody): ApigError {
  const status = STATUS_OF_CLASS.find(([pattern]) => pattern.test(outcome.error_code))?.[1] ?? 400;
  return new ApigError(status, { error_code: outcome.error_code, error_msg: outcome.error_msg });
}
