/** Which plan a new task follows: the settings' default, or what was set for a scope, a kind, or the next few tasks. */
import { Emitter } from '../core/emitter.ts';
import type { ScopeFilter } from '../core/scope.ts';
import { fillPlan, type PlanDefaults } from '../tasks/plans.ts';
import type { Plan, PlanInput, TaskType } from '../tasks/task.ts';

/** A plan that was set; with `times` it serves that many tasks and is gone. */
export interface PlanRule {
  project_id?: string;
  instance_id?: string;
  task_type?: TaskType;
  times?: number;
  plan: Plan;
}

const sameTarget = (a: Omit<PlanRule, 'plan'>, b: Omit<PlanRule, 'plan'>): boolean =>
  a.project_id === b.project_id && a.instance_id === b.instance_id && a.task_type === b.task_type;

/** How narrowly a rule aims: instance before project before all, then the kind. */
const weight = (rule: PlanRule): number =>
  (rule.instance_id === undefined ? 0 : 4) +
  (rule.project_id === undefined ? 0 : 2) +
  (rule.task_type === undefined ? 0 : 1);

export class PlanRegistry {
  /** The rules are others now. */
  readonly changed = new Emitter<void>();
  readonly #defaults: PlanDefaults;
  readonly #default: Plan;
  #rules: PlanRule[] = [];

  constructor(defaults: PlanDefaults) {
    this.#defaults = defaults;
    this.#default = this.fill({ mode: defaults.progression });
  }

  /** A plan with nothing left open. */
  fill(plan: PlanInput): Plan {
    return fillPlan(plan, this.#defaults);
  }

  /** Sets a plan; a lasting one replaces the lasting one of the same target, limited ones queue up. */
  set(request: Omit<PlanRule, 'plan'> & { plan: PlanInput | null }): void {
    if (request.times === undefined) {
      this.#rules = this.#rules.filter((rule) => rule.times !== undefined || !sameTarget(rule, request));
    }
    const { plan, ...target } = request;
    if (plan !== null) this.#rules.push({ ...target, plan: this.fill(plan) });
    this.changed.emit();
  }

  /** The plan of the next task of this kind in this scope; a limited rule is used up by it. */
  take(projectId: string, instanceId: string, taskType: TaskType): Plan {
    if (this.#rules.length === 0) return this.#default;
    let best: PlanRule | undefined;
    for (const rule of this.#rules) {
      if (!aimsAt(rule, projectId, instanceId, taskType)) continue;
      if (best === undefined || outranks(rule, best)) best = rule;
    }
    if (best === undefined) return this.#default;
    if (best.times !== undefined) {
      best.times -= 1;
      if (best.times === 0) this.#rules = this.#rules.filter((rule) => rule !== best);
      this.changed.emit();
    }
    return best.plan;
  }

  /** The default, and the rules of a scope or project or (no filter) all. */
  list(filter: ScopeFilter = {}): { default: Plan; rules: PlanRule[] } {
    const rules = this.#rules.filter((rule) => rulesUnder(rule, filter));
    return { default: this.#default, rules: rules.map((rule) => ({ ...rule })) };
  }

  /** Takes away the rules of a scope or project, or (no filter) all. */
  clear(filter: ScopeFilter = {}): void {
    this.#rules = this.#rules.filter((rule) => !rulesUnder(rule, filter));
    this.changed.emit();
  }

  restore(rules: readonly PlanRule[]): void {
    this.#rules = rules.map((rule) => ({ ...rule }));
    this.changed.emit();
  }
}

function aimsAt(rule: PlanRule, projectId: string, instanceId: string, taskType: TaskType): boolean {
  return (
    (rule.project_id ?? projectId) === projectId &&
    (rule.instance_id ?? instanceId) === instanceId &&
    (rule.task_type ?? taskType) === taskType
  );
}

/** Limited before lasting, then narrow before wide; of two alike the first one stays. */
function outranks(rule: PlanRule, best: PlanRule): boolean {
  const limited = (rule.times === undefined ? 0 : 1) - (best.times === undefined ? 0 : 1);
  return limited !== 0 ? limited > 0 : weight(rule) > weight(best);
}

/** Whether a rule belongs to a scope, and not to a wider one. */
function rulesUnder(rule: { project_id?: string; instance_id?: string }, filter: ScopeFilter): boolean {
  if (filter.projectId !== undefined && rule.project_id !== filter.projectId) return false;
  return filter.instanceId === undefined || rule.instance_id === filter.instanceId;
}
