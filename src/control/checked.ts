/**
 * The control calls in this process: arguments are checked as `/__admin` checks them. The calls, and what checks
 * them, are loaded when the first is made.
 */
import { errors } from '../errors.ts';
import { once } from '../once.ts';
import { loadCheckers, placeOf } from '../schema.ts';
import { type CallName, controlOf, type MockControl } from './calls.ts';
import type { Control } from './control.ts';
import { requestOf } from './control-call.ts';

const loadTable = once(async () => {
  const [checkerOf, { callNamed }] = await Promise.all([loadCheckers(), import('./operations.ts')]);
  return { checkerOf, callNamed };
});

/** Loads what checking needs, before the first call that does. */
export const preloadChecking = async (): Promise<void> => void (await loadTable());

/**
 * Arguments as HTTP would carry them, so that both forms take the same (no -0, no undefined members). A copy: nothing
 * that the caller does to its own objects later reaches the state, as values that are returned are copies, too.
 */
function jsonCopy(value: unknown): unknown {
  if (value === undefined) return undefined;
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch {
    // A circle, or a number that is a bigint.
  }
  if (text === undefined)
    throw errors.parameterInvalid('argument', { reason: 'argument takes what JSON can hold' });
  return JSON.parse(text);
}

/** The calls of a control that `load` gives. */
export function checkedControl(load: () => Promise<Control>): MockControl {
  const send = async (name: CallName, args: unknown[]): Promise<unknown> => {
    const { checkerOf, callNamed } = await loadTable();
    const operation = callNamed(name);
    const { path, request, caller } = requestOf(operation, args);
    const schema = operation.query ?? operation.body;
    const problem = schema === undefined ? undefined : checkerOf(schema).problem(request);
    if (problem !== undefined) {
      const place = placeOf(problem.at) || 'argument';
      const details = { reason: `${place} ${problem.says}` };
      throw problem.missing
        ? errors.parameterMissing(place, details)
        : errors.parameterInvalid(place, details);
    }
    const received = jsonCopy(request);
    const value = await operation.run(
      await load(),
      (operation.wholeBody ? received : { ...path, ...(received as object) }) as never,
      caller,
    );
    operation.check?.(value as never);
    return structuredClone(value);
  };
  return controlOf(send, {
    async *[Symbol.asyncIterator]() {
      yield* (await load()).events;
    },
  });
}
