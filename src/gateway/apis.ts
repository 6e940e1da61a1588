/**
 * One API: finding it, deleting it, and what was published of it. Sources: the pages of DeleteApiV2 and ListApiVersionsV2,
 * read 2026-11-24.
 */
import { errors } from '../core/errors.ts';
import { type Page, paged } from './lists.ts';
import {
  type Api,
  type ApiGroup,
  findApi,
  type InstanceApis,
  routeKey,
  withGroup,
  without,
} from './model.ts';
import { time } from './wire.ts';

const NO_API = 'no API of this instance has this id: see GET /apis, and the project and instance in the URL';

/** The API of that id and its group. Throws `APIG.3002` where there is none. */
export function apiOf(state: InstanceApis, id: string): { api: Api; group: ApiGroup } {
  const api = findApi(state, id);
  const group = api && state.groups.get(api.groupId);
  if (api === undefined || group === undefined) throw errors.apiNotFound(id, { reason: NO_API });
  return { api, group };
}

/** Deletes an API that is published nowhere. */
export function deleteApi(state: InstanceApis, id: string) {
  const { api, group } = apiOf(state, id);
  const [envId] = api.publications.keys();
  if (envId !== undefined)
    throw errors.apiPublished({ reason: `it is published in environment ${envId}: take it offline first` });
  return {
    state: withGroup(state, {
      ...group,
      apis: without(group.apis, id),
      routes: without(group.routes, routeKey(api.definition)),
      names: without(group.names, api.definition.name),
    }),
  };
}

/** Response of `GET apis/publish/{api_id}`: what is and what was published of an API, the newest first. */
export function listVersions(
  state: InstanceApis,
  page: Page,
  filter: { readonly id: string; readonly env_id?: string; readonly env_name?: string },
) {
  const { api } = apiOf(state, filter.id);
  const nameOf = (envId: string) => state.environments.get(envId)?.name ?? '';
  const inForce = Array.from(api.publications, ([envId, record]) => ({ envId, status: 1, ...record }));
  const all = [...inForce, ...api.ended.map((one) => ({ status: 2, ...one }))]
    .filter(({ envId }) => filter.env_id === undefined || envId === filter.env_id)
    .filter(({ envId }) => filter.env_name === undefined || nameOf(envId) === filter.env_name)
    .sort((a, b) => b.publishedMs - a.publishedMs);
  const { items, ...counts } = paged(all, page);
  return {
    ...counts,
    api_versions: items.map(({ envId, versionId, remark, publishedMs, status }) => ({
      version_id: versionId,
      version_no: versionNumber(publishedMs),
      api_id: api.id,
      env_id: envId,
      env_name: nameOf(envId),
      remark,
      publish_time: time(publishedMs),
      status,
    })),
  };
}

/** The time of the publication in Beijing, as the page's example has it: `20200803093600` for `2020-08-03T01:36:00Z`. */
const versionNumber = (publishedMs: number): string =>
  time(publishedMs + 8 * 60 * 60 * 1000).replaceAll(/\D/g, '');
