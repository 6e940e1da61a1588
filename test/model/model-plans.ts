/** The part of the model that knows which plan a task follows. */
import type { Kind, Place, Plan, Rule, State } from './model-state.ts';

export const DEFAULTS: Readonly<Record<Plan['mode'], Plan>> = {
  time: { mode: 'time', waiting_ms: 500, processing_ms: 1500 },
  polls: { mode: 'polls', waiting_polls: 1, processing_polls: 1 },
  manual: { mode: 'manual' },
  immediate: { mode: 'immediate' },
};

/** The plan of the next task: limited rules before lasting ones, narrow before wide, the older of two alike. */
export function takePlan(state: State, { place, type }: { place: Place; type: Kind }): Plan | undefined {
  const fits = state.rules.filter(
    (rule) =>
      (rule.project_id ?? place.project_id) === place.project_id &&
      (rule.instance_id ?? place.instance_id) === place.instance_id &&
      (rule.task_type ?? type) === type,
  );
  const [best] = fits.sort((a, b) => rank(b) - rank(a));
  if (best?.times !== undefined) {
    best.times -= 1;
    if (best.times === 0) state.rules = state.rules.filter((rule) => rule !== best);
  }
  return best?.plan;
}

const rank = (rule: Rule): number =>
  (rule.times === undefined ? 0 : 8) +
  (rule.instance_id === undefined ? 0 : 4) +
  (rule.project_id === undefined ? 0 : 2) +
  (rule.task_type === undefined ? 0 : 1);
