/** The operations on API groups, as a table. */
import { errors } from '../../core/errors.ts';
import { documented, invalid } from '../../core/operation.ts';
import { INSTANCE_ERRORS, INSTANCE_URL } from '../../tasks/operations.ts';
import { GroupBody, SubdomainBody } from '../detail-schemas.ts';
import {
  changeGroup,
  checkGroupBody,
  checkSubdomainBody,
  createGroup,
  deleteGroup,
  groupOf,
  setSubdomain,
} from '../groups.ts';
import { listGroups } from '../lists.ts';
import * as S from '../schemas.ts';
import { changeState } from '../submit.ts';
import { groupToWire } from '../wire.ts';
import { bodyErrors, changing, known, listing, one, operation, stateOf, unknownGroup } from './shared.ts';

const GROUP_URL = `${INSTANCE_URL}/api-groups/:group_id`;
const nameTaken = documented(errors.groupNameExists());
const nameRejected = documented(errors.valueInvalid('name'));

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
  operation({
    ...changing,
    id: 'CreateApiGroupV2',
    method: 'POST',
    path: `${INSTANCE_URL}/api-groups`,
    summary: 'Creates a group',
    described: { body: GroupBody },
    status: 201,
    response: S.Group,
    errors: [...bodyErrors('name'), nameRejected, nameTaken],
    check: ({ body }, core) => checkGroupBody(known(core, body, GroupBody)),
    handle: ({ params, checked }, core) => {
      const { group } = changeState(core, params, (state, deps) => createGroup(checked, state, deps));
      return groupToWire(group, core.settings.region);
    },
  }),
  operation({
    ...one,
    id: 'ShowDetailsOfApiGroupV2',
    method: 'GET',
    path: GROUP_URL,
    summary: 'Shows a group',
    response: S.Group,
    errors: [invalid('group_id'), ...INSTANCE_ERRORS, unknownGroup],
    handle: ({ params }, core) =>
      groupToWire(groupOf(stateOf(core, params), params.group_id), core.settings.region),
  }),
  operation({
    ...changing,
    id: 'UpdateApiGroupV2',
    method: 'PUT',
    path: GROUP_URL,
    summary: 'Changes the name and the remark of a group',
    described: { body: GroupBody },
    response: S.Group,
    errors: [...bodyErrors('name'), nameRejected, nameTaken, unknownGroup],
    check: ({ body }, core) => checkGroupBody(known(core, body, GroupBody)),
    handle: ({ params, checked }, core) => {
      const { group } = changeState(core, params, (state, { nowMs }) =>
        changeGroup(checked, { state, id: params.group_id }, nowMs),
      );
      return groupToWire(group, core.settings.region);
    },
  }),
  operation({
    ...changing,
    id: 'DeleteApiGroupV2',
    method: 'DELETE',
    path: GROUP_URL,
    summary: 'Deletes a group that holds no API',
    status: 204,
    errors: [invalid('group_id'), ...INSTANCE_ERRORS, unknownGroup, documented(errors.groupNotEmpty('g1'))],
    handle: ({ params }, core) => {
      changeState(core, params, (state) => deleteGroup(state, params.group_id));
    },
  }),
  operation({
    ...changing,
    id: 'UpdateSlDomainSettingV2',
    method: 'PUT',
    path: `${GROUP_URL}/sl-domain-access-settings`,
    summary: 'Sets whether the subdomain of a group can be called',
    described: { body: SubdomainBody },
    status: 204,
    errors: [
      ...bodyErrors('sl_domain_access_enabled'),
      documented(errors.valueInvalid('sl_domain_access_enabled')),
      documented(errors.domainNotFound()),
    ],
    check: ({ body }, core) => checkSubdomainBody(known(core, body, SubdomainBody)),
    handle: ({ params, checked }, core) => {
      changeState(core, params, (state) => setSubdomain(checked, state, params.group_id));
    },
  }),
];
