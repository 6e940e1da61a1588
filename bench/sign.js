/** Signs polls with an access key as the provider's clients do: SDK-HMAC-SHA256 over host and date. */
import { createHash, createHmac } from 'node:crypto';
import { ACCESS_KEY, pollPath, SECRET_KEY } from './job.js';

const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const EMPTY_HASH = sha256('');
const SIGNED = 'host;x-sdk-date';

/** The headers of a signed GET. */
export function signedHeaders(path, port, atMs) {
  const host = `127.0.0.1:${port}`;
  const date = `${new Date(atMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
  const canonical = `GET\n${path}/\n\nhost:${host}\nx-sdk-date:${date}\n\n${SIGNED}\n${EMPTY_HASH}`;
  const signature = createHmac('sha256', SECRET_KEY)
    .update(`SDK-HMAC-SHA256\n${date}\n${sha256(canonical)}`)
    .digest('hex');
  return {
    host,
    'x-sdk-date': date,
    authorization: `SDK-HMAC-SHA256 Access=${ACCESS_KEY}, SignedHeaders=${SIGNED}, Signature=${signature}`,
  };
}

/** How many different signatures a round sends in turn: one for each second of the last ten minutes. */
const SIGNATURES = 600;

/** Signed polls, each of another second, so that a server gains little by remembering the last one. */
export function signedPolls(port) {
  const nowMs = Date.now();
  const path = pollPath();
  return Array.from({ length: SIGNATURES }, (_, second) => ({
    path,
    headers: signedHeaders(path, port, nowMs - second * 1000),
  }));
}
