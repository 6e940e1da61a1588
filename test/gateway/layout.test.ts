/** The layout of exports, member by member, as the providers' documents show it. */
import { describe, expect, it } from 'vitest';
import { exportText, importText } from './harness.ts';
import { definitionOf, doc, doc3, op } from './sources.ts';

/** An API as a user writes it in Swagger 2.0. */
const SOURCE = `
swagger: "2.0"
info: {title: layout, description: a group, version: "1.0"}
paths:
  '/users/{userId}':
    put: {operationId: set-user, parameters: [{name: userId, in: path, required: true, type: string}],
      x-apigateway-backend: {type: MOCK, mockEndpoints: {result-content: ok}}}
    get:
      operationId: get-user
      summary: one user
      description: get user by id
      tags: [users]
      security: [{apig-auth-iam: []}]
      schemes: [https]
      parameters:
        - {name: userId, description: user id, type: string, in: path, required: true}
        - {name: count, type: integer, in: query, maximum: 9, minimum: 1, default: 5, enum: [1, 5]}
        - {name: X-Sample, type: string, in: header, maxLength: 8, x-apigateway-sample: abc}
      responses: {"200": {description: the user}}
      x-apigateway-cors: true
      x-apigateway-result-normal-sample: '{}'
      x-apigateway-backend:
        type: HTTP
        parameters:
          - {name: userId, value: userId, in: query, origin: REQUEST, description: user id}
          - {name: X-Invoke-User, value: apigateway, in: header, origin: CONSTANT}
        httpEndpoints: {address: example.com, scheme: http, method: GET, path: /users, timeout: 30000}
x-apigateway-responses:
  default: {}
`;
const imported = importText(SOURCE);
const groupId = imported.report.group_id;

describe('an export in OpenAPI 3.0', () => {
  it('looks as importing_apis has it', () => {
    const host = `https://${groupId}.apic.cn-north-7.huaweicloudapis.com`;
    expect(exportText(imported.state, groupId, { oas_version: '3.0', type: 'yaml' })).toBe(`openapi: 3.0.3
info:
  description: a group
  title: layout
  version: v1
servers:
  - url: >-
      ${host}
paths:
  /users/{userId}:
    get:
      description: get user by id
      operationId: get-user
      parameters:
        - example: abc
          in: header
          name: X-Sample
          schema:
            maxLength: 8
            type: string
          x-apigateway-pass-through: always
        - example: ''
          in: query
          name: count
          schema:
            default: 5
            enum:
              - 1
              - 5
            maximum: 9
            minimum: 1
            type: number
          x-apigateway-pass-through: always
        - description: user id
          example: ''
          in: path
          name: userId
          required: true
          schema:
            maxLength: 0
            maximum: 0
            minimum: 0
            type: string
          x-apigateway-pass-through: always
      responses:
        default-cors:
          description: response example
          x-apigateway-result-failure-sample: ''
          x-apigateway-result-normal-sample: '{}'
      security:
        - apig-auth-iam: []
      servers:
        - url: >-
            ${host}
      summary: one user
      tags:
        - users
      x-apigateway-backend:
        httpEndpoints:
          address: example.com
          description: ''
          enableClientSsl: false
          method: GET
          path: /users
          retryCount: '-1'
          scheme: http
          timeout: 30000
        parameters:
          - description: ''
            in: HEADER
            name: X-Invoke-User
            origin: CONSTANT
            value: apigateway
          - description: user id
            in: QUERY
            name: userId
            origin: REQUEST
            value: userId
        type: HTTP
      x-apigateway-cors: true
      x-apigateway-match-mode: NORMAL
      x-apigateway-request-type: public
    put:
      operationId: set-user
      parameters:
        - example: ''
          in: path
          name: userId
          required: true
          schema:
            maxLength: 0
            maximum: 0
            minimum: 0
            type: string
          x-apigateway-pass-through: always
      responses:
        default:
          description: response example
          x-apigateway-result-failure-sample: ''
          x-apigateway-result-normal-sample: ''
      servers:
        - url: >-
            ${host}
      x-apigateway-backend:
        mockEndpoints:
          description: ''
          result-content: ok
        type: MOCK
      x-apigateway-cors: false
      x-apigateway-match-mode: NORMAL
      x-apigateway-request-type: public
components:
  responses:
    default:
      description: response example
    default-cors:
      description: response example
      headers:
        Access-Control-Allow-Origin:
          schema:
            default: '*'
            type: string
  securitySchemes:
    apig-auth-app:
      in: header
      name: Authorization
      type: apiKey
      x-apigateway-auth-type: AppSigv1
    apig-auth-app-header:
      in: header
      name: Authorization
      type: apiKey
      x-apigateway-auth-opt:
        appcode-auth-type: header
      x-apigateway-auth-type: AppSigv1
    apig-auth-iam:
      in: header
      name: unused
      type: apiKey
      x-apigateway-auth-type: IAM
  x-apigateway-responses:
    default: {}
`);
  });

  it('goes by code unit below the first level, in JSON too', () => {
    const document = JSON.parse(exportText(imported.state, groupId, { oas_version: '3.0' }));
    expect(Object.keys(document)).toEqual(['openapi', 'info', 'servers', 'paths', 'components']);
    const check = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      if (!Array.isArray(value)) expect(Object.keys(value)).toEqual(Object.keys(value).sort());
      for (const item of Object.values(value)) check(item);
    };
    for (const value of Object.values(document)) check(value);
  });

  it('has the plain response alone for no APIs', () => {
    const { state, report } = importText(doc());
    const { components } = JSON.parse(exportText(state, report.group_id, { oas_version: '3.0' }));
    expect(components.responses).toEqual({ default: { description: 'response example' } });
    expect(components['x-apigateway-responses']).toEqual({});
  });

  it('has the body of a request', () => {
    const body = { content: { 'application/json': { schema: { example: '', type: 'object' } } } };
    const source = doc3({ paths: { '/a': { post: op({ requestBody: body }) } } });
    const { state, report } = importText(source);
    const { paths } = JSON.parse(exportText(state, report.group_id, { oas_version: '3.0' }));
    expect(paths['/a'].post.requestBody).toEqual(body);
    expect(exportText(state, report.group_id)).not.toContain('requestBody');
    expect(
      definitionOf(importText(doc({ paths: { '/a': { post: op({ requestBody: 1 }) } } }))).requestBody,
    ).toBe(undefined);
  });
});

describe('an export in Swagger 2.0', () => {
  const document = JSON.parse(exportText(imported.state, groupId));
  const { get } = document.paths['/users/{userId}'];

  it('has the members of an operation in the order of the provider', () => {
    expect(Object.keys(document.info)).toEqual(['description', 'title', 'version']);
    expect(Object.keys(get)).toEqual([
      ...['security', 'description', 'schemes', 'tags', 'summary', 'operationId', 'parameters', 'responses'],
      ...[
        'x-apigateway-backend',
        'x-apigateway-cors',
        'x-apigateway-match-mode',
        'x-apigateway-request-type',
      ],
    ]);
  });

  it('has parameters by name, and their members in the order of the provider', () => {
    expect(get.parameters.map((parameter: object) => Object.entries(parameter))).toEqual([
      Object.entries({
        ...{ maxLength: 8, type: 'string', 'x-apigateway-pass-through': 'always' },
        ...{ 'x-apigateway-sample': 'abc', name: 'X-Sample', in: 'header' },
      }),
      Object.entries({
        ...{ maximum: 9, minimum: 1, enum: [1, 5], type: 'number', default: 5 },
        ...{ 'x-apigateway-pass-through': 'always', name: 'count', in: 'query' },
      }),
      Object.entries({
        ...{ type: 'string', 'x-apigateway-pass-through': 'always', description: 'user id' },
        ...{ name: 'userId', in: 'path', required: true },
      }),
    ]);
  });

  it('has a method of any kind before the others', () => {
    const paths = { '/a': { get: op(), 'x-apigateway-any-method': op({ operationId: 'op-2' }) } };
    const { state, report } = importText(doc({ paths }));
    const keys = (oas_version: string) =>
      Object.keys(JSON.parse(exportText(state, report.group_id, { oas_version })).paths['/a']);
    expect(keys('2.0')).toEqual(['x-apigateway-any-method', 'get']);
    expect(keys('3.0')).toEqual(['get', 'x-apigateway-any-method']);
  });

  it('has samples beside the reference to the plain response, with CORS too', () => {
    expect(get.responses).toEqual({
      default: { $ref: '#/responses/default' },
      'x-apigateway-result-failure-sample': '',
      'x-apigateway-result-normal-sample': '{}',
    });
  });
});

describe('what an import takes from OpenAPI 3.0', () => {
  const SAMPLE = 'x-apigateway-result-normal-sample';
  const sample = (rest: object, components = {}) =>
    definitionOf(importText(doc3({ components, paths: { '/a': { get: op(rest) } } }))).extensions[SAMPLE];

  it.each<[string, object, string]>([
    ['the response', { responses: { default: { [SAMPLE]: 'in' } } }, 'in'],
    ['that with CORS', { responses: { 'default-cors': { [SAMPLE]: 'in' } } }, 'in'],
    ['one with a status', { responses: { '200': { [SAMPLE]: 'in' } } }, 'in'],
    [
      'the default response before others',
      { responses: { '200': { [SAMPLE]: 'no' }, default: { [SAMPLE]: 'in' } } },
      'in',
    ],
    ['responses first', { responses: { default: { [SAMPLE]: 'no' }, [SAMPLE]: 'in' } }, 'in'],
    ['the operation first', { [SAMPLE]: 'in', responses: { default: { [SAMPLE]: 'no' } } }, 'in'],
    ['an empty one', { responses: { default: { [SAMPLE]: '' } } }, ''],
    ['the end of a reference', { responses: { default: { $ref: '#/components/responses/ok' } } }, 'there'],
    ['nowhere', { responses: { default: { $ref: '#/components/responses/gone' } } }, ''],
    ['no list', { responses: [{ [SAMPLE]: 'no' }] }, ''],
  ])('the sample of %s', (_what, rest, expected) => {
    expect(sample(rest, { responses: { ok: { description: '', [SAMPLE]: 'there' } } })).toBe(expected);
  });

  it('gateway responses in components, and at the top', () => {
    const responses = (root: object) => {
      const { state, report } = importText(doc3(root));
      return state.groups.get(report.group_id)?.responses;
    };
    const [one, two] = [{ NOT_FOUND: { status: 404 } }, { NOT_FOUND: { status: 410 } }];
    expect(responses({ components: { 'x-apigateway-responses': { one } } })).toEqual({ one });
    expect(responses({ 'x-apigateway-responses': { one } })).toEqual({ one });
    expect(
      responses({
        components: { 'x-apigateway-responses': { one } },
        'x-apigateway-responses': { one: two, two },
      }),
    ).toEqual({ one, two });
  });

  const parameterOf = (parameter: object) =>
    definitionOf(
      importText(
        doc3({ paths: { '/a': { get: op({ parameters: [{ name: 'p', in: 'query', ...parameter }] }) } } }),
      ),
    ).parameters[0];

  it.each<[object, object]>([
    [{ type: 'string', maxLength: 0, maximum: 0, minimum: 0 }, {}],
    [{ type: 'number', maxLength: 0, maximum: 0, minimum: 0 }, {}],
    [
      { type: 'string', maxLength: 0, maximum: 0, minimum: 0, minLength: 3, default: 'abc' },
      { minLength: 3, default: 'abc' },
    ],
    [{ type: 'string', maxLength: 0 }, { maxLength: 0 }],
    [
      { type: 'number', maximum: 0, minimum: 0 },
      { maximum: 0, minimum: 0 },
    ],
    [
      { type: 'number', maxLength: 0, maximum: 5, minimum: 0 },
      { maximum: 5, minimum: 0 },
    ],
  ])('the limits of %j', (schema, limits) => {
    expect(parameterOf({ schema })?.limits).toEqual(limits);
  });

  it.each([
    [{ example: 'abc' }, { 'x-apigateway-sample': 'abc' }],
    [{ example: { a: 1 } }, { 'x-apigateway-sample': { a: 1 } }],
    [{ example: '' }, {}],
    [{ example: 'no', 'x-apigateway-sample': 'yes' }, { 'x-apigateway-sample': 'yes' }],
    [{ 'x-apigateway-pass-through': 'never' }, { 'x-apigateway-pass-through': 'never' }],
  ])('the sample of a parameter: %j', (source, extensions) => {
    expect(parameterOf(source)?.extensions).toEqual(extensions);
  });
});
