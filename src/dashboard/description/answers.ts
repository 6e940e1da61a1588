/** The answers of the emulated operations, as schemas. Field names: the provider's pages, 2026-11. */
import { type TObject, type TProperties, Type } from '@sinclair/typebox';

export const text = (description?: string) => Type.String(description === undefined ? {} : { description });
export const count = Type.Integer({ minimum: 0 });
export const object = <P extends TProperties>(properties: P, description?: string): TObject<P> =>
  Type.Object(properties, {
    additionalProperties: false,
    ...(description === undefined ? {} : { description }),
  });
export const optional = Type.Optional;
export const list = Type.Array;
export const time = (description = 'RFC 3339') => Type.String({ format: 'date-time', description });

/** A refusal with one of these codes; with the members that go beside them. */
export const errorBody = (codes: readonly string[], more: TProperties = {}) =>
  object(
    {
      error_code: Type.String({ enum: [...new Set(codes)], description: 'in the words of the provider' }),
      error_msg: text('what is wrong'),
      ...more,
    },
    'a refusal',
  );

export const TaskCreated = object({ task_id: text('ask ShowAsyncTaskResult for it') });

const ImportedApi = object({
  id: optional(text()),
  action: optional(text('create or update')),
  method: text(),
  path: text(),
});
const RefusedApi = object({ path: text(), method: text(), error_code: text(), error_msg: text() });

export const ImportResult = object({
  success: list(ImportedApi),
  failure: list(RefusedApi),
  ignore: optional(list(Type.Object({}))),
  swagger: object({ id: text(), result: text() }),
  group_id: text('the group that was made or imported into'),
});

const paged = { size: count, total: count };

export const Groups = object({
  ...paged,
  groups: list(
    object({
      id: text(),
      name: text(),
      status: count,
      sl_domain: text('the subdomain of the group'),
      register_time: time(),
      update_time: time(),
      on_sell_status: count,
      url_domains: list(text()),
      remark: text(),
      is_default: count,
      version: text(),
    }),
  ),
});

export const Apis = object({
  ...paged,
  apis: list(
    Type.Object({
      id: text(),
      name: text(),
      type: count,
      req_protocol: text(),
      req_method: text(),
      req_uri: text(),
      auth_type: text(),
      match_mode: text(),
      backend_type: text(),
      group_id: text(),
      group_name: text(),
      run_env_id: optional(text('absent while it is not published')),
      publish_id: optional(text()),
      register_time: time(),
      update_time: time(),
    }),
  ),
});

export const Environments = object({
  ...paged,
  envs: list(object({ create_time: time(), name: text(), id: text(), remark: text() })),
});

export const Published = object({
  success: list(
    object({
      publish_id: text(),
      api_id: text(),
      api_name: text(),
      env_id: text(),
      remark: text(),
      publish_time: time(),
      version_id: text(),
    }),
  ),
  failure: list(object({ api_id: text(), api_name: text(), error_code: text(), error_msg: text() })),
});

const Named = object({ id: text(), name: text() });
const Catalog = list(
  object({
    id: text(),
    name: text(),
    type: text(),
    endpoints: list(
      object({ id: text(), interface: text(), region: text(), region_id: text(), url: text() }),
    ),
  }),
);

export const Token = object({
  token: object({
    expires_at: time(),
    issued_at: time(),
    methods: list(text()),
    domain: optional(Named),
    project: optional(object({ id: text(), name: text(), domain: Named })),
    user: object({ id: text(), name: text(), domain: Named, password_expires_at: text() }),
    roles: list(Named),
    catalog: Catalog,
  }),
});

const links = object({
  next: Type.Union([text(), Type.Null()]),
  previous: Type.Union([text(), Type.Null()]),
  self: text(),
});

export const Projects = object({
  projects: list(
    object({
      id: text(),
      name: text(),
      domain_id: text(),
      parent_id: text(),
      is_domain: Type.Boolean(),
      enabled: Type.Boolean(),
      description: text(),
    }),
  ),
  links,
});

export const Domains = object({
  domains: list(object({ id: text(), name: text(), enabled: Type.Boolean(), description: text() })),
  links,
});

export const CatalogAnswer = object({ catalog: Catalog });

export const Regions = object({
  regions: list(
    object({
      id: text(),
      type: text(),
      description: text(),
      locales: object({ 'zh-cn': text(), 'en-us': text() }),
    }),
  ),
  links,
});
