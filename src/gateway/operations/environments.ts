/** The operations on environments, as a table. */
import { INSTANCE_URL } from '../../tasks/operations.ts';
import { listEnvironments } from '../lists.ts';
import * as S from '../schemas.ts';
import { listing, operation, stateOf } from './shared.ts';

export const environmentOperations = [
  operation({
    ...listing,
    id: 'ListEnvironmentsV2',
    path: `${INSTANCE_URL}/envs`,
    summary: 'Lists the environments of an instance',
    query: S.EnvironmentFilter,
    response: S.Environments,
    handle: ({ params, checked: page, query }, core) => listEnvironments(stateOf(core, params), page, query),
  }),
];
