/**
 * The state of all instances in memory, by scope key (one project and instance). A scope nobody has written to
 * takes no memory. States are immutable: what `get` returns may be held for any time.
 */
import { Emitter } from '../core/emitter.ts';
import { errors } from '../core/errors.ts';
import { inScope, type ScopeFilter, scopeOfKey } from '../core/scope.ts';
import { EMPTY_INSTANCE, type InstanceApis } from './model.ts';
import { isObject, member } from './openapi/json.ts';
import { type InstanceSnapshot, restoreInstance, snapshotInstance } from './snapshot.ts';

/** All scopes as plain JSON. */
export interface ApisSnapshot {
  readonly scopes: readonly { readonly scope: string; readonly instance: InstanceSnapshot }[];
}

/** The state of a scope was replaced. */
export interface ApisChange {
  readonly scopeKey: string;
  readonly before: InstanceApis;
}

export interface ApiStore {
  /** Emits every change of a state, for the code that saves it. */
  readonly changes: Emitter<ApisChange>;
  /** The state of a scope; the empty instance when it has none. */
  get(scopeKey: string): InstanceApis;
  /** The scopes that hold anything, under a filter, with their states. */
  scopes(filter: ScopeFilter): { projectId: string; instanceId: string; state: InstanceApis }[];
  /** Makes `state` the state of the scope: one assignment, nothing is copied. */
  commit(scopeKey: string, state: InstanceApis): void;
  /** Empties the scopes under a filter; without one, all. */
  reset(filter?: ScopeFilter): void;
  snapshot(): ApisSnapshot;
  /** Replaces everything. Throws `APIG.2012` for a value no snapshot can be, and then changes nothing. */
  restore(snapshot: unknown): void;
}

/** An empty store. */
export function createApiStore(): ApiStore {
  let scopes = new Map<string, InstanceApis>();
  const changes = new Emitter<ApisChange>();
  const get = (scopeKey: string): InstanceApis => scopes.get(scopeKey) ?? EMPTY_INSTANCE;
  const put = (scopeKey: string, state: InstanceApis): void => {
    const before = get(scopeKey);
    if (state === EMPTY_INSTANCE) scopes.delete(scopeKey);
    else scopes.set(scopeKey, state);
    if (state !== before) changes.emit({ scopeKey, before });
  };
  return {
    changes,
    get,
    scopes: (filter) =>
      Array.from(scopes, ([key, state]) => {
        return { ...scopeOfKey(key), state };
      }).filter((scope) => inScope(scope, filter)),
    commit: put,
    reset(filter = {}) {
      for (const key of scopes.keys()) {
        if (inScope(scopeOfKey(key), filter)) put(key, EMPTY_INSTANCE);
      }
    },
    snapshot: () => ({
      scopes: [...scopes].map(([scope, state]) => ({ scope, instance: snapshotInstance(state) })),
    }),
    restore(snapshot) {
      const before = scopes;
      scopes = restoreScopes(snapshot);
      for (const scopeKey of new Set([...before.keys(), ...scopes.keys()]))
        changes.emit({ scopeKey, before: before.get(scopeKey) ?? EMPTY_INSTANCE });
    },
  };
}

function restoreScopes(snapshot: unknown): Map<string, InstanceApis> {
  const list = isObject(snapshot) ? member(snapshot, 'scopes') : undefined;
  if (!Array.isArray(list)) throw errors.parameterInvalid('scopes');
  return new Map(
    list.map((entry) => {
      const scope = isObject(entry) ? member(entry, 'scope') : undefined;
      if (!isObject(entry) || typeof scope !== 'string') throw errors.parameterInvalid('scopes');
      return [scope, restoreInstance(member(entry, 'instance'))];
    }),
  );
}
