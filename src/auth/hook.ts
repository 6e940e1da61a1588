/**
 * From a request to its caller: reads the token or the signature, and refuses with 401 or 403. Signed requests
 * are verified over the raw bytes of the body, on every method, before anything parses them.
 */
import { Readable } from 'node:stream';
import type { FastifyRequest, RequestPayload } from 'fastify';
import { errors } from '../errors.ts';
import type { Core } from '../mock.ts';
import { authorize, type Identity } from './identity.ts';
import { type Verification, verifySignature } from './signature.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The caller, once the credentials are proved. */
    identity: Identity | undefined;
  }
}

export type AuthCore = Pick<Core, 'credentials' | 'clocks' | 'settings' | 'log'>;

/** What a form may hold beside its file. */
const FORM_BYTES = 64 * 1024;
/** The longest body that is read, of a signed request too. */
export const maxBodyBytes = ({ maxBodyMb }: Pick<Core['settings'], 'maxBodyMb'>): number =>
  maxBodyMb * 1024 * 1024 + FORM_BYTES;

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
export function checkToken(core: AuthCore, request: FastifyRequest): void {
  if (request.routeOptions.config.open === true) return;
  const token = request.headers['x-auth-token'];
  if (typeof token !== 'string' || token === '') {
    if (SIGNED.test(request.headers.authorization ?? '')) return;
    throw noEntry(
      core,
      token === '' ? 'X-Auth-Token is empty' : 'no X-Auth-Token header and no request signature',
    );
  }
  const found = core.credentials.verify(token);
  if (found.kind === 'refused') throw noEntry(core, found.reason);
  admit(request, found.identity);
}

const noEntry = ({ credentials }: AuthCore, why: string): Error =>
  errors.tokenInvalid({ reason: `${why}; ${credentials.waysIn}` });

/** Second check, with the raw body: the signature of a request that brought no token. */
export async function checkSignature(
  core: AuthCore,
  request: FastifyRequest,
  payload: RequestPayload,
): Promise<RequestPayload> {
  if (request.identity !== undefined || request.routeOptions.config.open === true) return payload;
  const hashGiven = request.headers['x-sdk-content-sha256'] !== undefined;
  const body = hashGiven ? Buffer.alloc(0) : await readWhole(payload, maxBodyBytes(core.settings), request);
  const verified = verifySignature(
    { method: request.method, target: request.raw.url ?? '/', headers: request.headers, body },
    {
      secretOf: (accessKey) => core.credentials.secretOf(accessKey),
      times: core.clocks.times('signature', (request.params as ScopeParams).project_id),
    },
  );
  if (verified.outcome === 'unknownKey' && !core.settings.strict)
    core.log.warn({ access_key: verified.accessKey }, 'unknown access key let in; --strict rejects it');
  else if (verified.outcome !== 'ok') throw refusal(verified);
  admit(request, core.credentials.identityOfKey(verified.accessKey, verified.projectId));
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
