/** The operations on API groups, as a table. */
import { INSTANCE_URL } from '../../tasks/operations.ts';
import * as S from '../schemas.ts';
import { listGroups } from '../wire.ts';
import { filters, listing, operation, stateOf } from './shared.ts';

export const groupOperations = [
  operation({
    ...listing,
    id: 'ListApiGroupsV2',
    path: `${INSTANCE_URL}/api-groups`,
    summary: 'Lists the groups of an instance',
    query: filters('id', 'name'),
    response: S.Groups,
    handle: ({ params, checked: page, query: { offset, limit, ...filter } }, core) =>
      listGroups(stateOf(core, params), page, {
        ...filter,
        region: core.settings.region,
      }),
  }),
];
