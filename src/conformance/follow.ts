/** Follows a task: each poll against what a task in that state shows, its states in order, its result, and what remains. */
import { checkResponse, rejectQuota, rejectUnusable } from './check.ts';
import { compare, type Difference, type Expected, jsonText, parseJson } from './matchers.ts';
import type { Checked, RunOptions, RunState } from './run.ts';
import type { FollowStep } from './scenario.ts';
import { jsonHeaders } from './scenarios/shapes.ts';
import { objectOf, type Received } from './sending.ts';

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 2000;
const GROWTH = 1.3;
/** Polls after the end: the task stays as it is. */
const AFTER_END = 2;
/** The place of the difference when a task has not ended in time. */
export const UNENDED = 'task';
const ORDER = ['waiting', 'processing'];

/** What it needs of a run. */
export interface Following extends Pick<RunState, 'send' | 'variables' | 'pending' | 'states'> {
  readonly options: Pick<RunOptions, 'time' | 'timeoutMs' | 'signal' | 'onResponse'>;
}

/** Polls to the end. */
export async function follow(key: string, step: FollowStep, state: Following): Promise<Checked> {
  const { options, variables } = state;
  const taskId = variables.get(step.task) ?? '';
  const poll = async (): Promise<Received> => {
    const received = await state.send({ method: 'GET', path: `/async-tasks/${taskId}` });
    rejectUnusable(step, received);
    return received;
  };
  const found = new Differences();
  const endMs = options.time.nowMs() + options.timeoutMs;
  let pauseMs = FIRST_PAUSE_MS;
  let before = '';
  for (;;) {
    const received = await poll();
    options.onResponse?.(key, step, received);
    const status = String(objectOf(received)?.['task_status'] ?? '');
    const isUnderWay = ORDER.includes(status);
    if (isUnderWay || status === step.ends) state.states.add(status);
    if (!isUnderWay) {
      state.pending.delete(taskId);
      found.add(checkEnd({ step, received, taskId, variables }));
      if (received.status === 200) found.add(await checkAfter(received, poll));
      return { differences: found.all, received, value: resultOf(received) };
    }
    found.add(checkResponse(bodyOf(step, taskId, status, ''), received, variables));
    if (ORDER.indexOf(status) < ORDER.indexOf(before))
      found.add([
        { at: 'body/task_status', expected: `no way back from "${before}"`, received: `"${status}"` },
      ]);
    before = status;
    if (options.time.nowMs() + pauseMs > endMs) {
      found.add([
        { at: UNENDED, expected: `an end within ${options.timeoutMs / 1000} s`, received: `"${status}"` },
      ]);
      return { differences: found.all, received };
    }
    await options.time.pause(pauseMs, options.signal);
    pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * GROWTH);
  }
}

/** Differences, those that every poll repeats once. */
class Differences {
  readonly #byText = new Map<string, Difference>();

  add(differences: readonly Difference[]): void {
    for (const one of differences) {
      const text = JSON.stringify([one.at, one.expected]);
      if (!this.#byText.has(text)) this.#byText.set(text, one);
    }
  }

  get all(): Difference[] {
    return [...this.#byText.values()];
  }
}

const bodyOf = (step: FollowStep, taskId: string, status: string, result: Expected) => ({
  status: 200,
  headers: jsonHeaders,
  body: { task_id: taskId, task_status: status, task_type: step.type, task_result: result },
});

interface End {
  readonly step: FollowStep;
  readonly received: Received;
  readonly taskId: string;
  readonly variables: ReadonlyMap<string, string>;
}

/** The response of a task that has ended, or of one that there should be. */
function checkEnd({ step, received, taskId, variables }: End): Difference[] {
  const { task_status: status, task_result: result } = objectOf(received) ?? {};
  const ended = bodyOf(step, taskId, step.ends, jsonText(step.result));
  if (received.status !== 200 || status === step.ends) return checkResponse(ended, received, variables);
  const { error_code = '', error_msg = '' } = (parseJson(String(result))?.value ?? {}) as Record<
    string,
    unknown
  >;
  if (status === 'failed') rejectQuota(String(error_code), String(error_msg));
  return compare(step.ends, status, { at: 'body/task_status', variables }).map((one) => ({
    ...one,
    received: status === 'failed' ? `${one.received}: ${error_code} ${error_msg}` : one.received,
  }));
}

/** A task that has ended stays as it is. */
async function checkAfter(ended: Received, poll: () => Promise<Received>): Promise<Difference[]> {
  for (let at = 1; at <= AFTER_END; at += 1) {
    const { status, text } = await poll();
    if (status === ended.status && text === ended.text) continue;
    const expected = 'the same response after the end of the task';
    return [{ at: `poll ${at} after the end`, expected, received: `${status} ${text}` }];
  }
  return [];
}

const resultOf = (received: Received): unknown =>
  parseJson(String(objectOf(received)?.['task_result']))?.value;
