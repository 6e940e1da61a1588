/** Resets of everything and of parts, snapshots taken and put back, restarts. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { commandOf, partOf, pickOf } from './command.ts';
import type { Model } from './model.ts';
import { isIn, type Part } from './model-state.ts';
import type { Real } from './real.ts';

const PARTS = ['tasks', 'apis', 'journal', 'faults', 'plans', 'clock'] as const;
type What = (typeof PARTS)[number];

const reset = commandOf<{ part: number; only?: readonly What[] | undefined }>('reset', {
  async run(model, real, { part, only }) {
    const scope = partOf(part);
    const before = Date.now();
    await real.control.reset({ ...scope, ...(only === undefined ? {} : { only: [...only] }) });
    const what = new Set<What>(only ?? PARTS);
    const mainMs = Date.parse((await real.control.clock.get()).now);
    resetModel(model, scope, what);
    if (what.has('clock')) model.resetClocks(scope, mainMs);
    model.forgetIds();
    if (what.has('tasks')) forgetHistory(model, real);
    if (!what.has('clock') || scope.project_id !== undefined) return;
    // The main clock begins anew, at the system's time.
    expect(mainMs).toBeGreaterThanOrEqual(before);
    expect(mainMs).toBeLessThanOrEqual(Date.now());
  },
});

function resetModel(model: Model, scope: Part, what: ReadonlySet<What>): void {
  const { state, traffic } = model;
  const stays = (owner: Part): boolean =>
    (scope.project_id !== undefined && owner.project_id !== scope.project_id) ||
    (scope.instance_id !== undefined && owner.instance_id !== scope.instance_id);
  if (what.has('tasks')) state.tasks = state.tasks.filter(({ place }) => !isIn(place, scope));
  if (what.has('apis')) state.groups = state.groups.filter(({ place }) => !isIn(place, scope));
  if (what.has('plans')) state.rules = state.rules.filter(stays);
  if (what.has('faults')) state.faults = state.faults.filter(stays);
  if (what.has('journal')) traffic.clear(scope);
}

/** Tasks that are gone may come again under the same id (with a seed, or one that was given). */
function forgetHistory({ state }: Model, { history }: Real): void {
  const saved = new Set(state.tasks.map(({ place, id }) => `${place.project_id}/${place.instance_id}/${id}`));
  for (const key of history.keys()) if (!saved.has(key)) history.delete(key);
}

const takeSnapshot = commandOf<Record<never, never>>('takeSnapshot', {
  async run(model, real) {
    const text = JSON.stringify(await real.control.snapshot());
    model.saved.push({ state: structuredClone(model.state), text });
  },
});

const restore = commandOf<{ pick: number }>('restore', {
  when: ({ saved }) => saved.length > 0,
  async run(model, real, { pick }) {
    const { state, text } = pickOf(model.saved, pick) as Model['saved'][number];
    await real.control.restore(JSON.parse(text));
    model.restore(state);
    real.history.clear();
  },
});

/** A broken snapshot is rejected, and changes nothing. */
const restoreBroken = commandOf<{ how: number }>('restoreBroken', {
  async run(_model, real, { how }) {
    const snapshot = JSON.parse(JSON.stringify(await real.control.snapshot()));
    const broken = [
      { ...snapshot, version: 2 },
      { ...snapshot, clocks: [] },
      { ...snapshot, apis: { scopes: [{ scope: 'pa/i1' }] } },
      { ...snapshot, tasks: [...snapshot.tasks, { task_id: 'half' }] },
    ][how];
    await expect(real.control.restore(broken)).rejects.toMatchObject({ statusCode: 400 });
  },
});

/** Nothing that was acknowledged is lost; the journal alone begins anew. */
const restart = commandOf<Record<never, never>>('restart', {
  async run(model, real) {
    await real.restart();
    model.restore(model.state);
    model.traffic.clear({});
  },
});

const whole = fc.constant({});
const pick = fc.nat(3);

export const states = [
  fc
    .record({
      part: fc.constantFrom(0, 1, 2, 3, 4, 5),
      only: fc.option(fc.subarray([...PARTS], { minLength: 1 }), { nil: undefined }),
    })
    .map(reset),
  whole.map(takeSnapshot),
  whole.map(takeSnapshot),
  fc.record({ pick }).map(restore),
  fc.record({ pick }).map(restore),
  fc.record({ how: fc.nat(3) }).map(restoreBroken),
  whole.map(restart),
];
