/** The one job every server of the benchmark does: paths, credentials, and the expected responses. */
import { readFileSync } from 'node:fs';

export const ROOT = new URL('..', import.meta.url).pathname;

const { tasks } = JSON.parse(readFileSync(`${ROOT}fixtures/tasks/documented.json`, 'utf8'));
const [example] = tasks;

export const PROJECT = 'benchmark-project';
export const INSTANCE = 'benchmark-instance';
export const TOKEN = 'dev-token';
export const ACCESS_KEY = 'dev-ak';
export const SECRET_KEY = 'dev-sk';
export const TASK_ID = example.task_id;
export const UNKNOWN_ID = 'ffffffffffffffffffffffffffffffff';

/** The members of the response in the provider's order. */
export const RESPONSE = {
  task_id: example.task_id,
  task_status: example.task_status,
  task_type: example.task_type,
  task_result: example.task_result,
};
export const UNAUTHORIZED = {
  error_code: 'APIG.1002',
  error_msg: 'Incorrect token or token resolution failed',
};
export const NOT_FOUND = {
  error_code: 'APIG.3093',
  error_msg: `Async task ${UNKNOWN_ID} does not exist`,
};

/** The path of a poll. */
export const pollPath = (taskId = TASK_ID, { project = PROJECT, instance = INSTANCE } = {}) =>
  `/v2/${project}/apigw/instances/${instance}/async-tasks/${taskId}`;

const withToken = { 'x-auth-token': TOKEN };

/** What a case sends, and the status it must get. */
export const POLLS = {
  hit: { requests: [{ path: pollPath(), headers: withToken }], status: 200 },
  miss: { requests: [{ path: pollPath(UNKNOWN_ID), headers: withToken }], status: 404 },
  rejected: { requests: [{ path: pollPath(), headers: {} }], status: 401 },
};
