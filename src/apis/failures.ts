/**
 * The refusals of an import or export task and of single APIs in it: they stand in `task_result`, not in an
 * HTTP answer. Texts and codes: the error code table and the import rules of the API reference, 2026-11.
 */
import { documentedError } from '../error-codes.ts';
import { ApigError, type ErrorBody, errors } from '../errors.ts';

/** What a task came to. `result` is the text of `task_result`. */
export type Outcome =
  | { status: 'succeed'; result: string }
  | { status: 'failed'; error_code: string; error_msg: string; reason?: string };

/**
 * A refusal of a document or of one API. The reason is the mock's own and goes into no answer of the service. It
 * names fields, limits and places and never repeats the document, which may hold what is secret.
 */
export type Failure = Readonly<ErrorBody> & { readonly reason?: string };

function failure(code: string, message: string): Failure {
  return { error_code: code, error_msg: message };
}

function fromError(error: ApigError): Failure {
  return error.body;
}

export const failures = {
  formatError: failure('APIG.3600', 'JSON or YAML format error'),
  versionUnsupported: failure('APIG.3601', 'The Swagger file version must be 2.0'),
  syntaxError: failure('APIG.3602', 'Syntax error in the Swagger file'),
  inputEmpty: fromError(errors.inputEmpty()),
  titleInvalid: failure('APIG.2044', 'Invalid title of info'),
  groupNameExists: failure('APIG.3201', 'The API group name already exists'),
  apiNameExists: failure('APIG.3202', 'The API name already exists'),
  tooManyApis: failure(
    'APIG.3127',
    'The number of APIs has reached the upper limit. A maximum of 300 APIs can be imported at a time.',
  ),
  tooManyParameters: failure(
    'APIG.3111',
    'The number of parameters in req_params exceeds the maximum allowed limit',
  ),
  apiExists: (name: string): Failure =>
    failure(
      'APIG.3301',
      'The API already exists, An API with the same combination of the method, path, and ' +
        `x-apigateway-match-mode fields already exists. API name: ${name}`,
    ),
  missing: (field: string): Failure => fromError(errors.parameterMissing(field)),
  invalid: (field: string): Failure => fromError(errors.parameterInvalid(field)),
  groupNotFound: (id: string): Failure => fromError(errors.groupNotFound(id)),
  apiNotFound: (id: string): Failure => fromError(errors.apiNotFound(id)),
  publicationNotFound: failure('APIG.3015', 'The API publication record does not exist'),
  environmentNotFound: (id: string): Failure => fromError(errors.environmentNotFound(id)),
  systemError: fromError(errors.systemError()),
} as const;

/** Why there is no such group, for imports and exports alike. */
export const NO_GROUP =
  'no group of this instance has the id of group_id: see GET /api-groups, and the project and instance in the URL';

/** The failed outcome of a refusal. */
export function failed(failure: Failure): Outcome {
  return { status: 'failed', ...failure };
}

/** The same refusal, with why. */
export const because = ({ error_code, error_msg }: Failure, reason: string): Failure => ({
  error_code,
  error_msg,
  reason,
});

/** A refusal as the error that the synchronous twin of the call throws. */
export function refusalError({ error_code, error_msg, reason }: Failure): ApigError {
  const status = documentedError(error_code)?.status ?? 400;
  return new ApigError(status, { error_code, error_msg }, reason === undefined ? {} : { reason });
}
