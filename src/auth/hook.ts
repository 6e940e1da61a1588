/**
 * From a request to its caller: reads the token or the signature, and refuses with 401 or 403. Signed requests
 * are verified over the raw bytes of the body, on every method, before anything parses them.
 */
import { Readable } from 'node:stream';
import type { FastifyRequest, RequestPayload } from 'fastify';
import type { Clocks } from '../clocks.ts';
import { errors } from '../errors.ts';
import { authorize, type Identity } from './identity.ts';
import { type Verification, verifySignature } from './signature.ts';
import type { CredentialStore } from './store.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The caller, once the credentials are proved. */
    identity: Identity | undefined;
  }
}

export interface HookOptions {
  readonly credentials: CredentialStore;
  readonly clocks: Clocks;
  readonly strict: boolean;
  /** Bodies of signed requests are read whole up to this size. */
  readonly maxBodyBytes: number;
  /** Told of a caller let in although its access key is not known. */
  readonly onUnknownKey: (accessKey: string) => void;
}

interface ScopeParams {
  readonly project_id?: string;
}

const SIGNED = /^\s*(SDK-|V11-)/;

const admit = (request: FastifyRequest, identity: Identity): void => {
  request.identity = identity;
  const { project_id: projectId } = request.params as ScopeParams;
  if (projectId !== undefined) authorize(identity, projectId, request.routeOptions.config.changes === true);
};

/** First check, before the body is read: the token, if there is one; a signature is left to the second. */
export function checkToken(options: HookOptions, request: FastifyRequest): void {
  if (request.routeOptions.config.open === true) return;
  const token = request.headers['x-auth-token'];
  if (typeof token !== 'string' || token === '') {
    if (SIGNED.test(request.headers.authorization ?? '')) return;
    throw noEntry(
      options,
      token === '' ? 'X-Auth-Token is empty' : 'no X-Auth-Token header and no request signature',
    );
  }
  const found = options.credentials.verify(token);
  if (found.kind === 'refused') throw noEntry(options, found.reason);
  admit(request, found.identity);
}

const noEntry = ({ credentials }: HookOptions, why: string): Error =>
  errors.tokenInvalid({ reason: `${why}; ${credentials.waysIn}` });

/** Second check, with the raw body: the signature of a request that brought no token. */
export async function checkSignature(
  options: HookOptions,
  request: FastifyRequest,
  payload: RequestPayload,
): Promise<RequestPayload> {
  if (request.identity !== undefined || request.routeOptions.config.open === true) return payload;
  const hashGiven = request.headers['x-sdk-content-sha256'] !== undefined;
  const body = hashGiven ? Buffer.alloc(0) : await readWhole(payload, options.maxBodyBytes, request);
  const verified = verifySignature(
    { method: request.method, target: request.raw.url ?? '/', headers: request.headers, body },
    {
      secretOf: (accessKey) => options.credentials.secretOf(accessKey),
      times: options.clocks.times('signature', (request.params as ScopeParams).project_id),
    },
  );
  if (verified.outcome === 'unknownKey' && !options.strict) options.onUnknownKey(verified.accessKey);
  else if (verified.outcome !== 'ok') throw refusal(verified);
  admit(request, options.credentials.identityOfKey(verified.accessKey, verified.projectId));
  if (hashGiven) return payload;
  const replay: RequestPayload = Readable.from(body, { objectMode: false });
  replay.receivedEncodedLength = body.length;
  return replay;
}

function refusal(verified: Exclude<Verification, { outcome: 'ok' }>): Error {
  const reason = verified.outcome === 'malformed' ? verified.reason : `signature: ${verified.outcome}`;
  return errors.signatureInvalid(verified.detail, { reason });
}

async function readWhole(
  payload: RequestPayload,
  maxBytes: number,
  request: FastifyRequest,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Read to its end even when it is too long, so that the answer reaches the client; but not kept.
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
