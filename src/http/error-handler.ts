/**
 * Every error becomes the provider's body here, once: rules' own errors as they are, the framework's by its
 * code, all else as `APIG.9999` with its cause in the log alone.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApigError, asIamError, errors, TAKES_JSON } from '../core/errors.ts';
import { TAKES_FORM } from '../gateway/import/fields.ts';
import { errorHeaders } from './errors.ts';
import { mismatchOf } from './validation.ts';

/** Receives the cause of a response with `APIG.9999`. */
export type OnUnexpected = (cause: unknown, requestId: string) => void;

type Translate = (cause: Error, takesFile: boolean) => ApigError;
const reasonOf = (cause: Error) => ({ reason: cause.message });

/** These two name the target, and a query may hold a secret. */
const pathReasonOf = (cause: Error) => ({ reason: cause.message.replace(/\?.*'/s, "'") });

const BY_CODE: Readonly<Record<string, Translate>> = {
  FST_ERR_BAD_URL: (cause) => errors.badRequest(pathReasonOf(cause)),
  FST_ERR_ASYNC_CONSTRAINT: (cause) => errors.badRequest(reasonOf(cause)),
  FST_ERR_CTP_BODY_TOO_LARGE: (cause) => errors.bodyTooLarge(reasonOf(cause)),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: (_cause, takesFile) =>
    errors.unsupportedMediaType({ reason: takesFile ? TAKES_FORM : TAKES_JSON }),
  FST_ERR_CTP_INVALID_TYPE: (cause) => errors.unsupportedMediaType(reasonOf(cause)),
  FST_ERR_CTP_EMPTY_JSON_BODY: (cause) => errors.badRequest(reasonOf(cause)),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: (cause) => errors.badRequest(reasonOf(cause)),
  FST_ERR_CTP_INVALID_JSON_BODY: (cause) => errors.badRequest(reasonOf(cause)),
  FST_ERR_MAX_PARAM_LENGTH: (cause) => errors.uriTooLong(pathReasonOf(cause)),
};

/**
 * The provider's error for anything thrown; `undefined` when it was not foreseen. A status of 400 on the error, or a
 * `SyntaxError`, does not blame the caller: a handler that breaks may throw either.
 */
export function toApigError(cause: unknown, takesFile = false): ApigError | undefined {
  if (cause instanceof ApigError) return cause;
  const mismatch = mismatchOf(cause);
  if (mismatch !== undefined) return mismatch;
  if (!(cause instanceof Error)) return undefined;
  const { code } = cause as Error & { code?: string };
  const translate = code === undefined ? undefined : BY_CODE[code];
  return translate?.(cause, takesFile);
}

/** The caller went away amid the body: what its stream ended with is what was thrown. */
const brokenOff = (cause: unknown, { raw }: FastifyRequest): ApigError | undefined =>
  raw.errored !== null && raw.errored === cause ? errors.badRequest(reasonOf(raw.errored)) : undefined;

/** Sends an error. A buffer, since to a text Fastify adds a charset. */
export function sendError(reply: FastifyReply, error: ApigError, showReason: boolean): void {
  reply.code(error.statusCode).headers(errorHeaders(error, { requestId: reply.request.id, showReason }));
  reply.send(Buffer.from(error.text));
}

/** Fastify's error handler. */
export function errorHandler(options: { readonly showReason: boolean; readonly onUnexpected: OnUnexpected }) {
  return (cause: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    // What fails before a route is found has none.
    const takesFile = request.routeOptions?.config?.takesFile === true;
    const known = toApigError(cause, takesFile) ?? brokenOff(cause, request);
    if (known === undefined) options.onUnexpected(cause, request.id);
    const common =
      known ?? errors.systemError({ reason: 'unexpected error; the log has its cause with this request id' });
    const isIam = request.routeOptions?.config?.isIam === true && request.faultId === undefined;
    const error = isIam ? asIamError(common) : common;
    request.failure = error;
    sendError(reply, error, options.showReason);
  };
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The error that was sent, for the journal. */
    failure: ApigError | undefined;
  }
}
