import { describe, expect, it } from 'vitest';
import { checkPage, listApis } from '../../../src/gateway/lists.ts';
import type { Policy } from '../../../src/gateway/model.ts';
import { restoreInstance, snapshotInstance } from '../../../src/gateway/snapshot.ts';
import { countingIds, exportText, type Imported, importText } from '../harness.ts';
import { definitionOf, doc, oneApi, op } from '../sources.ts';

describe('protocols and authentication', () => {
  it.each([
    [['http'], ['http']],
    [
      ['https', 'http'],
      ['http', 'https'],
    ],
    [[], ['https']],
    [undefined, ['https']],
    [['ws'], ['https']],
  ])('takes schemes %j as %j', (schemes, protocols) => {
    expect(definitionOf(importText(oneApi({ schemes }))).protocols).toEqual(protocols);
  });

  it('takes the schemes of the document for operations without', () => {
    expect(definitionOf(importText(oneApi({}, { schemes: ['http'] }))).protocols).toEqual(['http']);
  });

  const authorizer = (rest = {}) => ({
    type: 'FRONTEND',
    authorizer_type: 'FUNC',
    authorizer_uri: 'urn:fss:cn-north-7:p:function:default:check',
    ...rest,
  });
  const type = (value: string, rest = {}) => ({
    type: 'apiKey',
    name: 'A',
    in: 'header',
    'x-apigateway-auth-type': value,
    ...rest,
  });
  const securityDefinitions = {
    app: type('AppSigv1'),
    code: type('AppSigv1', { 'x-apigateway-auth-opt': { 'appcode-auth-type': 'header' } }),
    iam: type('IAM'),
    own: type('custom', { 'x-apigateway-authorizer': authorizer() }),
    other: type('AUTHORIZER', { 'x-apigateway-authorizer': authorizer() }),
    either: type('IAM_NONE'),
    none: { type: 'basic' },
  };
  it.each([
    [undefined, { type: 'NONE', appCode: false }],
    [[], { type: 'NONE', appCode: false }],
    [[{ none: [] }], { type: 'NONE', appCode: false }],
    [[{ app: [] }], { type: 'APP', appCode: false }],
    [[{ code: [] }], { type: 'APP', appCode: true }],
    [[{ iam: [] }], { type: 'IAM', appCode: false }],
    [[{ own: [] }], { type: 'AUTHORIZER', appCode: false, authorizer: 'own' }],
    [[{ app: [], own: [] }], { type: 'APP', appCode: false, authorizer: 'own' }],
    [[{ other: [] }], { type: 'AUTHORIZER', appCode: false, authorizer: 'other' }],
    [[{ own: [] }, { own: [] }], { type: 'AUTHORIZER', appCode: false, authorizer: 'own' }],
    [[{ app: [] }, { code: [] }, { none: [] }], { type: 'APP', appCode: true }],
    [[{ either: [] }], { type: 'NONE', appCode: false, iamNone: true }],
    [[{ 'apig-auth-iam': [] }], { type: 'IAM', appCode: false }],
  ])('reads security %j', (security, expected) => {
    expect(definitionOf(importText(oneApi({ security }, { securityDefinitions }))).authentication).toEqual(
      expected,
    );
  });

  it('takes the security of the document for operations without, an empty list for none', () => {
    const around = { securityDefinitions, security: [{ app: [] }] };
    expect(definitionOf(importText(oneApi({}, around))).authentication.type).toBe('APP');
    expect(definitionOf(importText(oneApi({ security: [] }, around))).authentication.type).toBe('NONE');
  });

  it.each([
    [[{ nobody: [] }]],
    [[{ app: [] }, { iam: [] }]],
    [[{ iam: [], code: [] }]],
    [[{ own: [], other: [] }]],
  ])('rejects security %j, which no API of the service can have', (security) => {
    expect(importText(oneApi({ security }, { securityDefinitions })).report.failure).toMatchObject([
      { error_code: 'APIG.2011', error_msg: expect.stringContaining('parameterName:auth_type.') },
    ]);
  });

  const custom = (definition: unknown) => type('Custom', { 'x-apigateway-authorizer': definition });
  it.each<[string, object, string, string]>([
    ['an unknown type', type('Basic'), 'APIG.2011', 'auth_type'],
    ['a type that is no text', { ...type(''), 'x-apigateway-auth-type': 7 }, 'APIG.2011', 'auth_type'],
    ['an empty type', type(''), 'APIG.2011', 'auth_type'],
    [
      'an AppCode elsewhere',
      type('AppSigv1', { 'x-apigateway-auth-opt': { 'appcode-auth-type': 'query' } }),
      'APIG.2011',
      'app_code_auth_type',
    ],
    [
      'options that are a text',
      type('AppSigv1', { 'x-apigateway-auth-opt': 'header' }),
      'APIG.2011',
      'auth_opt',
    ],
    ['no authorizer', type('Custom'), 'APIG.3081', 'The authorizer does not exist.'],
    ['an authorizer that is a text', custom('urn:fss:x'), 'APIG.2011', 'authorizer_id'],
    ['an empty authorizer', custom({}), 'APIG.2001', 'type'],
    ['no function', custom(authorizer({ authorizer_uri: undefined })), 'APIG.2001', 'authorizer_uri'],
    ['an empty function', custom(authorizer({ authorizer_uri: '' })), 'APIG.2001', 'authorizer_uri'],
    ['no kind', custom(authorizer({ authorizer_type: undefined })), 'APIG.2001', 'authorizer_type'],
    ['another kind', custom(authorizer({ authorizer_type: 'LD' })), 'APIG.2011', 'authorizer_type'],
    ['neither end', custom(authorizer({ type: 'MIDDLE' })), 'APIG.2011', 'type'],
    ['a network of its own', custom(authorizer({ network_type: 'V3' })), 'APIG.2011', 'network_type'],
    [
      'a version of 65',
      custom(authorizer({ authorizer_version: 'v'.repeat(65) })),
      'APIG.2011',
      'authorizer_version',
    ],
    ['need_body as a text', custom(authorizer({ need_body: 'yes' })), 'APIG.2011', 'need_body'],
    ['a cache of 3,601 s', custom(authorizer({ ttl: 3601 })), 'APIG.2011', 'ttl'],
    ['a cache without identities', custom(authorizer({ ttl: 1, identities: [] })), 'APIG.2001', 'identities'],
    [
      'an identity without a place',
      custom(authorizer({ identities: [{ name: 'a' }] })),
      'APIG.2001',
      'location',
    ],
    [
      'an identity in a cookie',
      custom(authorizer({ identities: [{ name: 'a', location: 'COOKIE' }] })),
      'APIG.2011',
      'location',
    ],
    [
      'identities that are a mapping',
      custom(authorizer({ identities: { a: 1 } })),
      'APIG.2011',
      'identities',
    ],
    ['an identity that is a text', custom(authorizer({ identities: ['a'] })), 'APIG.2011', 'identities'],
    [
      '600,001 ms',
      custom(authorizer({ timeout: 600_001 })),
      'APIG.2046',
      'Incorrect custom authentication timeout.',
    ],
    [
      '11 retries',
      custom(authorizer({ retry_attempts: 11 })),
      'APIG.2047',
      'Incorrect number of retries for custom authentication.',
    ],
  ])('fails the APIs that use a scheme with %s, and no others', (_what, scheme, code, about) => {
    const paths = {
      '/a': { get: op({ security: [{ s: [] }] }) },
      '/b': { get: op({ operationId: 'op-2' }) },
    };
    const { report } = importText(doc({ paths, securityDefinitions: { s: scheme } }));
    const [failure] = report.failure;
    expect(report.failure).toMatchObject([{ path: '/a', error_code: code }]);
    expect(/parameterName:(.*)\. /.exec(failure?.error_msg ?? '')?.[1] ?? failure?.error_msg).toBe(about);
    expect(report.success).toMatchObject([{ path: '/b' }]);
  });

  it.each([
    [
      'as the service exports it',
      {
        auth_downgrade_enabled: false,
        authorizer_alias_uri: '',
        authorizer_version: 'latest',
        need_body: true,
        network_type: 'V1',
        retry_attempts: 0,
        timeout: 30000,
        ttl: 0,
      },
    ],
    ['with a cache', { ttl: 3600, identities: [{ name: 'a', location: 'QUERY', validation: '' }] }],
    ['with what is not known yet', { later: { deep: [1, null] } }],
  ])('takes an authorizer %s, and exports all of it', (_what, rest) => {
    const definition = authorizer(rest);
    const { state, report } = importText(
      oneApi({ security: [{ s: [] }] }, { securityDefinitions: { s: custom(definition) } }),
    );
    expect(report.failure).toEqual([]);
    for (const oas_version of ['2.0', '3.0']) {
      const document = JSON.parse(exportText(state, report.group_id, { oas_version }));
      const { s } = document.securityDefinitions ?? document.components.securitySchemes;
      expect(s).toEqual({
        type: 'apiKey',
        name: 'A',
        in: 'header',
        'x-apigateway-auth-type': 'AUTHORIZER',
        'x-apigateway-authorizer': definition,
      });
      expect(document.paths['/a'].get.security).toEqual([{ s: [] }]);
    }
  });
});

describe('the authorizer of an API', () => {
  const authorizer = (uri: string) => ({ type: 'FRONTEND', authorizer_type: 'FUNC', authorizer_uri: uri });
  const scheme = (definition?: object) => ({
    s: {
      type: 'apiKey',
      name: 'unused',
      in: 'header',
      'x-apigateway-auth-type': 'AUTHORIZER',
      ...(definition && { 'x-apigateway-authorizer': definition }),
    },
  });
  const guarded = (title: string, definition?: object, security: object[] = [{ s: [] }]) =>
    oneApi({ security }, { info: { title }, securityDefinitions: scheme(definition) });
  const listed = ({ state }: Imported) =>
    listApis(state, checkPage({}), { region: 'r' }).apis.map(({ auth_type, authorizer_id }) => [
      auth_type,
      authorizer_id,
    ]);
  const definitionIn = ({ state, report }: Imported) =>
    JSON.parse(exportText(state, report.group_id)).securityDefinitions.s['x-apigateway-authorizer']
      .authorizer_uri;

  it('is shown by its id, which is the same for every group, and stays when it is replaced', () => {
    const ids = countingIds();
    const first = importText(guarded('one', authorizer('urn:1')), {}, { ids });
    const second = importText(guarded('two', authorizer('urn:2')), {}, { ids, state: first.state });
    const [[type, id]] = listed(first) as [[string, string]];
    expect(type).toBe('AUTHORIZER');
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(listed(second)).toEqual([
      ['AUTHORIZER', id],
      ['AUTHORIZER', id],
    ]);
    expect(definitionIn(second)).toBe('urn:1');
    const third = importText(
      guarded('three', authorizer('urn:3')),
      { extend_mode: 'override' },
      { ids, state: second.state },
    );
    expect(listed(third).map(([, third]) => third)).toEqual([id, id, id]);
    expect(definitionIn(third)).toBe('urn:3');
  });

  it('is found by name where the document does not define it, and beside APP as the second factor', () => {
    const ids = countingIds();
    const first = importText(guarded('one', authorizer('urn:1')), {}, { ids });
    const second = importText(
      guarded('two', undefined, [{ 'apig-auth-app': [], s: [] }]),
      {},
      { ids, state: first.state },
    );
    expect(second.report.failure).toEqual([]);
    const [[, id]] = listed(first) as [[string, string]];
    expect(listed(second)[1]).toEqual(['APP', id]);
  });

  it('is not shown for an API without one', () => {
    const { state } = importText(oneApi({}));
    expect(listApis(state, checkPage({}), { region: 'r' }).apis[0]).not.toHaveProperty('authorizer_id');
  });

  it('comes back from a snapshot with its id; one of an older snapshot gets one that stays', () => {
    const before = importText(guarded('one', authorizer('urn:1')));
    const snapshot = JSON.parse(JSON.stringify(snapshotInstance(before.state)));
    expect(listed({ ...before, state: restoreInstance(snapshot) })).toEqual(listed(before));
    const older = {
      ...snapshot,
      policies: snapshot.policies.map(({ kind, name, definition }: Policy) => ({ kind, name, definition })),
    };
    const [[, id]] = listed({ ...before, state: restoreInstance(older) }) as [[string, string]];
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(listed({ ...before, state: restoreInstance(older) })).toEqual([['AUTHORIZER', id]]);
  });

  it.each([[{ id: 7 }], [{ createdMs: 'x' }]])('is rejected in a snapshot with %j', (wrong) => {
    const snapshot = JSON.parse(
      JSON.stringify(snapshotInstance(importText(guarded('one', authorizer('urn:1'))).state)),
    );
    Object.assign(snapshot.policies[0], wrong);
    expect(() => restoreInstance(snapshot)).toThrow(expect.objectContaining({ code: 'APIG.2012' }));
  });
});
