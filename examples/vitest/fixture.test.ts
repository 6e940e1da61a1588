/** Two tests side by side, each with its own project and its own clock. */
import { expect } from 'vitest';
import { test } from './fixture.ts';

test.concurrent.for([500, 1000])(
  'a task waits %i ms, in a project of its own',
  async (waiting_ms, { mock, place }) => {
    await mock.plan({ ...place, plan: { mode: 'time', waiting_ms, processing_ms: 1 } });
    const { task_id } = await mock.tasks.create({ ...place, task_type: 'import_api' });
    await mock.clock.advance(waiting_ms - 1, place);
    expect((await mock.tasks.get(task_id, place)).task_status).toBe('waiting');
    await mock.clock.advance(1, place);
    expect((await mock.tasks.get(task_id, place)).task_status).toBe('processing');
  },
);
