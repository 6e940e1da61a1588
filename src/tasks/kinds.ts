/** The kinds of tasks and their states, as data alone: the page shares them with the server. */

export const TASK_TYPES = ['import_api', 'export_api'] as const;
export const TASK_STATUSES = ['waiting', 'processing', 'succeed', 'failed'] as const;
