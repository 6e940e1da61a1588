/**
 * The instances of a project. Nothing of an instance is emulated beside its APIs and tasks, so what is shown of it is what
 * the pages of ListInstancesV2 and ShowDetailsOfInstanceV2 (read 2026-11-24) have for one that runs.
 */
import type { Core } from '../mock.ts';
import { type Page, paged } from './lists.ts';

/** The instance of the provider's examples: where nothing else is known of a project, it has this one. */
export const EXAMPLE_INSTANCE = 'eddc4d25480b4cd6b512f270a1b8b341';

/** When an instance was created, as in the example of the page: no time of this mock. */
const CREATED_MS = 1_594_370_987_422;

/** What `GET instances` can be asked for. */
interface InstanceFilter {
  readonly instance_id?: string;
  /** Part of a name. */
  readonly instance_name?: string;
  readonly status?: string;
}

type InstanceCore = Pick<Core, 'apis' | 'store' | 'settings'>;

/** Those of the settings; without any, those that hold something, or else the one of the examples. */
function instanceIds({ apis, store, settings }: InstanceCore, projectId: string): readonly string[] {
  if (settings.instances.length > 0) return settings.instances;
  const used = [...apis.scopes({ projectId }), ...store.scopes({ projectId })];
  const ids = new Set(used.map(({ instanceId }) => instanceId));
  return ids.size === 0 ? [EXAMPLE_INSTANCE] : [...ids].sort();
}

/** Response of `GET instances`. */
export function listInstances(
  core: InstanceCore,
  projectId: string,
  query: { page: Page; filter: InstanceFilter },
) {
  const { instance_id: id, instance_name: name = '', status } = query.filter;
  const all = instanceIds(core, projectId)
    .map((one) => instanceToWire(projectId, one))
    .filter((one) => (id ?? one.id) === one.id && one.instance_name.includes(name))
    .filter((one) => (status ?? one.status) === one.status);
  const { items, ...counts } = paged(all, query.page);
  return { ...counts, instances: items };
}

function instanceToWire(projectId: string, id: string) {
  return {
    id,
    project_id: projectId,
    instance_name: `apig-${id}`,
    status: 'Running',
    instance_status: 6,
    type: 'apig',
    spec: 'PROFESSIONAL',
    create_time: CREATED_MS,
    enterprise_project_id: '0',
    eip_address: null,
    charging_mode: 0,
    cbc_metadata: '',
    loadbalancer_provider: 'elb',
    cbc_operation_locks: [] as object[],
  };
}

/** Response of `GET instances/{instance_id}`. */
export function instanceDetailToWire(projectId: string, id: string) {
  return {
    ...instanceToWire(projectId, id),
    description: '',
    vpc_id: null,
    subnet_id: null,
    security_group_id: null,
    maintain_begin: '22:00:00',
    maintain_end: '02:00:00',
    ingress_ip: null,
    ingress_ip_v6: null,
    user_id: null,
    nat_eip_address: null,
    bandwidth_size: 0,
    bandwidth_charging_mode: null,
    available_zone_ids: '[]',
    instance_version: '',
    virsubnet_id: null,
    roma_eip_address: null,
    listeners: null,
    supported_features: [] as string[],
    endpoint_service: null,
    endpoint_services: [] as object[],
    node_ips: { livedata: [] as string[], shubao: [] as string[] },
    publicips: [] as object[],
    privateips: [] as object[],
    unreliable_ips: [] as string[],
    is_releasable: true,
    ingress_bandwidth_charging_mode: null,
  };
}

/** Response of `GET instances/{instance_id}/features`: none is configured. */
export const listFeatures = () => ({ size: 0, total: 0, features: [] });
