/** The OpenAPI files that the scenarios import. Every path begins with `/conform`; no back end is ever called. */

type Json = { readonly [name: string]: unknown };

const MOCK = { type: 'MOCK', mockEndpoints: { 'result-content': 'hello', description: '' } };
const RESPONSES = { default: { description: 'response example' } };
const SCHEMES = {
  'apig-auth-app': {
    type: 'apiKey',
    name: 'Authorization',
    in: 'header',
    'x-apigateway-auth-type': 'AppSigv1',
  },
  'apig-auth-iam': { type: 'apiKey', name: 'unused', in: 'header', 'x-apigateway-auth-type': 'IAM' },
};

/** A Swagger 2.0 file, as text. The title is the name of the group that an import makes. */
const swagger = (title: string, paths: Json, more: Json = {}): string =>
  JSON.stringify({
    swagger: '2.0',
    info: { title, description: 'made by apig-mock conform, which removes it', version: '1.0' },
    paths,
    securityDefinitions: SCHEMES,
    responses: RESPONSES,
    ...more,
  });

/** An operation that needs no back end, and that an app alone may call. */
const operation = (operationId: string, more: Json = {}): Json => ({
  operationId,
  schemes: ['https'],
  security: [{ 'apig-auth-app': [] }],
  responses: { default: { $ref: '#/responses/default' } },
  'x-apigateway-request-type': 'public',
  'x-apigateway-match-mode': 'NORMAL',
  'x-apigateway-cors': false,
  'x-apigateway-backend': MOCK,
  ...more,
});
const pathParameter = (name: string): Json => ({ name, in: 'path', required: true, type: 'string' });

const GREETING = operation('conform_greeting', { parameters: [pathParameter('name')] });
const ORDER = operation('conform_order', {
  security: [{ 'apig-auth-iam': [] }],
  parameters: [{ name: 'count', in: 'query', type: 'integer', minimum: 1, maximum: 9 }],
  'x-apigateway-backend': {
    type: 'HTTP',
    parameters: [{ name: 'number', value: 'count', in: 'query', origin: 'REQUEST' }],
    httpEndpoints: { address: 'example.com', scheme: 'https', method: 'PUT', path: '/orders', timeout: 5000 },
  },
});

/** Three APIs: `GET /conform/greeting/{name}`, `PUT /conform/orders`, and that of the documented export. */
export const BASE = swagger('{{name}}', {
  '/conform/greeting/{name}': { get: GREETING },
  '/conform/orders': { put: ORDER },
  '/conform/test1': { get: operation('conform_test1') },
});

/** One API without a back end: `GET /conform/bare`. */
export const BARE = swagger('{{name}}', {
  '/conform/bare': {
    get: { operationId: 'conform_bare', responses: RESPONSES, security: [{ 'apig-auth-app': [] }] },
  },
});

/** One API in OpenAPI 3.0, as YAML: `GET /conform/volumes/{isbn}`. */
export const YAML = `openapi: 3.0.3
info:
  title: '{{name}}'
  version: '1.0'
paths:
  /conform/volumes/{isbn}:
    get:
      operationId: conform_volume
      security:
        - app: []
      parameters:
        - name: isbn
          in: path
          required: true
          schema: {type: string}
      responses:
        default: {description: a volume}
      x-apigateway-backend:
        type: MOCK
        mockEndpoints: {result-content: a volume}
components:
  securitySchemes:
    app: {type: apiKey, name: Authorization, in: header, x-apigateway-auth-type: AppSigv1}
`;

/** What fails of one file, each API for a reason of its own, in the order of the file; one is imported. */
export const FAILING = swagger('{{name}}', {
  '/conform/good/{id}': {
    parameters: [pathParameter('id')],
    get: operation('conform_good'),
  },
  '/conform/good/{other}': {
    parameters: [pathParameter('other')],
    get: operation('conform_good_again'),
  },
  '/conform/name': { get: operation('conform_good') },
  '/conform/no-backend': {
    get: { operationId: 'conform_no_backend', responses: RESPONSES, security: [{ 'apig-auth-app': [] }] },
  },
  '/conform/part-{id}': { get: operation('conform_part') },
  '/conform/undefined/{id}': { get: operation('conform_undefined') },
  '/conform/undefined-backend': {
    get: operation('conform_undefined_backend', {
      'x-apigateway-backend': {
        type: 'HTTP',
        httpEndpoints: {
          address: 'example.com',
          scheme: 'https',
          method: 'GET',
          path: '/{id}',
          timeout: 5000,
        },
      },
    }),
  },
  '/conform/undefined-mapping': {
    get: operation('conform_undefined_mapping', {
      'x-apigateway-backend': {
        ...MOCK,
        parameters: [{ name: 'id', in: 'query', origin: 'REQUEST', value: 'id' }],
      },
    }),
  },
  '/conform/unknown-scheme': {
    get: operation('conform_unknown_scheme', { security: [{ 'nobody-defined-this': [] }] }),
  },
});

/** 301 APIs. */
export const TOO_MANY = swagger(
  '{{name}}_many',
  Object.fromEntries(
    Array.from({ length: 301 }, (_, at) => [`/conform/many/${at}`, { get: operation(`conform_many_${at}`) }]),
  ),
);

/** A good file with another title. */
export const titled = (title: string): string =>
  swagger(title, { '/conform/titled': { get: operation('conform_titled') } });

const AUTHORIZER = {
  type: 'apiKey',
  name: 'unused',
  in: 'header',
  'x-apigateway-auth-type': 'AUTHORIZER',
  'x-apigateway-authorizer': {
    type: 'FRONTEND',
    authorizer_type: 'FUNC',
    authorizer_uri: 'urn:fss:cn-north-7:0123456789abcdef0123456789abcdef:function:default:conform',
    authorizer_version: 'latest',
  },
};

/** An API behind a custom authorizer, a throttling policy and an access control policy. */
export const GUARDED = swagger(
  '{{name}}',
  {
    '/conform/guarded': {
      get: operation('conform_guarded', {
        security: [{ conform_authorizer: [] }],
        'x-apigateway-ratelimit': 'conform_twenty',
        'x-apigateway-access-control': 'conform_office',
      }),
    },
  },
  {
    securityDefinitions: { ...SCHEMES, conform_authorizer: AUTHORIZER },
    'x-apigateway-ratelimits': {
      conform_twenty: { 'api-limit': 20, interval: 1, unit: 'MINUTE', shared: false },
    },
    'x-apigateway-access-controls': {
      conform_office: { 'acl-type': 'PERMIT', 'entity-type': 'IP', value: '192.0.2.0/24' },
    },
  },
);
