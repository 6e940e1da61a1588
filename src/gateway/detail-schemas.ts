/** What the operations on one group, API, environment or instance take and return, as schemas. */
import { type TProperties, Type } from '@sinclair/typebox';
import { count, flag, id, list, nullable, object, optional, paged, text, time } from '../core/schemas.ts';
import { ENVIRONMENT_NAME } from './environments.ts';
import { NAME, NAME_IN_WORDS } from './openapi/names.ts';
import { apiMembers, channel, EXAMPLE_GROUP, groupInfo, Paging, RELEASE, unread } from './schemas.ts';

const remark = (maxLength: number) =>
  Type.Optional(Type.String({ maxLength, nullable: true, 'x-example': 'for orders' }));
const name = (pattern: RegExp, description: string, example: string) =>
  Type.String({ pattern: pattern.source, description, 'x-example': example });

export const GroupBody = Type.Object({
  name: name(NAME, NAME_IN_WORDS, 'api_group_001'),
  remark: remark(1000),
});
export const SubdomainBody = Type.Object({
  sl_domain_access_enabled: flag('whether the subdomain can be called'),
});
export const EnvironmentBody = Type.Object({
  name: name(ENVIRONMENT_NAME, '3 to 64 letters, digits and _, first a letter', 'DEV'),
  remark: remark(255),
});
export const ActionBody = Type.Object({
  action: Type.String({ enum: ['online', 'offline'], description: 'publish, or take offline' }),
  env_id: Type.String({ minLength: 1, 'x-example': RELEASE }),
  api_id: Type.String({ minLength: 1, 'x-example': EXAMPLE_GROUP }),
  remark: Type.Optional(Type.String({ maxLength: 255 })),
});

export const VersionFilter = Type.Object({
  ...unread,
  env_id: Type.Optional(Type.String({ description: 'the id of an environment' })),
  env_name: Type.Optional(Type.String({ description: 'the name of an environment' })),
});
export const Versions = object({
  ...paged,
  api_versions: list(
    object({
      version_id: id(),
      version_no: text(undefined, '20200803093600'),
      api_id: id(),
      env_id: text(undefined, RELEASE),
      env_name: text(undefined, 'RELEASE'),
      remark: text(),
      publish_time: time(),
      status: Type.Integer({ minimum: 1, maximum: 2, description: '1 (in force) or 2 (ended)' }),
    }),
  ),
});

export const VariableFilter = Type.Object({
  ...unread,
  group_id: Type.Optional(Type.String()),
  env_id: Type.Optional(Type.String()),
  variable_name: Type.Optional(Type.String()),
  precise_search: Type.Optional(Type.String()),
});
/** What is described of it: the handler checks that `group_id` is there. */
export const VariableQuery = Type.Object({
  ...Paging.properties,
  group_id: Type.String({ 'x-example': EXAMPLE_GROUP }),
});
export const Variables = object({
  ...paged,
  variables: list(
    object({
      id: id(),
      variable_name: text(undefined, 'address'),
      variable_value: text(undefined, '192.168.1.5'),
      env_id: text(undefined, RELEASE),
      group_id: id(),
    }),
  ),
});

/** How a back end is shown, and a policy's, by type. */
const func = {
  function_urn: text(undefined, 'urn:fss:cn-north-7:p1:function:default:f'),
  alias_urn: text(),
  version: text(undefined, 'latest'),
  invocation_type: text(undefined, 'sync'),
  network_type: text(undefined, 'V1'),
  req_protocol: text(undefined, 'HTTPS'),
  timeout: count,
};
const mock = { result_content: text() };
const web = {
  url_domain: text('an address, or the id of a load balance channel', 'example.com'),
  req_protocol: text(undefined, 'HTTPS'),
  req_method: text(undefined, 'GET'),
  req_uri: text(undefined, '/test1'),
  timeout: count,
  retry_count: text(undefined, '-1'),
  ...channel,
};
const times = { id: id(), status: count, register_time: time(), update_time: time() };

const number = Type.Number();
const RequestParameter = object({
  id: id(),
  name: text(undefined, 'id'),
  type: text(undefined, 'STRING'),
  location: text(undefined, 'PATH'),
  default_value: text(),
  sample_value: text(),
  required: count,
  valid_enable: count,
  remark: text(),
  enumerations: text(),
  min_num: optional(number),
  max_num: optional(number),
  min_size: optional(number),
  max_size: optional(number),
  pass_through: count,
  orchestrations: optional(list(text('the name of an orchestration rule', 'rule_a'))),
});
const BackendParameter = object({
  id: id(),
  origin: text(undefined, 'CONSTANT'),
  name: text(undefined, 'X-CONSTANT-HEADER'),
  value: text(undefined, 'demo'),
  location: text(undefined, 'HEADER'),
  remark: text(),
  req_param_id: optional(id()),
});
const Condition = object({
  id: id(),
  condition_origin: text(undefined, 'param'),
  condition_type: optional(text(undefined, 'exact')),
  condition_value: text(undefined, 'a'),
  req_param_name: optional(text(undefined, 'id')),
  sys_param_name: optional(text(undefined, 'req_path')),
  cookie_param_name: optional(text()),
  frontend_authorizer_param_name: optional(text()),
  req_param_id: optional(id()),
  req_param_location: optional(text(undefined, 'PATH')),
});
const policies = (backend: TProperties) =>
  list(
    object({
      id: id(),
      name: text(undefined, 'policy_a'),
      effect_mode: text(undefined, 'ALL'),
      ...backend,
      backend_params: list(BackendParameter),
      conditions: list(Condition),
    }),
  );

/** One API in full. */
export const ApiDetail = object({
  ...apiMembers,
  api_group_info: object(groupInfo, 'the group'),
  func_info: optional(object({ remark: text(), ...func, ...times })),
  mock_info: optional(object({ remark: text(), ...mock, ...times })),
  req_params: list(RequestParameter),
  backend_params: list(BackendParameter),
  policy_https: policies(web),
  policy_functions: policies(func),
  policy_mocks: policies(mock),
});

const instance = {
  id: text(undefined, 'eddc4d25480b4cd6b512f270a1b8b341'),
  project_id: text(undefined, 'p1'),
  instance_name: text(undefined, 'apig-eddc4d25480b4cd6b512f270a1b8b341'),
  status: text(undefined, 'Running'),
  instance_status: count,
  type: text(undefined, 'apig'),
  spec: text(undefined, 'PROFESSIONAL'),
  create_time: Type.Integer({ description: 'milliseconds since 1970', 'x-example': 1_594_370_987_422 }),
  enterprise_project_id: text(undefined, '0'),
  eip_address: nullable('none'),
  charging_mode: count,
  cbc_metadata: text(),
  loadbalancer_provider: text(undefined, 'elb'),
  cbc_operation_locks: list(Type.Object({})),
};

export const InstanceFilter = Type.Object({
  ...unread,
  instance_id: Type.Optional(Type.String({ description: 'the id of an instance' })),
  instance_name: Type.Optional(Type.String({ description: 'part of a name' })),
  status: Type.Optional(Type.String({ description: 'such as Running' })),
});
export const Instances = object({ ...paged, instances: list(object(instance)) });

const none = nullable('not emulated');
export const InstanceDetail = object({
  ...instance,
  description: text(),
  vpc_id: none,
  subnet_id: none,
  security_group_id: none,
  maintain_begin: text(undefined, '22:00:00'),
  maintain_end: text(undefined, '02:00:00'),
  ingress_ip: none,
  ingress_ip_v6: none,
  user_id: none,
  nat_eip_address: none,
  bandwidth_size: count,
  bandwidth_charging_mode: none,
  available_zone_ids: text(undefined, '[]'),
  instance_version: text(),
  virsubnet_id: none,
  roma_eip_address: none,
  listeners: none,
  supported_features: list(text(undefined, 'ratelimit')),
  endpoint_service: none,
  endpoint_services: list(Type.Object({})),
  node_ips: object({ livedata: list(text()), shubao: list(text()) }),
  publicips: list(Type.Object({})),
  privateips: list(Type.Object({})),
  unreliable_ips: list(text()),
  is_releasable: flag(),
  ingress_bandwidth_charging_mode: none,
});

export const Features = object({
  ...paged,
  features: list(
    object({
      id: id(),
      name: text(undefined, 'app_api_key'),
      enable: flag(),
      config: text(undefined, 'on'),
      instance_id: id(),
      update_time: time(),
    }),
  ),
});
