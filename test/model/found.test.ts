/** What sequences against the model have found, each as short as it came out: fixed cases that stay mended. */
import { describe, expect, it } from 'vitest';
import { callsOf, document, HERE, stillMock } from '../control/scene.ts';

describe('with a seed, no id is handed out that something still has', () => {
  it('after a reset of the tasks alone, which leaves the groups', async () => {
    await using mock = await stillMock({ seed: 'x', progression: 'immediate' });
    const calls = callsOf(mock.url);
    await calls.importFile(document('one'));
    await mock.reset({ only: ['tasks'] });
    await calls.importFile(document('two'));
    // Two groups, and not the second in the place of the first.
    expect(await calls.groups()).toBe(2);
  });

  it('after a reset of the tasks alone, which leaves the faults', async () => {
    await using mock = await stillMock({ seed: 'x' });
    const fault = { action: { type: 'error', status: 500 } } as const;
    const first = await mock.faults.add(fault);
    await mock.reset({ only: ['tasks'] });
    const second = await mock.faults.add(fault);
    expect(second.id).not.toBe(first.id);
    await mock.restore(await mock.snapshot());
  });

  it('after a whole reset, which puts the faults of the settings in force again', async () => {
    const fault = { ...HERE, action: { type: 'error', status: 500 } } as const;
    await using mock = await stillMock({ seed: 'x', faults: [fault] });
    const [before] = await mock.faults.list();
    await mock.reset();
    // As at the start, the first id is that of the fault.
    expect(await mock.faults.list()).toEqual([before]);
    await mock.faults.add(fault);
    const ids = (await mock.faults.list()).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    await mock.restore(await mock.snapshot());
  });
});
