/** Which clock governs what: a mock's main one, those of projects and instances that have their own, and real time. */
import { Clock, type ClockMode, type Handover, systemNowMs } from './clock.ts';
import { Emitter } from './emitter.ts';
import { inScope, type Scope, type ScopeFilter, scopeKey } from './scope.ts';

/**
 * What each purpose goes by: the clock of its instance (its own, else its project's, else the main one), the clock
 * of its project (for credentials: a restore does not move it), or real time. `docs/clocks.md` is this table.
 */
export const RULED_BY = {
  /** States of tasks, times of plans, created_at, started_at, ended_at; what an import stamps on APIs. */
  task: 'instance',
  /** Delays of faults and dribbled bodies. */
  delay: 'instance',
  /** register_time, update_time, publish_time and the version of an export, by synchronous calls. */
  resource: 'instance',
  journal: 'instance',
  event: 'instance',
  /** Issue and expiry of the tokens of `POST /v3/auth/tokens`. */
  token: 'project',
  /** Age of a signature: near either time is good. */
  signature: 'real or project',
  /** Time-outs of waits. */
  wait: 'real',
  /** Time-outs and keep-alives of connections and streams. */
  connection: 'real',
  log: 'real',
} as const;

export type Purpose = keyof typeof RULED_BY;
type By<R extends (typeof RULED_BY)[Purpose]> = {
  [P in Purpose]: (typeof RULED_BY)[P] extends R ? P : never;
}[Purpose];

/** A clock and whose it is; the main one is nobody's. */
export interface OwnedClock extends ScopeFilter {
  readonly clock: Clock;
}

/** A clock to put in place again. */
export interface SavedClock extends ScopeFilter {
  readonly mode: ClockMode;
  readonly nowMs: number;
  readonly credentialsMs?: number;
}

/** The clocks of a mock. An empty filter names the main one. */
export class Clocks {
  readonly #main: Clock;
  readonly #own = new Map<string, OwnedClock>();
  /** The key of a clock that was made, moved or taken away; '' = the main one. */
  readonly changed = new Emitter<string>();
  /** Unfinished work goes by another time from now on, and is dated back or ahead by as much. */
  readonly handovers: Emitter<Handover>;

  constructor(main: Clock, onListenerError?: (cause: unknown) => void) {
    this.#main = main;
    this.handovers = new Emitter(onListenerError);
    main.changed.on(() => this.changed.emit(''));
  }

  /** The clock that rules a purpose in an instance, a project (`instanceId` empty), or outside of both. */
  ruling(_purpose: By<'instance'>, projectId = '', instanceId = ''): Clock {
    return this.#of(projectId, instanceId);
  }

  /** The time that a purpose goes by, in ms. */
  now(purpose: By<'instance' | 'project'>, projectId = '', instanceId = ''): number {
    return RULED_BY[purpose] === 'project'
      ? this.#of(projectId, '').credentialsNow()
      : this.#of(projectId, instanceId).now();
  }

  /** The times by which a purpose may go, in ms: near one of them is near enough. */
  times(_purpose: By<'real or project'>, projectId = ''): readonly number[] {
    return [systemNowMs(), this.#of(projectId, '').credentialsNow()];
  }

  /** As the sleep of a clock: the one of this scope, whichever it has meanwhile. */
  sleep(scope: Scope, delayMs: number, signal?: AbortSignal): Promise<boolean> {
    return this.ruling('delay', scope.projectId, scope.instanceId).sleep(delayMs, signal, scope);
  }

  /** The clock of exactly this project, or this instance of it, if it has one. */
  get({ projectId, instanceId }: ScopeFilter): Clock | undefined {
    return projectId === undefined ? this.#main : this.#own.get(keyOf(projectId, instanceId))?.clock;
  }

  /** Gives a project or instance a clock of its own, which starts as the one that ruled there so far. */
  ensure({ projectId, instanceId }: ScopeFilter): Clock {
    const existing = this.get({ projectId, instanceId });
    if (existing !== undefined || projectId === undefined) return existing ?? this.#main;
    const parent = this.#of(projectId, '');
    const clock = new Clock(parent.mode, parent.now(), parent.credentialsNow());
    const key = keyOf(projectId, instanceId);
    this.#own.set(key, { projectId, instanceId, clock });
    clock.changed.on(() => this.changed.emit(key));
    const holds: Handover['holds'] = (scope) =>
      scope !== undefined && inScope(scope, { projectId, instanceId });
    parent.handOver(clock, { holds, byMs: 0 });
    this.changed.emit(key);
    return clock;
  }

  /**
   * Takes own clocks away: an instance's, a project's with all of its instances', or (nothing named) all, and then
   * starts the main one anew. Sleeps end; other work goes by the time that rules now, due as soon as it was.
   */
  reset(filter: ScopeFilter, mainMode: ClockMode): void {
    this.#drop(filter);
    if (filter.projectId !== undefined) return;
    const startMs = systemNowMs();
    this.#announce(this.#main, startMs - this.#main.now());
    this.#main.wake(() => true);
    this.#main.restart(mainMode, startMs);
  }

  /** Puts clocks in place of those that are there; without a time of their own, credentials go by the same as before. */
  restore(saved: readonly SavedClock[]): void {
    const all = saved.map((one) => ({ credentialsMs: this.now('token', one.projectId), ...one }));
    this.#drop({});
    this.#main.wake(() => true);
    for (const { mode, nowMs, credentialsMs, ...owner } of all)
      this.ensure(owner).restart(mode, nowMs, credentialsMs);
  }

  /** The main clock, then those of a scope of their own. */
  list(): OwnedClock[] {
    return [{ clock: this.#main }, ...this.#own.values()];
  }

  stop(): void {
    for (const { clock } of this.list()) clock.stop();
  }

  #drop(filter: ScopeFilter): void {
    const dropped = Array.from(this.#own).filter(
      ([, { projectId = '', instanceId }]) =>
        (filter.projectId ?? projectId) === projectId && (filter.instanceId ?? instanceId) === instanceId,
    );
    // An instance's work goes to its project's clock first, if that one goes too.
    dropped.sort(([a], [b]) => Number(b.includes('/')) - Number(a.includes('/')));
    for (const [key, { projectId = '', instanceId, clock }] of dropped) {
      const parent = instanceId === undefined ? this.#main : this.#of(projectId, '');
      const byMs = parent.now() - clock.now();
      this.#announce(clock, byMs);
      clock.wake(() => true);
      clock.handOver(parent, { holds: () => true, byMs });
      clock.stop();
      this.#own.delete(key);
      this.changed.emit(key);
    }
  }

  /** Before a change of time: whatever this clock still rules is to be dated anew. */
  #announce(clock: Clock, byMs: number): void {
    const holds: Handover['holds'] = (scope) => this.#of(scope?.projectId, scope?.instanceId) === clock;
    if (byMs !== 0) this.handovers.emit({ holds, byMs });
  }

  #of(projectId = '', instanceId = ''): Clock {
    if (this.#own.size === 0) return this.#main;
    return (this.#own.get(scopeKey(projectId, instanceId)) ?? this.#own.get(projectId))?.clock ?? this.#main;
  }
}

const keyOf = (projectId: string, instanceId: string | undefined): string =>
  instanceId === undefined ? projectId : scopeKey(projectId, instanceId);
