/** Answers that the description cannot speak of, each by a rule with its reason. */
import type { SeenAnswer } from './checker.ts';

type Seen = SeenAnswer & { readonly faulted?: true };

const RULES: readonly { readonly why: string; readonly fits: (answer: Seen) => boolean }[] = [
  {
    why: 'a fault answers as whoever put it in force says, be it half a body or a status of their own',
    fits: ({ faulted }) => faulted === true,
  },
];

/** Why an answer is not held against the description; undefined = it is. */
export const exemption = (answer: Seen): string | undefined => RULES.find(({ fits }) => fits(answer))?.why;
