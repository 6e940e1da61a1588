/**
 * Who may call the emulated API: one policy, which the fast path asks and Fastify's hooks ask. First the guard (host and
 * origin), then the credentials and what they are good for. A signature covers the raw bytes of the body, on every
 * method, and is verified before anything parses them.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyRequest, RequestPayload } from 'fastify';
import { rejectionOf } from '../admin/guard.ts';
import { ApigError, errors } from '../core/errors.ts';
import { forbiddenTo, type Identity } from '../iam/identity.ts';
import { type SignedRequest, verifySignature } from '../iam/signature.ts';
import type { Core } from '../mock.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The caller, once the credentials are proved. */
    identity: Identity | undefined;
  }
}

export type AdmitCore = Pick<Core, 'credentials' | 'clocks' | 'settings' | 'log'>;

/** What a caller wants: a project, where the path names one, and whether anything changes. */
export interface Call {
  readonly projectId: string | undefined;
  readonly changes: boolean;
}

/** What a form may hold beside its file. */
const FORM_BYTES = 64 * 1024;
/** The longest body that is read, of a signed request too. */
export const maxBodyBytes = ({ maxBodyMb }: Pick<Core['settings'], 'maxBodyMb'>): number =>
  maxBodyMb * 1024 * 1024 + FORM_BYTES;

/** Why a web page may not call; undefined = it may. Only requests that name an origin need to ask. */
export const admitSite = (
  { settings }: Pick<AdmitCore, 'settings'>,
  headers: Pick<IncomingHttpHeaders, 'host' | 'origin'>,
): ApigError | undefined => rejectionOf(headers, settings.adminHosts);

/** The caller that a token names, or why it may not make this call; without a token there is nothing to admit by. */
export function admitToken(core: AdmitCore, token: string | undefined, call: Call): Identity | ApigError {
  if (token === undefined) return unauthorized(core, 'no X-Auth-Token header and no request signature');
  if (token === '') return unauthorized(core, 'X-Auth-Token is empty');
  const found = core.credentials.verify(token);
  if (found.kind === 'rejected') return unauthorized(core, found.reason);
  return forbiddenTo(found.identity, call) ?? found.identity;
}

/** The caller that signed a request, or why it may not make this call. */
export function admitSignature(core: AdmitCore, signed: SignedRequest, call: Call): Identity | ApigError {
  const verified = verifySignature(signed, {
    secretOf: (accessKey) => core.credentials.secretOf(accessKey),
    times: core.clocks.times('signature', call.projectId),
  });
  if (verified.outcome === 'unknownKey' && !core.settings.strict)
    core.log.warn({ access_key: verified.accessKey }, 'unknown access key accepted; --strict rejects it');
  else if (verified.outcome !== 'ok') {
    const reason = verified.outcome === 'malformed' ? verified.reason : `signature: ${verified.outcome}`;
    return errors.signatureInvalid(verified.detail, { reason });
  }
  const identity = core.credentials.identityOfKey(verified.accessKey, verified.projectId);
  return forbiddenTo(identity, call) ?? identity;
}

const unauthorized = ({ credentials }: AdmitCore, why: string): ApigError =>
  errors.tokenInvalid({ reason: `${why}; ${credentials.waysIn}` });

/** How an `Authorization` begins that is a signature, of whichever algorithm. */
export const SIGNATURE = /^\s*(SDK-|V11-)/;

const callOf = ({ params, routeOptions }: FastifyRequest): Call => ({
  projectId: (params as { readonly project_id?: string }).project_id,
  changes: routeOptions.config.changes === true,
});

function admit(request: FastifyRequest, admitted: Identity | ApigError): void {
  if (admitted instanceof ApigError) throw admitted;
  request.identity = admitted;
}

/** First check, before the body is read: the token, if there is one; a signature is left to the second. */
export function checkToken(core: AdmitCore, request: FastifyRequest): void {
  if (request.routeOptions.config.open === true) return;
  const { 'x-auth-token': token, authorization = '' } = request.headers;
  if (!token && SIGNATURE.test(authorization)) return;
  admit(request, admitToken(core, token?.toString(), callOf(request)));
}

/** Second check, with the raw body: the signature of a request that brought no token. */
export async function checkSignature(
  core: AdmitCore,
  request: FastifyRequest,
  payload: RequestPayload,
): Promise<RequestPayload> {
  if (request.identity !== undefined || request.routeOptions.config.open === true) return payload;
  const hashGiven = request.headers['x-sdk-content-sha256'] !== undefined;
  const body = hashGiven ? Buffer.alloc(0) : await readWhole(payload, maxBodyBytes(core.settings), request);
  const { method, headers } = request;
  admit(
    request,
    admitSignature(core, { method, target: request.raw.url ?? '/', headers, body }, callOf(request)),
  );
  if (hashGiven) return payload;
  const replay: RequestPayload = Readable.from(body, { objectMode: false });
  replay.receivedEncodedLength = body.length;
  return replay;
}

async function readWhole(
  payload: RequestPayload,
  maxBytes: number,
  request: FastifyRequest,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Read to its end even when it is too long, so that the response reaches the client, but not stored.
  for await (const chunk of payload) {
    bytes += (chunk as Buffer).length;
    if (bytes <= maxBytes) chunks.push(chunk as Buffer);
  }
  if (bytes > maxBytes) {
    const tooLong =
      request.routeOptions.config.takesFile === true ? errors.inputTooLong : errors.bodyTooLarge;
    throw tooLong({ reason: `a signed body has at most ${maxBytes} bytes` });
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
}
