/**
 * What the emulated operations take, as schemas: bodies and queries that are checked by hand, because the provider
 * words their refusals. Empty or null, where it is allowed, is as good as left out: several clients send it so.
 */
import { type TSchema, Type } from '@sinclair/typebox';

const ID = '[A-Za-z0-9_-]{1,64}';
/** Nullable in the words of OpenAPI 3.0. */
const orNull = { nullable: true } as const;

const choice = (values: readonly string[], description: string) =>
  Type.Optional(
    Type.String({ enum: [...values, '', null as never], default: values[0], description, ...orNull }),
  );
const id = (description: string) => Type.String({ pattern: `^${ID}$`, description });
const ids = (items: TSchema, description: string) =>
  Type.Optional(Type.Array(items, { description, ...orNull }));

const flag = (description: string, otherwise: boolean) =>
  Type.Optional(
    Type.String({
      pattern: '^\\s*([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])\\s*$|^$',
      default: String(otherwise),
      description: `${description}: true or false`,
    }),
  );
const mode = (description: string) =>
  Type.Optional(Type.String({ enum: ['merge', 'override', ''], default: 'merge', description }));

/** The form of an import; its parts are texts. */
export const ImportForm = Type.Object({
  file_name: Type.String({ format: 'binary', minLength: 1, description: 'the OpenAPI file, JSON or YAML' }),
  is_create_group: flag('make a new group', true),
  group_id: Type.Optional(
    Type.String({
      pattern: `^\\s*(${ID})?\\s*$`,
      description: 'the group to import into; needed when is_create_group is false',
    }),
  ),
  api_mode: mode('what happens to an API that exists'),
  extend_mode: mode('what happens to policies and responses that exist'),
  simple_mode: flag('leave out policies and extensions', false),
  mock_mode: flag('give every API a Mock back end', false),
});

export const ExportBody = Type.Object({
  env_id: id('the environment whose APIs are exported'),
  group_id: id('the group that is exported'),
  define: choice(['spec', 'proxy', 'all', 'dev'], 'how much of each API'),
  type: choice(['json', 'yaml', 'yml'], 'the kind of file'),
  version: Type.Optional(
    Type.String({
      pattern: '^[\\p{L}\\d\\-_./:()+ ]{0,128}$',
      description: 'info.version of the file; default: the time of the export',
      ...orNull,
    }),
  ),
  apis: ids(id('an API'), 'which APIs; none: every API of the group'),
});

export const ExportQuery = Type.Object({
  oas_version: Type.Optional(
    Type.String({ enum: ['2.0', '3.0', ''], default: '2.0', description: 'Swagger 2.0 or OpenAPI 3.0' }),
  ),
});

export const PublishBody = Type.Object({
  env_id: Type.String({
    minLength: 1,
    description: 'an environment, such as DEFAULT_ENVIRONMENT_RELEASE_ID',
  }),
  remark: Type.Optional(Type.String({ maxLength: 255 })),
  apis: Type.Optional(Type.Array(Type.String(), { description: 'which APIs; or else group_id' })),
  group_id: Type.Optional(
    Type.String({ description: 'every API of this group; needed when there are no apis' }),
  ),
});

export const PublishQuery = Type.Object({
  action: Type.Optional(Type.String({ enum: ['online', 'offline'], default: 'online' })),
});

/** The paging of lists: an empty value is the default. */
export const paging = {
  offset: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      default: 0,
      description: 'how many are left out, from the first on',
    }),
  ),
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 500, default: 20, description: 'how many are answered at most' }),
  ),
};
