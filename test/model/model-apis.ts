/** The part of the model that knows what imports and exports come to. */
import type { FileApi } from './files.ts';
import {
  type End,
  type ExportWork,
  type Group,
  type ImportWork,
  keyOf,
  type ModelTask,
  type Place,
  type Report,
  type State,
} from './model-state.ts';

const groupsOf = (state: State, place: Place): Group[] =>
  state.groups.filter((group) => keyOf(group.place) === keyOf(place));

/** How a task ends now; an import changes the groups of its instance, and of no other. */
export function endOf(state: State, task: ModelTask, atMs: number): End {
  const { outcome } = task.plan;
  if (outcome?.status === 'failed') {
    const { error_code, error_msg } = outcome;
    return { kind: 'text', text: JSON.stringify({ error_code, error_msg }) };
  }
  if (outcome?.task_result !== undefined) return { kind: 'text', text: outcome.task_result };
  if (task.work?.import !== undefined) return importEnd(state, task.place, task.work.import);
  if (task.work?.export !== undefined) return exportEnd(state, task.place, task.work.export, atMs);
  const nothing =
    task.type === 'import_api'
      ? { success: [], failure: [], swagger: { id: task.id, result: 'Success' }, group_id: '' }
      : { FileName: '', FileType: '.json', Comment: '' };
  return { kind: 'text', text: JSON.stringify(nothing) };
}

function importEnd(state: State, place: Place, { file, groupId, mode }: ImportWork): End {
  if (file.rejected !== undefined) return { kind: 'error', code: file.rejected };
  const groups = groupsOf(state, place);
  let group = groups.find(({ id }) => id === groupId && groupId !== undefined);
  if (groupId !== undefined && group === undefined) return { kind: 'error', code: 'APIG.3001' };
  if (group === undefined) {
    if (file.title === undefined) return { kind: 'error', code: 'APIG.2044' };
    if (groups.some(({ name }) => name === file.title)) return { kind: 'error', code: 'APIG.3201' };
    group = { place, name: file.title, apis: [] };
    state.groups.push(group);
  }
  const report: Report = { success: [], failure: [], ignore: [] };
  const brought = new Set<string>();
  for (const api of file.apis) importOne(group, api, { mode, report, brought });
  return { kind: 'import', group, report };
}

/** The names of path parameters do not count. */
const routeOf = ({ method, path }: { method: string; path: string }): string =>
  `${method} ${path.replace(/\{[^}]*\}/g, '{}')}`;

interface Import {
  readonly mode: 'merge' | 'override';
  readonly report: Report;
  /** Routes that this file has brought already. */
  readonly brought: Set<string>;
}

function importOne(group: Group, { fails, ...api }: FileApi, { mode, report, brought }: Import): void {
  const { method, path, name } = api;
  if (fails !== undefined) {
    report.failure.push({ method, path, code: fails });
    return;
  }
  const route = routeOf(api);
  const there = group.apis.find((other) => routeOf(other) === route);
  if (there !== undefined && brought.has(route)) {
    report.failure.push({ method, path, code: 'APIG.3301' });
    return;
  }
  if (there !== undefined && mode === 'merge') {
    brought.add(route);
    report.ignore.push({ method, path });
    return;
  }
  if (name !== undefined && group.apis.some((other) => other !== there && other.name === name)) {
    report.failure.push({ method, path, code: 'APIG.3202' });
    return;
  }
  brought.add(route);
  if (there !== undefined) {
    report.success.push({ api: there, action: 'update', method, path });
    Object.assign(there, api);
    return;
  }
  const made = { ...api };
  group.apis.push(made);
  report.success.push({ api: made, action: 'create', method, path });
}

/** Imported APIs are published at once, so `dev`, which takes what is not, is empty. */
function exportEnd(state: State, place: Place, work: ExportWork, atMs: number): End {
  const group = groupsOf(state, place).find(({ id }) => id === work.groupId);
  if (group === undefined) return { kind: 'error', code: 'APIG.3001' };
  const version = work.version ?? new Date(atMs).toISOString().slice(0, 19).replace('T', '-');
  const routes = group.apis.map(({ method, path }) => `${method} ${path}`);
  return {
    kind: 'export',
    name: `${group.name}-RELEASE-${work.define}-${version}`,
    type: `.${work.type}`,
    routes: work.define === 'dev' ? [] : routes.sort(),
  };
}
