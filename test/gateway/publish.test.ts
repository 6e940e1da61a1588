import { describe, expect, it } from 'vitest';
import { findApi, RELEASE_ID } from '../../src/gateway/model.ts';
import { checkPublishBody, publishApis } from '../../src/gateway/publish.ts';
import { publishToWire } from '../../src/gateway/wire.ts';
import { countingIds, importText, NOW_MS } from './harness.ts';

const backend = { type: 'MOCK', mockEndpoints: { 'result-content': '' } };
const operation = (operationId: string) => ({ operationId, 'x-apigateway-backend': backend });
const source = JSON.stringify({
  swagger: '2.0',
  info: { title: 'pub' },
  paths: { '/a': { get: operation('one'), put: operation('two') } },
});
const { state, report } = importText(source, {}, { autoPublish: false });
const [one = '', two = ''] = report.success.map(({ id }) => id);
const deps = { nowMs: NOW_MS, ids: countingIds() };
const body = (rest: object) => ({ env_id: RELEASE_ID, ...rest });

describe('publishing', () => {
  it('reports on each API and leaves the state it was given unchanged', () => {
    const result = publishApis(
      checkPublishBody(body({ apis: [one, 'none'], remark: 'first' }), 'online'),
      state,
      deps,
    );
    const response = publishToWire(result);
    expect(response.success).toEqual([
      {
        publish_id: expect.stringMatching(/^[0-9a-f]{32}$/),
        api_id: one,
        api_name: 'one',
        env_id: RELEASE_ID,
        remark: 'first',
        publish_time: '2023-07-11T19:54:22Z',
        version_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      },
    ]);
    expect(response.failure).toEqual([
      { api_id: 'none', error_code: 'APIG.3002', error_msg: 'Api none not found' },
    ]);
    expect(findApi(state, one)?.publications.size).toBe(0);
    expect(findApi(result.state, one)?.publications.size).toBe(1);
    expect(findApi(result.state, two)).toBe(findApi(state, two));
  });

  it('takes a whole group, and takes it offline again', () => {
    const target = body({ group_id: report.group_id });
    const online = publishApis(checkPublishBody(target, 'online'), state, deps);
    expect(online.success).toHaveLength(2);
    const offline = publishApis(checkPublishBody(target, 'offline'), online.state, deps);
    expect(offline.success.map(({ api }) => api.publications.size)).toEqual([0, 0]);
    const again = publishApis(checkPublishBody(target, 'offline'), offline.state, deps);
    expect(again.failure.map(({ reason }) => reason.error_code)).toEqual(['APIG.3015', 'APIG.3015']);
  });

  it('gives each publishing a record and a version of its own', () => {
    const online = checkPublishBody(body({ apis: [one] }), 'online');
    const first = publishApis(online, state, deps);
    const second = publishApis(online, first.state, deps);
    expect(second.success[0]?.record.id).not.toBe(first.success[0]?.record.id);
    expect(second.success[0]?.record.versionId).not.toBe(first.success[0]?.record.versionId);
  });

  it.each([
    [body({ group_id: 'none' }), 'online', 404, 'APIG.3001'],
    [{ env_id: 'none', apis: [one] }, 'online', 404, 'APIG.3003'],
  ])('rejects %j', (value, action, statusCode, code) => {
    expect(() => publishApis(checkPublishBody(value, action), state, deps)).toThrow(
      expect.objectContaining({ statusCode, code }),
    );
  });

  it.each([
    [undefined, 'online', 'APIG.2001'],
    [body({ apis: [one] }), undefined, 'APIG.2011'],
    [body({ apis: [one] }), '', 'APIG.2011'],
    [body({ apis: Array.from({ length: 1001 }, () => one) }), 'online', 'APIG.2012'],
    [{}, 'online', 'APIG.2001'],
    [body({}), 'online', 'APIG.2001'],
    [body({ apis: [1] }), 'online', 'APIG.2012'],
    [body({ apis: 'x' }), 'online', 'APIG.2012'],
    [body({ apis: [one] }), 'sideways', 'APIG.2011'],
    [body({ apis: [one], remark: 5 }), 'online', 'APIG.2012'],
    [{ env_id: 1, apis: [one] }, 'online', 'APIG.2012'],
    [body({ group_id: 1 }), 'online', 'APIG.2012'],
    [body({ apis: [one], group_id: 1 }), 'online', 'APIG.2012'],
  ])('rejects the body %j with action %s', (value, action, code) => {
    expect(() => checkPublishBody(value, action)).toThrow(expect.objectContaining({ statusCode: 400, code }));
  });
});
