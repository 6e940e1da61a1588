/**
 * Creating, changing and deleting environments: each gives a new state. Sources: the pages of CreateEnvironmentV2,
 * UpdateEnvironmentV2 and DeleteEnvironmentV2, read 2026-11-24.
 */
import { errors } from '../core/errors.ts';
import { fieldsOf, nameField, remarkField } from './body.ts';
import { isUnset } from './import/fields.ts';
import { checkPage, type PageQuery } from './lists.ts';
import { type Environment, type InstanceApis, NO_ENVIRONMENT, RELEASE_ID, without } from './model.ts';
import type { PublishDeps } from './publish.ts';

const MAX_REMARK = 255;
/** A name of an environment, as a pattern. */
export const ENVIRONMENT_NAME = /^\p{L}[\p{L}\d_]{2,63}$/u;

/** What of an environment can be given. */
interface EnvironmentFields {
  readonly name: string;
  readonly remark: string | undefined;
}

/** Checks the body of a creation or a change. */
export function checkEnvironmentBody(body: unknown): EnvironmentFields {
  const fields = fieldsOf(body);
  const rule = {
    isName: (name: string) => ENVIRONMENT_NAME.test(name),
    takes: '3 to 64 letters, digits and _, first a letter',
    rejected: errors.parameterInvalid,
  };
  return { name: nameField(fields, rule), remark: remarkField(fields, MAX_REMARK) };
}

function checkFree(name: string, state: InstanceApis): void {
  for (const other of state.environments.values())
    if (other.name === name)
      throw errors.environmentNameExists({ reason: `environment ${other.id} has this name` });
}

const withEnvironment = (state: InstanceApis, environment: Environment) => ({
  state: { ...state, environments: new Map(state.environments).set(environment.id, environment) },
  environment,
});

/** An environment that may be changed. Throws `APIG.3003` where there is none. */
function ownEnvironment(state: InstanceApis, id: string): Environment {
  const environment = state.environments.get(id);
  if (environment === undefined) throw errors.environmentNotFound(id, { reason: NO_ENVIRONMENT });
  // Which error the service has for it is not documented.
  if (id === RELEASE_ID)
    throw errors.parameterInvalid('env_id', {
      reason: 'RELEASE is the environment that every instance has: it is neither changed nor deleted',
    });
  return environment;
}

/** Creates an environment. */
export function createEnvironment(
  { name, remark = '' }: EnvironmentFields,
  state: InstanceApis,
  { ids, nowMs }: PublishDeps,
) {
  checkFree(name, state);
  return withEnvironment(state, { id: ids.next(), name, remark, createdMs: nowMs });
}

/** Gives an environment another name; and another remark, if there is one. */
export function changeEnvironment({ name, remark }: EnvironmentFields, state: InstanceApis, id: string) {
  const old = ownEnvironment(state, id);
  if (name !== old.name) checkFree(name, state);
  return withEnvironment(state, { ...old, name, remark: remark ?? old.remark });
}

/** Deletes an environment in which no API is published. */
export function deleteEnvironment(state: InstanceApis, id: string) {
  ownEnvironment(state, id);
  for (const group of state.groups.values())
    for (const api of group.apis.values())
      if (api.publications.has(id))
        throw errors.environmentInUse({ reason: `API ${api.id} is published there: take it offline first` });
  return { state: { ...state, environments: without(state.environments, id) } };
}

/** Checks the query of `GET env-variables`. Source: the page of ListEnvironmentVariablesV2, read 2026-11-24. */
export function checkVariableQuery(query: PageQuery & { readonly group_id?: string }): void {
  checkPage(query);
  if (isUnset(query.group_id))
    throw errors.parameterMissing('group_id', { reason: 'group_id, in the query, is missing' });
}

/** Response of `GET env-variables`: none, since variables cannot be created here. */
export const listVariables = () => ({ size: 0, total: 0, variables: [] });
