/** What the routes of imports, exports and publishing call: checks the request, then submits a task or does the work. */
import type { Cancellable, Cancellations } from '../cancellation.ts';
import { errorFrom, errors } from '../errors.ts';
import type { IdSources } from '../ids.ts';
import { scopeKey } from '../scope.ts';
import type { Plan, TaskType } from '../tasks/task.ts';
import type { TaskWorker } from '../tasks/worker.ts';
import { checkExportBody, type ExportedFile, exportFile } from './export.ts';
import { applyImport, type PreparedImport } from './import.ts';
import {
  checkImportFields,
  checkImportFile,
  ImportForm,
  type ImportOptions,
  TAKES_FORM,
} from './import-fields.ts';
import type { InputRoom } from './input-room.ts';
import { type ExportInput, importInput, type JobOptions } from './jobs.ts';
import { checkPublishBody, publishApis } from './publish.ts';
import { ExportBody, ImportFormBody, PublishBody } from './schemas.ts';
import { publishToWire } from './wire.ts';

export interface SubmitOptions extends JobOptions {
  readonly worker: TaskWorker;
  readonly cancellations: Cancellations;
  readonly ids: IdSources;
  readonly planFor: (projectId: string, instanceId: string, type: TaskType) => Plan;
  readonly nowMs: (projectId: string, instanceId: string) => number;
  readonly maxBytes: number;
  readonly inputRoom: InputRoom;
  /** Unknown request fields are refused. */
  readonly strict: boolean;
}

/** The URL's two ids, checked already. */
export interface Instance {
  readonly project_id: string;
  readonly instance_id: string;
}

/** A request for a task: its body, and the request itself, which a reset may cancel. */
interface Submission {
  readonly body: unknown;
  readonly begun: Cancellable;
}

const IMPORT_FIELDS = Object.keys(ImportFormBody.properties);
const EXPORT_FIELDS = Object.keys(ExportBody.properties);
const PUBLISH_FIELDS = Object.keys(PublishBody.properties);

function refuseUnknown(given: unknown, known: readonly string[], strict: boolean): void {
  if (!strict || typeof given !== 'object' || given === null) return;
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw errors.parameterInvalid(unknown, {
      reason: `strict mode: there is no field ${unknown}; known: ${known.join(', ')}`,
    });
  }
}

/** No body at all is a form without parts; a body of another kind is none. */
function formOf(body: unknown): ImportForm {
  if (body === undefined) return new ImportForm({}, undefined);
  if (body instanceof ImportForm) return body;
  throw errors.unsupportedMediaType({
    reason: TAKES_FORM,
  });
}

function checkForm(options: SubmitOptions, body: unknown) {
  const { fields, file } = formOf(body);
  refuseUnknown(fields, IMPORT_FIELDS, options.strict);
  return { importOptions: checkImportFields(fields), file: checkImportFile(file, options.maxBytes, fields) };
}

async function submit(
  options: SubmitOptions,
  at: Instance,
  { begun, ...task }: { type: TaskType; input: unknown; begun: Cancellable },
): Promise<{ task_id: string }> {
  const { project_id: projectId, instance_id: instanceId } = at;
  const id = options.ids.of(scopeKey(projectId, instanceId)).next();
  const plan = (): Plan => options.planFor(projectId, instanceId, task.type);
  await options.worker.create({ scope: { projectId, instanceId }, id, plan, ...task });
  // Its job may have taken a while: the id of a task that was reset meanwhile is good for nothing.
  begun.throwIfCancelled();
  return { task_id: id };
}

/** ImportApiDefinitionsAsync: form errors at once, errors of the file's content in the task. */
export async function submitImport(options: SubmitOptions, at: Instance, { body, begun }: Submission) {
  const { importOptions, file } = checkForm(options, body);
  const input = importInput(importOptions, file);
  options.inputRoom.take(input, () => options.worker.unfinished());
  return submit(options, at, { type: 'import_api', input, begun });
}

/** ExportApiDefinitionsAsync. */
export async function submitExport(
  options: SubmitOptions,
  at: Instance,
  request: Submission & { oasVersion: unknown },
) {
  refuseUnknown(request.body, EXPORT_FIELDS, options.strict);
  const input: ExportInput = { options: checkExportBody(request.body, request.oasVersion) };
  return submit(options, at, { type: 'export_api', input, begun: request.begun });
}

/** ImportApiDefinitionsV2, the synchronous twin: the result as an object. */
export async function importNow(
  options: SubmitOptions,
  at: Instance,
  { body, begun }: Submission,
): Promise<unknown> {
  const { importOptions, file } = checkForm(options, body);
  options.inputRoom.check();
  const { mockMode, simpleMode } = importOptions;
  const scope = { projectId: at.project_id, instanceId: at.instance_id };
  return options.cancellations.during({ scope, parts: ['apis'], outer: begun.signal }, async (entry) => {
    const prepared = await options.parser.prepare({ content: file, mockMode, simpleMode }, entry.signal);
    entry.throwIfCancelled();
    return commitImport(options, at, { prepared, importOptions });
  });
}

function commitImport(
  options: SubmitOptions,
  at: Instance,
  { prepared, importOptions }: { prepared: PreparedImport; importOptions: ImportOptions },
): unknown {
  const key = scopeKey(at.project_id, at.instance_id);
  const deps = {
    nowMs: options.nowMs(at.project_id, at.instance_id),
    ids: options.ids.of(key),
    autoPublish: options.autoPublish,
  };
  const { outcome, state } = applyImport(prepared, importOptions, { state: options.apis.get(key), deps });
  if (outcome.status === 'failed') throw errorFrom(outcome);
  options.apis.commit(key, state);
  return JSON.parse(outcome.result);
}

/** ExportApiDefinitionsV2, the synchronous twin: the file. */
export function exportNow(
  options: SubmitOptions,
  at: Instance,
  request: { body: unknown; oasVersion: unknown },
): ExportedFile {
  refuseUnknown(request.body, EXPORT_FIELDS, options.strict);
  const nowMs = options.nowMs(at.project_id, at.instance_id);
  const wanted = checkExportBody(request.body, request.oasVersion);
  return exportFile(wanted, options.apis.get(scopeKey(at.project_id, at.instance_id)), {
    nowMs,
    region: options.region,
  });
}

/** BatchPublishOrOfflineApiV2. */
export function publishNow(
  options: SubmitOptions,
  at: Instance,
  request: { body: unknown; action: unknown },
) {
  refuseUnknown(request.body, PUBLISH_FIELDS, options.strict);
  const wanted = checkPublishBody(request.body, request.action);
  const key = scopeKey(at.project_id, at.instance_id);
  const nowMs = options.nowMs(at.project_id, at.instance_id);
  const result = publishApis(wanted, options.apis.get(key), { nowMs, ids: options.ids.of(key) });
  options.apis.commit(key, result.state);
  return publishToWire(result);
}
