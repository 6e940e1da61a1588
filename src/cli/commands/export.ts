/** `apig-mock export GROUP`: submits an export, follows its task, writes the file. */
import { access, constants, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { writeFault } from '../../core/system-error.ts';
import { createApiClient } from '../client/api-client.ts';
import { findGroup } from '../client/groups.ts';
import { targetOf } from '../client/target.ts';
import { followTask } from '../client/task-progress.ts';
import { taskFailure } from '../client/task-reason.ts';
import { type Given, outputJson } from '../command.ts';
import { CommandFailure } from '../failure.ts';
import { harmless, type Terminal } from '../terminal/terminal.ts';

const RELEASE = 'DEFAULT_ENVIRONMENT_RELEASE_ID';

/** Runs the command. Throws `SettingError` (wrong use) and `CommandFailure`. */
export async function runExport(given: Given, terminal: Terminal): Promise<void> {
  const { subject, texts } = given;
  const target = targetOf(given);
  await checkOut(texts['out']);
  const callApi = createApiClient(target);
  const group = await findGroup(callApi, target, subject);
  const member = (name: string, flag: string) => (texts[flag] === undefined ? {} : { [name]: texts[flag] });
  const submitted = await callApi({
    method: 'POST',
    path: '/openapi/async-export',
    query: member('oas_version', 'oas-version') as Record<string, string>,
    json: {
      env_id: texts['env-id'] ?? RELEASE,
      group_id: group.id,
      ...member('define', 'define'),
      ...member('type', 'type'),
      ...member('version', 'file-version'),
      ...(texts['apis'] === undefined ? {} : { apis: texts['apis'].split(',').map((id) => id.trim()) }),
    },
  });
  const taskId = String(submitted['task_id']);
  const ending = await followTask(callApi, { taskId, what: 'export', target }, terminal);
  if (ending.status === 'failed') {
    const what = `group ${group.name} was not exported`;
    outputJson(given, terminal, { task_id: taskId, task_status: 'failed', ...ending.error });
    throw await taskFailure(target, { taskId, what, error: ending.error });
  }
  const file = await write(ending.result, texts['out'], terminal);
  const shown = { task_id: taskId, task_status: 'succeed', group_id: group.id, ...file };
  if (!outputJson(given, terminal, shown) && file.content !== undefined) terminal.out(file.content);
}

const isFolder = async (out: string): Promise<boolean> =>
  out.endsWith('/') || (await stat(out).catch(() => undefined))?.isDirectory() === true;

/** Looks before anything is exported whether the file can be written afterwards. Throws `CommandFailure`. */
async function checkOut(out: string | undefined): Promise<void> {
  if (out === undefined || out === '-') return;
  const folder = (await isFolder(out)) ? out : dirname(out);
  const cannot = (cause: NodeJS.ErrnoException): never => {
    throw unwritable(out, cause);
  };
  await access(folder, constants.W_OK).catch(cannot);
  if (folder !== out)
    await access(out, constants.W_OK).catch((cause: NodeJS.ErrnoException) =>
      cause.code === 'ENOENT' ? undefined : cannot(cause),
    );
}

const unwritable = (path: string, cause: NodeJS.ErrnoException): CommandFailure =>
  new CommandFailure(`cannot write '${path}': ${writeFault(cause)}: choose another place with --out`);

/** What became of the file: its path, or its content where stdout takes it. */
interface Written {
  readonly file_name: string;
  readonly path?: string;
  readonly content?: string;
}

/** Writes the file to where it was asked for; stdout is left to the caller. */
async function write(
  result: Record<string, unknown>,
  out: string | undefined,
  terminal: Terminal,
): Promise<Written> {
  const text = String(result['Comment'] ?? '');
  // The name comes from the other side: it stays in the folder that was asked for.
  const name = basename(
    `${result['FileName'] ?? 'export'}${result['FileType'] ?? ''}`.replaceAll(/[\\:\p{Cc}]/gu, '-'),
  );
  if (out === undefined || out === '-')
    return { file_name: name, content: text.endsWith('\n') ? text : `${text}\n` };
  const path = (await isFolder(out)) ? join(out, name) : out;
  await writeFile(path, text).catch((cause: NodeJS.ErrnoException) => {
    throw unwritable(path, cause);
  });
  terminal.note(`written to ${harmless(path)} (${Buffer.byteLength(text)} bytes)`);
  return { file_name: name, path };
}
