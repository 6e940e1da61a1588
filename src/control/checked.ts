/** The control calls as the object offers them: what comes in is checked as `/__admin` checks it. */
import type { TSchema } from '@sinclair/typebox';
import { errors } from '../errors.ts';
import { loadCheckers, placeOf } from '../schema.ts';
import type { MockControl } from './calls.ts';
import { FaultSchema } from './faults.ts';
import * as S from './schemas.ts';
import { VerificationError } from './verify.ts';

async function check(schema: TSchema, value: unknown): Promise<void> {
  const problem = (await loadCheckers())(schema).problem(value);
  if (problem === undefined) return;
  const place = placeOf(problem.at) || 'argument';
  const details = { reason: `${place} ${problem.says}` };
  throw problem.missing ? errors.parameterMissing(place, details) : errors.parameterInvalid(place, details);
}

/** A call whose argument is checked first; a missing argument is an empty one. */
const checked =
  <A, R>(schema: TSchema, call: (argument: A) => Promise<R>) =>
  async (argument: A = {} as A): Promise<R> => {
    await check(schema, argument);
    return call(argument);
  };

/** A call by id, with an argument beside it. */
const checkedWith =
  <I, A, R>(schema: TSchema, call: (id: I, argument: A) => Promise<R>) =>
  async (id: I, argument: A = {} as A): Promise<R> => {
    await check(schema, argument);
    return call(id, argument);
  };

/** Wraps the calls of a control. */
export function checkedControl(control: MockControl): MockControl {
  const { tasks, clock, faults, requests } = control;
  return {
    tasks: {
      create: checked(S.NewTaskSchema, tasks.create),
      list: checked(S.TaskFilterSchema, tasks.list),
      get: checkedWith(S.ScopeSchema, tasks.get),
      step: checkedWith(S.ScopeSchema, tasks.step),
      wait: checkedWith(S.WaitSchema, tasks.wait),
    },
    idle: checked(S.IdleSchema, (request) => control.idle(request)),
    plan: checked(S.PlanRequestSchema, (request) => control.plan(request)),
    plans: () => control.plans(),
    clock: {
      get: checked(S.ScopeSchema, clock.get),
      set: checked(S.ClockSchema, clock.set),
      freeze: checked(S.ScopeSchema, clock.freeze),
      resume: checked(S.ScopeSchema, clock.resume),
      async advance(ms, scope = {}) {
        await check(S.AdvanceSchema, { ...scope, ms });
        return clock.advance(ms, scope);
      },
    },
    faults: {
      add: checked(FaultSchema, faults.add),
      list: faults.list,
      remove: faults.remove,
      clear: checked(S.ScopeSchema, faults.clear),
    },
    requests: {
      list: checked(S.RequestsQuerySchema, requests.list),
      count: checked(S.JournalFilterSchema, requests.count),
      async verify(expectation) {
        await check(S.ExpectationSchema, expectation);
        const verification = await requests.verify(expectation);
        if (!verification.satisfied) throw new VerificationError(verification);
        return verification;
      },
      clear: checked(S.ScopeSchema, requests.clear),
    },
    overview: checked(S.OverviewSchema, (request) => control.overview(request)),
    signCheck: checked(S.SignCheckSchema, (request) => control.signCheck(request)),
    reset: checked(S.ResetSchema, (request) => control.reset(request)),
    snapshot: () => control.snapshot(),
    restore: (snapshot) => control.restore(snapshot),
    get events() {
      return control.events;
    },
  };
}
