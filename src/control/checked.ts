/**
 * The control calls as the object offers them: what comes in is checked as `/__admin` checks it. The calls, and
 * what checks them, are loaded when the first is made.
 */
import { errors } from '../errors.ts';
import { once } from '../once.ts';
import { loadCheckers, placeOf } from '../schema.ts';
import type { MockControl } from './calls.ts';
import { VerificationError } from './verify.ts';

type SchemaName = keyof typeof import('./schemas.ts') & `${string}Schema`;

/** What checking needs, kept at hand once it is loaded. */
const loadChecking = once(async () => {
  const [checkerOf, schemas, { FaultSchema }] = await Promise.all([
    loadCheckers(),
    import('./schemas.ts'),
    import('./faults.ts'),
  ]);
  return (name: SchemaName | 'FaultSchema') =>
    checkerOf(name === 'FaultSchema' ? FaultSchema : schemas[name]);
});

/** Loads what checking needs, before the first call that does. */
export const preloadChecking = async (): Promise<void> => void (await loadChecking());

async function check(name: SchemaName | 'FaultSchema', value: unknown): Promise<void> {
  const checkerFor = loadChecking.made ?? (await loadChecking());
  const problem = checkerFor(name).problem(value);
  if (problem === undefined) return;
  const place = placeOf(problem.at) || 'argument';
  const details = { reason: `${place} ${problem.says}` };
  throw problem.missing ? errors.parameterMissing(place, details) : errors.parameterInvalid(place, details);
}

/** Wraps the calls of a control that `load` gives. */
export function checkedControl(load: () => Promise<MockControl>): MockControl {
  /** A call whose argument is checked first; a missing argument is an empty one. */
  const checked =
    <A, R>(schema: SchemaName | 'FaultSchema', call: (control: MockControl, argument: A) => Promise<R>) =>
    async (argument: A = {} as A): Promise<R> => {
      await check(schema, argument);
      return call(await load(), argument);
    };
  /** A call by id, with an argument beside it. */
  const checkedWith =
    <A, R>(schema: SchemaName, call: (control: MockControl, id: string, argument: A) => Promise<R>) =>
    async (id: string, argument: A = {} as A): Promise<R> => {
      await check(schema, argument);
      return call(await load(), id, argument);
    };

  return {
    overview: checked('OverviewSchema', (control, request) => control.overview(request)),
    tasks: {
      create: checked('NewTaskSchema', ({ tasks }, request) => tasks.create(request)),
      list: checked('TaskFilterSchema', ({ tasks }, filter) => tasks.list(filter)),
      get: checkedWith('ScopeSchema', ({ tasks }, id, scope) => tasks.get(id, scope)),
      step: checkedWith('ScopeSchema', ({ tasks }, id, scope) => tasks.step(id, scope)),
      wait: checkedWith('WaitSchema', ({ tasks }, id, request) => tasks.wait(id, request)),
    },
    idle: checked('IdleSchema', (control, request) => control.idle(request)),
    plan: checked('PlanRequestSchema', (control, request) => control.plan(request)),
    plans: async () => (await load()).plans(),
    clock: {
      get: checked('ScopeSchema', ({ clock }, scope) => clock.get(scope)),
      set: checked('ClockSchema', ({ clock }, request) => clock.set(request)),
      freeze: checked('ScopeSchema', ({ clock }, scope) => clock.freeze(scope)),
      resume: checked('ScopeSchema', ({ clock }, scope) => clock.resume(scope)),
      async advance(ms, scope = {}) {
        await check('AdvanceSchema', { ...scope, ms });
        return (await load()).clock.advance(ms, scope);
      },
    },
    faults: {
      add: checked('FaultSchema', ({ faults }, request) => faults.add(request)),
      list: async () => (await load()).faults.list(),
      remove: async (faultId) => (await load()).faults.remove(faultId),
      clear: checked('ScopeSchema', ({ faults }, scope) => faults.clear(scope)),
    },
    requests: {
      list: checked('RequestsQuerySchema', ({ requests }, query) => requests.list(query)),
      count: checked('JournalFilterSchema', ({ requests }, filter) => requests.count(filter)),
      async verify(expectation) {
        await check('ExpectationSchema', expectation);
        const verification = await (await load()).requests.verify(expectation);
        if (!verification.satisfied) throw new VerificationError(verification);
        return verification;
      },
      clear: checked('ScopeSchema', ({ requests }, scope) => requests.clear(scope)),
    },
    signCheck: checked('SignCheckSchema', (control, request) => control.signCheck(request)),
    reset: checked('ResetSchema', (control, request) => control.reset(request)),
    snapshot: async () => (await load()).snapshot(),
    restore: async (snapshot) => (await load()).restore(snapshot),
    events: {
      async *[Symbol.asyncIterator]() {
        yield* (await load()).events;
      },
    },
  };
}
