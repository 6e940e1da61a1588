/** What the routes of imports, exports and publishing call: the checks of a request; then its task, or the work itself. */
import type { Cancellable } from '../core/cancellation.ts';
import { errors } from '../core/errors.ts';
import { scopeKey } from '../core/scope.ts';
import { rejectUnknown } from '../core/validation.ts';
import type { Core } from '../mock.ts';
import type { ExportOptions } from '../tasks/input.ts';
import type { NewTask } from '../tasks/new-task.ts';
import { nextSubmitted } from '../tasks/seeding.ts';
import type { Plan, TaskWork } from '../tasks/task.ts';
import { checkExportBody, type ExportedFile, exportFile } from './export.ts';
import { checkImportFields, checkImportFile, ImportForm, TAKES_FORM } from './import/fields.ts';
import type { MemoryLimit } from './import/memory-limit.ts';
import { commitImport, importInput, type JobCore } from './jobs.ts';
import { type InstanceApis, NO_GROUP } from './model.ts';
import { checkPublishBody, type PublishDeps, type PublishOptions, publishApis } from './publish.ts';
import { ExportBody, ImportFormBody, PublishBody } from './schemas.ts';
import { publishToWire } from './wire.ts';

/** What the operations on APIs work on. */
export interface ApiCore
  extends JobCore,
    Pick<Core, 'store' | 'worker' | 'cancellations' | 'plans' | 'clocks' | 'seeding'> {
  readonly memoryLimit: MemoryLimit;
}

/** The longest file that an import takes. */
export const maxFileBytes = ({ maxBodyMb }: Pick<Core['settings'], 'maxBodyMb'>): number =>
  maxBodyMb * 1024 * 1024;

/** The URL's two ids, checked already. */
export interface Instance {
  readonly project_id: string;
  readonly instance_id: string;
}

type CheckedImport = ReturnType<typeof checkImport>;

/** A request for a task: what it wants, checked, and the request itself, which a reset may cancel. */
interface Submission<Wanted> {
  readonly checked: Wanted;
  readonly begun: Cancellable;
}

const IMPORT_FIELDS = Object.keys(ImportFormBody.properties);
const EXPORT_FIELDS = Object.keys(ExportBody.properties);
const PUBLISH_FIELDS = Object.keys(PublishBody.properties);

/** No body at all is a form without parts; a body of another kind is none. */
function formOf(body: unknown): ImportForm {
  if (body === undefined) return new ImportForm({}, undefined);
  if (body instanceof ImportForm) return body;
  throw errors.unsupportedMediaType({ reason: TAKES_FORM });
}

/** An import as it is wanted: the form, checked. Throws `ApigError`. */
export function checkImport(core: ApiCore, body: unknown) {
  const { fields, file, fileName } = formOf(body);
  rejectUnknown(fields, IMPORT_FIELDS, core.settings.strict);
  return {
    options: checkImportFields(fields),
    file: checkImportFile(file, maxFileBytes(core.settings), fields),
    subject: fileName,
  };
}

/** An export as it is wanted. Throws `ApigError`. */
export function checkExport(core: ApiCore, body: unknown, oasVersion: unknown): ExportOptions {
  rejectUnknown(body, EXPORT_FIELDS, core.settings.strict);
  return checkExportBody(body, oasVersion);
}

/** A publication as it is wanted. Throws `ApigError`. */
export function checkPublish(core: ApiCore, body: unknown, action: unknown): PublishOptions {
  rejectUnknown(body, PUBLISH_FIELDS, core.settings.strict);
  return checkPublishBody(body, action);
}

async function submit(
  core: ApiCore,
  at: Instance,
  { begun, ...task }: TaskWork & Pick<NewTask, 'subject'> & { readonly begun: Cancellable },
): Promise<{ task_id: string }> {
  const { project_id: projectId, instance_id: instanceId } = at;
  const scope = { projectId, instanceId };
  const has = (taskId: string): boolean => core.store.find(projectId, instanceId, taskId) !== undefined;
  const recorded = nextSubmitted(core.seeding, { ...scope, type: task.type }, has);
  const id = recorded === undefined ? core.ids.of(scopeKey(projectId, instanceId)).next() : recorded.id;
  const plan = (): Plan => core.plans.take(projectId, instanceId, task.type);
  await core.worker.create(recorded ?? { scope, id, plan, ...task });
  // Its job may have taken a while: the id of a task that was reset meanwhile is good for nothing.
  // One whose caller hung up goes on.
  if (begun.cause !== 'hang-up') begun.throwIfCancelled();
  return { task_id: id };
}

/** ImportApiDefinitionsAsync: form errors at once, errors of the file's content in the task. */
export async function submitImport(
  core: ApiCore,
  at: Instance,
  { checked: { options, file, subject }, begun }: Submission<CheckedImport>,
) {
  const input = importInput(options, file);
  core.memoryLimit.take(input, () => core.worker.unfinished());
  return submit(core, at, { type: 'import_api', input, subject, begun });
}

/** ExportApiDefinitionsAsync. */
export async function submitExport(
  core: ApiCore,
  at: Instance,
  { checked: options, begun }: Submission<ExportOptions>,
) {
  const group = core.apis.get(scopeKey(at.project_id, at.instance_id)).groups.get(options.groupId);
  return submit(core, at, { type: 'export_api', input: { options }, subject: group?.name, begun });
}

/** ImportApiDefinitionsV2, the synchronous twin: the result as an object, and what is worth knowing of it. */
export async function importNow(
  core: ApiCore,
  at: Instance,
  { checked: { options, file }, begun }: Submission<CheckedImport>,
) {
  core.memoryLimit.check();
  const { mockMode, simpleMode } = options;
  const scope = { projectId: at.project_id, instanceId: at.instance_id };
  return core.cancellations.during({ scope, parts: ['apis'], outer: begun.signal }, async (entry) => {
    const prepared = await core.parser.prepare({ content: file, mockMode, simpleMode }, entry.signal);
    entry.throwIfCancelled();
    const nowMs = core.clocks.now('resource', at.project_id, at.instance_id);
    const key = scopeKey(at.project_id, at.instance_id);
    if (!options.isCreateGroup && !core.apis.get(key).groups.has(options.groupId))
      throw errors.groupOfImportNotFound({ reason: NO_GROUP });
    return commitImport(core, key, { prepared, options, nowMs });
  });
}

/** ExportApiDefinitionsV2, the synchronous twin: the file. */
export function exportNow(core: ApiCore, at: Instance, wanted: ExportOptions): ExportedFile {
  const nowMs = core.clocks.now('resource', at.project_id, at.instance_id);
  return exportFile(wanted, core.apis.get(scopeKey(at.project_id, at.instance_id)), {
    nowMs,
    region: core.settings.region,
  });
}

/** Makes a new state of an instance by a rule, and commits it: one step, with no wait between. */
export function changeState<R extends { readonly state: InstanceApis }>(
  core: ApiCore,
  at: Instance,
  rule: (state: InstanceApis, deps: PublishDeps) => R,
): R {
  const key = scopeKey(at.project_id, at.instance_id);
  const nowMs = core.clocks.now('resource', at.project_id, at.instance_id);
  const result = rule(core.apis.get(key), { nowMs, ids: core.ids.of(key) });
  core.apis.commit(key, result.state);
  return result;
}

/** BatchPublishOrOfflineApiV2. */
export function publishNow(core: ApiCore, at: Instance, wanted: PublishOptions) {
  return publishToWire(changeState(core, at, (state, deps) => publishApis(wanted, state, deps)));
}
