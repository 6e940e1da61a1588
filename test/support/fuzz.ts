/** How many random cases a `*.fuzz.test.ts` runs: all of them in `npm run test:slow`, some of them in `npm test`. */
import { inject } from 'vitest';

/** The number of cases, given the number of all of them; some are a tenth when not given. */
export const cases = (all: number, some = Math.ceil(all / 10)): number =>
  inject('fuzz') === 'all' ? all : some;
