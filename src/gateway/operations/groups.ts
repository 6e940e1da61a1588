/** The operations on API groups, as a table. */
import { INSTANCE_URL } from '../../tasks/operations.ts';
import { listGroups } from '../lists.ts';
import * as S from '../schemas.ts';
import { listing, operation, stateOf } from './shared.ts';

export const groupOperations = [
  operation({
    ...listing,
    id: 'ListApiGroupsV2',
    path: `${INSTANCE_URL}/api-groups`,
    summary: 'Lists the groups of an instance',
    query: S.GroupFilter,
    response: S.Groups,
    handle: ({ params, checked: page, query }, core) =>
      listGroups(stateOf(core, params), page, { ...query, region: core.settings.region }),
  }),
];
