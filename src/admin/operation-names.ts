/** Operations as the control calls name them: one that is not there would fit no call, and nobody would know why. */
import { Type } from '@sinclair/typebox';
import { errors } from '../core/errors.ts';
import { didYouMean, mayRepeat } from '../core/nearest.ts';
import { isOperation, OPERATION_NAMES, type OperationName } from '../core/operation-names.ts';

/** Described as a choice; which names there are is checked by `checkOperation`, which knows what was meant. */
export const OperationSchema = Type.Unsafe<OperationName>(
  Type.String({
    minLength: 1,
    maxLength: 100,
    enum: [...OPERATION_NAMES],
    description: 'an operation such as ShowAsyncTaskResult',
  }),
);

/** Throws `APIG.2012` when a request names an operation that the mock does not emulate. */
export function checkOperation({ operation }: { readonly operation?: string | undefined }): void {
  if (operation === undefined || isOperation(operation)) return;
  const meant = didYouMean(operation, OPERATION_NAMES, `; there are ${OPERATION_NAMES.join(', ')}`);
  const named = mayRepeat(operation) ? `'${operation}'` : 'such operation';
  throw errors.parameterInvalid('operation', { reason: `operation: there is no ${named}${meant}` });
}
