/**
 * Runs scenarios against an endpoint, step by step, and holds each response against what it should be. Whatever ends
 * the run (its end, a stop, a connection that broke), it cleans up after it.
 */

import { checkResponse, rejectUnusable } from './check.ts';
import { cleanUp, NAME_PREFIX } from './clean-up.ts';
import { follow, UNENDED } from './follow.ts';
import { type Difference, filledIn, valueAt } from './matchers.ts';
import type { RequestStep, Scenario, Step, StepRequest } from './scenario.ts';
import {
  CouldNotRun,
  limitedSender,
  objectOf,
  type Received,
  type Send,
  type SendLimits,
} from './sending.ts';

export interface RunOptions extends SendLimits {
  readonly send: Send;
  readonly projectId: string;
  readonly instanceId: string;
  /** What distinguishes the names of this run from others: eight letters or digits. */
  readonly runId: string;
  readonly isMock: boolean;
  readonly readOnly: boolean;
  readonly hasKey: boolean;
  /** How long a task may take. */
  readonly timeoutMs: number;
  /** Aborted to stop before the next request. */
  readonly signal?: AbortSignal;
  onStep?(at: number, of: number, step: Step, scenario: Scenario): void;
  /** Sees each response of a step, polls included. */
  onResponse?(key: string, step: Step, received: Received): void;
  /** The step with what a recording promises. */
  recorded?(key: string, step: Step): Step;
}

export interface StepResult {
  readonly scenario: Scenario;
  readonly step: Step;
  readonly outcome: 'passed' | 'differs' | 'skipped';
  /** Why it was skipped. */
  readonly reason?: string;
  readonly differences: readonly Difference[];
  readonly durationMs: number;
  readonly requestId?: string;
}

export interface RunResult {
  readonly results: readonly StepResult[];
  /** The name of the group that it created. */
  readonly name: string;
  /** Why it ended early. */
  readonly stopped?: string;
  /** What could not be removed, a line each. */
  readonly left: readonly string[];
  readonly hasCreated: boolean;
}

/** What a step has found out. */
export interface Checked {
  readonly differences: readonly Difference[];
  readonly received?: Received;
  /** What `save` looks in. */
  readonly value?: unknown;
}

/** What one run knows: variables, tasks under way, states that were seen. */
export interface RunState {
  readonly options: RunOptions;
  readonly send: Send;
  readonly variables: Map<string, string>;
  /** Imports that were accepted and have not been seen to end. */
  readonly pending: Set<string>;
  readonly states: Set<string>;
  /** Something was sent that may have created a group. */
  mayHaveCreated: boolean;
  isUnsure: boolean;
}

export const keyOf = (scenario: Scenario, step: Step): string => `${scenario.id}/${step.id}`;

/** What runs with these options, and why the rest does not. */
export function skipReason(
  scenario: Scenario,
  step: Step,
  { readOnly, isMock, hasKey }: Pick<RunOptions, 'readOnly' | 'isMock' | 'hasKey'>,
): string | undefined {
  if (readOnly && scenario.readOnly !== true) return 'it changes something, and the run is read-only';
  if (!isMock && scenario.leaves !== undefined) return `it would leave ${scenario.leaves}`;
  return step.needs === 'key' && !hasKey ? 'it takes an access key' : undefined;
}

/** Runs the scenarios in order. Never rejects for what the endpoint does. */
export async function runScenarios(scenarios: readonly Scenario[], options: RunOptions): Promise<RunResult> {
  const state: RunState = {
    options,
    send: limitedSender(options.send, options, options.signal),
    variables: new Map([
      ['name', NAME_PREFIX + options.runId],
      ['project', options.projectId],
      ['instance', options.instanceId],
    ]),
    ...{ pending: new Set<string>(), states: new Set<string>(), mayHaveCreated: false, isUnsure: false },
  };
  const results: StepResult[] = [];
  const name = NAME_PREFIX + options.runId;
  let stopped: string | undefined;
  try {
    await runAll(scenarios, state, results);
  } catch (cause) {
    stopped = (cause as Error).message;
  }
  const { pending, isUnsure } = state;
  const left = state.mayHaveCreated
    ? await cleanUp({
        send: limitedSender(options.send, options),
        time: options.time,
        name,
        pending,
        isUnsure,
      })
    : [];
  return { results, name, left, hasCreated: state.mayHaveCreated, ...(stopped !== undefined && { stopped }) };
}

/** The others would not end either: each of them would be waited for as long. */
const MAX_UNENDED = 2;

async function runAll(scenarios: readonly Scenario[], state: RunState, results: StepResult[]): Promise<void> {
  const { options } = state;
  let unended = 0;
  const steps = scenarios.flatMap((scenario) => scenario.steps.map((step) => ({ scenario, step })));
  for (const [at, { scenario, step }] of steps.entries()) {
    const reason = skipReason(scenario, step, options) ?? missingIn(step, state.variables);
    if (reason !== undefined) {
      results.push({ scenario, step, outcome: 'skipped', reason, differences: [], durationMs: 0 });
      continue;
    }
    options.onStep?.(at, steps.length, step, scenario);
    const beganMs = options.time.nowMs();
    const key = keyOf(scenario, step);
    const promised = options.recorded?.(key, step) ?? step;
    const { differences, received, value } = await runStep(key, promised, state);
    const requestId = received?.headers['x-request-id'];
    results.push({
      ...{ scenario, step, outcome: differences.length === 0 ? 'passed' : 'differs', differences },
      durationMs: options.time.nowMs() - beganMs,
      ...(requestId !== undefined && { requestId }),
    });
    if (differences.some(({ at: place }) => place === UNENDED) && ++unended === MAX_UNENDED)
      throw new CouldNotRun(`${unended} tasks have not ended, each within ${options.timeoutMs / 1000} s`);
    for (const [variable, pointer] of Object.entries(step.save ?? {})) {
      const saved = valueAt(value, pointer);
      if (typeof saved === 'string' && saved !== '') state.variables.set(variable, saved);
    }
  }
}

/** Which variable of a step no earlier step has saved. */
function missingIn(step: Step, variables: ReadonlyMap<string, string>): string | undefined {
  const named =
    step.kind === 'follow'
      ? [step.task]
      : [...JSON.stringify(step.kind === 'request' ? step.request : {}).matchAll(/\{\{(\w+)\}\}/g)].map(
          ([, name = '']) => name,
        );
  const missing = named.find((name) => !variables.has(name));
  return missing === undefined ? undefined : `an earlier step did not get as far: there is no ${missing}`;
}

async function runStep(key: string, step: Step, state: RunState): Promise<Checked> {
  if (step.kind === 'follow') return follow(key, step, state);
  if (step.kind === 'request') return runRequest(key, step, state);
  const unseen = step.states.filter((one) => !state.states.has(one));
  return {
    differences: unseen.map((one) => ({
      ...{ at: 'task_status', expected: `"${one}" in some poll` },
      received: `never; seen: ${[...state.states].join(', ') || 'nothing'}`,
    })),
  };
}

/** An import may create a group, and so may the call for it. */
const creates = ({ operation }: RequestStep): boolean =>
  operation === 'ImportApiDefinitionsAsync' ||
  operation === 'ImportApiDefinitionsV2' ||
  /^Create/.test(operation ?? '');

async function runRequest(key: string, step: RequestStep, state: RunState): Promise<Checked> {
  const { options, variables } = state;
  if (creates(step) && !options.readOnly) state.mayHaveCreated = true;
  const received = await state.send(fillRequest(step.request, variables)).catch((cause: Error) => {
    if (creates(step)) state.isUnsure = true;
    throw cause;
  });
  options.onResponse?.(key, step, received);
  const value = received.text === '' ? undefined : objectOf(received);
  const taskId = value?.['task_id'];
  if (step.operation === 'ImportApiDefinitionsAsync' && typeof taskId === 'string') state.pending.add(taskId);
  rejectUnusable(step, received);
  return { differences: checkResponse(step.expect, received, variables), received, value };
}

/** A request with the values of its variables. */
export function fillRequest(request: StepRequest, variables: ReadonlyMap<string, string>): StepRequest {
  const fill = (value: unknown): unknown => {
    if (typeof value === 'string') return filledIn(value, variables) ?? value;
    if (Array.isArray(value)) return value.map(fill);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, fill(member)]));
  };
  return fill(request) as StepRequest;
}
