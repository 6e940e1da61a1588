/** Who calls, and what they may do: pure rules on an identity that some credentials proved. */
import { errors } from '../errors.ts';

/** The caller of a request, as its credentials say. */
export interface Identity {
  readonly kind: 'static-token' | 'token' | 'signature';
  /** The one project the caller may work in; undefined = every project. */
  readonly projectId: string | undefined;
  /** A domain-scoped token names no project at all and is good for IAM calls only. */
  readonly domainScoped: boolean;
  readonly domainId: string;
  readonly domainName: string;
  readonly userId: string;
  readonly userName: string;
  readonly readOnly: boolean;
  /** When the credentials end, in ms since the epoch. */
  readonly expiresMs: number;
}

/** Refuses (403 `APIG.1005`) a caller who is scoped elsewhere, or who may only read and wants to change. */
export function authorize(identity: Identity, projectId: string, changes: boolean): void {
  if (identity.domainScoped) {
    throw errors.forbidden({
      reason: 'the token has domain scope; this call takes a token with project scope',
    });
  }
  if (identity.projectId !== undefined && identity.projectId !== projectId) {
    throw errors.forbidden({
      reason: `the caller is scoped to project ${identity.projectId}, not ${projectId}`,
    });
  }
  if (changes && identity.readOnly) {
    throw errors.forbidden({ reason: `user ${identity.userName} may only read` });
  }
}
