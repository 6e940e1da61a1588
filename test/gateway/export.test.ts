import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkExportBody, exportFile } from '../../src/gateway/export.ts';
import { RELEASE_ID } from '../../src/gateway/model.ts';
import { outcomeOf } from '../../src/tasks/task.ts';
import { exportText, importText, NOW_MS } from './harness.ts';

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/openapi/${name}`, import.meta.url));
const deps = { nowMs: NOW_MS, region: 'eu-101' };
const orders = importText(fixture('http-orders.yaml'));
const groupId = orders.report.group_id;
const body = (rest: object = {}) => ({ env_id: RELEASE_ID, group_id: groupId, ...rest });
const file = (rest: object = {}, state = orders.state) => {
  return exportFile(checkExportBody(body(rest)), state, deps);
};
const pathsIn = (text: string): string[] => Object.keys(JSON.parse(text).paths);

describe('the file of an export', () => {
  it('is named after group, environment, define and version', () => {
    expect(file({ define: 'proxy', version: 'v7' }).FileName).toBe('orders-RELEASE-proxy-v7');
  });

  it('takes the time as its version when none is given', () => {
    expect(file().FileName).toBe('orders-RELEASE-spec-2023-07-11-19:54:22');
    expect(JSON.parse(file().Comment).info.version).toBe('2023-07-11-19:54:22');
  });

  it.each(['json', 'yaml', 'yml'])('has the type that was asked for: %s', (type) => {
    expect(file({ type }).FileType).toBe(`.${type}`);
    expect(file({ type }).Comment.startsWith('{')).toBe(type === 'json');
  });

  it('names host and region', () => {
    expect(JSON.parse(file().Comment).host).toBe(`${groupId}.apic.eu-101.huaweicloudapis.com`);
  });
});

describe('the members of an operation', () => {
  const membersIn = (oas_version: string) => {
    const all = importText(fixture('http-orders.yaml'));
    const { paths } = JSON.parse(exportText(all.state, all.report.group_id, { oas_version, define: 'all' }));
    return Object.keys(paths['/shop/orders'].get);
  };

  it('go by code unit in OpenAPI 3.0', () => {
    const members = membersIn('3.0');
    expect(members).toEqual([...members].sort());
    expect(members.slice(0, 3)).toEqual(['operationId', 'parameters', 'responses']);
  });

  it('go as in the documented example in Swagger 2.0', () => {
    expect(membersIn('2.0').slice(0, 4)).toEqual(['security', 'schemes', 'tags', 'operationId']);
  });
});

describe('define', () => {
  const guarded = importText(fixture('policies.yaml'));
  const text = (define: string) => exportText(guarded.state, guarded.report.group_id, { define });

  it('spec is the front end alone', () => {
    expect(text('spec')).not.toMatch(/x-apigateway-(backend|ratelimit|access-control|plugins)/);
    expect(text('spec')).toMatch(/x-apigateway-request-type/);
  });

  it('proxy adds the back end', () => {
    expect(text('proxy')).toMatch(/x-apigateway-backend/);
    expect(text('proxy')).not.toMatch(/x-apigateway-(ratelimit|access-control|plugins)/);
  });

  it('all adds what is bound to the APIs, with the policies themselves', () => {
    const document = JSON.parse(text('all'));
    expect(Object.keys(document['x-apigateway-ratelimits'])).toEqual(['spare', 'twenty-a-minute']);
    expect(Object.keys(document['x-apigateway-access-controls'])).toEqual(['office-only']);
    expect(document.paths['/guarded'].get['x-apigateway-ratelimit']).toBe('twenty-a-minute');
  });

  it('all adds of chosen APIs what they name, and no more', () => {
    const free =
      'paths:\n  /free:\n    get: {x-apigateway-backend: {type: MOCK, mockEndpoints: {result-content: ok}}}\n';
    const both = importText(fixture('policies.yaml').toString().replace('paths:\n', free), {
      mock_mode: 'true',
    });
    const of = (path: string) => {
      const apis = both.report.success.filter((api) => api.path === path).map(({ id }) => id);
      return JSON.parse(exportText(both.state, both.report.group_id, { define: 'all', apis }));
    };
    expect(Object.keys(of('/guarded')['x-apigateway-ratelimits'])).toEqual(['twenty-a-minute']);
    expect(Object.keys(of('/guarded')['x-apigateway-access-controls'])).toEqual(['office-only']);
    expect(Object.keys(of('/free').paths)).toEqual(['/free']);
    expect(of('/free')['x-apigateway-ratelimits']).toBeUndefined();
  });

  it('all adds what an API names that came with another group', () => {
    const visitor = JSON.stringify({
      swagger: '2.0',
      info: { title: 'visitor' },
      paths: {
        '/visit': {
          get: {
            'x-apigateway-ratelimit': 'twenty-a-minute',
            'x-apigateway-access-control': 7,
            'x-apigateway-backend': { type: 'MOCK', mockEndpoints: { 'result-content': '' } },
          },
        },
      },
    });
    const { state, report } = importText(visitor, {}, { state: guarded.state });
    const document = JSON.parse(exportText(state, report.group_id, { define: 'all' }));
    expect(Object.keys(document['x-apigateway-ratelimits'])).toEqual(['twenty-a-minute']);
    expect(document['x-apigateway-access-controls']).toBeUndefined();
  });

  it('all has authorizers, the others only the scheme', () => {
    const { state, report } = importText(fixture('function-thumbnails.yaml'));
    const scheme = (define: string, apis: string[] = []) =>
      JSON.parse(exportText(state, report.group_id, { define, apis })).securityDefinitions['visitor-check'];
    expect(scheme('all')['x-apigateway-authorizer'].authorizer_version).toBe('latest');
    const every = report.success.map(({ id }) => id);
    expect(scheme('all', every)['x-apigateway-authorizer'].authorizer_version).toBe('latest');
    expect(scheme('proxy')).toEqual({
      type: 'apiKey',
      name: 'unused',
      in: 'header',
      'x-apigateway-auth-type': 'AUTHORIZER',
    });
  });

  it('dev takes the APIs that are not published, the others those that are', () => {
    const quiet = importText(fixture('http-orders.yaml'), {}, { autoPublish: false });
    expect(pathsIn(file({ define: 'dev' }, quiet.state).Comment)).toEqual([
      '/shop/orders',
      '/shop/orders/{id}',
    ]);
    expect(pathsIn(file({ define: 'proxy' }, quiet.state).Comment)).toEqual([]);
    expect(pathsIn(file({ define: 'dev' }).Comment)).toEqual([]);
  });
});

describe('what is exported', () => {
  it('is limited to the APIs named', () => {
    const [first] = orders.report.success;
    const document = JSON.parse(file({ apis: [first?.id] }).Comment);
    expect(Object.keys(document.paths)).toEqual(['/shop/orders']);
    expect(Object.keys(document.paths['/shop/orders'])).toEqual(['get']);
  });

  it('is what runs, not what was imported since', () => {
    const renamed = fixture('http-orders.yaml').toString().replace('list-orders', 'list-all-orders');
    const fields = { is_create_group: false, group_id: groupId, api_mode: 'override' };
    const { state } = importText(renamed, fields, { state: orders.state, autoPublish: false });
    expect(file({}, state).Comment).toContain('list-orders');
    const published = importText(renamed, fields, { state: orders.state });
    expect(file({}, published.state).Comment).toContain('list-all-orders');
  });

  it.each([
    [{ group_id: 'nobody' }, 'APIG.3001', 'API group nobody does not exist', /has the id of group_id/],
    [{ env_id: 'nowhere' }, 'APIG.3003', 'Environment nowhere does not exist', /has the id of env_id/],
    [{ apis: ['nothing'] }, 'APIG.3002', 'API nothing does not exist', /^entry 1 of apis/],
  ])('fails the task when it does not exist: %j', (rest, code, message, reason) => {
    expect(outcomeOf(() => file(rest))).toEqual({
      status: 'failed',
      error_code: code,
      error_msg: message,
      reason: expect.stringMatching(reason),
    });
  });

  it('has the exact one of two APIs that differ in their match mode alone', () => {
    const backend = { type: 'MOCK', mockEndpoints: { 'result-content': '' } };
    const at = (mode: string, operationId: string) =>
      JSON.stringify({
        swagger: '2.0',
        info: { title: 'both' },
        paths: {
          '/a': { get: { operationId, 'x-apigateway-match-mode': mode, 'x-apigateway-backend': backend } },
        },
      });
    const first = importText(at('SWA', 'by-prefix'));
    const fields = { is_create_group: false, group_id: first.report.group_id };
    const both = importText(at('NORMAL', 'exact'), fields, { state: first.state });
    const document = JSON.parse(exportText(both.state, both.report.group_id));
    expect(document.paths['/a'].get.operationId).toBe('exact');
  });
});

describe('the body of an export', () => {
  it('has the documented defaults', () => {
    expect(checkExportBody(body())).toEqual({
      envId: RELEASE_ID,
      groupId,
      define: 'spec',
      type: 'json',
      oasVersion: '2.0',
    });
    expect(checkExportBody(body({ apis: [] }), '3.0')).not.toHaveProperty('apis');
  });

  it.each([
    [undefined, 'env_id', 'APIG.2001'],
    [[], 'env_id', 'APIG.2001'],
    [body({ env_id: '' }), 'env_id', 'APIG.2001'],
    [body({ group_id: undefined }), 'group_id', 'APIG.2001'],
    [body({ group_id: 7 }), 'group_id', 'APIG.2012'],
    [body({ group_id: '../x' }), 'group_id', 'APIG.2012'],
    [body({ define: 'some' }), 'define', 'APIG.2012'],
    [body({ type: 'xml' }), 'type', 'APIG.2012'],
    [body({ version: 'a\nb' }), 'version', 'APIG.2012'],
    [body({ apis: 'x' }), 'apis', 'APIG.2012'],
    [body({ apis: [1] }), 'apis', 'APIG.2012'],
  ])('is rejected: %j', (value, name, code) => {
    expect(() => checkExportBody(value)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(`parameterName:${name}.`) }),
    );
  });

  it('is rejected with another oas_version', () => {
    expect(() => checkExportBody(body(), '3.1')).toThrow(expect.objectContaining({ code: 'APIG.2012' }));
  });
});
