/**
 * What a scenario is: a sequence of requests, and what the service promises to respond. Data alone; `run.ts` runs it
 * against an endpoint, and the tests of the mock run it in process.
 */
import type { OperationName } from '../core/operation-names.ts';
import type { Expected } from './matchers.ts';
import type { SourceName } from './sources.ts';

/** A file part of a form. */
export interface FilePart {
  readonly name: string;
  readonly content: string;
}

/** Who calls: with the credentials of the run, or with some that must be rejected. */
export type Caller = 'given' | 'nobody' | 'unknown token' | 'wrong secret';

/** A request. Its texts may hold `{{variable}}`, which is replaced by what an earlier step saved. */
export interface StepRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the instance, such as `/async-tasks/{{task}}`; an absolute one, such as `/v2/…`, with `absolute`. */
  readonly path: string;
  readonly absolute?: true;
  readonly query?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, string | FilePart>>;
  readonly caller?: Caller;
}

/** What a response is held against. */
export interface ExpectedResponse {
  readonly status: number;
  /** By lower-case name. */
  readonly headers?: Readonly<Record<string, Expected>>;
  /** The JSON of the body; left out = nothing is promised, `nothing` = there is none. */
  readonly body?: Expected;
}

interface StepBase {
  /** Unique in its scenario. */
  readonly id: string;
  readonly title: string;
  readonly operation: OperationName | undefined;
  /** Where it is promised. */
  readonly source: SourceName;
  /** Runs with these credentials only. */
  readonly needs?: 'key';
  /** Variables, each with the place in the body whose value it takes, such as `/success/0/id`. */
  readonly save?: Readonly<Record<string, string>>;
}

/** One request and its response. */
export interface RequestStep extends StepBase {
  readonly kind: 'request';
  readonly request: StepRequest;
  readonly expect: ExpectedResponse;
  /** The response has data of the account that the run did not make: only its shape is saved. */
  readonly foreign?: true;
}

/** Polls of a task until it has ended, and a few after its end. */
export interface FollowStep extends StepBase {
  readonly kind: 'follow';
  /** The variable that holds the id of the task. */
  readonly task: string;
  readonly type: 'import_api' | 'export_api';
  readonly ends: 'succeed' | 'failed';
  /** The parsed `task_result`. `save` looks there. */
  readonly result: Expected;
}

/** What all tasks of the run together must have shown. */
export interface StatesStep extends StepBase {
  readonly kind: 'states';
  readonly states: readonly string[];
}

export type Step = RequestStep | FollowStep | StatesStep;

export interface Scenario {
  readonly id: string;
  readonly title: string;
  /** Changes nothing, even where the service accepts what it should reject. */
  readonly readOnly?: true;
  /** Creates what is not part of an API group, such as an authorizer: runs against an apig-mock only. Names what. */
  readonly leaves?: string;
  readonly steps: readonly Step[];
}
