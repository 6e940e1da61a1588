/** A field of a request that has a value it does not take: `APIG.2012`, and what it takes. */
import { type ApigError, errors } from '../errors.ts';

export const fieldFault = (name: string, takes: string): ApigError =>
  errors.parameterInvalid(name, { reason: `${name}: takes ${takes}` });
