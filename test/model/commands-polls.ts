/** Polls: right, in the wrong place, of nothing, without a good token; one by one and at once. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { checkAll } from './check.ts';
import { commandOf, pickOf, placeOf } from './command.ts';
import type { Model } from './model.ts';
import type { ModelTask, Place } from './model-state.ts';
import type { Expected, Work } from './model-traffic.ts';
import { type Got, instancePath, type Real } from './real.ts';

const OPERATION = 'ShowAsyncTaskResult';

const pollOnce = (real: Real, place: Place, id: string, token?: string | null): Promise<Got> =>
  real.send({
    method: 'GET',
    path: `${instancePath(place)}/async-tasks/${id}`,
    ...(token === undefined ? {} : { token }),
  });

/** What a poll of a task in the model shows; it counts. */
function expectPoll(model: Model, place: Place, id: string, tokenIsGood = true) {
  const task = model.find(place, id);
  const malformed = /^[\w-]{1,64}$/.test(id) ? {} : { malformed: 'APIG.2012' };
  const sent = {
    operation: OPERATION,
    place,
    taskId: id,
    tokenIsGood,
    ...malformed,
    isMissing: task === undefined,
  };
  let shown: ReturnType<typeof responseOf> | undefined;
  const expected = model.traffic.expect(model.state, sent, (): Work => {
    if (task !== undefined) {
      shown = responseOf(task);
      model.read(task);
    }
    return { status: 200 };
  });
  return { expected, shown };
}

const responseOf = ({ id, type, status, result = '' }: ModelTask) => ({
  task_id: id,
  task_status: status,
  task_type: type,
  task_result: result,
});

/** Checks a response against what was expected. */
export function checkResponse(got: Got, { status, code, spoilt }: Expected, body?: object): void {
  expect(got.status).toBe(status);
  if (status === 0 || spoilt === true) return;
  const response = JSON.parse(got.text);
  if (code !== undefined) expect(response).toEqual({ error_code: code, error_msg: expect.any(String) });
  else if (body !== undefined) expect(response).toEqual(body);
}

interface PollArgs {
  readonly pick: number;
  readonly how: 'right' | 'elsewhere' | 'unknown' | 'bad id' | 'bad token' | 'no token';
}

const poll = commandOf<PollArgs>('poll', {
  when: ({ state }) => state.tasks.length > 0,
  async run(model, real, { pick, how }) {
    const task = pickOf(model.state.tasks, pick) as ModelTask;
    const place = how === 'elsewhere' ? placeOf(pick) : task.place;
    const id = how === 'unknown' ? 'nobody' : how === 'bad id' ? 'a.b' : task.id;
    const token = how === 'bad token' ? 'nonsense' : how === 'no token' ? null : undefined;
    const got = await pollOnce(real, place, id, token);
    const { expected, shown } = expectPoll(model, place, id, token === undefined);
    checkResponse(got, expected, shown);
    if (expected.status !== 200 || shown === undefined || how === 'elsewhere') return;
    // The control view of the same task, as it is after the read.
    const view = await real.control.tasks.get(id, place);
    expect(view.task_status).toBe(task.status);
  },
});

/** Several at one time see together what they would one after the other. Faults would match who knows which. */
const pollAtOnce = commandOf<{ pick: number; count: number }>('pollAtOnce', {
  when: ({ state }) => state.tasks.length > 0 && state.faults.length === 0,
  async run(model, real, { pick, count }) {
    const { place, id } = pickOf(model.state.tasks, pick) as ModelTask;
    const got = await Promise.all(Array.from({ length: count }, () => pollOnce(real, place, id)));
    const expected = got.map(() => expectPoll(model, place, id).shown?.task_status);
    expect(got.map(({ text }) => JSON.parse(text).task_status).sort()).toEqual(expected.sort());
  },
});

/** Every task there is, from its own place and from the two others. */
export async function pollEverything(model: Model, real: Real): Promise<void> {
  for (const { id } of [...model.state.tasks]) {
    for (const at of [0, 1, 2]) {
      const got = await pollOnce(real, placeOf(at), id);
      const { expected, shown } = expectPoll(model, placeOf(at), id);
      checkResponse(got, expected, shown);
    }
    // What has ended by being read is read from the control view before it is polled again.
    await checkAll(model, real);
  }
}

const pick = fc.nat(20);
const right = fc.constant('right' as const);
export const polls = [
  fc.record({ pick, how: right }).map(poll),
  fc
    .record({
      pick,
      how: fc.constantFrom(
        'right',
        'elsewhere',
        'unknown',
        'bad id',
        'bad token',
        'no token',
      ) as fc.Arbitrary<PollArgs['how']>,
    })
    .map(poll),
  fc.record({ pick, count: fc.integer({ min: 2, max: 4 }) }).map(pollAtOnce),
];
