/** Following a task: what is named when its polls are not as they should be, and when it is given up. */
import { describe, expect, it } from 'vitest';
import { follow } from '../../src/conformance/follow.ts';
import type { FollowStep } from '../../src/conformance/scenario.ts';
import type { Received } from '../../src/conformance/sending.ts';
import { jumpingTime } from './harness.ts';

const STEP: FollowStep = {
  ...{ kind: 'follow', id: 'ends', title: 'ends', operation: 'ShowAsyncTaskResult', source: 'show' },
  ...{ task: 'task', type: 'import_api', ends: 'succeed', result: { group_id: 'g1' } },
};
const HEADERS = { 'content-type': 'application/json', 'x-request-id': 'a'.repeat(32) };
const task = (status: string, result = ''): Received => ({
  ...{ status: 200, headers: HEADERS },
  text: JSON.stringify({ task_id: 't1', task_status: status, task_type: 'import_api', task_result: result }),
});
const DONE = task('succeed', '{"group_id":"g1"}');
const error = (status: number, code: string): Received => ({
  ...{ status, headers: HEADERS },
  text: JSON.stringify({ error_code: code, error_msg: 'text' }),
});

/** Follows over these responses, the last one for ever. */
async function followed(responses: readonly Received[], timeoutMs = 60_000) {
  const time = jumpingTime();
  let sent = 0;
  const send = async (): Promise<Received> => {
    sent += 1;
    return responses[Math.min(sent, responses.length) - 1] ?? DONE;
  };
  const state = {
    options: { time, timeoutMs },
    ...{ send, variables: new Map([['task', 't1']]), pending: new Set(['t1']), states: new Set<string>() },
  };
  const { differences, value } = await follow('a/b', STEP, state);
  const found = differences.map(({ at, expected, received }) => `${at}: ${expected} <> ${received}`);
  return { found, value, state, time, sent };
}

describe('a task that is followed', () => {
  it('is polled with growing pauses to its end, and twice after it', async () => {
    const waiting = Array.from({ length: 12 }, () => task('waiting'));
    const { found, value, state, time, sent } = await followed([...waiting, task('processing'), DONE]);
    expect([found, value, sent]).toEqual([[], { group_id: 'g1' }, 16]);
    expect(time.waited[0]).toBe(200);
    expect(time.waited.at(-1)).toBe(2000);
    expect([[...state.states], state.pending.size]).toEqual([['waiting', 'processing', 'succeed'], 0]);
  });

  it.each<[string, readonly Received[], string[]]>([
    [
      'goes back',
      [task('processing'), task('waiting'), DONE],
      ['body/task_status: no way back from "processing" <> "waiting"'],
    ],
    [
      'has a result before its end',
      [task('waiting', '{}'), task('waiting', '{}'), DONE],
      ['body/task_result: "" <> "{}"'],
    ],
    [
      'fails',
      [task('failed', '{"error_code":"APIG.3201","error_msg":"exists"}')],
      ['body/task_status: "succeed" <> "failed": APIG.3201 exists'],
    ],
    ['ends in a state that nobody knows', [task('done')], ['body/task_status: "succeed" <> "done"']],
    ['is not found', [task('waiting'), error(404, 'APIG.3093')], ['status: 200 <> 404 APIG.3093 text']],
    [
      'is forgotten after its end',
      [DONE, error(404, 'APIG.3093')],
      [
        'poll 1 after the end: the same response after the end of the task <> 404 {"error_code":"APIG.3093","error_msg":"text"}',
      ],
    ],
    [
      'changes after its end',
      [DONE, DONE, task('succeed', '{"group_id":"g2"}')],
      [expect.stringMatching(/^poll 2 after the end: .* <> 200 \{.*g2/) as unknown as string],
    ],
    [
      'has another result',
      [task('succeed', '{"group_id":"g2"}')],
      ['body/task_result/group_id: "g1" <> "g2"'],
    ],
  ])('and %s is reported', async (_what, responses, wanted) => {
    expect((await followed(responses)).found).toEqual(wanted);
  });

  it('is given up when it does not end in time, and stays a task that is under way', async () => {
    const { found, state } = await followed([task('waiting')], 5000);
    expect(found).toEqual(['task: an end within 5 s <> "waiting"']);
    expect([...state.pending]).toEqual(['t1']);
  });

  it.each([
    [
      'rejected credentials',
      error(401, 'APIG.1002'),
      /^the credentials are rejected since then: 401 APIG\.1002/,
    ],
    [
      'a full quota',
      task('failed', '{"error_code":"APIG.3102","error_msg":"too many APIs"}'),
      /^a quota of the instance is full: APIG\.3102 too many APIs/,
    ],
  ])('ends the run for %s', async (_why, received, line) => {
    await expect(followed([received])).rejects.toThrow(line);
  });
});
