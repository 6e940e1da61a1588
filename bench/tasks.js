/** Tasks as the cases with many of them make them. */
import { createHash } from 'node:crypto';
import { INSTANCE, PROJECT, RESPONSE } from './job.js';

/** The id of the task with this number: 32 hex digits, as the service has them. */
export const taskId = (number) => createHash('md5').update(String(number)).digest('hex');

/** A request for a task that ends at once, with the result of the provider's first example. */
export const endedTask = (number, instance = INSTANCE) => ({
  project_id: PROJECT,
  instance_id: instance,
  task_type: 'import_api',
  task_id: taskId(number),
  plan: { mode: 'immediate' },
  outcome: { status: 'succeed', task_result: RESPONSE.task_result },
});
