/** The jobs of import and export tasks: prepared while the task is processing, committed in one step at its end. */
import { isUtf8 } from 'node:buffer';
import { scopeKey } from '../core/scope.ts';
import type { Core } from '../mock.ts';
import type { ImportInput, ImportOptions } from '../tasks/input.ts';
import { outcomeOf } from '../tasks/task.ts';
import type { Commit, Job } from '../tasks/work.ts';
import { exportFile } from './export.ts';
import { applyImport, type ImportReport, type ImportResult, type PreparedImport } from './import/apply.ts';
import type { ParseRunner } from './import/parse-pool.ts';

export interface JobCore extends Pick<Core, 'apis' | 'ids' | 'settings'> {
  readonly parser: ParseRunner;
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

/** Makes the worker's job. Tasks put in by a control call have no input: they succeed with nothing done. */
export function createJob(core: JobCore): Job {
  return (task, { signal }) => {
    const key = scopeKey(task.scope?.projectId ?? '', task.scope?.instanceId ?? '');
    if (task.type === 'import_api') {
      if (task.input === undefined) return succeeds(nothingImported(task.id));
      return prepareImportTask(core, { key, input: task.input }, signal);
    }
    if (task.input === undefined) return succeeds({ FileName: '', FileType: '.json', Comment: '' });
    const { options } = task.input;
    const { region } = core.settings;
    return (nowMs) => outcomeOf(() => exportFile(options, core.apis.get(key), { nowMs, region }));
  };
}

async function prepareImportTask(
  core: JobCore,
  { key, input }: { key: string; input: ImportInput },
  signal: AbortSignal,
): Promise<Commit> {
  const { options } = input;
  const { mockMode, simpleMode } = options;
  const prepared = await core.parser.prepare({ content: contentOf(input), mockMode, simpleMode }, signal);
  return (nowMs) => {
    let reason: string | undefined;
    const outcome = outcomeOf(() => {
      const committed = commitImport(core, key, { prepared, options, nowMs });
      reason = committed.reason;
      return committed.report;
    });
    return outcome.status === 'succeed' && reason !== undefined ? { ...outcome, reason } : outcome;
  };
}

/** Puts a prepared import in place. Throws `ApigError` for what is rejected as a whole; nothing has changed then. */
export function commitImport(
  { apis, ids, settings }: Omit<JobCore, 'parser'>,
  key: string,
  { prepared, options, nowMs }: { prepared: PreparedImport; options: ImportOptions; nowMs: number },
): Pick<ImportResult, 'report' | 'reason'> {
  const deps = { nowMs, ids: ids.of(key), autoPublish: settings.autoPublish };
  const { report, reason, state } = applyImport(prepared, options, { state: apis.get(key), deps });
  apis.commit(key, state);
  return { report, reason };
}

const succeeds =
  (result: object): Commit =>
  () =>
    outcomeOf(() => result);

const nothingImported = (id: string): ImportReport => ({
  success: [],
  failure: [],
  swagger: { id, result: 'Success' },
  group_id: '',
});
