/** API groups and other lists of the service, read page by page; a group by its id or its name. */
import { CommandFailure } from '../failure.ts';
import { harmless } from '../terminal/terminal.ts';
import type { CallApi } from './api-client.ts';
import type { Target } from './target.ts';

export interface Group {
  readonly id: string;
  readonly name: string;
}
type Query = Readonly<Record<string, string>>;
const PAGE = 500;

/** All rows of a list. */
export async function listPages<Row = Record<string, unknown>>(
  callApi: CallApi,
  path: string,
  member: string,
  query: Query = {},
): Promise<Row[]> {
  const rows: Row[] = [];
  for (;;) {
    const page = { limit: String(PAGE), offset: String(rows.length), ...query };
    const { [member]: more, total } = (await callApi({ method: 'GET', path, query: page })) as Record<
      string,
      unknown
    >;
    const found = more as Row[];
    rows.push(...found);
    if (found.length === 0 || rows.length >= Number(total)) return rows;
  }
}

/** The group with this id, else the one with this very name. Throws `CommandFailure`. */
export async function findGroup(
  callApi: CallApi,
  { projectId, instanceId }: Target,
  wanted: string,
): Promise<Group> {
  const list = (query: Query): Promise<Group[]> => listPages<Group>(callApi, '/api-groups', 'groups', query);
  if (/^[A-Za-z0-9_-]{1,64}$/.test(wanted)) {
    const byId = (await list({ id: wanted })).find(({ id }) => id === wanted);
    if (byId !== undefined) return byId;
  }
  const found = (await list({ name: wanted })).find(({ name }) => name === wanted);
  if (found !== undefined) return found;
  const groups = await list({});
  const where = `project ${projectId}, instance ${instanceId}`;
  const advice =
    groups.length === 0
      ? 'there are no groups at all; make one with apig-mock import FILE, or see --project and --instance'
      : `there are ${groups
          .slice(0, 5)
          .map(({ id, name }) => `${name} (${id})`)
          .join(', ')}${groups.length > 5 ? ' and more' : ''}`;
  throw new CommandFailure(harmless(`no group has the id or the name '${wanted}' in ${where}: ${advice}`));
}
