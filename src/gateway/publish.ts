/**
 * Publishing APIs to an environment and taking them offline: a new state and the two lists of the response.
 * Source: the page of BatchPublishOrOfflineApiV2, 2026-11, and its
 * twin in Open Telekom Cloud's API reference, read 2026-11-24.
 */
import { errorFrom, errors, type Failure, fieldInvalid } from '../core/errors.ts';
import type { IdSource } from '../core/ids.ts';
import { fieldsOf } from './body.ts';
import { isUnset } from './import/fields.ts';
import {
  type Api,
  type Environment,
  findApi,
  type InstanceApis,
  type PublishRecord,
  RELEASE_ID,
  withGroup,
  without,
} from './model.ts';
import { MAX_PUBLISHED } from './schemas.ts';

export interface PublishOptions {
  readonly action: 'online' | 'offline';
  readonly envId: string;
  readonly remark: string;
  /** The APIs named, or all of one group. */
  readonly target: { readonly apis: readonly string[] } | { readonly groupId: string };
}

export interface PublishDeps {
  readonly nowMs: number;
  readonly ids: IdSource;
}

export interface PublishResult {
  readonly state: InstanceApis;
  readonly environment: Environment;
  /** After the change; `record` is the one made or, offline, the one ended. */
  readonly success: readonly { readonly api: Api; readonly record: PublishRecord }[];
  readonly failure: readonly {
    readonly apiId: string;
    readonly apiName: string | undefined;
    readonly reason: Failure;
  }[];
}

/** Checks query and body of the call. Throws `ApigError` for a missing or unknown value. */
export function checkPublishBody(body: unknown, action: unknown): PublishOptions {
  const fields = fieldsOf(body);
  if (action !== 'online' && action !== 'offline')
    throw errors.actionInvalid({ reason: 'action, in the query, takes online or offline' });
  const { env_id: envId, remark = '', apis, group_id: groupId = '' } = fields;
  if (envId === undefined || envId === '') throw errors.parameterMissing('env_id');
  if (typeof envId !== 'string') throw fieldInvalid('env_id', 'an id');
  if (typeof remark !== 'string' || remark.length > 255)
    throw fieldInvalid('remark', 'a text of at most 255 characters');
  if (typeof groupId !== 'string') throw fieldInvalid('group_id', 'an id');
  const options = { action, envId, remark } as const;
  if (Array.isArray(apis) && apis.length > 0) {
    if (apis.length > MAX_PUBLISHED || !apis.every((id) => typeof id === 'string'))
      throw fieldInvalid('apis', `a list of at most ${MAX_PUBLISHED} ids`);
    return { ...options, target: { apis: [...new Set<string>(apis)] } };
  }
  if (apis !== undefined && !Array.isArray(apis)) throw fieldInvalid('apis', 'a list of ids');
  if (groupId === '') throw errors.parameterMissing('apis');
  return { ...options, target: { groupId } };
}

/**
 * Checks the body of the call for one API. Source: the page of CreateOrDeletePublishRecordForApiV2, read 2026-11-24.
 */
export function checkActionBody(body: unknown): PublishOptions {
  const { action, api_id: apiId, ...rest } = fieldsOf(body);
  if (isUnset(action)) throw errors.parameterMissing('action');
  if (action !== 'online' && action !== 'offline')
    throw errors.valueInvalid('action', { reason: 'action: takes online or offline' });
  if (isUnset(apiId)) throw errors.parameterMissing('api_id');
  if (typeof apiId !== 'string') throw fieldInvalid('api_id', 'an id');
  return checkPublishBody({ ...rest, apis: [apiId] }, action);
}

/** Publishes one API or takes it offline. An unknown one is thrown, too. */
export function publishApi(options: PublishOptions, state: InstanceApis, deps: PublishDeps) {
  const { success, failure, ...result } = publishApis(options, state, deps);
  const [changed] = success;
  if (changed === undefined) throw errorFrom(failure[0]?.reason ?? errors.systemError().failure);
  return { ...result, ...changed };
}

/** Publishes or takes offline. An unknown group or environment is thrown, an unknown API goes to `failure`. */
export function publishApis(options: PublishOptions, state: InstanceApis, deps: PublishDeps): PublishResult {
  const environment = state.environments.get(options.envId);
  if (environment === undefined) throw errors.environmentNotFound(options.envId);
  const success: { api: Api; record: PublishRecord }[] = [];
  const failure: { apiId: string; apiName: string | undefined; reason: Failure }[] = [];
  for (const apiId of targetIds(options, state)) {
    const api = findApi(state, apiId);
    const changed = api && change(api, options, deps);
    if (changed !== undefined) success.push(changed);
    else failure.push({ apiId, apiName: api?.definition.name, reason: failureOf(apiId, api) });
  }
  return { state: replaceApis(state, success), environment, success, failure };
}

function targetIds(options: PublishOptions, state: InstanceApis): Iterable<string> {
  if ('apis' in options.target) return options.target.apis;
  const group = state.groups.get(options.target.groupId);
  if (group === undefined) throw errors.groupNotFound(options.target.groupId);
  return group.apis.keys();
}

function failureOf(apiId: string, api: Api | undefined): Failure {
  if (api === undefined) return errors.apiOfBatchNotFound(apiId).failure;
  return errors.publicationNotFound().failure;
}

function change(api: Api, options: PublishOptions, deps: PublishDeps) {
  if (options.action === 'online') {
    const published = publish(api, options, deps);
    const record = published.publications.get(options.envId);
    return record && { api: published, record };
  }
  const record = api.publications.get(options.envId);
  if (record === undefined) return undefined;
  const publications = without(api.publications, options.envId);
  return { api: { ...api, publications, ended: endedWith(api, options.envId, MAX_PUBLICATIONS) }, record };
}

/**
 * An environment retains that many publications of an API, the one in force included. Source: "Publishing an API" of the
 * user guide, read 2026-11-24.
 */
const MAX_PUBLICATIONS = 10;

/** What has ended once the publication in an environment, if there is one, has: at most that many of there. */
function endedWith({ publications, ended }: Api, envId: string, most: number): Api['ended'] {
  const record = publications.get(envId);
  if (record === undefined) return ended;
  const { versionId, remark, publishedMs } = record;
  let here = 0;
  return [{ envId, versionId, remark, publishedMs }, ...ended].filter((one) => {
    if (one.envId === envId) here += 1;
    return one.envId !== envId || here <= most;
  });
}

/** The API with its present definition published to an environment, RELEASE by default. */
export function publish(api: Api, options: { envId?: string; remark?: string }, deps: PublishDeps): Api {
  const { envId = RELEASE_ID, remark = '' } = options;
  const record: PublishRecord = {
    id: deps.ids.next(),
    versionId: deps.ids.next(),
    remark,
    publishedMs: deps.nowMs,
    definition: api.definition,
  };
  const publications = new Map(api.publications).set(envId, record);
  return { ...api, publications, ended: endedWith(api, envId, MAX_PUBLICATIONS - 1) };
}

/** Puts changed APIs back, with one copy per group they are in. */
function replaceApis(state: InstanceApis, changed: readonly { api: Api }[]): InstanceApis {
  let next = state;
  for (const groupId of new Set(changed.map(({ api }) => api.groupId))) {
    const group = next.groups.get(groupId);
    if (group === undefined) continue;
    const apis = new Map(group.apis);
    for (const { api } of changed) if (api.groupId === groupId) apis.set(api.id, api);
    next = withGroup(next, { ...group, apis });
  }
  return next;
}
