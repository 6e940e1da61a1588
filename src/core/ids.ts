/**
 * Ids and randomness: the only file that draws them. With a seed, the same calls in the same scope give the
 * same ids, whatever other scopes do meanwhile; without one, ids come from the system's generator.
 */
import { createHash, randomBytes } from 'node:crypto';

/** Draws the ids of one scope. */
export interface IdSource {
  /** 32 lower-case hex digits, the form of every id of the service. */
  next(): string;
  /** Four lower-case letters, as in the generated API name `API_zjev`. */
  letters(): string;
  /** A number in [0, 1), for probabilities and distributions. */
  random(): number;
}

/** Hands out one id source per scope, and can go back to its beginning. */
export interface IdSources {
  of(scopeKey: string): IdSource;
  /** Start again: all scopes, or one. Only seeded sources repeat themselves. */
  restart(scopeKey?: string): void;
  /** The scopes whose ids were drawn or begun anew since they were last taken, for the code that saves them. */
  readonly changed: Set<string>;
  /** How many were drawn per scope, of some or all, for a snapshot; empty when there is no seed. */
  drawn(scopeKeys?: Iterable<string>): Record<string, number>;
  /** Goes on from where a snapshot was taken. */
  resume(drawn: Readonly<Record<string, number>>): void;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** The first 32 hex digits of a SHA-256: stable ids for things known by name only. */
export function idFromName(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32);
}

/** Distinguishes one run of a mock from the next: never the same twice, seed or none. */
export const drawEpoch = (): string => randomBytes(4).toString('hex');

function idSource(draw: () => Buffer): IdSource {
  return {
    next: () => draw().toString('hex', 0, 16),
    letters: () => Array.from(draw().subarray(0, 4), (byte) => LETTERS.charAt(byte % 26)).join(''),
    random: () => draw().readUInt32BE(0) / 0x1_0000_0000,
  };
}

const POOL_BYTES = 4096;

/** Ids from the system's generator, drawn in blocks since one call to it costs far more than 16 bytes. */
function systemSource(): IdSource {
  let pool = Buffer.alloc(0);
  let used = 0;
  return idSource(() => {
    if (used + 16 > pool.length) {
      pool = randomBytes(POOL_BYTES);
      used = 0;
    }
    used += 16;
    return pool.subarray(used - 16, used);
  });
}

/** Ids that follow from the seed, the scope and how many were drawn before. */
class SeededSource {
  #count = 0;
  readonly ids: IdSource;
  readonly #onChanged: () => void;

  constructor(seed: string, scopeKey: string, onChanged: () => void) {
    this.#onChanged = onChanged;
    this.ids = idSource(() => {
      this.count += 1;
      return createHash('sha256').update(`${seed}\n${scopeKey}\n${this.count}`).digest();
    });
  }

  get count(): number {
    return this.#count;
  }

  set count(count: number) {
    this.#count = count;
    this.#onChanged();
  }
}

/** Makes the id sources of a mock; `seed` undefined = random. */
export function createIdSources(seed: string | undefined): IdSources {
  if (seed === undefined) {
    const source = systemSource();
    return { changed: new Set(), of: () => source, restart: () => {}, drawn: () => ({}), resume: () => {} };
  }
  const sources = new Map<string, SeededSource>();
  const changed = new Set<string>();
  const sourceOf = (scopeKey: string): SeededSource => {
    let source = sources.get(scopeKey);
    if (source === undefined) {
      source = new SeededSource(seed, scopeKey, () => changed.add(scopeKey));
      sources.set(scopeKey, source);
    }
    return source;
  };
  return {
    changed,
    of: (scopeKey) => sourceOf(scopeKey).ids,
    restart(scopeKey) {
      for (const [key, source] of sources) if (scopeKey === undefined || key === scopeKey) source.count = 0;
    },
    drawn: (scopeKeys) =>
      Object.fromEntries(
        Array.from(scopeKeys ?? sources.keys(), (key) => [key, sourceOf(key).count] as const).filter(
          ([, count]) => scopeKeys !== undefined || count > 0,
        ),
      ),
    resume(drawn) {
      for (const [key, count] of Object.entries(drawn)) sourceOf(key).count = count;
    },
  };
}
