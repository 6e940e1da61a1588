/** The credentials this mock accepts: static tokens, tokens it can verify, and access keys. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { receivedForms } from '../core/header-text.ts';
import { idFromName } from '../core/ids.ts';
import type { Identity } from './identity.ts';
import { expiredAt, issueToken, readToken, type TokenClaims, type TokenReading } from './tokens.ts';

export interface CredentialOptions {
  readonly tokens: readonly string[];
  /** Pairs `AK:SK`. */
  readonly accessKeys: readonly string[];
  readonly tokenSecret: string;
  /** Users whose tokens may read but not change. */
  readonly readOnlyUsers: readonly string[];
  /** The time that tokens for a project go by, or (none named) those for a domain; ms since the epoch. */
  readonly nowMs: (projectId: string | undefined) => number;
}

export type TokenLookup =
  | { readonly kind: 'ok'; readonly identity: Identity }
  | { readonly kind: 'rejected'; readonly reason: string };

/** How many verified tokens are remembered, so that a poll need not compute their HMAC again. */
const VERIFIED_TOKENS = 4096;
/** How many tokens that were ended before their time are remembered. */
const ENDED_TOKENS = 10_000;
/** The default of `--token`, which every reader of the documents knows. */
const WELL_KNOWN = 'dev-token';
const DEFAULT_DOMAIN = 'mock-domain';

/** The id of a user, project or domain known by name only: the same in every process. */
export const idOf = (kind: 'user' | 'project' | 'domain', name: string): string => idFromName(kind, name);

export class CredentialStore {
  readonly #options: CredentialOptions;
  readonly #static = new Map<string, Identity>();
  readonly #verified = new Map<string, Identity>();
  /** When tokens were ended before their time. */
  readonly #ended = new Map<string, number>();
  readonly #secrets = new Map<string, string>();
  /** The identity behind each known access key: deriving its ids costs more than a signature. */
  readonly #signers = new Map<string, Identity>();

  constructor(options: CredentialOptions) {
    this.#options = options;
    for (const token of options.tokens)
      for (const form of receivedForms(token)) this.#static.set(form, staticIdentity());
    for (const pair of options.accessKeys) {
      const colon = pair.indexOf(':');
      const accessKey = pair.slice(0, colon);
      this.#secrets.set(accessKey, pair.slice(colon + 1));
      this.#signers.set(accessKey, this.#signerOf(accessKey));
    }
  }

  /** The first static token: what a test may send. */
  get firstToken(): string | undefined {
    return this.#options.tokens[0];
  }

  /** How to get a valid token; a user's own tokens are never shown. */
  get waysIn(): string {
    const known = this.#options.tokens.includes(WELL_KNOWN)
      ? `${WELL_KNOWN} (--token)`
      : 'one given by --token';
    return `take ${known}, or POST /v3/auth/tokens`;
  }

  /** The secret of an access key. */
  secretOf(accessKey: string): string | undefined {
    return this.#secrets.get(accessKey);
  }

  /** Who sent this token: one look-up when it was seen before. */
  identify(token: string): Identity | undefined {
    const known = this.#static.get(token);
    if (known !== undefined) return known;
    const verified = this.#verified.get(token);
    return verified !== undefined && verified.expiresMs > this.nowMs(verified.projectId)
      ? verified
      : undefined;
  }

  /** As `identify`, and verifies tokens not seen before; a rejection has a reason. */
  verify(token: string): TokenLookup {
    const known = this.identify(token);
    if (known !== undefined) return { kind: 'ok', identity: known };
    const reading = this.#read(token);
    if (reading.kind === 'rejected') return reading;
    const identity = this.#identityOf(reading.claims);
    if (this.#verified.size >= VERIFIED_TOKENS) {
      const [oldest] = this.#verified.keys();
      if (oldest !== undefined) this.#verified.delete(oldest);
    }
    this.#verified.set(token, identity);
    return { kind: 'ok', identity };
  }

  /** Issues a token for these claims. */
  issue(claims: TokenClaims): string {
    return issueToken(this.#options.tokenSecret, claims);
  }

  /** Ends an issued token before its time; returns why it cannot. */
  expire(token: string): string | undefined {
    if (this.#static.has(token)) return 'one of --token never expires; issue one that does';
    const reading = readToken(this.#options.tokenSecret, token, () => Number.NEGATIVE_INFINITY);
    if (reading.kind === 'rejected') return `it is not one of this mock: ${reading.reason}`;
    if (this.#ended.size >= ENDED_TOKENS) {
      const [oldest] = this.#ended.keys();
      if (oldest !== undefined) this.#ended.delete(oldest);
    }
    this.#ended.set(token, this.nowMs(reading.claims.project?.id));
    this.#verified.delete(token);
    return undefined;
  }

  /** What is known of a token's maker, for `GET /v3/auth/tokens`; undefined when it is not one of ours. */
  claimsOf(token: string): TokenClaims | undefined {
    const reading = this.#read(token);
    return reading.kind === 'ok' ? reading.claims : undefined;
  }

  /** The caller behind an access key; keys name no project, the signed request may. */
  identityOfKey(accessKey: string, projectId: string | undefined): Identity {
    const signer = this.#signers.get(accessKey) ?? this.#signerOf(accessKey);
    return projectId === undefined ? signer : { ...signer, projectId };
  }

  /** The time that tokens of a project go by. */
  nowMs(projectId: string | undefined): number {
    return this.#options.nowMs(projectId);
  }

  #signerOf(accessKey: string): Identity {
    return {
      ...staticIdentity(),
      kind: 'signature',
      userName: accessKey,
      userId: idOf('user', accessKey),
      readOnly: this.#options.readOnlyUsers.includes(accessKey),
    };
  }

  #read(token: string): TokenReading {
    const reading = readToken(this.#options.tokenSecret, token, this.#options.nowMs);
    const endedMs = reading.kind === 'ok' ? this.#ended.get(token) : undefined;
    return endedMs === undefined ? reading : { kind: 'rejected', reason: expiredAt(endedMs) };
  }

  #identityOf(claims: TokenClaims): Identity {
    return {
      kind: 'token',
      projectId: claims.project?.id,
      domainScoped: claims.project === undefined,
      domainId: claims.domainId,
      domainName: claims.domainName,
      userId: claims.userId,
      userName: claims.userName,
      readOnly: this.#options.readOnlyUsers.includes(claims.userName),
      expiresMs: claims.expiresMs,
    };
  }
}

function staticIdentity(): Identity {
  return {
    kind: 'static-token',
    projectId: undefined,
    domainScoped: false,
    domainId: idOf('domain', DEFAULT_DOMAIN),
    domainName: DEFAULT_DOMAIN,
    userId: idOf('user', 'mock-user'),
    userName: 'mock-user',
    readOnly: false,
    expiresMs: Number.POSITIVE_INFINITY,
  };
}

/** Whether two secrets are equal, in constant time. */
export function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
