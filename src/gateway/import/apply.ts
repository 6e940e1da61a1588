/**
 * The second half of an import: a checked document and the present state into the result of the task and the
 * next state. Pure: the state passed in is not touched, so a caller commits with one assignment or not at all.
 */

import { errorFrom, errors, type Failure } from '../../core/errors.ts';
import type { IdSource } from '../../core/ids.ts';
import type { ImportOptions } from '../../tasks/input.ts';
import {
  type Api,
  type ApiDefinition,
  type ApiGroup,
  type Authorizer,
  type InstanceApis,
  type Method,
  NO_GROUP,
  newGroup,
  type Policy,
  policyKey,
  routeKey,
  withGroup,
} from '../model.ts';
import type { JsonObject } from '../openapi/json.ts';
import { generateApiName, isName, NAME_IN_WORDS, whyNoName } from '../openapi/names.ts';
import type { DocumentContent, DraftApi } from '../openapi/read.ts';
import { publish } from '../publish.ts';
import type { PreparedImport } from './prepare.ts';

export { type PreparedImport, type PrepareInput, prepareImport } from './prepare.ts';

/** What an import takes from outside. */
export interface ImportDeps {
  /** Milliseconds since 1970, the time the import finishes. */
  readonly nowMs: number;
  readonly ids: IdSource;
  /** Publish what is imported to RELEASE at once. */
  readonly autoPublish: boolean;
}

/** The result of the task, and the state to commit with it. */
export interface ImportResult {
  readonly report: ImportReport;
  /** What a person should know of it, beside the report. */
  readonly reason: string | undefined;
  readonly state: InstanceApis;
}

/** The object in `task_result` of an import; members in the order of the documented example. */
export interface ImportReport {
  success: { id: string; action: 'create' | 'update'; method: Method; path: string }[];
  failure: { method: Method; path: string; error_code: string; error_msg: string }[];
  swagger: { id: string; result: string };
  ignore?: { method: Method; path: string }[];
  group_id: string;
}

/**
 * Imports a prepared document. Costs one copy of the tables of the group and of the list of groups; APIs that
 * are not in the document are neither copied nor looked at. Throws `ApigError` for what is rejected as a whole.
 */
export function applyImport(
  prepared: PreparedImport,
  options: ImportOptions,
  given: { state: InstanceApis; deps: ImportDeps },
): ImportResult {
  if (!prepared.ok) throw errorFrom(prepared.failure);
  const { content } = prepared;
  const group = targetGroup(content, options, given);
  const work = startWork(group, { content, options }, given);
  const swaggerId = given.deps.ids.next();
  reserveNames(content, work);
  for (const [index, draft] of content.apis.entries()) {
    const end = draft.ok ? importOne(draft.definition, work) : draft.failure;
    if (typeof end === 'object') work.failure.push(failureOf(draft.ok ? draft.definition : draft, end));
    for (const text of notesOf(draft, end))
      work.notes.set(text, [...(work.notes.get(text) ?? []), index + 1]);
  }
  const report = {
    success: work.success,
    failure: work.failure,
    swagger: { id: swaggerId, result: 'Success' },
    ...(work.ignore.length > 0 && { ignore: work.ignore }),
    group_id: work.group.id,
  };
  const reason = notesInWords(work.notes, content.notes);
  return { report, reason, state: commit(content, work, given.state) };
}

/** The group to import into, new or as it stands. Throws `ApigError` where there is none. */
function targetGroup(
  content: DocumentContent,
  options: ImportOptions,
  given: { state: InstanceApis; deps: ImportDeps },
): ApiGroup {
  const { state, deps } = given;
  if (!options.isCreateGroup) {
    const group = state.groups.get(options.groupId);
    if (group === undefined) throw errors.groupNotFound(options.groupId, { reason: NO_GROUP });
    return group;
  }
  const { title, remark } = content;
  if (title === undefined || !isName(title)) throw errors.titleInvalid({ reason: whyNoTitle(title) });
  if (state.groupNames.has(title)) throw errors.groupNameExists({ reason: whereItIs(title, state) });
  return newGroup({ id: deps.ids.next(), name: title, remark }, deps.nowMs);
}

function whyNoTitle(title: string | undefined): string {
  const takes = `it names the new group: ${NAME_IN_WORDS}`;
  return `info.title ${title === undefined ? 'is missing' : whyNoName(title)}; ${takes}`;
}

/** The name is in the file already: it is not repeated. */
function whereItIs(title: string, state: InstanceApis): string {
  const id = state.groupNames.get(title);
  return `info.title is taken: import into the group that has it (is_create_group=false, group_id=${id}; on the command line --group-id ${id}), or give it another name`;
}

/** The import while it runs: its own copies of the group's tables, and the lists of the report. */
interface Work {
  readonly group: ApiGroup;
  readonly options: ImportOptions;
  readonly deps: ImportDeps;
  /** Keys of the policies that there will be: those of the instance, and those of the document. */
  readonly policies: ReadonlySet<string>;
  readonly apis: Map<string, Api>;
  readonly routes: Map<string, string>;
  readonly names: Map<string, string>;
  /** Names the document gives to APIs that may still come: not to be generated. */
  readonly reserved: Set<string>;
  /** Routes this document has brought already: a second one is a clash, not an existing API. */
  readonly seen: Set<string>;
  readonly success: ImportReport['success'];
  readonly failure: ImportReport['failure'];
  readonly ignore: NonNullable<ImportReport['ignore']>;
  /** What is worth knowing of operations: text -> their numbers in the document. */
  readonly notes: Map<string, number[]>;
}

function startWork(
  group: ApiGroup,
  { content, options }: { content: DocumentContent; options: ImportOptions },
  { state, deps }: { state: InstanceApis; deps: ImportDeps },
): Work {
  const policies = new Set([...state.policies.keys(), ...content.policies.map(keyOf)]);
  const tables = { apis: new Map(group.apis), routes: new Map(group.routes), names: new Map(group.names) };
  const lists = { success: [], failure: [], ignore: [], notes: new Map() };
  return { group, options, deps, policies, ...tables, ...lists, reserved: new Set(), seen: new Set() };
}

const keyOf = ({ kind, name }: Policy): string => policyKey(kind, name);

function reserveNames(content: DocumentContent, work: Work): void {
  for (const draft of content.apis) {
    if (draft.ok && draft.definition.name !== undefined) work.reserved.add(draft.definition.name);
  }
}

type Draft = Omit<ApiDefinition, 'name'> & { readonly name?: string };

/** Imports one API; returns why not, or that it was left as it is. */
function importOne(draft: Draft, work: Work): Failure | 'ignored' | 'imported' {
  const { method, path, authentication } = draft;
  if (
    authentication.authorizer !== undefined &&
    !work.policies.has(policyKey('authorizer', authentication.authorizer))
  ) {
    return errors.authorizerNotFound({ reason: NO_AUTHORIZER }).failure;
  }
  const route = routeKey(draft);
  const existing = work.apis.get(work.routes.get(route) ?? '');
  if (existing !== undefined && work.seen.has(route)) {
    return errors.apiExists(existing.definition.name).failure;
  }
  if (existing !== undefined && work.options.apiMode === 'merge') {
    work.seen.add(route);
    work.ignore.push({ method, path });
    return 'ignored';
  }
  const name = draft.name ?? existing?.definition.name ?? newName(work);
  const owner = work.names.get(name);
  if (owner !== undefined && owner !== existing?.id) {
    return errors.apiNameExists(name).failure;
  }
  work.seen.add(route);
  const api = store({ ...draft, name }, existing, work);
  work.routes.set(route, api.id);
  work.success.push({ id: api.id, action: existing === undefined ? 'create' : 'update', method, path });
  return 'imported';
}

function notesOf(draft: DraftApi, end: Failure | 'ignored' | 'imported'): readonly string[] {
  if (typeof end === 'object') return end.reason === undefined ? [] : [`not imported: ${end.reason}`];
  return draft.ok && end === 'imported' ? draft.notes : [];
}

/** So many operations are named by number. */
const MOST_NUMBERS = 5;

/** `operations 1, 2: anybody may call it, since …; a part that was left out`; undefined when there is nothing. */
function notesInWords(
  notes: ReadonlyMap<string, readonly number[]>,
  leftOut: readonly string[],
): string | undefined {
  const ofOperations = Array.from(notes, ([text, numbers]) => {
    const rest = numbers.length > MOST_NUMBERS ? ` and ${numbers.length - MOST_NUMBERS} more` : '';
    const named = numbers.slice(0, MOST_NUMBERS).join(', ');
    return `operation${numbers.length > 1 ? 's' : ''} ${named}${rest} of the document: ${text}`;
  });
  const all = [...ofOperations, ...leftOut.map((text) => `left out: ${text}`)];
  return all.length === 0 ? undefined : all.join('; ');
}

const NO_AUTHORIZER =
  'its security scheme has no x-apigateway-authorizer, and the instance has no authorizer of that name';

function newName(work: Work): string {
  return generateApiName(work.deps.ids, (name) => work.names.has(name) || work.reserved.has(name));
}

function store(definition: ApiDefinition, existing: Api | undefined, work: Work): Api {
  const { deps } = work;
  if (existing !== undefined) work.names.delete(existing.definition.name);
  const api: Api = {
    id: existing?.id ?? deps.ids.next(),
    groupId: work.group.id,
    definition,
    registeredMs: existing?.registeredMs ?? deps.nowMs,
    updatedMs: deps.nowMs,
    publications: existing?.publications ?? new Map(),
    ended: existing?.ended ?? [],
  };
  const stored = deps.autoPublish ? publish(api, {}, deps) : api;
  work.apis.set(api.id, stored);
  work.names.set(definition.name, api.id);
  return stored;
}

function failureOf(api: { method: Method; path: string }, reason: Failure): ImportReport['failure'][number] {
  return { method: api.method, path: api.path, error_code: reason.error_code, error_msg: reason.error_msg };
}

/** `extend_mode` decides for policies, gateway responses and other extensions whose names exist already. */
function commit(content: DocumentContent, work: Work, state: InstanceApis): InstanceApis {
  const { group, options, deps } = work;
  const override = options.extendMode === 'override';
  const merge = (old: JsonObject, added: JsonObject) =>
    override ? { ...old, ...added } : { ...added, ...old };
  const next = withGroup(state, {
    ...group,
    apis: work.apis,
    routes: work.routes,
    names: work.names,
    responses: merge(group.responses, content.responses),
    extensions: merge(group.extensions, content.extensions),
    policies: new Set([...group.policies, ...content.policies.map(keyOf)]),
    updatedMs: deps.nowMs,
  });
  if (content.policies.length === 0) return next;
  const policies = new Map(state.policies);
  for (const policy of content.policies) {
    const key = keyOf(policy);
    const existing = state.policies.get(key);
    if (existing === undefined || override) policies.set(key, entityOf(policy, existing, deps));
  }
  return { ...next, policies };
}

/** An authorizer keeps its id when its definition is replaced. */
function entityOf(
  policy: Policy,
  existing: Policy | Authorizer | undefined,
  deps: ImportDeps,
): Policy | Authorizer {
  if (policy.kind !== 'authorizer') return policy;
  const { id, createdMs } =
    existing !== undefined && 'id' in existing ? existing : { id: deps.ids.next(), createdMs: deps.nowMs };
  return { ...policy, kind: 'authorizer', id, createdMs };
}
