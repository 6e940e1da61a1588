/** The object's calls take and give copies: what a caller does to its own objects later is no change of the state. */
import { describe, expect, it } from 'vitest';
import type { ApigMock, FaultRequest, Snapshot } from '../../src/index.ts';
import { HERE, rejection, stillMock } from './scene.ts';

const END = { status: 'succeed' as const, task_result: 'as it was' };
const create = (mock: ApigMock, plan: { mode: 'manual' | 'immediate'; outcome: { status: 'succeed' } }) =>
  mock.tasks.create({ ...HERE, task_type: 'import_api', task_id: 't', plan });
type Change = (mock: ApigMock) => Promise<() => void>;

describe('the state is not changed', () => {
  it.each<[string, Change]>([
    [
      'through a plan that was given',
      async (mock) => {
        const plan = { mode: 'manual' as const, outcome: { ...END } };
        await mock.plan({ plan });
        return () => Object.assign(plan.outcome, { task_result: 5 });
      },
    ],
    [
      'through the plan of a task that was created',
      async (mock) => {
        const plan = { mode: 'manual' as const, outcome: { ...END } };
        await create(mock, plan);
        return () => Object.assign(plan, { mode: 'other' });
      },
    ],
    [
      'through the plan of a task that is shown',
      async (mock) => {
        const task = await create(mock, { mode: 'manual', outcome: { ...END } });
        return () => Object.assign(task.plan, { mode: 'other' });
      },
    ],
    [
      'through a fault that was given, or is listed',
      async (mock) => {
        const fault: FaultRequest = { action: { type: 'error', status: 500, headers: { a: 'b' } } };
        await mock.faults.add(fault);
        const [listed] = await mock.faults.list();
        return () => {
          for (const one of [fault, listed])
            Object.assign(one?.action ?? {}, { headers: { 'content-length': '1' } });
        };
      },
    ],
    [
      'through a snapshot that was taken, or restored',
      async (mock) => {
        await mock.plan({ plan: { mode: 'manual', outcome: { ...END } } });
        const taken = await mock.snapshot();
        const given = structuredClone(taken) as Snapshot;
        await mock.restore(given);
        return () => {
          for (const { plans } of [taken, given]) Object.assign(plans[0]?.plan ?? {}, { mode: 'other' });
        };
      },
    ],
  ])('%s', async (_what, prepare) => {
    await using mock = await stillMock();
    const change = await prepare(mock);
    const before = JSON.stringify(await mock.snapshot());
    change();
    expect(JSON.stringify(await mock.snapshot())).toBe(before);
    await mock.restore(JSON.parse(before));
  });

  it('by what JSON cannot hold', async () => {
    await using mock = await stillMock();
    const circle: Record<string, unknown> = { ...(await mock.snapshot()) };
    circle['apis'] = circle;
    expect(await rejection(mock.restore(circle as unknown as Snapshot))).toMatchObject({
      status: 400,
      code: 'APIG.2012',
    });
    await mock.faults.add({ probability: -0, action: { type: 'empty' } });
    expect(Object.is((await mock.faults.list())[0]?.probability, 0)).toBe(true);
  });
});
