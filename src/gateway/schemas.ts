/**
 * What the operations on APIs take and return, as schemas. Requests are described here and checked by hand
 * (`import-fields.ts`, `export-body.ts`, `publish.ts`), since the provider words their errors. Empty or null, where it
 * is allowed, is the same as left out: several clients send it so. Names: the provider's pages, read 2026-11.
 */
import { type TSchema, Type } from '@sinclair/typebox';
import { DEFINES, FILE_TYPES, MODES, OAS_VERSIONS } from '../core/choices.ts';
import { count, flag, id, list, object, optional, paged, text, time } from '../core/schemas.ts';
import { METHODS } from './model.ts';

const ID = '[A-Za-z0-9_-]{1,64}';
export const EXAMPLE_GROUP = '9100ae30705947cc9543d37cd7fb388c';
export const RELEASE = 'DEFAULT_ENVIRONMENT_RELEASE_ID';
/** Nullable in the words of OpenAPI 3.0. */
const orNull = { nullable: true } as const;

const choice = (values: readonly string[], description: string) =>
  Type.Optional(
    Type.String({ enum: [...values, '', null as never], default: values[0], description, ...orNull }),
  );
const idOf = (description: string, example?: string) =>
  Type.String({ pattern: `^${ID}$`, description, ...(example && { 'x-example': example }) });
const ids = (items: TSchema, description: string) =>
  Type.Optional(Type.Array(items, { description, ...orNull, 'x-example': [] }));
const formFlag = (description: string, otherwise: boolean) =>
  Type.Optional(
    Type.String({
      pattern: '^\\s*([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])\\s*$|^$',
      default: String(otherwise),
      description: `${description}: true or false`,
    }),
  );
const mode = (description: string) =>
  Type.Optional(
    Type.String({
      pattern: `^\\s*(${MODES.join('|')})?\\s*$`,
      default: MODES[0],
      description: `${description}: ${MODES.join(' or ')}`,
    }),
  );

/** The form of an import; its parts are texts. */
export const ImportFormBody = Type.Object({
  file_name: Type.String({
    format: 'binary',
    minLength: 1,
    description: 'the OpenAPI file, JSON or YAML',
    'x-example': '{"swagger":"2.0","info":{"title":"hello","version":"1"},"paths":{}}',
  }),
  is_create_group: formFlag('create a new group', true),
  group_id: Type.Optional(
    Type.String({
      pattern: `^\\s*(${ID})?\\s*$`,
      description: 'the group to import into; required when is_create_group is false',
    }),
  ),
  api_mode: mode('what happens to an API that exists'),
  extend_mode: mode('what happens to policies and responses that exist'),
  simple_mode: formFlag('leave out policies and extensions', false),
  mock_mode: formFlag('give every API a Mock back end', false),
});

export const ExportBody = Type.Object({
  env_id: idOf('the environment whose APIs are exported', RELEASE),
  group_id: idOf('the group that is exported', EXAMPLE_GROUP),
  define: choice(DEFINES, 'how much of each API'),
  type: choice(FILE_TYPES, 'the kind of file'),
  version: Type.Optional(
    Type.String({
      pattern: '^[\\p{L}\\d\\-_./:()+ ]{0,128}$',
      description: 'info.version of the file; default: the time of the export',
      ...orNull,
    }),
  ),
  apis: ids(idOf('an API'), 'which APIs; none: every API of the group'),
});

export const ExportQuery = Type.Object({
  oas_version: Type.Optional(
    Type.String({
      enum: [...OAS_VERSIONS, ''],
      default: OAS_VERSIONS[0],
      description: 'Swagger 2.0 or OpenAPI 3.0',
    }),
  ),
});

/** How many APIs one call publishes or takes offline. */
export const MAX_PUBLISHED = 1000;

export const PublishBody = Type.Object({
  env_id: Type.String({
    minLength: 1,
    description: 'an environment, such as DEFAULT_ENVIRONMENT_RELEASE_ID',
    'x-example': RELEASE,
  }),
  remark: Type.Optional(Type.String({ maxLength: 255 })),
  apis: Type.Optional(
    Type.Array(Type.String(), {
      maxItems: MAX_PUBLISHED,
      description: 'which APIs; or else group_id',
      'x-example': [],
    }),
  ),
  group_id: Type.Optional(
    Type.String({
      description: 'every API of this group; required when there are no apis',
      'x-example': EXAMPLE_GROUP,
    }),
  ),
});

export const PublishQuery = Type.Object({
  action: Type.String({ enum: ['online', 'offline'], description: 'publish, or take offline' }),
});

/** The paging of lists: an empty value is the default. */
export const Paging = Type.Object({
  offset: Type.Optional(
    Type.Integer({
      format: 'int64',
      default: 0,
      description: 'how many are left out, from the first on; below 0: 0',
    }),
  ),
  limit: Type.Optional(
    Type.Integer({
      format: 'int32',
      default: 20,
      description: 'how many are returned at most; 0 or less: 20, above 500: 500',
    }),
  ),
});

/** `offset` and `limit` as texts: `checkPage` reads them. */
export const unread = { offset: Type.Optional(Type.String()), limit: Type.Optional(Type.String()) };
const filter = (description: string) => Type.Optional(Type.String({ description }));
const oneOf = (values: readonly string[], description: string) =>
  Type.Optional(
    Type.String({ pattern: `^(${values.join('|')})?$`, description: `${description}: ${values.join(', ')}` }),
  );
const someOf = (values: readonly string[], description: string) => {
  const value = `(${values.join('|')})`;
  return Type.Optional(
    Type.String({
      pattern: `^(${value}( *, *${value})*)?$`,
      description: `${description}, with commas between: ${values.join(', ')}`,
    }),
  );
};

/** The filters of lists. An empty one is the same as left out. */
export const GroupFilter = Type.Object({
  ...unread,
  id: filter('the id of a group'),
  name: filter('part of a name'),
  precise_search: someOf(['name'], 'what must match in full'),
});

export const ApiFilter = Type.Object({
  ...unread,
  id: filter('the id of an API'),
  name: filter('part of a name'),
  group_id: filter('the id of a group'),
  req_protocol: oneOf(['HTTP', 'HTTPS', 'BOTH', 'GRPCS'], 'the protocol of requests'),
  req_method: oneOf(METHODS, 'the method of requests'),
  req_uri: filter('part of a path'),
  auth_type: oneOf(['NONE', 'APP', 'IAM', 'AUTHORIZER'], 'how callers prove who they are'),
  env_id: filter('the id of an environment that the API runs in'),
  type: Type.Optional(Type.Integer({ minimum: 1, maximum: 2, description: '1 (public) or 2 (private)' })),
  precise_search: someOf(['name', 'req_uri'], 'what must match in full'),
  vpc_channel_name: filter('part of the name of a load balance channel'),
  return_data_mode: someOf(['brief', 'include_group', 'include_group_backend'], 'what is shown beside'),
  tags: filter('tags, with commas between, of which an API has at least one; #no_tags#: APIs without tags'),
});

export const EnvironmentFilter = Type.Object({ ...unread, name: filter('part of a name') });

export const TaskCreated = object({ task_id: id('ask ShowAsyncTaskResult for it') });

const path = text(undefined, '/test1');
const method = text(undefined, 'GET');
const name = text(undefined, 'test8');

export const ImportResult = object({
  success: list(
    object({ id: optional(id()), action: optional(text('create or update', 'create')), method, path }),
  ),
  failure: list(
    object({
      path,
      method,
      error_code: text(undefined, 'APIG.2012'),
      error_msg: text(undefined, 'Invalid parameter value'),
    }),
  ),
  ignore: optional(list(Type.Object({}))),
  swagger: object({ id: id(), result: text(undefined, 'Success') }),
  group_id: id('the group that was created or imported into'),
});

const domain = text('the subdomain of the group', `${EXAMPLE_GROUP}.apic.cn-north-7.huaweicloudapis.com`);
/** What an API repeats of its group. */
export const groupInfo = {
  id: id(),
  name,
  status: count,
  sl_domain: domain,
  register_time: time(),
  update_time: time(),
  on_sell_status: count,
  url_domains: list(text()),
  sl_domain_access_enabled: flag('whether the subdomain can be called'),
};

/** One group, as lists and single reads show it. */
export const Group = object({ ...groupInfo, sl_domains: list(domain), remark: text(), is_default: count });

export const Groups = object({ ...paged, groups: list(Group) });

/** Where a web back end goes through a load balance channel, and its groups of servers. */
export const channel = {
  enable_sm_channel: optional(flag()),
  member_group_url_infos: optional(
    list(
      object({
        member_group_id: id(),
        req_protocol: text(undefined, 'HTTPS'),
        req_method: method,
        req_uri: path,
      }),
    ),
  ),
  vpc_channel_status: count,
  vpc_channel_info: optional(
    object({ vpc_channel_id: id(), vpc_channel_proxy_host: text(), cascade_flag: flag() }),
  ),
};

const BackendApi = object(
  {
    url_domain: text('an address, or the id of a load balance channel', 'example.com'),
    req_protocol: text(undefined, 'HTTPS'),
    remark: text(),
    req_method: method,
    req_uri: path,
    timeout: count,
    enable_client_ssl: flag(),
    retry_count: text(undefined, '-1'),
    id: id(),
    status: count,
    register_time: time(),
    update_time: time(),
    ...channel,
  },
  'a web back end',
);

/** The members of an API, as lists and single reads show it. */
export const apiMembers = {
  id: id(),
  name,
  type: count,
  version: text(undefined, 'V0.0.1'),
  req_protocol: text(undefined, 'HTTPS'),
  req_method: method,
  req_uri: path,
  auth_type: text(undefined, 'NONE'),
  auth_opt: object({ app_code_auth_type: text(undefined, 'DISABLE') }),
  authorizer_id: optional(id('the custom authorizer, by itself or beside APP or IAM')),
  cors: flag(),
  match_mode: text(undefined, 'NORMAL'),
  backend_type: text(undefined, 'MOCK'),
  remark: text(),
  body_remark: optional(text()),
  group_id: id(),
  group_name: name,
  group_version: text(undefined, 'V1'),
  tags: list(text(undefined, 'tag1')),
  response_id: optional(id('the gateway response of the group')),
  content_type: optional(text(undefined, 'application/json')),
  is_send_fg_body_base64: flag(),
  result_normal_sample: text(),
  result_failure_sample: text(),
  status: count,
  arrange_necessary: count,
  register_time: time(),
  update_time: time(),
  run_env_id: optional(text('absent while it is not published', RELEASE)),
  run_env_name: optional(text('several are joined by |', 'RELEASE')),
  publish_id: optional(id()),
  publish_time: optional(text('in UTC; several are joined by |', '2026-03-02 09:30:00')),
  backend_api: optional(BackendApi),
};

export const Apis = object({
  ...paged,
  apis: list(
    object({ ...apiMembers, api_group_info: optional(object(groupInfo, 'the group, when asked for')) }),
  ),
});

/** One environment, as lists and single reads show it. */
export const Environment = object({
  create_time: time(),
  name: text(undefined, 'RELEASE'),
  id: text(undefined, RELEASE),
  remark: text(),
});

export const Environments = object({ ...paged, envs: list(Environment) });

/** One publication that was made or ended. */
export const Publication = object({
  publish_id: id(),
  api_id: id(),
  api_name: name,
  env_id: text(undefined, RELEASE),
  remark: text(undefined, 'first'),
  publish_time: time(),
  version_id: id(),
});

export const Published = object({
  success: list(Publication),
  failure: list(
    object({
      api_id: id(),
      api_name: optional(name),
      error_code: text(undefined, 'APIG.3002'),
      error_msg: text(undefined, 'Api 8d0443832a194eaa84244e0c1c1912ac not found'),
    }),
  ),
});
