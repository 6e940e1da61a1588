/**
 * The errors of the emulated service: each has one maker here, which takes status and text from the catalogue of
 * codes (`error-codes.ts`). Rules throw what a maker returns; `http/errors.ts` renders it.
 */
import { STATUS_CODES } from 'node:http';
import { documentedError } from './error-codes.ts';

/** The provider's error body. Both members are always strings. */
export interface ErrorBody {
  error_code: string;
  error_msg: string;
}

/** A body as IAM has it: the code is the status. */
export interface IamErrorBody {
  error: { code: number; message: string; title: string };
}

/** The members of an error's body as they are sent: errors with a code of IAM have IAM's own shape. */
export function sentBody(status: number, body: ErrorBody): ErrorBody | IamErrorBody {
  if (!body.error_code.startsWith('IAM.')) return body;
  return { error: { code: status, message: body.error_msg, title: STATUS_CODES[status] ?? '' } };
}

/** An error as plain data: what a failed task and an API that was not imported have. */
export type Failure = Readonly<ErrorBody> & { readonly reason?: string };

/** Details that go beside the body, never into it. */
export interface ErrorDetails {
  /** Why the mock rejected, for a person: sent as `X-Mock-Reason` (not in strict mode) and recorded in the journal. */
  reason?: string | undefined;
  /** Extra response headers, such as `allow` or `retry-after`. */
  headers?: Record<string, string> | undefined;
  /** Sent in place of the body: an injected fault may send any text. */
  rawBody?: string | undefined;
  /** The value that its text is about. */
  about?: string | undefined;
}

/** The text of the provider, and the mock's own details beside it. */
const inFull = (text: string, reason: string | undefined): string =>
  reason === undefined || text.includes(reason) ? text : `${text}: ${reason}`;

/** An error that the caller gets in the provider's shape; its message has the reason as well. */
export class ApigError extends Error {
  override readonly name = 'ApigError';
  readonly statusCode: number;
  readonly code: string;
  readonly reason: string | undefined;
  readonly headers: Record<string, string> | undefined;
  readonly about: string | undefined;
  readonly #text: string;
  readonly #rawBody: string | undefined;

  constructor(statusCode: number, body: ErrorBody, details: ErrorDetails = {}) {
    super(inFull(body.error_msg, details.reason));
    this.#text = body.error_msg;
    this.statusCode = statusCode;
    this.code = body.error_code;
    this.reason = details.reason;
    this.headers = details.headers;
    this.about = details.about;
    this.#rawBody = details.rawBody;
  }

  /** The body as it goes out: members in the documented order. */
  get body(): ErrorBody {
    return { error_code: this.code, error_msg: this.#text };
  }

  /** As plain data, with the reason. */
  get failure(): Failure {
    return this.reason === undefined ? this.body : { ...this.body, reason: this.reason };
  }

  /** What is sent. */
  get text(): string {
    return this.#rawBody ?? JSON.stringify(sentBody(this.statusCode, this.body));
  }
}

type Maker<Args extends unknown[]> = (...args: [...Args, details?: ErrorDetails]) => ApigError;

/** What to send, for who sent something else where JSON belongs. */
export const TAKES_JSON = 'takes content-type: application/json';

/** An error of the catalogue; another status or text where the same code covers several. */
function maker(code: string, other: { readonly status?: number; readonly text?: string } = {}): Maker<[]> {
  return (details) => errorOf({ code, ...other }, details);
}

/** An error of the catalogue about a value. */
function makerAbout(
  code: string,
  other: { readonly status?: number; readonly text?: (value: string) => string } = {},
) {
  const make: Maker<[value: string]> = (value, details) =>
    errorOf({ code, value, status: other.status, text: other.text?.(value) }, details);
  return make;
}

/** What an error of the catalogue is about, and what it has in place of the catalogue's status or text. */
interface Named {
  readonly code: string;
  readonly value?: string | undefined;
  readonly status?: number | undefined;
  readonly text?: string | undefined;
}

function errorOf({ code, value, status, text }: Named, details: ErrorDetails = {}): ApigError {
  const known = documentedError(code, value);
  const body = { error_code: code, error_msg: text ?? known?.message ?? '' };
  const { reason, headers, rawBody } = details;
  return new ApigError(status ?? known?.status ?? 500, body, { reason, headers, rawBody, about: value });
}

/** The error of a failed task, for a call that waits for what the task does. */
export function errorFrom({ error_code, error_msg, reason }: Failure): ApigError {
  const status = documentedError(error_code)?.status ?? 400;
  return new ApigError(status, { error_code, error_msg }, reason === undefined ? {} : { reason });
}

/** One maker per error, in the order of the checks that raise them. */
export const errors = {
  /** No such route. */
  routeNotFound: maker('APIG.0101'),
  /** The path exists, the method does not. */
  methodNotAllowed: maker('APIG.0101', { status: 405 }),
  /** An operation that the service has and the mock has not: no 404, which clients take for "deleted". */
  notEmulated: makerAbout('APIG.0101', {
    status: 501,
    text: (operation) => `The operation ${operation} is not emulated`,
  }),
  badRequest: maker('APIG.0201'),
  bodyTooLarge: maker('APIG.0201', { status: 413, text: 'Request entity too large' }),
  uriTooLong: maker('APIG.0201', { status: 414, text: 'Request URI too large' }),
  headersTooLarge: maker('APIG.0201', { status: 431, text: 'Request headers too large' }),
  unsupportedMediaType: maker('APIG.0201', { status: 415, text: 'Unsupported media type' }),
  expectationFailed: maker('APIG.0201', { status: 417, text: 'Expectation failed' }),
  requestTimeout: maker('APIG.0201', { status: 408, text: 'Request timeout' }),
  notAcceptedHere: maker('APIG.0306'),

  /** Missing, unknown, malformed or expired `X-Auth-Token`: the page documents one body for all of them. */
  tokenInvalid: maker('APIG.1002'),
  /** A request signature that does not verify; the value is the provider's own continuation. */
  signatureInvalid: makerAbout('APIGW.0301'),
  /** 429, by default without a Retry-After. */
  throttled: maker('APIG.0308'),
  forbidden: maker('APIG.1005'),

  parameterMissing: makerAbout('APIG.2001'),
  parameterInvalid: makerAbout('APIG.2012'),
  actionInvalid: maker('APIG.2011', {
    text: 'Invalid parameter value: parameter action should be "online" or "offline"',
  }),
  inputTooLong: maker('APIG.3603'),
  inputEmpty: maker('APIG.3609'),

  /** Of an imported document. */
  formatError: maker('APIG.3600'),
  versionUnsupported: maker('APIG.3601'),
  syntaxError: maker('APIG.3602'),
  titleInvalid: maker('APIG.2044'),
  groupNameExists: maker('APIG.3201'),
  tooManyApis: maker('APIG.3127'),
  /** Of one API in it. */
  tooManyParameters: maker('APIG.3111'),
  pathParametersUndefined: maker('APIG.2026'),
  backendPathParametersUndefined: maker('APIG.2027'),
  mappedParametersUndefined: maker('APIG.2028'),
  /** A member of an API's definition that breaks a rule. */
  valueInvalid: makerAbout('APIG.2011'),
  authorizerNotFound: maker('APIG.3081'),
  authorizerTimeoutInvalid: maker('APIG.2046'),
  authorizerRetriesInvalid: maker('APIG.2047'),
  apiNameExists: makerAbout('APIG.3202'),
  apiExists: makerAbout('APIG.3301'),

  instanceNotFound: makerAbout('APIG.3030'),
  taskNotFound: makerAbout('APIG.3093'),
  groupNotFound: makerAbout('APIG.3001'),
  apiNotFound: makerAbout('APIG.3002'),
  environmentNotFound: makerAbout('APIG.3003'),
  /** Of one API among those that are published or taken offline. */
  apiOfBatchNotFound: makerAbout('APIG.3002', { text: (id) => `Api ${id} not found` }),
  /** Of an import that is waited for. */
  groupOfImportNotFound: maker('APIG.3001', { text: 'API group not found' }),
  publicationNotFound: maker('APIG.3015'),
  domainNotFound: maker('APIG.3020'),
  environmentNameExists: maker('APIG.3205'),
  groupNotEmpty: makerAbout('APIG.3415'),
  apiPublished: maker('APIG.3416'),
  environmentInUse: maker('APIG.3418'),
  /** A wait of the control calls ran out of time. */
  waitTimeout: makerAbout('APIG.0201', { status: 408, text: (reason) => `Request timeout: ${reason}` }),
  /** A wait of the control calls that would last for ever. */
  neverSettles: makerAbout('APIG.3718', { text: (reason) => `This will not settle: ${reason}` }),
  /** A count of the control calls that the journal cannot give. */
  notCounted: maker('APIG.3718', { text: 'The requests cannot be counted' }),
  tooManyResources: maker('APIG.3100'),

  /** Of IAM. */
  iamPropertyMissing: makerAbout('IAM.0072'),
  iamFieldInvalid: makerAbout('IAM.0073'),
  iamUnauthorized: maker('IAM.401'),

  /** Anything unexpected. The cause is logged with the request id and never leaves the server. */
  systemError: maker('APIG.9999'),
} as const;

/** A field of a request that has a value it does not take: `APIG.2012`, and what it takes. */
export const fieldInvalid = (name: string, takes: string): ApigError =>
  errors.parameterInvalid(name, { reason: `${name}: takes ${takes}` });

/** A value that a setting does not take; names the setting, the value, and what the setting takes. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
}

/** An error of the checks that all operations share, as IAM words it; what the gateway before IAM rejects stays. */
export function asIamError(error: ApigError): ApigError {
  const { code, about = '', reason, headers } = error;
  const details = { ...(reason !== undefined && { reason }), ...(headers !== undefined && { headers }) };
  const field = about.split('.').at(-1) ?? '';
  if (code === 'APIG.1002') return errors.iamUnauthorized(details);
  if (code === 'APIG.2001') return errors.iamPropertyMissing(field, details);
  if (code === 'APIG.2012') return errors.iamFieldInvalid(field, details);
  return error;
}
