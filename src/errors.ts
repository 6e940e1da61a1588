/**
 * The error catalogue: every refusal of the emulated service has one maker here, with the status, code and
 * text the provider documents. Rules throw what a maker returns; `http/error-handler.ts` renders it once.
 * Sources: the page of ShowAsyncTaskResult (its five error bodies win), the APIG error code table, and the
 * gateway's own codes (`APIG.0xxx`, `APIGW.0xxx`), all read in 2026-11.
 */

/** The provider's error body. Both members are always strings. */
export interface ErrorBody {
  error_code: string;
  error_msg: string;
}

/** Details that go beside the body, never into it. */
export interface ErrorDetails {
  /** Why the mock refused, for a person: sent as `X-Mock-Reason` (not in strict mode) and kept in the journal. */
  reason?: string;
  /** Extra response headers, such as `allow` or `retry-after`. */
  headers?: Record<string, string>;
  /** Sent in place of the body: an injected fault may answer with any text. */
  rawBody?: string | undefined;
}

/** The text of the provider, and what the mock has to say beside it. */
const inFull = (text: string, reason: string | undefined): string =>
  reason === undefined || text.includes(reason) ? text : `${text}: ${reason}`;

/** An error that is answered to the caller in the provider's shape; its message has the reason as well. */
export class ApigError extends Error {
  override readonly name = 'ApigError';
  readonly statusCode: number;
  readonly code: string;
  readonly reason: string | undefined;
  readonly headers: Record<string, string> | undefined;
  readonly #text: string;
  readonly #rawBody: string | undefined;

  constructor(statusCode: number, body: ErrorBody, details: ErrorDetails = {}) {
    super(inFull(body.error_msg, details.reason));
    this.#text = body.error_msg;
    this.statusCode = statusCode;
    this.code = body.error_code;
    this.reason = details.reason;
    this.headers = details.headers;
    this.#rawBody = details.rawBody;
  }

  /** The body as it goes out: members in the documented order. */
  get body(): ErrorBody {
    return { error_code: this.code, error_msg: this.#text };
  }

  /** What is sent. */
  get text(): string {
    return this.#rawBody ?? JSON.stringify(this.body);
  }
}

type Maker<Args extends unknown[]> = (...args: [...Args, details?: ErrorDetails]) => ApigError;

/** What to send, for who sent something else where JSON belongs. */
export const TAKES_JSON = 'takes content-type: application/json';

const SEE_DOCUMENTATION = 'Please refer to the support documentation';

function maker<Args extends unknown[]>(
  status: number,
  code: string,
  message: string | ((...args: Args) => string),
): Maker<Args> {
  const arity = typeof message === 'function' ? message.length : 0;
  return (...args) => {
    const details = args[arity] as ErrorDetails | undefined;
    const text =
      typeof message === 'function' ? message(...(args.slice(0, arity) as unknown as Args)) : message;
    return new ApigError(status, { error_code: code, error_msg: text }, details);
  };
}

/** One maker per error, in the order of the checks that raise them. */
export const errors = {
  /** No such route. */
  routeNotFound: maker(
    404,
    'APIG.0101',
    'The API does not exist or has not been published in the environment',
  ),
  /** The path exists, the method does not. */
  methodNotAllowed: maker(
    405,
    'APIG.0101',
    'The API does not exist or has not been published in the environment',
  ),
  badRequest: maker(400, 'APIG.0201', 'Bad request'),
  bodyTooLarge: maker(413, 'APIG.0201', 'Request entity too large'),
  uriTooLong: maker(414, 'APIG.0201', 'Request URI too large'),
  headersTooLarge: maker(431, 'APIG.0201', 'Request headers too large'),
  unsupportedMediaType: maker(415, 'APIG.0201', 'Unsupported media type'),
  expectationFailed: maker(417, 'APIG.0201', 'Expectation failed'),
  requestTimeout: maker(408, 'APIG.0201', 'Request timeout'),
  notAcceptedHere: maker(403, 'APIG.0306', 'API access denied'),

  /** Missing, unknown, malformed or expired `X-Auth-Token`: the page documents one body for all of them. */
  tokenInvalid: maker(401, 'APIG.1002', 'Incorrect token or token resolution failed'),
  /** A request signature that does not verify; `detail` is the provider's own continuation. */
  signatureInvalid: maker(
    401,
    'APIGW.0301',
    (detail: string) => `Incorrect IAM authentication information: ${detail}`,
  ),
  /** 429, by default without a Retry-After. */
  throttled: maker(429, 'APIG.0308', 'The throttling threshold has been reached'),
  forbidden: maker(403, 'APIG.1005', 'No permissions to request this method'),

  parameterMissing: maker(
    400,
    'APIG.2001',
    (name: string) => `The request parameters must be specified,parameterName:${name}. ${SEE_DOCUMENTATION}`,
  ),
  parameterInvalid: maker(
    400,
    'APIG.2012',
    (name: string) => `Invalid parameter value,parameterName:${name}. ${SEE_DOCUMENTATION}`,
  ),
  inputTooLong: maker(400, 'APIG.3603', 'The input data is too long'),
  inputEmpty: maker(400, 'APIG.3609', 'The input file is empty'),

  taskNotFound: maker(404, 'APIG.3093', (taskId: string) => `The asynchronous task ${taskId} does not exist`),
  groupNotFound: maker(404, 'APIG.3001', (groupId: string) => `API group ${groupId} does not exist`),
  apiNotFound: maker(404, 'APIG.3002', (apiId: string) => `API ${apiId} does not exist`),
  environmentNotFound: maker(404, 'APIG.3003', (envId: string) => `The environment ${envId} does not exist`),
  /** A wait of the control calls ran out of time. */
  waitTimeout: maker(408, 'APIG.0201', (reason: string) => `Request timeout: ${reason}`),
  /** A wait of the control calls that would last for ever. */
  neverSettles: maker(409, 'APIG.3718', (reason: string) => `This will not settle: ${reason}`),
  /** A count of the control calls that the journal cannot give. */
  notCounted: maker(409, 'APIG.3718', 'The requests cannot be counted'),
  tooManyResources: maker(403, 'APIG.3100', 'The number of resources exceeds the maximum allowed limit'),

  /** Anything unexpected. The cause is logged with the request id and never leaves the server. */
  systemError: maker(500, 'APIG.9999', 'System error'),
} as const;
