/** Same seed, same calls: same ids and responses, whatever other scopes do meanwhile. */
import { describe, expect, it } from 'vitest';
import type { ApigMock } from '../../src/index.ts';
import { callsOf, document, type Place, stillMock } from './scene.ts';

/** A short scenario in one scope, and each of its responses. */
async function scenario(mock: ApigMock, place: Place): Promise<string[]> {
  const calls = callsOf(mock.url, place);
  const responses: string[] = [];
  const ids = [await calls.importFile(document('a')), await calls.importFile(document('b', '/b'))];
  const task = await mock.tasks.create({ ...place, task_type: 'export_api' });
  await mock.clock.advance(2000, place);
  for (const id of [...ids, task.task_id]) responses.push((await calls.poll(id)).text);
  const fault = await mock.faults.add({ ...place, probability: 0.5, action: { type: 'error', status: 500 } });
  for (let at = 0; at < 20; at += 1) responses.push(String((await calls.poll(ids[0] ?? '')).status));
  return [...responses, fault.id];
}

const A = { project_id: 'pa', instance_id: 'i1' };
const B = { project_id: 'pb', instance_id: 'i1' };

describe('a seed', () => {
  it('gives the same responses again, alone and beside another scope', async () => {
    await using first = await stillMock({ seed: 'x' });
    await using second = await stillMock({ seed: 'x' });
    await first.clock.freeze(A);
    for (const place of [A, B]) await second.clock.freeze(place);
    const alone = await scenario(first, A);
    const [beside, other] = await Promise.all([scenario(second, A), scenario(second, B)]);
    expect(beside).toEqual(alone);
    expect(other).not.toEqual(alone);
  });

  it('that is another gives others; none gives others each time', async () => {
    await using one = await stillMock({ seed: 'x' });
    await using two = await stillMock({ seed: 'y' });
    await using none = await stillMock();
    const [a, b, c] = await Promise.all([one, two, none].map((mock) => scenario(mock, A)));
    expect(new Set([a?.at(-1), b?.at(-1), c?.at(-1)]).size).toBe(3);
  });

  it('starts over with a reset', async () => {
    await using mock = await stillMock({ seed: 'x' });
    await mock.clock.set({ ...A, mode: 'manual', now: '2026-01-01T00:00:00Z' });
    const before = await scenario(mock, A);
    await mock.reset(A);
    await mock.clock.set({ ...A, mode: 'manual', now: '2026-01-01T00:00:00Z' });
    expect(await scenario(mock, A)).toEqual(before);
  });
});
