/** `apig-mock import FILE`: submits an import, follows its task, shows what became of each API. */
import { basename } from 'node:path';
import { readBytes } from '../../core/text-file.ts';
import { type CallApi, createApiClient } from '../client/api-client.ts';
import { targetOf } from '../client/target.ts';
import { followTask } from '../client/task-progress.ts';
import { reasonOf, taskFailure } from '../client/task-reason.ts';
import { type Given, outputJson } from '../command.ts';
import { CommandFailure } from '../failure.ts';
import { formatTable } from '../terminal/table.ts';
import { harmless, type Paint, type Terminal } from '../terminal/terminal.ts';

/** Runs the command. Throws `SettingError` (wrong use) and `CommandFailure`. */
export async function runImport(given: Given, terminal: Terminal): Promise<void> {
  const { subject: path, texts, switches } = given;
  const target = targetOf(given);
  const content = await readBytes(path, 'import', 'files and pipes');
  const groupId = texts['group-id'];
  const form = {
    is_create_group: String(groupId === undefined),
    ...(groupId === undefined ? {} : { group_id: groupId }),
    ...(texts['api-mode'] === undefined ? {} : { api_mode: texts['api-mode'] }),
    ...(texts['extend-mode'] === undefined ? {} : { extend_mode: texts['extend-mode'] }),
    mock_mode: String(switches.has('mock-mode')),
    simple_mode: String(switches.has('simple-mode')),
    file_name: { name: basename(path), content: new Uint8Array(content) },
  };
  const callApi = createApiClient(target);
  const submitted = await callApi({ method: 'POST', path: '/openapi/async-import', form });
  const taskId = String(submitted['task_id']);
  const ending = await followTask(callApi, { taskId, what: 'import', target }, terminal);
  if (ending.status === 'failed') {
    outputJson(given, terminal, { task_id: taskId, task_status: 'failed', ...ending.error });
    const what = `'${path}' was not imported`;
    throw await taskFailure(target, { taskId, what, error: ending.error });
  }
  const reason = await reasonOf(target, taskId);
  if (reason !== undefined) terminal.note(harmless(reason));
  const shown = { task_id: taskId, task_status: 'succeed', ...ending.result };
  if (!outputJson(given, terminal, shown)) await report(ending.result, { callApi, terminal });
  checkRows(rowsOf(ending.result), { path, groupId: String(ending.result['group_id']) });
}

interface Reported {
  readonly callApi: CallApi;
  readonly terminal: Terminal;
}

type Row = readonly [method: string, path: string, outcome: string, detail: string];
const OUTCOMES: Readonly<Record<string, Paint>> = {
  created: 'good',
  updated: 'good',
  unchanged: 'quiet',
  failed: 'bad',
};

/** The table, and one line that sums up. */
async function report(result: Record<string, unknown>, reported: Reported): Promise<void> {
  const { terminal } = reported;
  const rows = rowsOf(result);
  const paint = (cell: string, row: number, column: number): string => {
    if (row === 0) return terminal.paint(cell, 'quiet');
    return column === 2 ? terminal.paint(cell, OUTCOMES[cell] ?? 'quiet') : cell;
  };
  terminal.out(formatTable([['METHOD', 'PATH', 'OUTCOME', 'ID OR ERROR'], ...rows], { paint }));
  const count = (outcome: string): number => rows.filter((row) => row[2] === outcome).length;
  const counts = Object.keys(OUTCOMES).flatMap((outcome) => {
    const times = count(outcome);
    return times === 0 ? [] : [`${times} ${outcome}`];
  });
  const group = await groupName(result, reported);
  terminal.out(`\n${counts.join(', ') || 'no APIs in the file'}; group ${harmless(group)}\n`);
}

/** The error of an operation without `x-apigateway-backend`. */
const NO_BACK_END = /^APIG\.2001 .*backend_type/;

/** Throws `CommandFailure` when an API failed. */
function checkRows(rows: readonly Row[], { path, groupId }: { path: string; groupId: string }): void {
  const failures = rows.filter(([, , outcome]) => outcome === 'failed');
  if (failures.length === 0) return;
  const advice = failures.every(([, , , error]) => NO_BACK_END.test(error))
    ? `a plain OpenAPI file lacks x-apigateway-backend: import it again with --group-id ${groupId} --mock-mode, which gives every API a Mock back end`
    : `the table shows why; fix the file and import it again with --group-id ${groupId}`;
  throw new CommandFailure(
    `${failures.length} of the ${rows.length} APIs of '${path}' were not imported: ${advice}`,
  );
}

function rowsOf(result: Record<string, unknown>): Row[] {
  const list = (name: string) =>
    (Array.isArray(result[name]) ? result[name] : []) as Record<string, unknown>[];
  const text = (value: unknown): string => String(value ?? '');
  return [
    ...list('success').map(
      ({ method, path, action, id }): Row => [
        text(method),
        text(path),
        action === 'update' ? 'updated' : 'created',
        text(id),
      ],
    ),
    ...list('ignore').map(
      ({ method, path }): Row => [text(method), text(path), 'unchanged', 'exists already'],
    ),
    ...list('failure').map(
      ({ method, path, error_code, error_msg }): Row => [
        text(method),
        text(path),
        'failed',
        `${text(error_code)} ${text(error_msg)}`,
      ],
    ),
  ];
}

/** The group's name and id; the id alone when its name cannot be had. */
async function groupName(result: Record<string, unknown>, { callApi }: Reported): Promise<string> {
  const id = String(result['group_id'] ?? '');
  try {
    const { groups } = (await callApi({ method: 'GET', path: '/api-groups', query: { id } })) as {
      groups: { id: string; name: string }[];
    };
    const name = groups.find((group) => group.id === id)?.name;
    return name === undefined ? id : `${name} (${id})`;
  } catch {
    return id;
  }
}
