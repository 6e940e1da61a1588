import { describe, expect, it } from 'vitest';
import { importText } from '../harness.ts';
import { definitionOf, oneApi } from '../sources.ts';

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
    own: type('custom', { 'x-apigateway-authorizer': { type: 'FRONTEND' } }),
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
});
