/** Which clock governs what: a mock's main one, and those of projects and instances that have their own. */
import { Clock } from './clock.ts';
import { Emitter } from './emitter.ts';

/** The clocks of a mock: its main one, and those of the projects and instances that have their own. */
export class Clocks {
  readonly main: Clock;
  /** The key of a clock that was made, moved or taken away; '' = the main one. */
  readonly changed = new Emitter<string>();
  readonly #own = new Map<string, Clock>();

  constructor(main: Clock) {
    this.main = main;
    main.changed.on(() => this.changed.emit(''));
  }

  /** The clock that governs an instance: its own, else its project's, else the main one. */
  of(projectId: string, instanceId: string): Clock {
    if (this.#own.size === 0) return this.main;
    return this.#own.get(`${projectId}/${instanceId}`) ?? this.#own.get(projectId) ?? this.main;
  }

  /** The clock kept for exactly this project, or this instance of it, if there is one. */
  get(projectId: string, instanceId?: string): Clock | undefined {
    return this.#own.get(instanceId === undefined ? projectId : `${projectId}/${instanceId}`);
  }

  /** Gives a project or instance a clock of its own, which starts as the one that governed it so far. */
  ensure(projectId: string, instanceId?: string): Clock {
    const existing = this.get(projectId, instanceId);
    if (existing !== undefined) return existing;
    const parent = this.#own.get(projectId) ?? this.main;
    const clock = new Clock(parent.mode, parent.now());
    const key = instanceId === undefined ? projectId : `${projectId}/${instanceId}`;
    this.#own.set(key, clock);
    clock.changed.on(() => this.changed.emit(key));
    this.changed.emit(key);
    return clock;
  }

  /** Takes own clocks away: an instance's, a project's with all of its instances', or (nothing named) all. */
  drop(projectId?: string, instanceId?: string): void {
    for (const [key, clock] of this.#own) {
      const [project, instance] = key.split('/');
      if ((projectId ?? project) !== project || (instanceId ?? instance) !== instance) continue;
      clock.stop();
      this.#own.delete(key);
      this.changed.emit(key);
    }
  }

  /** Every clock that is kept for a part, by its key `project` or `project/instance`. */
  entries(): IterableIterator<[string, Clock]> {
    return this.#own.entries();
  }

  stop(): void {
    this.main.stop();
    for (const clock of this.#own.values()) clock.stop();
  }
}
