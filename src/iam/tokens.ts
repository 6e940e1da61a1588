/**
 * Self-contained tokens: the claims and their HMAC-SHA256, so that any process with the same secret accepts
 * them without asking another. Pure: the secret and the time of a project come in.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** The content of a token. Times are ms since the epoch. */
export interface TokenClaims {
  readonly userId: string;
  readonly userName: string;
  readonly domainId: string;
  readonly domainName: string;
  /** Absent for a domain-scoped token. */
  readonly project?: { readonly id: string; readonly name: string };
  /** How its user proved who it is, where that was not by a password. */
  readonly method?: 'token';
  readonly issuedMs: number;
  readonly expiresMs: number;
  /** Makes two tokens of the same moment differ. */
  readonly nonce: string;
}

export type TokenReading =
  | { readonly kind: 'ok'; readonly claims: TokenClaims }
  | { readonly kind: 'rejected'; readonly reason: string };

/** The prefix of this mock's tokens, which sets them apart from a static token or a real one. */
const PREFIX = 'AMT1.';
const MAX_TOKEN_LENGTH = 8192;

const macOf = (secret: string, body: string): Buffer => createHmac('sha256', secret).update(body).digest();

/** Why an expired token is rejected. */
export const expiredAt = (ms: number): string => `the token expired at ${new Date(ms).toISOString()}`;

/** Makes the token for these claims: `AMT1.<claims>.<mac>`, both base64url. */
export function issueToken(secret: string, claims: TokenClaims): string {
  const body = PREFIX + Buffer.from(JSON.stringify(claims)).toString('base64url');
  return `${body}.${macOf(secret, body).toString('base64url')}`;
}

/** Reads a token; rejects one that is malformed, altered, made with another secret, or expired by its project's time. */
export function readToken(
  secret: string,
  token: string,
  nowMs: (projectId: string | undefined) => number,
): TokenReading {
  if (!token.startsWith(PREFIX)) return { kind: 'rejected', reason: 'unknown token' };
  if (token.length > MAX_TOKEN_LENGTH)
    return { kind: 'rejected', reason: 'the token is too long for a token of this mock' };
  const dot = token.lastIndexOf('.');
  const body = token.slice(0, dot);
  const mac = Buffer.from(token.slice(dot + 1), 'base64url');
  const expected = macOf(secret, body);
  // The text is compared again: base64url has spare bits, and only one spelling of a token is good.
  const sound =
    mac.length === expected.length &&
    timingSafeEqual(mac, expected) &&
    mac.toString('base64url') === token.slice(dot + 1);
  if (!sound) {
    return {
      kind: 'rejected',
      reason: 'the token was altered, or issued by a process with another --token-secret',
    };
  }
  const claims = JSON.parse(Buffer.from(body.slice(PREFIX.length), 'base64url').toString()) as TokenClaims;
  if (claims.expiresMs <= nowMs(claims.project?.id)) {
    return { kind: 'rejected', reason: expiredAt(claims.expiresMs) };
  }
  return { kind: 'ok', claims };
}
