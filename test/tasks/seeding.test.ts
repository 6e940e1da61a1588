/** Seeds as tasks: those of a recording begin, at the start or with a submission, and end as recorded. */
import { describe, expect, it } from 'vitest';
import type { SeedFile, SeedTask } from '../../src/tasks/seed.ts';
import { nextSubmitted, seedTasks } from '../../src/tasks/seeding.ts';
import type { Plan } from '../../src/tasks/task.ts';

const PLAN: Plan = { mode: 'time', waiting_ms: 10, processing_ms: 20 };
const ENDED: SeedTask = {
  ...{ task_id: 't1', task_type: 'import_api', task_status: 'succeed', task_result: '{"a": 1}' },
  ...{ plan: PLAN, replay: 'submit' },
};
const seeding = (...seeds: SeedFile[]) => ({ seeds, planOf: () => PLAN });
const at = { projectId: 'p1', instanceId: 'i1' };

describe('a replayed task', () => {
  it.each<[string, Partial<SeedTask>, object]>([
    ['that succeeded', {}, { status: 'succeed', task_result: '{"a": 1}' }],
    [
      'that failed, its result byte for byte',
      { task_status: 'failed', task_result: '{"error_code": "APIG.3201","error_msg":"x","more":1}' },
      {
        status: 'failed',
        error_code: 'APIG.3201',
        error_msg: 'x',
        task_result: '{"error_code": "APIG.3201","error_msg":"x","more":1}',
      },
    ],
    [
      'that failed without JSON',
      { task_status: 'failed', task_result: 'oh' },
      { status: 'failed', error_code: 'unknown', error_msg: '', task_result: 'oh' },
    ],
  ])('%s', (_what, members, outcome) => {
    const task = { ...ENDED, ...members, replay: 'start' } as const;
    expect(seedTasks(seeding({ tasks: [task] }))).toEqual([
      { scope: undefined, id: 't1', type: 'import_api', plan: { ...PLAN, outcome } },
    ]);
  });

  it('that waits for a submission is not there from the start', () => {
    expect(seedTasks(seeding({ tasks: [ENDED] }))).toEqual([]);
  });
});

describe('a submission', () => {
  const second: SeedTask = { ...ENDED, task_id: 't2' };
  const other: SeedTask = { ...ENDED, task_id: 't3', task_type: 'export_api' };
  const elsewhere: SeedFile = { project_id: 'p2', instance_id: 'i1', tasks: [{ ...ENDED, task_id: 't4' }] };
  const all = seeding(elsewhere, { tasks: [ENDED, second, other] });
  const idOf = (given: Parameters<typeof nextSubmitted>[1], ...has: string[]) =>
    nextSubmitted(all, given, (id) => has.includes(id))?.id;

  it('makes the first task of its type that is not there yet, of its scope or of all', () => {
    expect(idOf({ ...at, type: 'import_api' })).toBe('t1');
    expect(idOf({ ...at, type: 'import_api' }, 't1')).toBe('t2');
    expect(idOf({ ...at, type: 'import_api' }, 't1', 't2')).toBeUndefined();
    expect(idOf({ ...at, type: 'export_api' })).toBe('t3');
    expect(idOf({ projectId: 'p2', instanceId: 'i1', type: 'import_api' })).toBe('t4');
  });

  it('makes it in its own scope; a held one stays in its state', () => {
    const held: SeedTask = { ...ENDED, task_status: 'processing', task_result: '', hold: true };
    const { plan: _, ...task } = nextSubmitted(
      seeding({ tasks: [held] }),
      { ...at, type: 'import_api' },
      () => false,
    ) as object & { plan: Plan };
    expect(task).toEqual({
      ...{ scope: at, id: 't1', type: 'import_api', held: true, status: 'processing', result: '' },
    });
  });

  it('is an ordinary one without a recording', () => {
    const seeds = { tasks: [{ ...ENDED, replay: 'start' as const }] };
    expect(nextSubmitted(seeding(seeds), { ...at, type: 'import_api' }, () => false)).toBeUndefined();
  });
});
