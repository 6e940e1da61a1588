/** A task as JSON: the provider's four members in their order, and the fuller view of the control calls. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TASK_STATUSES, TASK_TYPES } from '../../src/tasks/task.ts';
import { resultOf, resultText, taskDetails, textOf } from '../../src/tasks/wire.ts';
import { timePlan, workshop } from './workshop.ts';

describe("the provider's response", () => {
  it('is what JSON makes of the four members in the order of the page (property)', async () => {
    const spec = fc.record({
      id: fc.string({ minLength: 1 }),
      status: fc.constantFrom(...TASK_STATUSES),
      type: fc.constantFrom(...TASK_TYPES),
      result: fc.string({ unit: 'binary' }),
    });
    await fc.assert(
      fc.asyncProperty(spec, async ({ id, status, type, result }) => {
        const { create } = workshop();
        const task = await create(id, timePlan(1, 1), { status, type, result, held: true });
        expect(resultOf(task)).toBe(result);
        expect(textOf(task)).toBe(
          JSON.stringify({ task_id: id, task_status: status, task_type: type, task_result: result }),
        );
        expect(resultOf(task)).toBe(result);
      }),
    );
  });

  it('carries the result as a string, empty until there is one', async () => {
    const { create } = workshop();
    expect(textOf(await create('a', timePlan(1, 1), { type: 'export_api' }))).toBe(
      '{"task_id":"a","task_status":"waiting","task_type":"export_api","task_result":""}',
    );
  });

  it.each(['","task_result":""}', '\\"', '\n', '{"task_result":""}', '""'])(
    'gives back a result of %j as it was',
    async (result) => {
      const { create } = workshop();
      const task = await create('a', {
        mode: 'immediate',
        outcome: { status: 'succeed', task_result: result },
      });
      for (const _ of ['before', 'after the first read']) {
        expect([resultOf(task), taskDetails(task).task_result]).toEqual([result, result]);
        expect(JSON.parse(textOf(task)).task_result).toBe(result);
      }
    },
  );
});

describe('the text of task_result', () => {
  it('is the result as it stands, or the error as JSON', () => {
    expect(resultText({ status: 'succeed', result: '{ "a" : 1 }' })).toBe('{ "a" : 1 }');
    expect(
      resultText({
        status: 'failed',
        error_code: 'APIG.3201',
        error_msg: 'The API group name already exists',
      }),
    ).toBe('{"error_code":"APIG.3201","error_msg":"The API group name already exists"}');
  });
});

describe('the view of the control calls', () => {
  it('gains its times as they are reached', async () => {
    const { create, clock } = workshop();
    const plan = timePlan(500, 1500);
    const task = await create('a', plan);
    const base = {
      task_id: 'a',
      task_type: 'import_api',
      project_id: 'p1',
      instance_id: 'i1',
      plan,
      hold: false,
      polls: 0,
    };
    const created_at = '2026-01-01T00:00:00.000Z';
    expect(taskDetails(task)).toEqual({ ...base, task_status: 'waiting', task_result: '', created_at });
    await clock.advance(500);
    const started_at = '2026-01-01T00:00:00.500Z';
    expect(taskDetails(task)).toEqual({
      ...base,
      task_status: 'processing',
      task_result: '',
      created_at,
      started_at,
    });
    await clock.advance(1500);
    expect(taskDetails(task)).toEqual({
      ...base,
      task_status: 'succeed',
      task_result: '{"done":true}',
      created_at,
      started_at,
      ended_at: '2026-01-01T00:00:02.000Z',
    });
  });

  it('of a task that every scope sees names no project', async () => {
    const { create } = workshop();
    const details = taskDetails(await create('a', timePlan(1, 1), { scope: undefined, held: true }));
    expect(details).toMatchObject({ task_id: 'a', hold: true });
    expect(details).not.toHaveProperty('project_id');
    expect(details).not.toHaveProperty('instance_id');
  });
});
