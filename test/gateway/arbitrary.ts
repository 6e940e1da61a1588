/**
 * Documents made up for properties: everything an import reads, every documented extension included (extended_definition
 * of Open Telekom Cloud's user guide and of Huawei Cloud's, read 2026-11-24), with texts and keys that are hard to write.
 */
import fc from 'fast-check';
import { hardKey, hardText, name, value } from './arbitrary-texts.ts';
import { pathParameters } from './sources.ts';

type Members = Record<string, unknown>;

const extension = fc.dictionary(fc.stringMatching(/^x-[a-z]{1,6}$/), value, { maxKeys: 2 });
const segment = fc.stringMatching(/^[A-Za-z0-9._~%-]{1,8}$/);

const path = fc
  .tuple(fc.array(segment, { maxLength: 3 }), fc.constantFrom('', '/{id}', '/{id}/{other}', '/{proxy+}'))
  .map(([segments, end]) => `/${segments.join('/')}${end}`.replace('//', '/'));

const limits = fc.oneof(
  fc.record(
    {
      type: fc.constant('string'),
      maxLength: fc.nat(),
      minLength: fc.nat(),
      default: hardText,
      enum: fc.array(hardText, { maxLength: 3 }),
    },
    { requiredKeys: ['type'] },
  ),
  fc.record(
    {
      type: fc.constantFrom('integer', 'long', 'float', 'double', 'number'),
      maximum: fc.double(),
      minimum: fc.integer(),
      default: fc.integer(),
      enum: fc.array(fc.integer(), { maxLength: 3 }),
    },
    { requiredKeys: ['type'] },
  ),
  fc.record({ type: fc.constantFrom('boolean', 'array') }),
);

const parameter = (version: string) =>
  fc
    .tuple(
      fc.record(
        {
          name: fc.string({ minLength: 1, maxLength: 8 }),
          in: fc.constantFrom('query', 'header', 'path', 'body', 'cookie'),
          required: fc.boolean(),
          description: hardText,
        },
        { requiredKeys: ['name', 'in'] },
      ),
      limits,
      extension,
      fc.record(
        {
          'x-apigateway-pass-through': fc.constantFrom('always', 'never'),
          'x-apigateway-orchestrations': fc.array(name, { maxLength: 2 }),
          'x-apigateway-sample': hardText,
        },
        { requiredKeys: [] },
      ),
    )
    .map(([head, schema, extensions, own]) => ({
      ...head,
      ...own,
      ...(version === '2.0' ? schema : { schema, example: schema.type }),
      ...extensions,
    }));

const mappings = fc.uniqueArray(
  fc.record(
    {
      name: fc.stringMatching(/^[a-zA-Z][a-z-]{0,4}$/),
      in: fc.constantFrom('header', 'QUERY', 'path'),
      origin: fc.constantFrom('CONSTANT', 'system'),
      value: hardText,
      description: hardText,
    },
    { requiredKeys: ['name', 'in', 'origin', 'value'] },
  ),
  // One of a name in a place: facts go by both.
  { maxLength: 3, selector: ({ name, in: place }) => `${place} ${name.toLowerCase()}` },
);

const body = fc.record(
  {
    content: fc.dictionary(
      fc.constantFrom('application/json', 'text/plain'),
      fc.record({ schema: fc.oneof(value, fc.constant({ $ref: '#/components/schemas/Tree' })) }),
      { maxKeys: 2 },
    ),
    description: hardText,
    required: fc.boolean(),
  },
  { requiredKeys: ['content'] },
);

const REQUEST = {
  scheme: fc.constantFrom('http', 'HTTPS'),
  method: fc.constantFrom('GET', 'ANY'),
  path: fc.constant('/b'),
};
const HANDLING = {
  timeout: fc.integer({ min: 1, max: 60000 }),
  retryCount: fc.constantFrom('-1', '0', 3),
  enableClientSsl: fc.boolean(),
  description: hardText,
};
const withRest = <T extends Record<string, fc.Arbitrary<unknown>>, U extends typeof HANDLING | object>(
  needed: T,
  rest: U,
) => fc.record({ ...needed, ...rest }, { requiredKeys: Object.keys(needed) as (keyof T & string)[] });

const FAMILIES = {
  HTTP: fc.oneof(
    fc.record({
      type: fc.constantFrom('HTTP', 'http'),
      parameters: mappings,
      httpEndpoints: withRest(
        { address: fc.constantFrom('a.example.com', '192.0.2.1:80', '#host#'), ...REQUEST },
        HANDLING,
      ),
    }),
    fc.record({
      type: fc.constant('HTTP-VPC'),
      parameters: mappings,
      httpVpcEndpoints: withRest({ name: name, ...REQUEST }, { ...HANDLING, cascade_flag: fc.boolean() }),
    }),
    fc.record({
      type: fc.constant('HTTP-VPC-MEMBER-GROUP'),
      httpVpcMemberGroupEndpoints: withRest(
        { name: name, memberGroupUrlInfos: fc.array(fc.record(REQUEST), { minLength: 1, maxLength: 2 }) },
        HANDLING,
      ),
    }),
  ),
  FUNCTION: fc.record({
    type: fc.constant('FUNCTION'),
    parameters: mappings,
    functionEndpoints: withRest(
      {
        'function-urn': fc.constant('urn:fss:x'),
        version: fc.constantFrom('latest', '7'),
        'invocation-type': fc.constantFrom('async', 'sync'),
      },
      {
        'alias-urn': fc.constantFrom('', 'urn:fss:x:!alias'),
        'network-type': fc.constantFrom('V1', 'V2'),
        req_protocol: fc.constantFrom('HTTPS', 'GRPCS'),
        timeout: fc.integer({ min: 1, max: 60000 }),
        description: hardText,
      },
    ),
  }),
  MOCK: fc.record({
    type: fc.constant('MOCK'),
    mockEndpoints: withRest({ 'result-content': hardText }, { description: hardText }),
  }),
};

/** As the guide has them now, and as exports of 2021 have them. */
const condition = fc.oneof(
  fc.record({
    type: fc.constantFrom('equal', 'enum', 'pattern'),
    origin: fc.constant('request'),
    parameter: name,
    value: name,
  }),
  fc.record({
    type: fc.constant('exact'),
    origin: fc.constantFrom('param', 'system'),
    parameter: name,
    value: name,
  }),
  fc.record({
    type: fc.constantFrom('', 'equal'),
    origin: fc.constant('source'),
    value: fc.constant('192.0.2.1'),
  }),
);
/** A back end, and policies with back ends of the same family. */
const backends = fc.constantFrom(...Object.values(FAMILIES)).chain((family: fc.Arbitrary<Members>) =>
  fc.record(
    {
      'x-apigateway-backend': family,
      'x-apigateway-backend-policies': fc.array(
        fc
          .tuple(
            family,
            fc.record(
              {
                name,
                conditions: fc.array(condition, { minLength: 1, maxLength: 2 }),
                effectMode: fc.constantFrom('ANY', 'ALL'),
              },
              { requiredKeys: ['name', 'conditions'] },
            ),
          )
          .map(([backend, rest]) => ({ ...backend, ...rest })),
        { maxLength: 2 },
      ),
    },
    { requiredKeys: ['x-apigateway-backend'] },
  ),
);

const authorizer = {
  ...{ type: 'FRONTEND', authorizer_type: 'FUNC', authorizer_uri: 'urn:fss:check' },
  ...{ authorizer_version: 'latest', authorizer_alias_uri: '', network_type: 'V1', need_body: true },
  ...{ auth_downgrade_enabled: false, retry_attempts: 1, timeout: 5000, ttl: 60, user_data: 'data' },
  identities: [{ location: 'HEADER', name: 'X-Token', validation: '' }],
};
const schemes = {
  app: { 'x-apigateway-auth-type': 'AppSigv1' },
  code: {
    'x-apigateway-auth-type': 'AppSigv1',
    'x-apigateway-auth-opt': { 'appcode-auth-type': 'header' },
  },
  iam: { 'x-apigateway-auth-type': 'IAM' },
  either: { 'x-apigateway-auth-type': 'IAM_NONE' },
  check: { 'x-apigateway-auth-type': 'AUTHORIZER', 'x-apigateway-authorizer': authorizer },
  back: {
    'x-apigateway-auth-type': 'Custom',
    'x-apigateway-authorizer': { ...authorizer, type: 'BACKEND', ttl: 0 },
  },
  nothing: {},
} as const;
const security = fc.constantFrom(
  [],
  [{ app: [] }],
  [{ code: [] }],
  [{ iam: [] }],
  [{ check: [] }],
  [{ back: [] }],
  [{ app: [], check: [] }],
  [{ either: [] }],
  [{ either: [], check: [] }],
  [{ nothing: [] }],
);

const operation = (version: string) =>
  fc
    .tuple(
      fc.record(
        {
          operationId: name,
          summary: hardText,
          description: hardText,
          tags: fc.array(hardText, { maxLength: 2 }),
          security,
          parameters: fc.array(parameter(version), { maxLength: 4 }),
          'x-apigateway-cors': fc.boolean(),
          'x-apigateway-match-mode': fc.constantFrom('NORMAL', 'SWA'),
          'x-apigateway-request-type': fc.constantFrom('public', 'private'),
          'x-apigateway-ratelimit': fc.constantFrom('one', 'two'),
          'x-apigateway-access-control': fc.constantFrom('one', 'two'),
          'x-apigateway-response': name,
          'x-apigateway-plugins': fc.array(name, { maxLength: 2 }),
          'x-apigateway-is-send-fg-body-base64': fc.boolean(),
          'x-apigateway-content-type': fc.constantFrom('', 'application/json'),
          'x-apigateway-orchestrations': fc.array(name, { maxLength: 2 }),
          'x-apigateway-result-normal-sample': hardText,
          requestBody: body,
        },
        { requiredKeys: [] },
      ),
      backends,
      fc.subarray(['http', 'https']),
      extension,
    )
    .map(([members, behind, protocols, extensions]) => ({
      ...members,
      ...behind,
      ...(version === '2.0'
        ? { schemes: protocols }
        : { servers: protocols.map((scheme) => ({ url: `${scheme}://h` })) }),
      responses: { default: { description: '', 'x-apigateway-result-failure-sample': 'inside' } },
      ...extensions,
    }));

const method = fc.constantFrom(
  'get',
  'put',
  'post',
  'delete',
  'options',
  'head',
  'patch',
  'x-apigateway-any-method',
);

const SCHEMAS = {
  Tree: {
    type: 'object',
    properties: { left: { $ref: '#/components/schemas/Tree' }, name: { type: 'string' } },
  },
};

const RATE_LIMIT = {
  ...{ 'api-limit': 20, 'user-limit': 10, 'app-limit': 10, 'ip-limit': 0, interval: 1, unit: 'MINUTE' },
  shared: true,
  special: [{ type: 'APP', limit: 5, instance: 'app-1' }],
};

/** A document of the given version in which every structure is allowed by the specification. */
export function document(version: '2.0' | '3.0'): fc.Arbitrary<Members> {
  const securitySchemes = Object.fromEntries(
    Object.entries(schemes).map(([key, extensions]) => [
      key,
      { type: 'apiKey', name: 'A', in: 'header', ...extensions },
    ]),
  );
  return fc
    .record({
      title: name,
      description: hardText,
      paths: fc
        .dictionary(path, fc.dictionary(method, operation(version), { maxKeys: 3 }), { maxKeys: 4 })
        .map((paths) =>
          Object.fromEntries(
            Object.entries(paths).map(([key, item]) => [key, { parameters: pathParameters(key), ...item }]),
          ),
        ),
      limits: fc.dictionary(
        fc.constantFrom('one', 'two', 'constructor'),
        fc.dictionary(hardKey, value, { maxKeys: 3 }).map((rest) => ({ ...rest, ...RATE_LIMIT })),
        { maxKeys: 2 },
      ),
      accessControls: fc.dictionary(
        fc.constantFrom('one', 'two', '图书'),
        fc.constantFrom(
          { 'acl-type': 'DENY', 'entity-type': 'IP', value: '192.0.2.1,198.51.100.0/24' },
          { 'acl-type': 'PERMIT', 'entity-type': 'DOMAIN', value: 'somebody' },
        ),
        { maxKeys: 2 },
      ),
      gateway: fc.dictionary(hardKey, value, { maxKeys: 2 }),
      extensions: extension,
    })
    .map(({ title, description, paths, limits: ratelimits, accessControls, gateway, extensions }) => ({
      ...(version === '2.0'
        ? { swagger: '2.0', securityDefinitions: securitySchemes }
        : {
            openapi: '3.0.1',
            components: { securitySchemes, schemas: SCHEMAS, 'x-apigateway-responses': gateway },
          }),
      info: { title, description, version: '1' },
      paths,
      'x-apigateway-ratelimits': ratelimits,
      'x-apigateway-access-controls': accessControls,
      ...(version === '2.0' && { 'x-apigateway-responses': gateway }),
      ...extensions,
    }));
}
