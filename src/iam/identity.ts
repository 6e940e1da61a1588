/** Who calls, and what they may do: pure rules on an identity that some credentials proved. */
import { type ApigError, errors } from '../core/errors.ts';

/** The caller of a request, from its credentials. */
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

/** Why (403 `APIG.1005`) a caller may not: it is scoped elsewhere, or may only read and wants to change. */
export function forbiddenTo(
  identity: Identity,
  { projectId, changes }: { readonly projectId: string | undefined; readonly changes: boolean },
): ApigError | undefined {
  if (projectId === undefined) return undefined;
  if (identity.domainScoped) {
    return errors.forbidden({
      reason: 'the token has domain scope; this call takes a token with project scope',
    });
  }
  if (identity.projectId !== undefined && identity.projectId !== projectId) {
    return errors.forbidden({
      reason: `the caller is scoped to project ${identity.projectId}, not ${projectId}`,
    });
  }
  if (changes && identity.readOnly)
    return errors.forbidden({ reason: `user ${identity.userName} may only read` });
  return undefined;
}
