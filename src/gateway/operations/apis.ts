/** The operations on APIs and their publications, as a table. */
import { Type } from '@sinclair/typebox';
import { errors } from '../../core/errors.ts';
import { documented, invalid, missing, notJson } from '../../core/operation.ts';
import { INSTANCE_ERRORS, INSTANCE_URL } from '../../tasks/operations.ts';
import { listApis } from '../lists.ts';
import * as S from '../schemas.ts';
import { checkPublish, publishNow } from '../submit.ts';
import { listing, operation, stateOf, unknownEnvironment, unknownGroup } from './shared.ts';

export const apiTable = [
  operation({
    ...listing,
    id: 'ListApisV2',
    path: `${INSTANCE_URL}/apis`,
    summary: 'Lists the APIs of an instance',
    query: S.ApiFilter,
    response: S.Apis,
    handle: ({ params, checked: page, query }, core) =>
      listApis(stateOf(core, params), page, { ...query, region: core.settings.region }),
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
      documented(errors.actionInvalid()),
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
