/** `apig-mock export GROUP`: submits an export, follows its task, writes the file. */
import { access, constants, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DEFINES, FILE_TYPES, OAS_VERSIONS } from '../core/choices.ts';
import { writeFault } from '../core/system-error.ts';
import { type CallApi, createApiClient } from './api-client.ts';
import { type CommandFlags, readArguments, type Target } from './client-flags.ts';
import { CommandFailure } from './failure.ts';
import { followTask } from './task-progress.ts';
import { taskFailure } from './task-reason.ts';
import { harmless, type Terminal } from './terminal.ts';

const RELEASE = 'DEFAULT_ENVIRONMENT_RELEASE_ID';
const FLAGS: CommandFlags = {
  command: 'export',
  subject: 'GROUP',
  texts: ['env-id', 'file-version', 'apis', 'out'],
  switches: [],
  choices: { define: DEFINES, type: FILE_TYPES, 'oas-version': OAS_VERSIONS },
};

/** Runs the command. Throws `SettingError` (wrong use) and `CommandFailure`. */
export async function runExport(argv: readonly string[], terminal: Terminal): Promise<void> {
  const { target, subject, texts, help } = readArguments(argv, FLAGS);
  if (help) return terminal.out((await import('./client-help.ts')).exportHelp());
  await checkOut(texts['out']);
  const callApi = createApiClient(target);
  const group = await findGroup(callApi, target, subject);
  const given = (name: string, flag: string) => (texts[flag] === undefined ? {} : { [name]: texts[flag] });
  const submitted = await callApi({
    method: 'POST',
    path: '/openapi/async-export',
    query: given('oas_version', 'oas-version') as Record<string, string>,
    json: {
      env_id: texts['env-id'] ?? RELEASE,
      group_id: group.id,
      ...given('define', 'define'),
      ...given('type', 'type'),
      ...given('version', 'file-version'),
      ...(texts['apis'] === undefined ? {} : { apis: texts['apis'].split(',').map((id) => id.trim()) }),
    },
  });
  const taskId = String(submitted['task_id']);
  const ending = await followTask(callApi, { taskId, what: 'export', timeoutMs: target.timeoutMs }, terminal);
  if (ending.status === 'failed') {
    const what = `group ${group.name} was not exported`;
    throw await taskFailure(target, { taskId, what, error: ending.error });
  }
  await write(ending.result, texts['out'], terminal);
}

interface Group {
  readonly id: string;
  readonly name: string;
}
const PAGE = 500;

/** The group with this id, else the one with this very name. */
async function findGroup(
  callApi: CallApi,
  { projectId, instanceId }: Target,
  wanted: string,
): Promise<Group> {
  const list = async (query: Record<string, string>): Promise<{ groups: Group[]; total: number }> =>
    (await callApi({
      method: 'GET',
      path: '/api-groups',
      query: { limit: String(PAGE), ...query },
    })) as never;
  if (/^[A-Za-z0-9_-]{1,64}$/.test(wanted)) {
    const byId = (await list({ id: wanted })).groups.find(({ id }) => id === wanted);
    if (byId !== undefined) return byId;
  }
  for (let offset = 0; ; offset += PAGE) {
    const { groups, total } = await list({ name: wanted, offset: String(offset) });
    const found = groups.find(({ name }) => name === wanted);
    if (found !== undefined) return found;
    if (groups.length === 0 || offset + PAGE >= total) break;
  }
  const { groups } = await list({});
  const where = `project ${projectId}, instance ${instanceId}`;
  const advice =
    groups.length === 0
      ? 'there are no groups at all; make one with apig-mock import FILE, or see --project and --instance'
      : `there are ${groups
          .slice(0, 5)
          .map(({ id, name }) => `${name} (${id})`)
          .join(', ')}${groups.length > 5 ? ' and more' : ''}`;
  throw new CommandFailure(harmless(`no group has the id or the name '${wanted}' in ${where}: ${advice}`));
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

/** Writes the file to where it was asked for, or to stdout. */
async function write(
  result: Record<string, unknown>,
  out: string | undefined,
  terminal: Terminal,
): Promise<void> {
  const text = String(result['Comment'] ?? '');
  if (out === undefined || out === '-') return terminal.out(text.endsWith('\n') ? text : `${text}\n`);
  // The name comes from the other side: it stays in the folder that was asked for.
  const name = basename(
    `${result['FileName'] ?? 'export'}${result['FileType'] ?? ''}`.replaceAll(/[\\:\p{Cc}]/gu, '-'),
  );
  const path = (await isFolder(out)) ? join(out, name) : out;
  await writeFile(path, text).catch((cause: NodeJS.ErrnoException) => {
    throw unwritable(path, cause);
  });
  terminal.note(`written to ${harmless(path)} (${Buffer.byteLength(text)} bytes)`);
}
