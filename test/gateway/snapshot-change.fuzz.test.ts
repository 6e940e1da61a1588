/** What a change of an instance is in the log of the state file: it grows with the change, deletions included. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deleteApi } from '../../src/gateway/apis.ts';
import { changeEnvironment, createEnvironment, deleteEnvironment } from '../../src/gateway/environments.ts';
import { createGroup, deleteGroup } from '../../src/gateway/groups.ts';
import { EMPTY_INSTANCE, type InstanceApis } from '../../src/gateway/model.ts';
import { restoreInstance, snapshotInstance } from '../../src/gateway/snapshot.ts';
import { InstanceDraft, instanceChange, Removals } from '../../src/gateway/snapshot-change.ts';
import { cases } from '../support/fuzz.ts';
import { countingIds, importText, NOW_MS } from './harness.ts';

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const operation = { 'x-apigateway-backend': { type: 'MOCK', mockEndpoints: { 'result-content': '' } } };
const file = (title: string, count: number): string =>
  JSON.stringify({
    swagger: '2.0',
    info: { title, version: '1' },
    paths: Object.fromEntries(Array.from({ length: count }, (_, at) => [`/a${at}`, { get: operation }])),
  });

/** The record of what leads from the first of some states to the last. */
function recordOf(states: readonly InstanceApis[]) {
  const removals = new Removals();
  for (const [at, after] of states.entries()) {
    const before = states[at - 1];
    if (before !== undefined) expect(removals.add(before, after)).toBe(true);
  }
  return plain(instanceChange(states[0], states.at(-1) as InstanceApis, removals)) as ReturnType<
    typeof instanceChange
  >;
}

describe('the record of a deletion', () => {
  it('names what was deleted, and nothing of what is left', () => {
    const { state } = importText(file('large', 200), {}, { autoPublish: false });
    const [group] = state.groups.values();
    const [api] = group?.apis.keys() ?? [];
    const after = deleteApi(state, api ?? '').state;
    const record = recordOf([state, after]);
    expect(record.removed).toEqual({ groups: [], apis: [[api, group?.id]], environments: [] });
    expect(record.groups.map(({ apis }) => apis)).toEqual([[]]);
    expect(record).not.toHaveProperty('anew');
  });
});

type Step = (state: InstanceApis, pick: number) => InstanceApis;
const ids = countingIds();
let made = 0;
const nth = <T>(of: Iterable<T>, pick: number): T | undefined => {
  const all = [...of];
  return all[pick % Math.max(all.length, 1)];
};
const deps = { nowMs: NOW_MS, ids };
/** What is rejected changes nothing. */
const orNot = (state: InstanceApis, change: () => { state: InstanceApis }): InstanceApis => {
  try {
    return change().state;
  } catch {
    return state;
  }
};
const fresh = (): string => {
  made += 1;
  return `name${made}`;
};
const STEPS: readonly Step[] = [
  (state) => importText(file(fresh(), 3), {}, { state, ids, autoPublish: false }).state,
  (state) => createGroup({ name: fresh(), remark: undefined }, state, deps).state,
  (state, pick) => orNot(state, () => deleteGroup(state, nth(state.groups.keys(), pick) ?? '')),
  (state, pick) => {
    const apis = [...state.groups.values()].flatMap((group) => [...group.apis.keys()]);
    return orNot(state, () => deleteApi(state, nth(apis, pick) ?? ''));
  },
  (state) => createEnvironment({ name: fresh(), remark: undefined }, state, deps).state,
  (state, pick) => {
    const fields = { name: fresh(), remark: 'changed' };
    return orNot(state, () => changeEnvironment(fields, state, nth(state.environments.keys(), pick) ?? ''));
  },
  (state, pick) => orNot(state, () => deleteEnvironment(state, nth(state.environments.keys(), pick) ?? '')),
];
const steps = fc.array(fc.record({ step: fc.nat(STEPS.length - 1), pick: fc.nat(9) }), { maxLength: 12 });

describe('records of any changes', () => {
  it('make of one state the other, also when some of them were saved already', () => {
    fc.assert(
      fc.property(steps, steps, fc.nat(12), (earlier, later, saved) => {
        const run = (from: InstanceApis, path: typeof steps extends fc.Arbitrary<infer P> ? P : never) => {
          const states = [from];
          for (const { step, pick } of path)
            states.push((STEPS[step] as Step)(states.at(-1) as InstanceApis, pick));
          return states;
        };
        const base = run(EMPTY_INSTANCE, earlier).at(-1) as InstanceApis;
        const states = run(base, later);
        const draft = new InstanceDraft(plain(snapshotInstance(base)) as ReturnType<typeof snapshotInstance>);
        // A record that was written and not known to be: all of it comes again, with what followed.
        draft.apply(recordOf(states.slice(0, 1 + (saved % states.length))));
        draft.apply(recordOf(states));
        const last = states.at(-1) as InstanceApis;
        expect(draft.snapshot()).toEqual(plain(snapshotInstance(last)));
        expect(restoreInstance(draft.snapshot())).toEqual(last);
      }),
      { numRuns: cases(1000, 150) },
    );
  });
});
