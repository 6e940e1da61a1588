import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EMPTY_INSTANCE, RELEASE_ID } from '../../src/gateway/model.ts';
import { checkPage, listApis, listEnvironments, listGroups } from '../../src/gateway/wire.ts';
import { importText } from './harness.ts';

const orders = importText(readFileSync(new URL('../../fixtures/openapi/http-orders.yaml', import.meta.url)));
const groupId = orders.report.group_id;
const page = checkPage({});

describe('paging', () => {
  it.each([
    [{}, { offset: 0, limit: 20 }],
    [
      { offset: '', limit: '' },
      { offset: 0, limit: 20 },
    ],
    [
      { offset: '40', limit: '500' },
      { offset: 40, limit: 500 },
    ],
    [
      { offset: 3, limit: 1 },
      { offset: 3, limit: 1 },
    ],
  ])('%j', (query, expected) => {
    expect(checkPage(query)).toEqual(expected);
  });

  it.each([
    [{ limit: '0' }, 'limit'],
    [{ limit: '501' }, 'limit'],
    [{ limit: 'ten' }, 'limit'],
    [{ limit: '1.5' }, 'limit'],
    [{ limit: '01' }, 'limit'],
    [{ limit: '1e2' }, 'limit'],
    [{ offset: ' 5' }, 'offset'],
    [{ limit: ['1', '2'] }, 'limit'],
    [{ offset: '-1' }, 'offset'],
    [{ offset: -1 }, 'offset'],
    [{ offset: '99999999999999999' }, 'offset'],
  ])('%j is rejected', (query, name) => {
    expect(() => checkPage(query)).toThrow(
      expect.objectContaining({
        code: 'APIG.2012',
        message: expect.stringContaining(`parameterName:${name}.`),
      }),
    );
  });
});

describe('the lists', () => {
  it('show a group', () => {
    expect(listGroups(orders.state, page, { region: 'cn-north-7' })).toEqual({
      size: 1,
      total: 1,
      groups: [
        {
          id: groupId,
          name: 'orders',
          status: 1,
          sl_domain: `${groupId}.apic.cn-north-7.huaweicloudapis.com`,
          register_time: '2023-07-11T19:54:22Z',
          update_time: '2023-07-11T19:54:22Z',
          on_sell_status: 2,
          url_domains: [],
          remark: 'Orders of a web shop, stored on one server',
          is_default: 2,
          version: 'V2',
        },
      ],
    });
    expect(listGroups(orders.state, page, { region: 'r', name: 'none' }).total).toBe(0);
  });

  it('show APIs', () => {
    const { size, total, apis } = listApis(orders.state, page);
    expect({ size, total }).toEqual({ size: 4, total: 4 });
    expect(apis[0]).toMatchObject({
      id: orders.report.success[0]?.id,
      name: 'list-orders',
      group_id: groupId,
      group_name: 'orders',
      type: 1,
      req_protocol: 'HTTPS',
      req_method: 'GET',
      req_uri: '/shop/orders',
      auth_type: 'APP',
      match_mode: 'NORMAL',
      backend_type: 'HTTP',
      cors: true,
      status: 1,
      run_env_id: RELEASE_ID,
      run_env_name: 'RELEASE',
      publish_time: '2023-07-11T19:54:22Z',
    });
    expect(apis.map(({ req_protocol, type, auth_type }) => [req_protocol, type, auth_type])).toEqual([
      ['HTTPS', 1, 'APP'],
      ['BOTH', 1, 'APP'],
      ['HTTPS', 1, 'APP'],
      ['HTTPS', 2, 'IAM'],
    ]);
  });

  it.each([
    [{ name: 'order' }, 4],
    [{ name: 'place' }, 1],
    [{ group_id: 'none' }, 0],
    [{ req_method: 'GET' }, 2],
    [{ req_uri: '{id}' }, 2],
    [{ auth_type: 'IAM' }, 1],
    [{ env_id: RELEASE_ID }, 4],
    [{ env_id: 'none' }, 0],
    [{ id: 'none' }, 0],
  ])('filter APIs by %j', (filter, total) => {
    expect(listApis(orders.state, page, filter).total).toBe(total);
  });

  it('give the window asked for, and the number of all', () => {
    const { size, total, apis } = listApis(orders.state, { offset: 3, limit: 2 });
    expect({ size, total, names: apis.map(({ name }) => name) }).toEqual({
      size: 1,
      total: 4,
      names: ['cancel-order'],
    });
    expect(listApis(orders.state, { offset: 9, limit: 2 })).toEqual({ size: 0, total: 4, apis: [] });
  });

  it('have RELEASE among the environments of every instance', () => {
    expect(listEnvironments(EMPTY_INSTANCE, page)).toMatchObject({
      size: 1,
      total: 1,
      envs: [{ id: RELEASE_ID, name: 'RELEASE', remark: '' }],
    });
  });

  it('leave out where it runs of an API that is not published', () => {
    const quiet = importText(
      readFileSync(new URL('../../fixtures/openapi/hello.yaml', import.meta.url)),
      {},
      { autoPublish: false },
    );
    expect(listApis(quiet.state, page).apis[0]).not.toHaveProperty('run_env_id');
  });
});
