/** The operations on APIs and their publications, as a table. */
import { Type } from '@sinclair/typebox';
import { errors } from '../../core/errors.ts';
import { documented, invalid, missing, notJson } from '../../core/operation.ts';
import { INSTANCE_ERRORS, INSTANCE_URL } from '../../tasks/operations.ts';
import { apiDetailToWire } from '../api-detail.ts';
import { apiOf, deleteApi, listVersions } from '../apis.ts';
import { ActionBody, ApiDetail, VersionFilter, Versions } from '../detail-schemas.ts';
import { listApis } from '../lists.ts';
import { checkActionBody, publishApi } from '../publish.ts';
import * as S from '../schemas.ts';
import { changeState, checkPublish, publishNow } from '../submit.ts';
import { publicationToWire } from '../wire.ts';
import {
  bodyErrors,
  changing,
  known,
  listing,
  one,
  operation,
  stateOf,
  unknownApi,
  unknownEnvironment,
  unknownGroup,
} from './shared.ts';

const API_URL = `${INSTANCE_URL}/apis/:api_id`;

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
  operation({
    ...one,
    id: 'ShowDetailsOfApiV2',
    method: 'GET',
    path: API_URL,
    summary: 'Shows an API in full',
    response: ApiDetail,
    errors: [invalid('api_id'), ...INSTANCE_ERRORS, unknownApi],
    handle: ({ params }, core) => {
      const state = stateOf(core, params);
      return apiDetailToWire(apiOf(state, params.api_id), state, core.settings.region);
    },
  }),
  operation({
    ...changing,
    id: 'DeleteApiV2',
    method: 'DELETE',
    path: API_URL,
    summary: 'Deletes an API that is published nowhere',
    status: 204,
    errors: [invalid('api_id'), ...INSTANCE_ERRORS, unknownApi, documented(errors.apiPublished())],
    handle: ({ params }, core) => {
      changeState(core, params, (state) => deleteApi(state, params.api_id));
    },
  }),
  operation({
    ...changing,
    id: 'CreateOrDeletePublishRecordForApiV2',
    method: 'POST',
    path: `${INSTANCE_URL}/apis/action`,
    summary: 'Publishes one API to an environment, or takes it offline',
    described: { body: ActionBody },
    status: 201,
    response: S.Publication,
    errors: [
      ...bodyErrors('env_id'),
      documented(errors.valueInvalid('action')),
      unknownApi,
      unknownEnvironment,
      documented(errors.publicationNotFound()),
    ],
    check: ({ body }, core) => checkActionBody(known(core, body, ActionBody)),
    handle: ({ params, checked }, core) => {
      const changed = changeState(core, params, (state, deps) => publishApi(checked, state, deps));
      return publicationToWire(changed, checked.envId);
    },
  }),
  operation({
    ...listing,
    id: 'ListApiVersionsV2',
    path: `${INSTANCE_URL}/apis/publish/:api_id`,
    summary: 'Lists what is and what was published of an API',
    query: VersionFilter,
    response: Versions,
    errors: [invalid('api_id'), ...listing.errors, unknownApi],
    handle: ({ params, checked: page, query }, core) =>
      listVersions(stateOf(core, params), page, { ...query, id: params.api_id }),
  }),
];
