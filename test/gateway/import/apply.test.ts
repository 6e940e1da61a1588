import { describe, expect, it } from 'vitest';
import { EMPTY_INSTANCE, findApi, type InstanceApis } from '../../../src/gateway/model.ts';
import { countingIds, exportText, type Imported, importText } from '../harness.ts';
import { definitionOf, doc, into, oneApi, op, sequence } from '../sources.ts';

describe('the group of an import', () => {
  it.each(['abc', 'a'.repeat(255), '9lives', 'A-b_c.d/e:f(g)', '图书馆'])(
    'takes the title as its name: %s',
    (title) => {
      const { state, report } = importText(doc({ info: { title, description: 'what it is for' } }));
      expect(state.groups.get(report.group_id)).toMatchObject({ name: title, remark: 'what it is for' });
    },
  );

  it.each(['ab', '-abc', 'a b c', 'a#bc', ''])('rejects a title that breaks the rule: %j', (title) => {
    expect(importText(doc({ info: { title } })).outcome).toMatchObject({ error_code: 'APIG.2044' });
  });

  it('does not use the title when it goes into a group that exists', () => {
    const first = importText(doc());
    const { outcome, state } = importText(doc({ info: { title: '!' } }), into(first.report.group_id), {
      state: first.state,
    });
    expect(outcome.status).toBe('succeed');
    expect([...state.groups.values()].map(({ name }) => name)).toEqual(['rules']);
  });

  it.each([
    [undefined, 'is missing'],
    ['ab', 'has 2 characters'],
    ['-ab', 'begins with neither a letter nor a digit'],
    ['ab c', 'has another character at place 3'],
  ])('is named by a title, and %j is rejected with the rule for titles', (title, fault) => {
    const { outcome } = importText(JSON.stringify({ swagger: '2.0', info: { title }, paths: {} }));
    expect(outcome).toMatchObject({
      error_code: 'APIG.2044',
      reason: `info.title ${fault}; it names the new group: 3 to 255 letters, digits and -_./:(), first a letter or digit`,
    });
  });

  it('must exist when none is made', () => {
    expect(importText(doc(), into('nowhere')).outcome).toEqual({
      status: 'failed',
      error_code: 'APIG.3001',
      error_msg: 'API group nowhere does not exist',
      reason: expect.stringMatching(/^no group of this instance has the id of group_id/),
    });
  });
});

describe('the names of imported APIs', () => {
  it('are unique in the group', () => {
    const { report } = importText(doc({ paths: { '/a': { get: op(), put: op() } } }));
    expect(report.failure).toEqual([
      {
        method: 'PUT',
        path: '/a',
        error_code: 'APIG.3202',
        error_msg: 'The API name already exists, api_name:op-1',
      },
    ]);
  });

  it('are generated when there is none, and never one that the document has', () => {
    const ids = { ...countingIds(), letters: sequence('aaaa', 'bbbb', 'cccc', 'dddd') };
    const paths = {
      '/a': {
        get: op({ operationId: undefined }),
        put: op({ operationId: undefined }),
        post: op({ operationId: 'API_aaaa' }),
      },
    };
    const { state, report } = importText(doc({ paths }), {}, { ids });
    expect(report.success.map(({ id }) => findApi(state, id)?.definition.name)).toEqual([
      'API_aaaabbbb',
      'API_cccc',
      'API_aaaa',
    ]);
  });

  it('stay when an API is replaced by one without a name', () => {
    const first = importText(oneApi({}));
    const fields = into(first.report.group_id, { api_mode: 'override' });
    expect(
      definitionOf(importText(oneApi({ operationId: undefined }), fields, { state: first.state })).name,
    ).toBe('op-1');
  });
});

describe('api_mode, extend_mode, mock_mode and simple_mode', () => {
  const rate = (limit: number) => ({
    'x-apigateway-ratelimits': { p: { 'api-limit': limit, interval: 1, unit: 'DAY' } },
    'x-apigateway-responses': { r: { a: limit } },
  });
  const first = importText(oneApi({ 'x-apigateway-ratelimit': 'p' }, rate(1)));
  const again = (fields: object) =>
    importText(oneApi({ summary: 'new' }, rate(2)), into(first.report.group_id, fields), {
      state: first.state,
    });
  const limitIn = (state: InstanceApis) => state.policies.get('ratelimit/p')?.definition;

  it('merge keeps the API and the policy that exist', () => {
    const { report, state } = again({});
    expect(report).toMatchObject({ success: [], ignore: [{ method: 'GET', path: '/a' }] });
    expect(limitIn(state)).toMatchObject({ 'api-limit': 1 });
    expect(state.groups.get(report.group_id)?.responses).toEqual({ r: { a: 1 } });
  });

  it('override replaces each on its own', () => {
    const apis = again({ api_mode: 'override' });
    expect(definitionOf(apis).summary).toBe('new');
    expect(limitIn(apis.state)).toMatchObject({ 'api-limit': 1 });
    const policies = again({ extend_mode: 'override' });
    expect(policies.report.success).toEqual([]);
    expect(limitIn(policies.state)).toMatchObject({ 'api-limit': 2 });
    expect(policies.state.groups.get(policies.report.group_id)?.responses).toEqual({ r: { a: 2 } });
  });

  it('mock_mode gives every API a Mock back end, with or without one of its own', () => {
    const paths = {
      '/a': {
        get: op(),
        put: { operationId: 'op-2' },
        post: op({ operationId: 'op-3', 'x-apigateway-backend': 7 }),
      },
    };
    const { report, state } = importText(doc({ paths }), { mock_mode: 'true' });
    expect(report.success.map(({ id }) => findApi(state, id)?.definition.backendType)).toEqual([
      'MOCK',
      'MOCK',
      'MOCK',
    ]);
  });

  it('simple_mode leaves out policies, gateway responses and what refers to them', () => {
    const { state, report } = importText(
      oneApi({ 'x-apigateway-ratelimit': 'p', 'x-apigateway-response': 'r' }, rate(1)),
      { simple_mode: true },
    );
    expect(state.policies.size).toBe(0);
    expect(exportText(state, report.group_id)).not.toMatch(/ratelimit|"r"/);
  });
});

describe('an import and the state', () => {
  it('does not touch the state it is given, nor groups it is not about', () => {
    const other = importText(oneApi({}));
    const before = JSON.stringify([...other.state.groups]);
    const { state } = importText(
      doc({ info: { title: 'second' } }),
      {},
      { state: other.state, ids: { ...countingIds(), next: sequence('g2', 's2') } },
    );
    expect(JSON.stringify([...other.state.groups])).toBe(before);
    expect(state.groups.get(other.report.group_id)).toBe(other.state.groups.get(other.report.group_id));
    expect(EMPTY_INSTANCE.groups.size).toBe(0);
  });

  it('publishes to RELEASE only on request', () => {
    const api = ({ state, report }: Imported) => findApi(state, report.success[0]?.id ?? '');
    expect(api(importText(oneApi({})))?.publications.size).toBe(1);
    expect(api(importText(oneApi({}), {}, { autoPublish: false }))?.publications.size).toBe(0);
  });
});
