/** The operations of `/__admin` on API groups, APIs and tokens. What a call does stands in `resource-calls.ts`. */
import { errors } from '../../core/errors.ts';
import { declare, documented, invalid, missing } from '../../core/operation.ts';
import { type AdminCore, type AdminOperation, call } from '../control-call.ts';
import * as R from '../responses.ts';
import * as S from '../schemas.ts';
import { changeErrors, queryErrors, readErrors } from './shared.ts';

const route = declare<AdminCore>();

const unknownGroup = documented(errors.groupNotFound('c77f5e81d9cb4424bf704ef2b0ac7600'));

export const resourcesOperations: readonly AdminOperation[] = [
  call({
    id: 'listGroups',
    call: 'groups.list',
    method: 'GET',
    path: '/__admin/groups',
    summary: 'Lists API groups',
    query: S.GroupsSchema,
    response: R.Groups,
    unwrap: 'groups',
    errors: queryErrors,
    run: ({ resources }, filter) => resources.groups.list(filter),
  }),
  call({
    id: 'getGroup',
    call: 'groups.get',
    method: 'GET',
    path: '/__admin/groups/:group_id',
    summary: 'Shows an API group',
    query: S.ScopeSchema,
    response: R.Group,
    errors: [...queryErrors, unknownGroup],
    run: ({ resources }, { group_id, ...scope }) => resources.groups.get(group_id, scope),
  }),
  route({
    tag: 'Control',
    security: 'admin',
    id: 'showGroup',
    method: 'GET',
    path: '/__admin/groups/:group_id/apis',
    summary: 'Shows an API group with a page of its APIs in full, and the environments of its instance',
    query: S.GroupQuerySchema,
    response: R.GroupInFull,
    errors: [missing('project_id'), invalid('project_id'), ...readErrors, unknownGroup],
    handle: ({ params, query }, core) => core.control.group({ ...params, ...query }),
  }),
  call({
    id: 'deleteGroup',
    call: 'groups.delete',
    method: 'DELETE',
    path: '/__admin/groups/:group_id',
    summary: 'Deletes an API group with all its APIs, published or not',
    query: S.ScopeSchema,
    status: 204,
    errors: [...changeErrors, unknownGroup],
    run: ({ resources }, { group_id, ...scope }) => resources.groups.delete(group_id, scope),
  }),
  call({
    id: 'listApis',
    call: 'apis.list',
    method: 'GET',
    path: '/__admin/apis',
    summary: 'Lists APIs',
    query: S.ApisSchema,
    response: R.Apis,
    unwrap: 'apis',
    errors: queryErrors,
    run: ({ resources }, filter) => resources.apis.list(filter),
  }),
  call({
    id: 'issueToken',
    call: 'tokens.issue',
    method: 'POST',
    path: '/__admin/tokens',
    summary: 'Issues a token for a project',
    body: S.TokenSchema,
    status: 201,
    response: R.IssuedToken,
    pick: 'token',
    errors: changeErrors,
    example: { body: { project: 'p1', ttl_ms: 60_000 } },
    run: ({ resources }, request) => resources.tokens.issue(request),
  }),
  call({
    id: 'expireToken',
    call: 'tokens.expire',
    leading: ['token'],
    method: 'POST',
    path: '/__admin/tokens/expire',
    summary: 'Ends an issued token before its time',
    body: S.ExpireSchema,
    status: 204,
    errors: changeErrors,
    example: { body: { token: 'AMT1.…' } },
    run: ({ resources }, request) => resources.tokens.expire(request),
  }),
];
