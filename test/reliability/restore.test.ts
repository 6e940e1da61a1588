/** Snapshots put back while others are at work: what stands afterwards is one of them, whole, and never a mixture. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/admin/state/snapshot.ts';
import { type ApigMock, startApigMock } from '../../src/index.ts';
import { call, taskUrl } from '../support/mock.ts';

const startEmpty = (): Promise<ApigMock> => startApigMock({ fixtures: 'none', progression: 'manual' });

/** A snapshot of `count` tasks whose ids begin with its name; each also has a clock of its own. */
function snapshotOf(name: string, count: number): Snapshot {
  return {
    format: 'apig-mock-snapshot',
    version: 1,
    clocks: [
      { mode: 'system', now_ms: 0 },
      { project_id: name, mode: 'manual', now_ms: 1000 },
    ],
    plans: [],
    faults: [],
    ids: {},
    apis: { scopes: [] },
    tasks: Array.from({ length: count }, (_, at) => ({
      project_id: 'p1',
      instance_id: 'i1',
      task_id: `${name}-${at}`,
      task_type: 'import_api' as const,
      task_status: 'waiting' as const,
      task_result: '',
      plan: { mode: 'immediate' as const },
      hold: true,
      polls: 0,
      created_ms: 0,
    })),
  };
}

describe('restores and resets at the same time', () => {
  it('leave the state of one of them, whole', async () => {
    await using mock = await startEmpty();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('a', 'b', 'c', 'reset'), { minLength: 2, maxLength: 6 }),
        async (calls) => {
          const sizes: Record<string, number> = { a: 3, b: 5, c: 8, reset: 0 };
          await Promise.all(
            calls.map((name) =>
              name === 'reset' ? mock.reset() : mock.restore(snapshotOf(name, sizes[name] ?? 0)),
            ),
          );
          // Which one is last is not specified; that it is whole is.
          const { total, tasks } = await mock.tasks.list();
          const name = tasks[0]?.task_id.split('-')[0] ?? 'reset';
          expect(calls).toContain(name);
          expect([total, tasks.every(({ task_id }) => task_id.startsWith(`${name}-`))]).toEqual([
            sizes[name],
            true,
          ]);
        },
      ),
      { numRuns: 60, examples: [[['a', 'b']], [['a', 'reset']], [['reset', 'reset', 'c']]] },
    );
  });

  it('are seen at once or not at all: a task that both states have is never missing', async () => {
    await using mock = await startEmpty();
    await mock.restore(snapshotOf('a', 200));
    let done = false;
    const restoring = mock.restore(snapshotOf('a', 200)).finally(() => {
      done = true;
    });
    let polls = 0;
    while (!done || polls === 0) {
      const responses = await Promise.all(['a-0', 'a-199'].map((id) => call(taskUrl(mock.url, id))));
      expect(responses.map(({ status }) => status)).toEqual([200, 200]);
      polls += 1;
    }
    await restoring;
  });

  it('drop or keep a task that came in meanwhile, as a whole', async () => {
    await using mock = await startEmpty();
    const restoring = mock.restore(snapshotOf('a', 2));
    const creating = mock.tasks.create({ project_id: 'p1', instance_id: 'i1', task_type: 'import_api' });
    await Promise.all([restoring, creating]);
    const { tasks } = await mock.tasks.list();
    expect(tasks.slice(0, 2).map(({ task_id }) => task_id)).toEqual(['a-0', 'a-1']);
    // Dropped, or created after: either way it is where it can be found, and can be stepped.
    for (const { task_id } of tasks.slice(2)) await mock.tasks.step(task_id);
  });

  it('reject an id that appears twice in a scope, and change nothing', async () => {
    await using mock = await startEmpty();
    await mock.restore(snapshotOf('a', 1));
    const [task] = snapshotOf('b', 1).tasks;
    if (task === undefined) throw new Error('no task');
    const twice = { ...snapshotOf('b', 0), tasks: [task, { ...task, instance_id: 'i2' }, task] };
    await expect(mock.restore(twice)).rejects.toThrow(/parameterName:tasks\[2\].task_id/);
    expect((await mock.tasks.list()).tasks.map(({ task_id }) => task_id)).toEqual(['a-0']);
  });
});
