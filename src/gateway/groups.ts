/**
 * Creating, changing and deleting API groups: each gives a new state. Sources: the pages of CreateApiGroupV2,
 * UpdateApiGroupV2, DeleteApiGroupV2 and UpdateSlDomainSettingV2, read 2026-11-24.
 */
import { errors } from '../core/errors.ts';
import { fieldsOf, nameField, remarkField } from './body.ts';
import { isUnset } from './import/fields.ts';
import { type ApiGroup, type InstanceApis, NO_GROUP, newGroup, withGroup, without } from './model.ts';
import { isName, NAME_IN_WORDS } from './openapi/names.ts';
import type { PublishDeps } from './publish.ts';

const MAX_REMARK = 1000;

/** What of a group can be given. */
interface GroupFields {
  readonly name: string;
  readonly remark: string | undefined;
}

/** Checks the body of a creation or a change. */
export function checkGroupBody(body: unknown): GroupFields {
  const fields = fieldsOf(body);
  const rule = { isName, takes: NAME_IN_WORDS, rejected: errors.valueInvalid };
  return { name: nameField(fields, rule), remark: remarkField(fields, MAX_REMARK) };
}

/** Checks the body of the setting of the subdomain. */
export function checkSubdomainBody(body: unknown): boolean {
  const { sl_domain_access_enabled: enabled } = fieldsOf(body);
  if (isUnset(enabled)) throw errors.parameterMissing('sl_domain_access_enabled');
  if (typeof enabled === 'boolean') return enabled;
  throw errors.valueInvalid('sl_domain_access_enabled', { reason: 'takes true or false' });
}

/** The group of that id. Throws `APIG.3001` where there is none. */
export function groupOf(state: InstanceApis, id: string): ApiGroup {
  const group = state.groups.get(id);
  if (group === undefined) throw errors.groupNotFound(id, { reason: NO_GROUP });
  return group;
}

function checkFree(name: string, state: InstanceApis): void {
  const owner = state.groupNames.get(name);
  if (owner !== undefined) throw errors.groupNameExists({ reason: `group ${owner} has this name` });
}

/** Creates an empty group. */
export function createGroup({ name, remark = '' }: GroupFields, state: InstanceApis, deps: PublishDeps) {
  checkFree(name, state);
  const group = newGroup({ id: deps.ids.next(), name, remark }, deps.nowMs);
  return { state: withGroup(state, group), group };
}

/** Gives a group another name; and another remark, if there is one. */
export function changeGroup(
  { name, remark }: GroupFields,
  before: { readonly state: InstanceApis; readonly id: string },
  nowMs: number,
) {
  const old = groupOf(before.state, before.id);
  if (name !== old.name) checkFree(name, before.state);
  const group = { ...old, name, remark: remark ?? old.remark, updatedMs: nowMs };
  return { state: withGroup(before.state, group), group };
}

/** Lets callers use the subdomain of a group, or not. The page documents its absence as that of a domain. */
export function setSubdomain(enabled: boolean, state: InstanceApis, id: string) {
  const group = state.groups.get(id);
  if (group === undefined) throw errors.domainNotFound({ reason: NO_GROUP });
  return { state: withGroup(state, { ...group, subdomainEnabled: enabled }) };
}

/** Deletes a group that holds no API. */
export function deleteGroup(state: InstanceApis, id: string) {
  const { apis, name } = groupOf(state, id);
  if (apis.size > 0)
    throw errors.groupNotEmpty(id, { reason: `the group holds ${apis.size} APIs: delete them first` });
  const groups = without(state.groups, id);
  return { state: { ...state, groups, groupNames: without(state.groupNames, name) } };
}
