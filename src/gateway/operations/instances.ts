/** The operations on instances, as a table. */
import { invalid } from '../../core/operation.ts';
import { INSTANCE_ERRORS, INSTANCE_URL } from '../../tasks/operations.ts';
import { Features, InstanceDetail, InstanceFilter, Instances } from '../detail-schemas.ts';
import { instanceDetailToWire, listFeatures, listInstances } from '../instances.ts';
import { listing, one, operation } from './shared.ts';

export const instanceOperations = [
  operation({
    ...listing,
    id: 'ListInstancesV2',
    path: '/v2/:project_id/apigw/instances',
    summary: 'Lists the instances of a project',
    query: InstanceFilter,
    response: Instances,
    handle: ({ params, checked: page, query: filter }, core) =>
      listInstances(core, params.project_id, { page, filter }),
  }),
  operation({
    ...one,
    id: 'ShowDetailsOfInstanceV2',
    method: 'GET',
    path: INSTANCE_URL,
    summary: 'Shows an instance',
    response: InstanceDetail,
    errors: [invalid('instance_id'), ...INSTANCE_ERRORS],
    handle: ({ params }) => instanceDetailToWire(params.project_id, params.instance_id),
  }),
  operation({
    ...listing,
    id: 'ListFeaturesV2',
    path: `${INSTANCE_URL}/features`,
    summary: 'Lists the features that are configured: none, since they are not emulated',
    response: Features,
    handle: listFeatures,
  }),
];
