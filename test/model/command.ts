/** One call of a sequence: what it does to the mock and to the model, and then everything is looked at. */
import type { AsyncCommand } from 'fast-check';
import { checkAll, PLACES } from './check.ts';
import type { Model } from './model.ts';
import type { Part, Place } from './model-state.ts';
import type { Real } from './real.ts';

export type ModelCommand = AsyncCommand<Model, Real>;

interface Action<A> {
  /** Whether the call makes sense now. */
  readonly when?: (model: Model, args: A) => boolean;
  readonly run: (model: Model, real: Real, args: A) => Promise<void>;
}

/** Makes the commands of one name; their arguments are what is printed. */
export const commandOf =
  <A>(name: string, { when, run }: Action<A>) =>
  (args: A): ModelCommand => ({
    check: (model) => when?.(model as Model, args) ?? true,
    run: async (model, real) => {
      await run(model, real, args);
      await checkAll(model, real);
    },
    toString: () => `${name}(${JSON.stringify(args)})`,
  });

/** The chosen one of a list, whatever its length is by then. */
export const pickOf = <T>(list: readonly T[], pick: number): T | undefined => list[pick % list.length];

export const placeOf = (at: number): Place => PLACES[at % PLACES.length] as Place;

/** 0: everything; then the projects; then the instances. */
export const partOf = (at: number): Part =>
  [{}, { project_id: 'pa' }, { project_id: 'pb' }, ...PLACES][at % (3 + PLACES.length)] as Part;
