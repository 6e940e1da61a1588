/** `apig-mock groups`: the API groups of a mock or of the service, by the emulated API itself. */
import { type CallApi, createApiClient } from '../client/api-client.ts';
import { findGroup, listPages } from '../client/groups.ts';
import { targetOf } from '../client/target.ts';
import { type Given, outputJson } from '../command.ts';
import { formatTable } from '../terminal/table.ts';
import { harmless, type Terminal } from '../terminal/terminal.ts';

type Row = Readonly<Record<string, unknown>>;

/** Runs the command. */
export async function runGroups(given: Given, terminal: Terminal): Promise<void> {
  const target = targetOf(given);
  const callApi = createApiClient(target);
  if (given.action === 'list') {
    const groups = await listPages(callApi, '/api-groups', 'groups');
    if (outputJson(given, terminal, { groups })) return;
    return show(groups, ['id', 'name', 'register_time', 'remark'], terminal);
  }
  const { id, name } = await findGroup(callApi, target, given.subject);
  if (given.action === 'show') return showGroup(id, { callApi, given, terminal });
  await callApi({ method: 'DELETE', path: `/api-groups/${id}` });
  if (!outputJson(given, terminal, { deleted: id })) terminal.note(`deleted: ${harmless(name)} (${id})`);
}

interface Shown {
  readonly callApi: CallApi;
  readonly given: Given;
  readonly terminal: Terminal;
}

async function showGroup(id: string, { callApi, given, terminal }: Shown): Promise<void> {
  const group = await callApi({ method: 'GET', path: `/api-groups/${id}` });
  const apis = await listPages(callApi, '/apis', 'apis', { group_id: id });
  if (outputJson(given, terminal, { ...group, apis })) return;
  show([group], ['id', 'name', 'register_time', 'remark'], terminal);
  terminal.out('\n');
  show(apis, ['req_method', 'req_uri', 'name', 'id', 'backend_type'], terminal);
}

function show(rows: readonly Row[], columns: readonly string[], terminal: Terminal): void {
  const head = columns.map((name) => name.replaceAll('_', ' ').toUpperCase());
  const cells = rows.map((row) => columns.map((name) => String(row[name] ?? '')));
  const paint = (cell: string, row: number): string => (row === 0 ? terminal.paint(cell, 'quiet') : cell);
  terminal.out(formatTable([head, ...cells], { paint }));
}
