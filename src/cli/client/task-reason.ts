/** Why a task failed: a mock reports it in its control calls; elsewhere the code alone shows the usual cause. */
import { request } from 'undici';
import { CommandFailure } from '../failure.ts';
import { harmless } from '../terminal/terminal.ts';
import type { Target } from './target.ts';
import type { TaskError } from './task-progress.ts';

const TIMEOUT_MS = 2000;

export interface FailedTask {
  readonly taskId: string;
  /** What has not been done: `group g was not exported`. */
  readonly what: string;
  readonly error: TaskError;
}

/** The failure of the command: the error in the response, then the reason, where one is known. */
export async function taskFailure(
  target: Target,
  { taskId, what, error }: FailedTask,
): Promise<CommandFailure> {
  const { error_code, error_msg } = error;
  const reason = (await reasonOf(target, taskId)) ?? USUAL[error_code];
  const why = reason === undefined ? '' : `: ${reason}`;
  return new CommandFailure(harmless(`${what}: ${error_code} ${error_msg}${why}`));
}

/** What the mock at the endpoint reports of a task; undefined where there is none. No credentials go out: the service itself knows no such address. */
export const reasonOf = (target: Target, taskId: string): Promise<string | undefined> =>
  readReason(target, taskId).catch(() => undefined);

async function readReason(target: Target, taskId: string): Promise<string | undefined> {
  const { endpoint, projectId, instanceId } = target;
  const place = new URLSearchParams({ project_id: projectId, instance_id: instanceId });
  const { statusCode, body } = await request(
    `${endpoint}/__admin/tasks/${encodeURIComponent(taskId)}?${place}`,
    { headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS },
  );
  if (statusCode !== 200) {
    await body.dump();
    return undefined;
  }
  const { reason } = (await body.json()) as { reason?: unknown };
  return typeof reason === 'string' && reason !== '' ? reason : undefined;
}

const USUAL: Readonly<Record<string, string>> = {
  'APIG.2044': 'info.title must have 3 to 255 letters, digits and -_./:(), first a letter or digit',
  'APIG.3001': 'no group has the id of --group-id; without it a new group is made',
  'APIG.3002': '--apis takes ids of APIs of this group',
  'APIG.3003': 'no environment has the id of --env-id; RELEASE is the default',
  'APIG.3127': 'split the file',
  'APIG.3201': 'give info.title another name, or import into the group that is there with --group-id ID',
  'APIG.3600': 'the file must be one JSON or YAML document, a mapping',
  'APIG.3602': 'the file must be Swagger 2.0 or OpenAPI 3.0, with paths that are mappings',
};
