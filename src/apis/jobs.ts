/** The jobs of import and export tasks: prepared while the task is processing, committed in one step at its end. */
import { isUtf8 } from 'node:buffer';
import type { Core } from '../mock.ts';
import { scopeKey } from '../scope.ts';
import type { Task } from '../tasks/task.ts';
import type { Commit, Jobs } from '../tasks/work.ts';
import { type ExportOptions, exportApis } from './export.ts';
import { applyImport } from './import.ts';
import type { ImportOptions } from './import-fields.ts';
import type { ParseRunner } from './parse-runner.ts';

export interface JobCore extends Pick<Core, 'apis' | 'ids' | 'settings'> {
  readonly parser: ParseRunner;
}

/** What an import task works on, as plain JSON, so that a snapshot can hold it. */
export interface ImportInput {
  readonly options: ImportOptions;
  readonly content: string;
  /** A file that is no UTF-8 text is kept as base64. */
  readonly encoding: 'utf8' | 'base64';
}

/** What an export task works on. */
export interface ExportInput {
  readonly options: ExportOptions;
}

/** A file as task input. */
export function importInput(options: ImportOptions, file: Uint8Array | string): ImportInput {
  if (typeof file === 'string') return { options, content: file, encoding: 'utf8' };
  const encoding = isUtf8(file) ? 'utf8' : 'base64';
  return {
    options,
    content: Buffer.from(file.buffer, file.byteOffset, file.byteLength).toString(encoding),
    encoding,
  };
}

/** The file of a task input, as it is parsed. */
export const contentOf = ({ content, encoding }: ImportInput): Uint8Array | string =>
  encoding === 'utf8' ? content : Buffer.from(content, 'base64');

/** Makes the worker's jobs. Tasks put in by a control call have no input: they succeed with nothing done. */
export function createJobs(core: JobCore): Jobs {
  return {
    import_api: (task, { signal }) =>
      task.input === undefined ? nothingImported(task) : prepareImportTask(core, task, signal),
    export_api: (task) => (task.input === undefined ? nothingExported : exportTask(core, task)),
  };
}

async function prepareImportTask(
  { apis, parser, ids, settings }: JobCore,
  task: Task,
  signal: AbortSignal,
): Promise<Commit> {
  const input = task.input as ImportInput;
  const { mockMode, simpleMode } = input.options;
  const prepared = await parser.prepare({ content: contentOf(input), mockMode, simpleMode }, signal);
  const key = keyOf(task);
  return (nowMs) => {
    const deps = { nowMs, ids: ids.of(key), autoPublish: settings.autoPublish };
    const { outcome, state } = applyImport(prepared, input.options, { state: apis.get(key), deps });
    apis.commit(key, state);
    return outcome;
  };
}

function exportTask({ apis, settings: { region } }: JobCore, task: Task): Commit {
  const { options } = task.input as ExportInput;
  return (nowMs) => exportApis(options, apis.get(keyOf(task)), { nowMs, region });
}

const keyOf = ({ scope }: Task): string => scopeKey(scope?.projectId ?? '', scope?.instanceId ?? '');

const nothingImported = (task: Task): Commit => {
  const report = { success: [], failure: [], swagger: { id: task.id, result: 'Success' }, group_id: '' };
  return () => ({ status: 'succeed', result: JSON.stringify(report) });
};

const nothingExported: Commit = () => ({
  status: 'succeed',
  result: JSON.stringify({ FileName: '', FileType: '.json', Comment: '' }),
});
