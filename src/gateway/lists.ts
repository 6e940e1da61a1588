/**
 * The lists of groups, APIs and environments: what their queries ask for, and the page that is returned. Source: the
 * pages of ListApiGroupsV2, ListApisV2 and ListEnvironmentsV2, 2026-11, and their twins in Open Telekom Cloud's API
 * reference (`dedicated_gateway_apis_v2`) and Huawei Cloud's SDK, read 2026-11-24.
 */
import type { Static } from '@sinclair/typebox';
import { fieldInvalid } from '../core/errors.ts';
import type { Api, ApiGroup, InstanceApis } from './model.ts';
import type { ApiFilter, EnvironmentFilter, GroupFilter } from './schemas.ts';
import {
  apiToWire,
  backendToWire,
  channelName,
  environmentToWire,
  groupInfoToWire,
  groupToWire,
  protocolToWire,
  typeToWire,
} from './wire.ts';

const MAX_LIMIT = 500;
const DEFAULT_LIMIT = 20;
/** What the pages call Integer and Long. */
const INTEGER = 2 ** 31;
const LONG = 2 ** 63;
/** The tag that asks for APIs without tags. */
const NO_TAGS = '#no_tags#';

/** The paging of a query, to be checked. */
export interface PageQuery {
  readonly offset?: unknown;
  readonly limit?: unknown;
}

/** A window of a list. */
export interface Page {
  readonly offset: number;
  readonly limit: number;
}

/**
 * `offset` and `limit` of a query. As documented, an offset below 0 is 0, a limit of 0 or less is 20 and one above 500
 * is 500. Throws `APIG.2012` for what is no whole number of their types.
 */
export function checkPage(query: PageQuery): Page {
  const offset = wholeNumber('offset', query.offset, LONG) ?? 0;
  const limit = wholeNumber('limit', query.limit, INTEGER) ?? DEFAULT_LIMIT;
  return { offset: Math.max(offset, 0), limit: limit <= 0 ? DEFAULT_LIMIT : Math.min(limit, MAX_LIMIT) };
}

/** A whole number below `bound`, and not below its negative; undefined when there is none. */
function wholeNumber(name: string, value: unknown, bound: number): number | undefined {
  if (value === undefined || value === '') return undefined;
  const number = typeof value === 'string' && /^(?:0|-?[1-9]\d{0,18})$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || number >= bound || number < -bound)
    throw fieldInvalid(name, 'a whole number');
  return number;
}

/** The members of every list response: `size` of this page, `total` of all. */
export function paged<T>(all: readonly T[], page: Page): { size: number; total: number; items: T[] } {
  const items = all.slice(page.offset, page.offset + page.limit);
  return { size: items.length, total: all.length, items };
}

/** Whether a field has the value asked for; an empty filter takes all. */
const is = (wanted: string | undefined, value: string): boolean => !wanted || value === wanted;
/** Whether a text contains what is asked for, or is it exactly. */
const holds = (wanted: string | undefined, value: string, exact = false): boolean =>
  !wanted || (exact ? value === wanted : value.includes(wanted));
/** The words of a list with commas; none of an empty one. */
const words = (list: string | readonly string[] = []): string[] =>
  [list].flat().flatMap((text) =>
    text
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== ''),
  );

/** Response of `GET api-groups`; `name` finds groups whose name contains it. */
export function listGroups(
  state: InstanceApis,
  page: Page,
  filter: Static<typeof GroupFilter> & { region: string },
) {
  const exact = words(filter.precise_search).includes('name');
  const all = [...state.groups.values()].filter(
    (group) => is(filter.id, group.id) && holds(filter.name, group.name, exact),
  );
  const { items, ...counts } = paged(all, page);
  return { ...counts, groups: items.map((group) => groupToWire(group, filter.region)) };
}

type ApisWanted = Static<typeof ApiFilter>;

/** Response of `GET apis`. Back end and group are shown when `return_data_mode` asks for them. */
export function listApis(state: InstanceApis, page: Page, filter: ApisWanted & { region: string }) {
  const isWanted = apiMatcher(filter);
  const all: { api: Api; group: ApiGroup }[] = [];
  for (const group of state.groups.values()) {
    if (!is(filter.group_id, group.id)) continue;
    for (const api of group.apis.values()) if (isWanted(api)) all.push({ api, group });
  }
  const { items, ...counts } = paged(all, page);
  const modes = words(filter.return_data_mode);
  const apis = items.map(({ api, group }) => ({
    ...apiToWire(api, group, state),
    ...(modes.includes('include_group') && { api_group_info: groupInfoToWire(group, filter.region) }),
    ...(modes.includes('include_group_backend') && backendMember(api)),
  }));
  return { ...counts, apis };
}

function backendMember(api: Api) {
  const backend = backendToWire(api);
  return backend && { backend_api: backend };
}

/** Whether an API is what a query asks for. Names, paths and channels are looked for as parts of a text. */
function apiMatcher(filter: ApisWanted): (api: Api) => boolean {
  const exact = words(filter.precise_search);
  const tags = words(filter.tags);
  return ({ id, definition, publications }) =>
    is(filter.id, id) &&
    holds(filter.name, definition.name, exact.includes('name')) &&
    holds(filter.req_uri, definition.path, exact.includes('req_uri')) &&
    holds(filter.vpc_channel_name, channelName(definition) ?? '') &&
    is(filter.req_protocol, protocolToWire(definition)) &&
    is(filter.req_method, definition.method) &&
    is(filter.auth_type, definition.authentication.type) &&
    (!filter.env_id || publications.has(filter.env_id)) &&
    (filter.type === undefined || filter.type === typeToWire(definition)) &&
    (tags.length === 0 || hasTag(definition.tags, tags));
}

const hasTag = (tags: readonly string[], wanted: readonly string[]): boolean =>
  wanted.some((tag) => (tag === NO_TAGS ? tags.length === 0 : tags.includes(tag)));

/** Response of `GET envs`. */
export function listEnvironments(
  state: InstanceApis,
  page: Page,
  filter: Static<typeof EnvironmentFilter> = {},
) {
  const all = [...state.environments.values()].filter(({ name }) => holds(filter.name, name));
  const { items, ...counts } = paged(all, page);
  return { ...counts, envs: items.map(environmentToWire) };
}
