/** Refusals as they are described: what any request may meet, and what groups of operations have in common. */
import { type ApigError, type ErrorBody, errors } from '../../errors.ts';

/** What a refusal looks like: its status, and a body as it is sent. */
export interface Refusal {
  readonly status: number;
  readonly body: ErrorBody;
}

export const refusal = ({ statusCode, body }: Pick<ApigError, 'statusCode' | 'body'>): Refusal => ({
  status: statusCode,
  body,
});
export const missing = (name: string): Refusal => refusal(errors.parameterMissing(name));
export const invalid = (name: string): Refusal => refusal(errors.parameterInvalid(name));
/** The parts of a request and values that fit no schema, by the name of one. */
export const misfit = (name: string): readonly Refusal[] => [missing(name), invalid(name)];

const SIGNATURE = 'verify aksk signature fail, canonicalRequest:GET|/v2/…';

/** Whoever calls the emulated API from a web page under a name that is not local. */
export const foreign = refusal(errors.notAcceptedHere());
export const notJson = refusal(errors.unsupportedMediaType());
/** An operation that wants credentials. */
export const closed: readonly Refusal[] = [
  refusal(errors.tokenInvalid()),
  refusal(errors.signatureInvalid(SIGNATURE)),
  foreign,
];

/** What any request may be answered, whatever it asks for; by the names of `components.responses`. */
export const ANY_REQUEST = {
  BadRequest: {
    ...refusal(errors.badRequest()),
    says: 'No request: broken bytes, a broken URL, no Host or two, JSON that is none',
  },
  NoSuchRoute: { ...refusal(errors.routeNotFound()), says: 'No such route; X-Mock-Reason names the nearest' },
  MethodNotAllowed: {
    ...refusal(errors.methodNotAllowed()),
    says: 'The route takes other methods: those in Allow',
  },
  RequestTimeout: {
    ...refusal(errors.requestTimeout()),
    says: 'The request did not come whole within 20 s (head) or 120 s (all of it)',
  },
  BodyTooLarge: { ...refusal(errors.bodyTooLarge()), says: 'The body is longer than --max-body-mb' },
  UriTooLong: {
    ...refusal(errors.uriTooLong()),
    says: 'A part of the path is longer than 16,384 characters',
  },
  ExpectationFailed: {
    ...refusal(errors.expectationFailed()),
    says: 'The header Expect wants something other than 100-continue',
  },
  HeadersTooLarge: { ...refusal(errors.headersTooLarge()), says: 'The headers are longer than 16 KB' },
  SystemError: { ...refusal(errors.systemError()), says: 'What was not foreseen; the log has its cause' },
} as const satisfies Readonly<Record<string, Refusal & { readonly says: string }>>;
