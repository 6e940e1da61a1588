/** What the calls of the library on faults and on the journal take and return, as in `api.ts`. */
import type { OperationName } from '../core/operation-names.ts';
import type { Scope } from './api.ts';

/** Responds with an error. */
export interface ErrorAction {
  readonly type: 'error';
  /** HTTP status, 200 to 599; default: that of `errorCode`, else 500. */
  readonly status?: number;
  /** A code such as `APIG.3093`; default: the one that the operation documents for the status. */
  readonly errorCode?: string;
  /** Default: the text that belongs to the code. */
  readonly errorMsg?: string;
  /** Seconds in a `Retry-After` header; default: no such header. */
  readonly retryAfterS?: number;
  /** More headers of the response. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent in place of the error's JSON. */
  readonly body?: string;
}

/** Responds late, by the clock of the scope: after a fixed time, or one drawn anew for each request; ms. */
export interface DelayAction {
  readonly type: 'delay';
  readonly ms?: number;
  readonly distribution?:
    | { readonly type: 'uniform'; readonly min: number; readonly max: number }
    | { readonly type: 'lognormal'; readonly median: number; readonly sigma: number };
}

/** Cuts the connection: with a TCP reset, or (`empty`) without a byte of a response. */
export interface CutAction {
  readonly type: 'reset' | 'empty';
}

/** Spoils the response: half of it and then no more, or (`malformed`) half a JSON text as if it were whole. */
export interface SpoilAction {
  readonly type: 'truncate' | 'malformed';
}

/** Sends the response in small pieces, spread over so many ms. */
export interface DribbleAction {
  readonly type: 'dribble';
  readonly ms: number;
}

export type FaultAction = ErrorAction | DelayAction | CutAction | SpoilAction | DribbleAction;

/** A fault: which requests it matches (those that have every member that is given), and what it does to them. */
export interface NewFault {
  readonly operation?: OperationName | undefined;
  /** An HTTP method such as `GET`. */
  readonly method?: string | undefined;
  readonly taskId?: string | undefined;
  /** How many matching requests pass first; default 0. */
  readonly after?: number | undefined;
  /** How many requests it is carried out on; default: all. */
  readonly times?: number | undefined;
  /** The share of matching requests, 0 to 1; default 1. */
  readonly probability?: number | undefined;
  /**
   * `before` everything, credentials included; once all is `checked` and nothing is done yet (the default); or `after`
   * the work, in place of its response.
   */
  readonly phase?: 'before' | 'checked' | 'after' | undefined;
  readonly action: FaultAction;
}

/** A fault in force. */
export interface Fault extends NewFault, Scope {
  readonly id: string;
  /** How many requests it was carried out on. */
  readonly hits: number;
  /** How many requests matched, until it was used up. */
  readonly seen: number;
}

/** Which requests are meant: those that have every member that is given. */
export interface RequestFilter {
  readonly operation?: OperationName | undefined;
  readonly method?: string | undefined;
  readonly taskId?: string | undefined;
  /** Of the response; 0 = the connection was cut before one. */
  readonly status?: number | undefined;
}

export interface RequestsQuery extends RequestFilter {
  /** The newest so many; default: all that are stored. */
  readonly limit?: number | undefined;
}

/** How many requests are expected; without a number, at least one. */
export interface Expectation extends RequestFilter {
  readonly exactly?: number | undefined;
  readonly atLeast?: number | undefined;
  readonly atMost?: number | undefined;
}

/** A request that the mock has responded to. */
export interface JournalEntry {
  /** Counts up. */
  readonly id: number;
  /** RFC 3339, on the clock of the scope. */
  readonly at: string;
  /** `null` for a request that no operation takes. */
  readonly operation: OperationName | null;
  readonly method: string;
  readonly path: string;
  readonly projectId: string | null;
  readonly instanceId: string | null;
  readonly taskId: string | null;
  /** How the caller was known. */
  readonly credentials: string;
  /** 0 = the connection was cut before a response. */
  readonly status: number;
  readonly errorCode?: string;
  /** Why it was rejected, or what is worth knowing of it. */
  readonly reason?: string;
  /** The fault that shaped the response. */
  readonly faultId?: string;
  /** Real time in ms. */
  readonly durationMs: number;
  readonly requestId: string;
}

/** What `requests.verify` found. */
export interface Verification {
  readonly satisfied: boolean;
  readonly count: number;
  /** The expectation in words. */
  readonly expected: string;
  /** The requests that come nearest, with the members that differ; at most five. */
  readonly nearest: readonly {
    readonly request: JournalEntry;
    readonly differs: Readonly<Record<string, { readonly expected: unknown; readonly actual: unknown }>>;
  }[];
  /** Why it cannot be known: entries of the journal were dropped. */
  readonly reason?: string;
}
