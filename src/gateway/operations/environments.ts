/** The operations on environments and their variables, as a table. */
import { errors } from '../../core/errors.ts';
import { documented, invalid, missing } from '../../core/operation.ts';
import { INSTANCE_ERRORS, INSTANCE_URL } from '../../tasks/operations.ts';
import { EnvironmentBody, VariableFilter, VariableQuery, Variables } from '../detail-schemas.ts';
import {
  changeEnvironment,
  checkEnvironmentBody,
  checkVariableQuery,
  createEnvironment,
  deleteEnvironment,
  listVariables,
} from '../environments.ts';
import { listEnvironments } from '../lists.ts';
import * as S from '../schemas.ts';
import { changeState } from '../submit.ts';
import { environmentToWire } from '../wire.ts';
import { bodyErrors, changing, known, listing, operation, stateOf, unknownEnvironment } from './shared.ts';

const ENVIRONMENT_URL = `${INSTANCE_URL}/envs/:env_id`;
const nameTaken = documented(errors.environmentNameExists());

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
  operation({
    ...changing,
    id: 'CreateEnvironmentV2',
    method: 'POST',
    path: `${INSTANCE_URL}/envs`,
    summary: 'Creates an environment',
    described: { body: EnvironmentBody },
    status: 201,
    response: S.Environment,
    errors: [...bodyErrors('name'), nameTaken],
    check: ({ body }, core) => checkEnvironmentBody(known(core, body, EnvironmentBody)),
    handle: ({ params, checked }, core) => {
      return environmentToWire(
        changeState(core, params, (state, deps) => createEnvironment(checked, state, deps)).environment,
      );
    },
  }),
  operation({
    ...changing,
    id: 'UpdateEnvironmentV2',
    method: 'PUT',
    path: ENVIRONMENT_URL,
    summary: 'Changes the name and the remark of an environment',
    described: { body: EnvironmentBody },
    response: S.Environment,
    errors: [...bodyErrors('name'), nameTaken, unknownEnvironment],
    check: ({ body }, core) => checkEnvironmentBody(known(core, body, EnvironmentBody)),
    handle: ({ params, checked }, core) => {
      return environmentToWire(
        changeState(core, params, (state) => changeEnvironment(checked, state, params.env_id)).environment,
      );
    },
  }),
  operation({
    ...changing,
    id: 'DeleteEnvironmentV2',
    method: 'DELETE',
    path: ENVIRONMENT_URL,
    summary: 'Deletes an environment in which no API is published',
    status: 204,
    errors: [
      invalid('env_id'),
      ...INSTANCE_ERRORS,
      unknownEnvironment,
      documented(errors.environmentInUse()),
    ],
    handle: ({ params }, core) => {
      changeState(core, params, (state) => deleteEnvironment(state, params.env_id));
    },
  }),
  operation({
    ...listing,
    id: 'ListEnvironmentVariablesV2',
    path: `${INSTANCE_URL}/env-variables`,
    summary: 'Lists the environment variables of a group: none, since they are not emulated',
    query: VariableFilter,
    described: { query: VariableQuery },
    response: Variables,
    errors: [missing('group_id'), ...listing.errors],
    check: ({ query }) => checkVariableQuery(query),
    handle: listVariables,
  }),
];
