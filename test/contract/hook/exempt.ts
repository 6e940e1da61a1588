/** Responses that the description cannot cover, each by a rule with its reason. */
import type { SeenResponse } from './checker.ts';

type Seen = SeenResponse & { readonly faulted?: true };

const RULES: readonly { readonly why: string; readonly fits: (response: Seen) => boolean }[] = [
  {
    why: 'a fault responds as its author specifies, be it half a body or a status of their own',
    fits: ({ faulted }) => faulted === true,
  },
];

/** Why a response is not checked against the description; undefined = it is. */
export const exemption = (response: Seen): string | undefined =>
  RULES.find(({ fits }) => fits(response))?.why;
