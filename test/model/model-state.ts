/** What the reference model stores: plain data, so that a copy of it is a snapshot. */
import type { ImportFile } from './files.ts';

export interface Place {
  readonly project_id: string;
  readonly instance_id: string;
}

/** Whole mock (empty), a project, or one instance. */
export type Part = Partial<Place>;

export type Kind = 'import_api' | 'export_api';
export type Status = 'waiting' | 'processing' | 'succeed' | 'failed';

export type PlannedEnd =
  | { readonly status: 'succeed'; readonly task_result?: string }
  | { readonly status: 'failed'; readonly error_code: string; readonly error_msg: string };

export type Plan = (
  | { readonly mode: 'time'; readonly waiting_ms: number; readonly processing_ms: number }
  | { readonly mode: 'polls'; readonly waiting_polls: number; readonly processing_polls: number }
  | { readonly mode: 'manual' }
  | { readonly mode: 'immediate' }
) & { readonly outcome?: PlannedEnd };

export interface Rule extends Part {
  readonly task_type?: Kind;
  times?: number;
  readonly plan: Plan;
}

/** An API; its id is learned when the mock first shows it. */
export interface ModelApi {
  id?: string;
  name?: string;
  method: string;
  path: string;
}

export interface Group {
  readonly place: Place;
  id?: string;
  readonly name: string;
  apis: ModelApi[];
}

export interface ImportWork {
  readonly file: ImportFile;
  /** Absent: a new group. */
  readonly groupId?: string;
  readonly mode: 'merge' | 'override';
}

export interface ExportWork {
  readonly groupId: string;
  readonly define: 'all' | 'spec' | 'dev';
  readonly type: 'json' | 'yaml';
  readonly version?: string;
  /** The name that the group had when the export was submitted; absent where there was none. */
  readonly groupName?: string;
}

/** How a task must have ended. */
export type End =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'error'; readonly code: string }
  | { readonly kind: 'import'; readonly group: Group; readonly report: Report }
  | { readonly kind: 'export'; readonly name: string; readonly type: string; readonly routes: string[] };

export interface Report {
  success: { api: ModelApi; action: 'create' | 'update'; method: string; path: string }[];
  failure: { method: string; path: string; code: string }[];
  ignore: { method: string; path: string }[];
}

export interface ModelTask {
  readonly place: Place;
  readonly id: string;
  readonly type: Kind;
  readonly plan: Plan;
  readonly work?: { readonly import?: ImportWork; readonly export?: ExportWork };
  status: Status;
  polls: number;
  createdMs: number;
  startedMs?: number;
  endedMs?: number;
  /** When the clock moves it on; of two at one time the one noted first goes first. */
  due?: { atMs: number; order: number };
  /** Its place in the line for a worker. */
  inLine?: number;
  end?: End;
  /** The text of its result, once read: it must stay that for ever. */
  result?: string;
}

export interface ModelFault extends Part {
  readonly id: string;
  readonly operation?: string;
  readonly task_id?: string;
  readonly after?: number;
  readonly times?: number;
  readonly phase: 'before' | 'checked' | 'after';
  readonly action: { readonly type: 'error' | 'empty' | 'truncate' | 'malformed'; readonly status?: number };
  hits: number;
  seen: number;
}

/** Everything a snapshot holds. */
export interface State {
  tasks: ModelTask[];
  groups: Group[];
  rules: Rule[];
  faults: ModelFault[];
  /** By `` (the main one), `project` or `project/instance`; each stands still. */
  clocks: Map<string, number>;
  /** Counts what is noted, for the order of things at one time. */
  order: number;
}

export const keyOf = ({ project_id, instance_id }: Place): string => `${project_id}/${instance_id}`;

/** Whether a place lies in a part. */
export const isIn = (place: Part, part: Part): boolean =>
  (part.project_id === undefined || part.project_id === place.project_id) &&
  (part.instance_id === undefined || part.instance_id === place.instance_id);

export const hasEnded = ({ status }: ModelTask): boolean => status === 'succeed' || status === 'failed';

export const emptyState = (startMs: number): State => ({
  tasks: [],
  groups: [],
  rules: [],
  faults: [],
  clocks: new Map([['', startMs]]),
  order: 0,
});
