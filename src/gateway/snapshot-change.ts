/**
 * What changed of an instance, as plain JSON that grows with the change and not with the instance, and how it is
 * put into a snapshot again. States share what did not change, so a look at each group and API finds the rest.
 */
import { EMPTY_INSTANCE, type Environment, type InstanceApis, type Policy, policyKey } from './model.ts';
import { type GroupSnapshot, type InstanceSnapshot, snapshotGroup } from './snapshot.ts';

/** What was removed of an instance: ids, of APIs with those of their groups. */
export class Removals {
  readonly groups = new Set<string>();
  /** API id -> group id. */
  readonly apis = new Map<string, string>();
  readonly environments = new Set<string>();

  get size(): number {
    return this.groups.size + this.apis.size + this.environments.size;
  }

  /** Adds what `after` lacks of `before`. False: so much that only the whole of `after` has it. */
  add(before: InstanceApis, after: InstanceApis): boolean {
    if (after === before) return true;
    if (after === EMPTY_INSTANCE || missingIn(after.policies, before.policies).length > 0) return false;
    for (const id of missingIn(after.groups, before.groups)) this.groups.add(id);
    for (const id of missingIn(after.environments, before.environments)) this.environments.add(id);
    for (const { id, apis } of changedOf(before.groups, after.groups))
      for (const apiId of missingIn(apis, before.groups.get(id)?.apis ?? EMPTY)) this.apis.set(apiId, id);
    return true;
  }

  /** Adds what was removed before. */
  addEarlier({ groups, apis, environments }: Removals): void {
    for (const id of groups) this.groups.add(id);
    for (const [id, groupId] of apis) if (!this.apis.has(id)) this.apis.set(id, groupId);
    for (const id of environments) this.environments.add(id);
  }
}

/** The groups that changed, each with the APIs that did, and the other things that did, as they are now. */
export interface InstanceChange {
  /** Nothing of what was there before is left. */
  readonly anew?: true;
  /** Removed before the rest is put in place; `apis` as pairs of API and group. */
  readonly removed?: {
    readonly groups: readonly string[];
    readonly apis: readonly (readonly [id: string, groupId: string])[];
    readonly environments: readonly string[];
  };
  readonly groups: readonly GroupSnapshot[];
  readonly environments: readonly Environment[];
  readonly policies: readonly Policy[];
}

/** What makes `after` of `before`, once what was removed on the way is gone; of anything, when `before` is not known. */
export function instanceChange(
  before: InstanceApis | undefined,
  after: InstanceApis,
  removals = new Removals(),
): InstanceChange {
  const base = before ?? EMPTY_INSTANCE;
  const { groups, apis, environments } = removals;
  const touched = new Set([...groups, ...apis.values()]);
  return {
    ...(before === undefined && { anew: true }),
    ...(removals.size > 0 && {
      removed: { groups: [...groups], apis: [...apis], environments: [...environments] },
    }),
    groups: changedOf(base.groups, after.groups, touched).map((group) => {
      const known = groups.has(group.id) ? EMPTY : (base.groups.get(group.id)?.apis ?? EMPTY);
      return snapshotGroup(group, changedOf(known, group.apis, apis));
    }),
    environments: changedOf(base.environments, after.environments, environments),
    policies: changedOf(base.policies, after.policies),
  };
}

const EMPTY: ReadonlyMap<string, never> = new Map<string, never>();

function missingIn(after: ReadonlyMap<string, unknown>, before: ReadonlyMap<string, unknown>): string[] {
  return after === before ? [] : [...before.keys()].filter((key) => !after.has(key));
}

/** What is not as it was; and what `also` names, since it was removed in between. */
function changedOf<V>(
  before: ReadonlyMap<string, V>,
  after: ReadonlyMap<string, V>,
  also: Pick<ReadonlySet<string>, 'has' | 'size'> = EMPTY,
): V[] {
  const changed: V[] = [];
  if (after === before && also.size === 0) return changed;
  for (const [key, value] of after) if (before.get(key) !== value || also.has(key)) changed.push(value);
  return changed;
}

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

  apply({ anew, removed, groups, environments, policies }: InstanceChange): void {
    if (anew) {
      for (const table of [this.#groups, this.#policies, this.#environments]) table.clear();
      for (const [id, environment] of EMPTY_INSTANCE.environments) this.#environments.set(id, environment);
    }
    for (const id of removed?.groups ?? []) this.#groups.delete(id);
    for (const [id, groupId] of removed?.apis ?? []) this.#groups.get(groupId)?.apis.delete(id);
    for (const id of removed?.environments ?? []) this.#environments.delete(id);
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
