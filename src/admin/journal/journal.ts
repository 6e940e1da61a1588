/**
 * The journal: the last requests of each scope, in a ring that holds plain values. What a reader sees of an
 * entry is made when it is read, so that a poll pays for a few stores and nothing else. No secret and no body
 * is ever stored.
 */
import type { OperationName } from '../../core/operation-names.ts';
import { inScope, type Scope, type ScopeFilter, scopeKey, scopeOfKey } from '../../core/scope.ts';

/** What there is to note of a request beside its line; plain polls share one of these. */
export interface RequestNotes {
  readonly operation: OperationName | undefined;
  readonly method: string;
  readonly errorCode?: string | undefined;
  readonly reason?: string | undefined;
  readonly faultId?: string | undefined;
  /** How the caller was known: static-token, token, signature, none. */
  readonly credentials: string;
}

/** One request as the journal shows it; `at` is RFC 3339, `duration_ms` real time. */
export interface JournalEntry {
  id: number;
  at: string;
  operation: OperationName | null;
  method: string;
  path: string;
  project_id: string | null;
  instance_id: string | null;
  task_id: string | null;
  credentials: string;
  status: number;
  error_code?: string;
  reason?: string;
  fault_id?: string;
  duration_ms: number;
  request_id: string;
}

/** Which entries are meant; every member given must fit. */
export interface JournalFilter {
  readonly operation?: OperationName | undefined;
  readonly method?: string | undefined;
  readonly project_id?: string | undefined;
  readonly instance_id?: string | undefined;
  readonly task_id?: string | undefined;
  readonly status?: number | undefined;
}

/** A request that got its response; stored as it is passed in, so that recording one makes one object. */
export interface RequestRecord {
  /** Set by the journal. */
  id: number;
  readonly projectId: string;
  readonly instanceId: string;
  /** The request target as sent; cut to a bound by the journal. */
  target: string;
  readonly status: number;
  readonly atMs: number;
  readonly durationMs: number;
  readonly requestId: string;
  notes: RequestNotes;
}

/** Longest target and reason stored: an entry is a few hundred bytes, and never more than about five thousand. */
const MAX_TEXT = 1024;
/** How many full rings are stored before the scope that was first seen loses its own. */
const FULL_RINGS = 64;
/** What all entries together may take in memory, about. */
const MAX_BYTES = 256 * 1024 * 1024;
/** Of how many scopes without a ring it is remembered that they have lost entries. */
const MAX_LOSSES = 20_000;
/** What an entry takes beside its texts. */
const ENTRY_BYTES = 400;

const bytesOf = ({ target, notes }: RequestRecord): number =>
  ENTRY_BYTES + 2 * (target.length + (notes.reason?.length ?? 0));
/** Copied, since a slice of a long text keeps the whole of it in memory. */
const cut = (text: string): string =>
  text.length > MAX_TEXT ? Buffer.from(`${text.slice(0, MAX_TEXT)}…`).toString() : text;

class Ring {
  readonly projectId: string;
  readonly instanceId: string;
  /** How many entries of this scope have been dropped. */
  dropped: number;
  readonly #size: number;
  #records: RequestRecord[] = [];
  #next = 0;

  constructor({ projectId, instanceId }: Scope, size: number, dropped: number) {
    this.projectId = projectId;
    this.instanceId = instanceId;
    this.dropped = dropped;
    this.#size = size;
  }

  /** Returns the older record that was dropped for it, if any. */
  push(record: RequestRecord): RequestRecord | undefined {
    if (this.#records.length < this.#size) {
      this.#records.push(record);
      return undefined;
    }
    this.dropped += 1;
    const older = this.#records[this.#next];
    this.#records[this.#next] = record;
    this.#next = (this.#next + 1) % this.#size;
    return older;
  }

  /** Drops the older half, and returns it. */
  dropOlderHalf(): RequestRecord[] {
    const all = [...this.oldestFirst()];
    const dropped = all.splice(0, Math.ceil(all.length / 2));
    this.#records = all;
    this.#next = 0;
    this.dropped += dropped.length;
    return dropped;
  }

  *oldestFirst(): Generator<RequestRecord> {
    yield* this.#records.slice(this.#next);
    yield* this.#records.slice(0, this.#next);
  }
}

/** How many entries were dropped of scopes that have no ring; of scopes beyond a bound, only how many in all. */
class Losses {
  readonly #byScope = new Map<string, number>();
  #ofAnyScope = 0;

  add(key: string, count: number): void {
    const before = this.#byScope.get(key);
    this.#byScope.set(key, (before ?? 0) + count);
    if (before !== undefined || this.#byScope.size <= MAX_LOSSES) return;
    const [oldest = ''] = this.#byScope.keys();
    this.#ofAnyScope += this.take(oldest);
  }

  /** Hands a scope's count over to the caller, who goes on counting. */
  take(key: string): number {
    const count = this.#byScope.get(key) ?? 0;
    this.#byScope.delete(key);
    return count;
  }

  /** No fewer than were dropped under a filter. */
  under(filter: ScopeFilter): number {
    let count = this.#ofAnyScope;
    for (const [key, dropped] of this.#byScope) if (inScope(scopeOfKey(key), filter)) count += dropped;
    return count;
  }

  clear(filter: ScopeFilter): void {
    for (const key of this.#byScope.keys()) if (inScope(scopeOfKey(key), filter)) this.#byScope.delete(key);
    if (filter.projectId === undefined && filter.instanceId === undefined) this.#ofAnyScope = 0;
  }
}

export class Journal {
  readonly #maxPerScope: number;
  readonly #maxBytes: number;
  readonly #rings = new Map<string, Ring>();
  #stored = 0;
  #bytes = 0;
  readonly #losses = new Losses();
  #lastId = 0;

  constructor(maxPerScope: number, maxBytes = MAX_BYTES) {
    this.#maxPerScope = maxPerScope;
    this.#maxBytes = maxBytes;
  }

  /**
   * How many entries under a filter were dropped for newer ones since they were last cleared: no fewer, and more only
   * when entries of more scopes were dropped than are remembered.
   */
  droppedIn(filter: ScopeFilter = {}): number {
    let count = this.#losses.under(filter);
    for (const ring of this.#rings.values()) if (inScope(ring, filter)) count += ring.dropped;
    return count;
  }

  /** The number of the newest entry; 0 = none yet. */
  get lastId(): number {
    return this.#lastId;
  }

  /** Notes a request. */
  record(record: RequestRecord): void {
    this.#lastId += 1;
    if (this.#maxPerScope === 0) {
      this.#losses.add(scopeKey(record.projectId, record.instanceId), 1);
      return;
    }
    record.id = this.#lastId;
    record.target = cut(record.target);
    const { reason = '' } = record.notes;
    if (reason.length > MAX_TEXT) record.notes = { ...record.notes, reason: cut(reason) };
    const older = this.#ring(record).push(record);
    this.#bytes += bytesOf(record);
    if (older === undefined) this.#stored += 1;
    else this.#bytes -= bytesOf(older);
    while (this.#stored > this.#maxPerScope * FULL_RINGS || this.#bytes > this.#maxBytes) this.#makeSpace();
  }

  /** Entries that fit, oldest first. */
  query(filter: JournalFilter): JournalEntry[] {
    const found: JournalEntry[] = [];
    for (const ring of this.#rings.values()) {
      if (!inScope(ring, { projectId: filter.project_id, instanceId: filter.instance_id })) continue;
      for (const record of ring.oldestFirst()) {
        const entry = entryOf(record);
        if (fits(entry, filter)) found.push(entry);
      }
    }
    return found.sort((a, b) => a.id - b.id);
  }

  /** Forgets the entries of a scope, or all. */
  clear(filter: ScopeFilter = {}): void {
    for (const [key, ring] of this.#rings) {
      if (!inScope(ring, filter)) continue;
      this.#rings.delete(key);
      this.#forget([...ring.oldestFirst()]);
    }
    this.#losses.clear(filter);
  }

  #ring(scope: Scope): Ring {
    const key = scopeKey(scope.projectId, scope.instanceId);
    let ring = this.#rings.get(key);
    if (ring === undefined) {
      ring = new Ring(scope, this.#maxPerScope, this.#losses.take(key));
      this.#rings.set(key, ring);
    }
    return ring;
  }

  /** The scope that was first seen loses its entries; the only one loses the older half. */
  #makeSpace(): void {
    const [first] = this.#rings;
    if (first === undefined) return;
    const [key, ring] = first;
    if (this.#rings.size === 1) {
      this.#forget(ring.dropOlderHalf());
      return;
    }
    const dropped = [...ring.oldestFirst()];
    this.#rings.delete(key);
    this.#losses.add(key, ring.dropped + dropped.length);
    this.#forget(dropped);
  }

  #forget(records: readonly RequestRecord[]): void {
    this.#stored -= records.length;
    for (const record of records) this.#bytes -= bytesOf(record);
  }
}

const TASK_IN_PATH = /\/async-tasks\/([^/?]+)/;

function entryOf(record: RequestRecord): JournalEntry {
  const { notes } = record;
  const query = record.target.indexOf('?');
  const path = query < 0 ? record.target : record.target.slice(0, query);
  return {
    id: record.id,
    at: new Date(record.atMs).toISOString(),
    operation: notes.operation ?? null,
    method: notes.method,
    path,
    project_id: record.projectId || null,
    instance_id: record.instanceId || null,
    task_id: TASK_IN_PATH.exec(path)?.[1] ?? null,
    credentials: notes.credentials,
    status: record.status,
    ...(notes.errorCode === undefined ? {} : { error_code: notes.errorCode }),
    ...(notes.reason === undefined ? {} : { reason: notes.reason }),
    ...(notes.faultId === undefined ? {} : { fault_id: notes.faultId }),
    duration_ms: Math.round(record.durationMs * 1000) / 1000,
    request_id: record.requestId,
  };
}

const FILTERED = ['operation', 'method', 'project_id', 'instance_id', 'task_id', 'status'] as const;

/** The members of a filter that an entry does not fit. */
export const mismatches = (entry: JournalEntry, filter: JournalFilter): (keyof JournalFilter)[] =>
  FILTERED.filter((name) => filter[name] !== undefined && filter[name] !== entry[name]);

const fits = (entry: JournalEntry, filter: JournalFilter): boolean => mismatches(entry, filter).length === 0;
