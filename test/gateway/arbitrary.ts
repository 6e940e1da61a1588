/** Documents made up for properties: everything an import reads, with texts and keys that are hard to write. */
import fc from 'fast-check';
import { pathParameters } from './sources.ts';

type Members = Record<string, unknown>;

const hardText = fc.oneof(
  fc.string({ maxLength: 24 }),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom(
    'yes',
    'null',
    '~',
    '2023-07-11',
    '0x1f',
    '1e3',
    ' a',
    'a: b',
    'a #b',
    '- x',
    '\n',
    'a\n b\n',
    '\u2028',
    '\u0085',
    '\t',
    '图书',
    '<<',
    '=',
    '.inf',
    '12:30:45',
    '|',
    '&a',
    '*a',
    '!!str',
    '%',
    '@',
    '`',
    '"',
    "'",
    '{}',
    '[]',
    '',
  ),
);
const hardKey = fc.oneof(
  { weight: 4, arbitrary: fc.stringMatching(/^[a-z][a-z-]{0,8}$/) },
  { weight: 1, arbitrary: hardText },
  { weight: 1, arbitrary: fc.constantFrom('__proto__', 'constructor', 'toString', '1', '007', '$ref', '<<') },
);
const scalar = fc.oneof(hardText, fc.integer(), fc.double(), fc.boolean(), fc.constant(null));
/** Anything an extension may hold. */
export const value: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(hardKey, tie('value'), { maxKeys: 3 }),
  ),
})).value;

const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_./:()-]{2,20}$/);
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
    )
    .map(([head, schema, extensions]) => ({
      ...head,
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
  { maxLength: 3 },
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

const backend = fc.oneof(
  fc.record({
    type: fc.constant('MOCK'),
    mockEndpoints: fc.record({ 'result-content': hardText, description: hardText }),
  }),
  fc.record({
    type: fc.constant('HTTP'),
    parameters: mappings,
    httpEndpoints: fc.record({
      address: fc.constantFrom('a.example.com', '192.0.2.1:80'),
      scheme: fc.constant('http'),
      method: fc.constant('GET'),
      path: fc.constant('/'),
      timeout: fc.integer({ min: 1, max: 60000 }),
    }),
  }),
  fc.record({
    type: fc.constant('FUNCTION'),
    functionEndpoints: fc.record({
      'function-urn': fc.constant('urn:fss:x'),
      version: fc.constantFrom('latest', '7'),
      'invocation-type': fc.constantFrom('async', 'sync'),
    }),
  }),
);

const authorizer = { type: 'FRONTEND', authorizer_type: 'FUNC', authorizer_uri: 'urn:fss:check' };
const schemes = {
  app: { 'x-apigateway-auth-type': 'AppSigv1' },
  iam: { 'x-apigateway-auth-type': 'IAM' },
  either: { 'x-apigateway-auth-type': 'IAM_NONE' },
  check: { 'x-apigateway-auth-type': 'AUTHORIZER', 'x-apigateway-authorizer': authorizer },
  nothing: {},
} as const;
const security = fc.constantFrom(
  [],
  [{ app: [] }],
  [{ iam: [] }],
  [{ check: [] }],
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
          'x-apigateway-backend': backend,
          'x-apigateway-cors': fc.boolean(),
          'x-apigateway-match-mode': fc.constantFrom('NORMAL', 'SWA'),
          'x-apigateway-request-type': fc.constantFrom('public', 'private'),
          'x-apigateway-ratelimit': fc.constantFrom('one', 'two'),
          'x-apigateway-result-normal-sample': hardText,
          requestBody: body,
        },
        { requiredKeys: ['x-apigateway-backend'] },
      ),
      fc.subarray(['http', 'https']),
      extension,
    )
    .map(([members, protocols, extensions]) => ({
      ...members,
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
        fc
          .dictionary(hardKey, value, { maxKeys: 3 })
          .map((rest) => ({ ...rest, 'api-limit': 20, interval: 1, unit: 'MINUTE' })),
        { maxKeys: 2 },
      ),
      gateway: fc.dictionary(hardKey, value, { maxKeys: 2 }),
      extensions: extension,
    })
    .map(({ title, description, paths, limits: ratelimits, gateway, extensions }) => ({
      ...(version === '2.0'
        ? { swagger: '2.0', securityDefinitions: securitySchemes }
        : {
            openapi: '3.0.1',
            components: { securitySchemes, schemas: SCHEMAS, 'x-apigateway-responses': gateway },
          }),
      info: { title, description, version: '1' },
      paths,
      'x-apigateway-ratelimits': ratelimits,
      ...(version === '2.0' && { 'x-apigateway-responses': gateway }),
      ...extensions,
    }));
}
