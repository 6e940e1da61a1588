/** The operations on APIs and their publications, as a table. */
import { Type } from '@sinclair/typebox';
import { invalid, missing, notJson } from '../../core/operation.ts';
import { INSTANCE_ERRORS, INSTANCE_URL } from '../../tasks/operations.ts';
import * as S from '../schemas.ts';
import { checkPublish, publishNow } from '../submit.ts';
import { listApis } from '../wire.ts';
import { filters, listing, operation, stateOf, unknownEnvironment, unknownGroup } from './shared.ts';

export const apiTable = [
  operation({
    ...listing,
    id: 'ListApisV2',
    path: `${INSTANCE_URL}/apis`,
    summary: 'Lists the APIs of an instance',
    query: filters('id', 'name', 'group_id', 'req_method', 'req_uri', 'auth_type', 'env_id'),
    response: S.Apis,
    handle: ({ params, checked: page, query: { offset, limit, ...filter } }, core) =>
      listApis(stateOf(core, params), page, filter),
  }),
  operation({
    id: 'BatchPublishOrOfflineApiV2',
    method: 'POST',
    path: `${INSTANCE_URL}/apis/publish`,
    tag: 'Groups and APIs',
    summary: 'Publishes APIs to an environment, or takes them offline',
    security: 'credentials',
    changes: true,
    query: Type.Object({ action: Type.Optional(Type.String()) }),
    described: { body: S.PublishBody, query: S.PublishQuery },
    response: S.Published,
    errors: [
      missing('env_id'),
      invalid('env_id'),
      notJson,
      ...INSTANCE_ERRORS,
      unknownGroup,
      unknownEnvironment,
    ],
    check: ({ body, query }, core) => checkPublish(core, body, query.action),
    handle: ({ params, checked }, core) => publishNow(core, params, checked),
  }),
];
