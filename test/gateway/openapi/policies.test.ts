import { describe, expect, it } from 'vitest';
import { importText } from '../harness.ts';
import { doc, op } from '../sources.ts';

const rate = (rest: object = {}) => ({ 'api-limit': 200, interval: 1, unit: 'MINUTE', ...rest });
const special = (rest: object) => rate({ special: [{ type: 'USER', limit: 100, instance: 'u1', ...rest }] });
const acl = (rest: object = {}) => ({
  'acl-type': 'DENY',
  'entity-type': 'IP',
  value: '192.0.2.0/24',
  ...rest,
});

/** An API that names a policy of the document, and one that does not. */
function imported(kind: 'ratelimit' | 'access-control', policy: unknown) {
  const bound = op({ [`x-apigateway-${kind}`]: 'p' });
  const paths = { '/bound': { get: bound }, '/free': { get: op({ operationId: 'op-2' }) } };
  return importText(doc({ paths, [`x-apigateway-${kind}s`]: { p: policy, unused: policy } }));
}

describe('the policies of a document', () => {
  it.each<[string, 'ratelimit' | 'access-control', object]>([
    ['a throttling policy', 'ratelimit', rate()],
    [
      'all limits, in lower case',
      'ratelimit',
      rate({ 'user-limit': 0, 'app-limit': 5, 'ip-limit': 5, unit: 'day', shared: true }),
    ],
    ['a limit as text', 'ratelimit', rate({ 'api-limit': '2147483647' })],
    ['an excluded app', 'ratelimit', special({ type: 'APP' })],
    ['an access control policy', 'access-control', acl()],
    ['one of accounts', 'access-control', acl({ 'entity-type': 'DOMAIN_ID', 'acl-type': 'permit' })],
  ])('%s is imported as it was written', (_what, kind, policy) => {
    const { state, report } = imported(kind, policy);
    expect(report.failure).toEqual([]);
    expect([...state.policies.values()]).toEqual(
      ['p', 'unused'].map((name) => ({ kind, name, definition: policy })),
    );
  });

  it.each<[string, 'ratelimit' | 'access-control', object, string]>([
    ['no limit', 'ratelimit', rate({ 'api-limit': undefined }), 'APIG.2001 api_call_limits'],
    ['a limit in letters', 'ratelimit', rate({ 'api-limit': 'abc' }), 'APIG.2011 api_call_limits'],
    ['a limit of 0', 'ratelimit', rate({ 'api-limit': 0 }), 'APIG.2011 api_call_limits'],
    ['a limit of 2^31', 'ratelimit', rate({ 'api-limit': 2_147_483_648 }), 'APIG.2011 api_call_limits'],
    ['a limit below 0', 'ratelimit', rate({ 'ip-limit': -1 }), 'APIG.2011 ip_call_limits'],
    ['no period', 'ratelimit', rate({ interval: undefined }), 'APIG.2001 time_interval'],
    ['no unit', 'ratelimit', rate({ unit: undefined }), 'APIG.2001 time_unit'],
    ['an unknown unit', 'ratelimit', rate({ unit: 'FORTNIGHT' }), 'APIG.2011 time_unit'],
    ['shared as a text', 'ratelimit', rate({ shared: 'yes' }), 'APIG.2011 type'],
    ['exclusions that are a mapping', 'ratelimit', rate({ special: { a: 1 } }), 'APIG.2011 special'],
    ['an exclusion of an unknown kind', 'ratelimit', special({ type: 'IP' }), 'APIG.2011 object_type'],
    ['an exclusion without a limit', 'ratelimit', special({ limit: undefined }), 'APIG.2001 call_limits'],
    ['an exclusion of nobody', 'ratelimit', special({ instance: '' }), 'APIG.2001 object_id'],
    ['an unknown effect', 'access-control', acl({ 'acl-type': 'MAYBE' }), 'APIG.2011 acl_type'],
    ['an unknown object', 'access-control', acl({ 'entity-type': 'MOON' }), 'APIG.2011 entity_type'],
    ['no values', 'access-control', acl({ value: '' }), 'APIG.2001 acl_value'],
  ])('%s fails the APIs that name it, and it is not imported', (_what, kind, policy, expected) => {
    const { state, report } = imported(kind, policy);
    expect(
      report.failure.map(({ path, error_code, error_msg }) => [
        path,
        `${error_code} ${/parameterName:(.*)\. /.exec(error_msg)?.[1]}`,
      ]),
    ).toEqual([['/bound', expected]]);
    expect(report.success).toMatchObject([{ path: '/free' }]);
    expect(state.policies.size).toBe(0);
  });

  it('left out by a quick import do not count', () => {
    const paths = { '/a': { get: op({ 'x-apigateway-ratelimit': 'p' }) } };
    const source = doc({ paths, 'x-apigateway-ratelimits': { p: {} } });
    expect(importText(source, { simple_mode: 'true' }).report.failure).toEqual([]);
  });
});
