/** The operations on environments, as a table. */
import { INSTANCE_URL } from '../../tasks/operations.ts';
import * as S from '../schemas.ts';
import { listEnvironments } from '../wire.ts';
import { filters, listing, operation, stateOf } from './shared.ts';

export const environmentOperations = [
  operation({
    ...listing,
    id: 'ListEnvironmentsV2',
    path: `${INSTANCE_URL}/envs`,
    summary: 'Lists the environments of an instance',
    query: filters('name'),
    response: S.Environments,
    handle: ({ params, checked: page, query: { offset, limit, ...filter } }, core) =>
      listEnvironments(stateOf(core, params), page, filter),
  }),
];
