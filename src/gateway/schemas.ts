/**
 * What the operations on APIs take and return, as schemas. Requests are described here and checked by hand
 * (`import-fields.ts`, `export-body.ts`, `publish.ts`), since the provider words their errors. Empty or null, where it
 * is allowed, is the same as left out: several clients send it so. Names: the provider's pages, read 2026-11.
 */
import { type TSchema, Type } from '@sinclair/typebox';
import { DEFINES, FILE_TYPES, MODES, OAS_VERSIONS } from '../core/choices.ts';
import { count, id, list, object, optional, paged, text, time } from '../core/schemas.ts';

const ID = '[A-Za-z0-9_-]{1,64}';
const EXAMPLE_GROUP = '9100ae30705947cc9543d37cd7fb388c';
const RELEASE = 'DEFAULT_ENVIRONMENT_RELEASE_ID';
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

export const PublishBody = Type.Object({
  env_id: Type.String({
    minLength: 1,
    description: 'an environment, such as DEFAULT_ENVIRONMENT_RELEASE_ID',
    'x-example': RELEASE,
  }),
  remark: Type.Optional(Type.String({ maxLength: 255 })),
  apis: Type.Optional(
    Type.Array(Type.String(), { description: 'which APIs; or else group_id', 'x-example': [] }),
  ),
  group_id: Type.Optional(
    Type.String({
      description: 'every API of this group; required when there are no apis',
      'x-example': EXAMPLE_GROUP,
    }),
  ),
});

export const PublishQuery = Type.Object({
  action: Type.Optional(Type.String({ enum: ['online', 'offline'], default: 'online' })),
});

/** The paging of lists: an empty value is the default. */
export const Paging = Type.Object({
  offset: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      default: 0,
      description: 'how many are left out, from the first on',
    }),
  ),
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 500, default: 20, description: 'how many are returned at most' }),
  ),
});

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

export const Groups = object({
  ...paged,
  groups: list(
    object({
      id: id(),
      name,
      status: count,
      sl_domain: text('the subdomain of the group', `${EXAMPLE_GROUP}.apic.cn-north-7.huaweicloudapis.com`),
      register_time: time(),
      update_time: time(),
      on_sell_status: count,
      url_domains: list(text()),
      remark: text(),
      is_default: count,
      version: text(undefined, 'V1'),
    }),
  ),
});

export const Apis = object({
  ...paged,
  apis: list(
    Type.Object({
      id: id(),
      name,
      type: count,
      req_protocol: text(undefined, 'HTTPS'),
      req_method: method,
      req_uri: path,
      auth_type: text(undefined, 'NONE'),
      authorizer_id: optional(id('the custom authorizer, by itself or beside APP or IAM')),
      match_mode: text(undefined, 'NORMAL'),
      backend_type: text(undefined, 'MOCK'),
      group_id: id(),
      group_name: name,
      run_env_id: optional(text('absent while it is not published', RELEASE)),
      publish_id: optional(id()),
      register_time: time(),
      update_time: time(),
    }),
  ),
});

export const Environments = object({
  ...paged,
  envs: list(
    object({
      create_time: time(),
      name: text(undefined, 'RELEASE'),
      id: text(undefined, RELEASE),
      remark: text(),
    }),
  ),
});

export const Published = object({
  success: list(
    object({
      publish_id: id(),
      api_id: id(),
      api_name: name,
      env_id: text(undefined, RELEASE),
      remark: text(undefined, 'first'),
      publish_time: time(),
      version_id: id(),
    }),
  ),
  failure: list(
    object({
      api_id: id(),
      api_name: name,
      error_code: text(undefined, 'APIG.3002'),
      error_msg: text(undefined, 'API 8d0443832a194eaa84244e0c1c1912ac does not exist'),
    }),
  ),
});
