/**
 * What changed of an instance, as plain JSON that grows with the change and not with the instance, and how it is
 * put into a snapshot again. States share what did not change, so a look at each group and API finds the rest.
 */
import {
  type ApiGroup,
  EMPTY_INSTANCE,
  type Environment,
  type InstanceApis,
  type Policy,
  policyKey,
} from './model.ts';
import { type GroupSnapshot, type InstanceSnapshot, snapshotGroup } from './snapshot.ts';

/** The groups that changed, each with the APIs that did, and the other things that did, as they are now. */
export interface InstanceChange {
  /** Nothing of what was there before is left. */
  readonly anew?: true;
  readonly groups: readonly GroupSnapshot[];
  readonly environments: readonly Environment[];
  readonly policies: readonly Policy[];
}

/** Whether everything of `before` is still there, changed or not. */
export const hasGrown = (before: InstanceApis, after: InstanceApis): boolean =>
  covers(after.groups, before.groups) &&
  covers(after.policies, before.policies) &&
  covers(after.environments, before.environments) &&
  changedOf(before.groups, after.groups).every(({ id, apis }) =>
    covers(apis, before.groups.get(id)?.apis ?? EMPTY),
  );

/** What makes `after` of `before`; of anything, when `before` is not known. */
export function instanceChange(before: InstanceApis | undefined, after: InstanceApis): InstanceChange {
  const grew = before !== undefined && hasGrown(before, after);
  const base = grew ? before : EMPTY_INSTANCE;
  return {
    ...(grew ? {} : { anew: true }),
    groups: changedOf(base.groups, after.groups).map((group) =>
      groupChange(base.groups.get(group.id), group),
    ),
    environments: changedOf(base.environments, after.environments),
    policies: changedOf(base.policies, after.policies),
  };
}

const EMPTY: ReadonlyMap<string, never> = new Map<string, never>();

const covers = (after: ReadonlyMap<string, unknown>, before: ReadonlyMap<string, unknown>): boolean => {
  if (after.size < before.size) return false;
  for (const key of before.keys()) if (!after.has(key)) return false;
  return true;
};

function changedOf<V>(before: ReadonlyMap<string, V>, after: ReadonlyMap<string, V>): V[] {
  const changed: V[] = [];
  if (after === before) return changed;
  for (const [key, value] of after) if (before.get(key) !== value) changed.push(value);
  return changed;
}

const groupChange = (before: ApiGroup | undefined, group: ApiGroup): GroupSnapshot =>
  snapshotGroup(group, changedOf(before?.apis ?? EMPTY, group.apis));

type GroupTables = Omit<GroupSnapshot, 'apis'> & {
  readonly apis: Map<string, GroupSnapshot['apis'][number]>;
};

/** The snapshot of an instance while changes are put into it. */
export class InstanceDraft {
  readonly #groups = new Map<string, GroupTables>();
  readonly #environments = new Map<string, Environment>(EMPTY_INSTANCE.environments);
  readonly #policies = new Map<string, Policy>();

  constructor(snapshot?: InstanceSnapshot) {
    if (snapshot !== undefined) this.apply(snapshot);
  }

  apply({ anew, groups, environments, policies }: InstanceChange): void {
    if (anew) {
      for (const table of [this.#groups, this.#policies, this.#environments]) table.clear();
      for (const [id, environment] of EMPTY_INSTANCE.environments) this.#environments.set(id, environment);
    }
    for (const { apis, ...group } of groups) {
      const known = this.#groups.get(group.id)?.apis ?? new Map();
      for (const api of apis) known.set(api.id, api);
      this.#groups.set(group.id, { ...group, apis: known });
    }
    for (const environment of environments) this.#environments.set(environment.id, environment);
    for (const policy of policies) this.#policies.set(policyKey(policy.kind, policy.name), policy);
  }

  snapshot(): InstanceSnapshot {
    return {
      groups: Array.from(this.#groups.values(), ({ apis, ...group }) => ({
        ...group,
        apis: [...apis.values()],
      })),
      environments: [...this.#environments.values()],
      policies: [...this.#policies.values()],
    };
  }
}
