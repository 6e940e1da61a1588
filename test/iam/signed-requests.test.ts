/** Requests signed with an access key, over a socket: what is let in, what is rejected, and in which words. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settingsFrom } from '../../src/config/check.ts';
import { silentLog } from '../../src/core/logger.ts';
import { formatSdkDate, signRequest } from '../../src/iam/signature.ts';
import { type RunningMock, startServer } from '../../src/mock.ts';
import { filePart, formBody, formType } from '../gateway/forms.ts';
import { testMock } from '../support/mock.ts';
import { expectShape } from '../support/shape.ts';
import { type WireResponse, wireCall } from '../support/wire.ts';
import { nowOf, type Signed, signedCall as signedCallTo, TASK } from './signed-call.ts';

const IMPORT = '/v2/p1/apigw/instances/i1/openapi/async-import';
const MINUTE_MS = 60_000;

let mock: RunningMock;
beforeAll(async () => {
  mock = await testMock({ clock: 'manual', accessKeys: ['dev-ak:dev-sk', 'other-ak:other-sk'] });
});
afterAll(() => mock.close());

const signedCall = (signed: Partial<Signed> = {}) => signedCallTo({ running: mock, ...signed });

const messageOf = ({ text }: WireResponse): string => (JSON.parse(text) as { error_msg: string }).error_msg;

describe('a signed request', () => {
  it('is let in', async () => {
    const response = await signedCall();
    expect(response.status).toBe(200);
    expect(JSON.parse(response.text).task_id).toBe('d9ce8c9eede54b3f841ec324fe0bfdc2');
  });

  it.each([
    ['another secret', { secret: 'wrong' }],
    ["another key's secret", { accessKey: 'other-ak' }],
    [
      'a body that was not signed',
      { method: 'POST', target: IMPORT, unsigned: { 'x-sdk-content-sha256': 'UNSIGNED-PAYLOAD' } },
    ],
  ])('is rejected for %s, with the canonical request of the server', async (_what, signed) => {
    const response = await signedCall(signed);
    expectShape(response, 401, 'APIGW.0301');
    expect(messageOf(response)).toMatch(
      /^Incorrect IAM authentication information: verify aksk signature fail, canonicalRequest:(GET|POST)\|\/v2\/p1\//,
    );
  });

  it('gets the text of the documentation, to the character', async () => {
    const date = formatSdkDate(await nowOf(mock));
    const response = await signedCall({
      secret: 'wrong',
      headers: { 'x-sdk-date': date, 'x-project-id': 'p1' },
    });
    expect(messageOf(response)).toBe(
      'Incorrect IAM authentication information: verify aksk signature fail, canonicalRequest:' +
        `GET|${TASK}/||host:127.0.0.1:${mock.port}|x-project-id:p1|x-sdk-date:${date}||host;x-project-id;x-sdk-date|` +
        'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
  });

  it('is rejected when any part of it is another', async () => {
    const date = formatSdkDate(await nowOf(mock));
    const headers = { host: `127.0.0.1:${mock.port}`, 'x-sdk-date': date };
    const authorization = signRequest(
      { method: 'GET', target: TASK, headers, body: Buffer.alloc(0) },
      { accessKey: 'dev-ak', secret: 'dev-sk', signedHeaders: 'host;x-sdk-date' },
    );
    const send = (change: object) =>
      wireCall({ port: mock.port, target: TASK, headers: { ...headers, authorization }, ...change });
    expect((await send({})).status).toBe(200);
    const changes = [
      { method: 'HEAD' },
      { target: `${TASK}?a=b` },
      { target: TASK.replace('i1', 'i2') },
      { body: '{}', headers: { ...headers, authorization, 'content-length': '2' } },
      { headers: { ...headers, authorization, host: 'localhost' } },
      { headers: { ...headers, authorization, 'x-sdk-date': formatSdkDate((await nowOf(mock)) + 1000) } },
    ];
    for (const change of changes) expect((await send(change)).status).toBe(401);
  });

  it.each([
    ['no signature', 'SDK-HMAC-SHA256 Access=dev-ak, SignedHeaders=host;x-sdk-date'],
    [
      'a signature of another length',
      'SDK-HMAC-SHA256 Access=dev-ak, SignedHeaders=host;x-sdk-date, Signature=00',
    ],
    ['another algorithm', `SDK-HMAC-SM3 Access=dev-ak, SignedHeaders=host, Signature=${'0'.repeat(64)}`],
    [
      'no date among its headers',
      `SDK-HMAC-SHA256 Access=dev-ak, SignedHeaders=host, Signature=${'0'.repeat(64)}`,
    ],
  ])('is rejected with a reason for %s', async (_what, authorization) => {
    const response = await signedCall({ unsigned: { authorization } });
    expectShape(response, 401, 'APIGW.0301');
    expect(response.headers['x-mock-reason']).toMatch(/./);
  });

  it('is no token: other schemes are rejected as a missing token', async () => {
    for (const authorization of ['Bearer dev-token', 'Basic ZGV2OmRldg==', '']) {
      expectShape(await signedCall({ unsigned: { authorization } }), 401, 'APIG.1002');
    }
  });
});

describe('the date of a signature', () => {
  it.each([
    ['15 minutes old', -15 * MINUTE_MS, 200],
    ['15 minutes and a second old', -15 * MINUTE_MS - 1000, 401],
    ['15 minutes ahead', 15 * MINUTE_MS, 200],
    ['15 minutes and a second ahead', 15 * MINUTE_MS + 1000, 401],
  ])('may be so far from the clock of the mock: %s', async (_what, offsetMs, status) => {
    await mock.control.clock.set({ mode: 'manual', now: '2021-12-17T06:58:04Z' });
    const response = await signedCall({ offsetMs });
    expect(response.status).toBe(status);
    if (status === 200) return;
    expectShape(response, 401, 'APIGW.0301');
    expect(messageOf(response)).toBe(
      'Incorrect IAM authentication information: calc aksk signature fail:signature expired, signature ' +
        `time:${formatSdkDate(Date.parse('2021-12-17T06:58:04Z') + offsetMs)},server time:20211217T065804Z`,
    );
  });

  it('is held against real time and the clock of the project, the nearer of the two', async () => {
    await using running = await testMock({ clock: 'manual' });
    await running.control.clock.advance(60 * MINUTE_MS, { project_id: 'p1' });
    expect((await signedCall({ running })).status).toBe(200);
    const ahead = { running, offsetMs: 60 * MINUTE_MS };
    expect((await signedCall(ahead)).status).toBe(200);
    expectShape(await signedCall({ running, offsetMs: 30 * MINUTE_MS }), 401, 'APIGW.0301');
    const elsewhere = TASK.replace('/p1/', '/p2/');
    expect((await signedCall({ running, target: elsewhere })).status).toBe(200);
    expectShape(await signedCall({ ...ahead, target: elsewhere }), 401, 'APIGW.0301');
  });
});

describe('an access key that is not known', () => {
  it('is let in with a warning', async () => {
    const warnings: unknown[] = [];
    const log = { ...silentLog, warn: (fields: object) => void warnings.push(fields) };
    const running = await startServer(settingsFrom({ port: 0, clock: 'manual' }), log);
    const response = await signedCall({ running, accessKey: 'nobody', secret: 'anything' });
    await running.close();
    expect(response.status).toBe(200);
    expect(warnings).toEqual([{ access_key: 'nobody' }]);
  });

  it('is rejected in strict mode', async () => {
    await using running = await testMock({ clock: 'manual', strict: true });
    const target = TASK.replace('/p1/', `/${'a'.repeat(32)}/`).replace('/i1/', `/${'b'.repeat(32)}/`);
    const response = await signedCall({ running, target, accessKey: 'nobody' });
    expectShape(response, 401, 'APIGW.0301');
    expect(messageOf(response)).toBe(
      'Incorrect IAM authentication information: Get secretKey failed,ak:nobody,err:ak not exist',
    );
    expect((await signedCall({ running, target })).status).toBe(200);
  });
});

describe('the project of a signature', () => {
  it('must be that of the request', async () => {
    expect((await signedCall({ headers: { 'x-project-id': 'p1' } })).status).toBe(200);
    expectShape(await signedCall({ headers: { 'x-project-id': 'p2' } }), 403, 'APIG.1005');
  });

  it('counts as well when it was added after signing, as golangsdk does', async () => {
    expect((await signedCall({ unsigned: { 'x-project-id': 'p1' } })).status).toBe(200);
    expectShape(await signedCall({ unsigned: { 'x-project-id': 'p2' } }), 403, 'APIG.1005');
  });
});

describe('the body of a signed request', () => {
  const form = formBody([filePart()]);
  const hash = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
  const type = { 'content-type': formType() };
  const post = { method: 'POST', target: IMPORT, body: form };

  it('may stand on a GET, and is signed too', async () => {
    const body = { body: '{}', headers: { 'content-type': 'application/json' } };
    const projects = await signedCall({ ...body, target: '/v3/projects?name=cn-north-7' });
    expect(projects.status).toBe(200);
    expect(JSON.parse(projects.text).projects[0].name).toBe('cn-north-7');
    expect((await signedCall(body)).status).toBe(200);
  });

  it('is verified as it came, byte by byte', async () => {
    const fields = '{ "env_id" : "DEFAULT_ENVIRONMENT_RELEASE_ID", "group_id":"g1" }\n';
    const headers = { 'content-type': 'application/json' };
    const target = '/v2/p1/apigw/instances/i1/openapi/async-export?oas_version=3.0';
    expect((await signedCall({ method: 'POST', target, headers, body: fields })).status).toBe(202);
  });

  it.each<[string, Partial<Signed>]>([
    [
      'UNSIGNED-PAYLOAD, its type not signed',
      { headers: { 'x-sdk-content-sha256': 'UNSIGNED-PAYLOAD' }, unsigned: type },
    ],
    [
      'UNSIGNED-PAYLOAD, its type signed with the boundary',
      { headers: { 'x-sdk-content-sha256': 'UNSIGNED-PAYLOAD', ...type } },
    ],
    ['the hash of the form', { headers: { 'x-sdk-content-sha256': hash(form), ...type } }],
    ['the form itself', { headers: type }],
  ])('may be a form: %s', async (_what, signed) => {
    expect((await signedCall({ ...post, ...signed })).status).toBe(202);
  });

  it('may be a file of 12 MiB, and not a byte more', async () => {
    const ofLength = (bytes: number): Buffer => formBody([filePart({ content: Buffer.alloc(bytes, '#') })]);
    const MAX = 12 * 1024 * 1024;
    const headers = type;
    expect((await signedCall({ ...post, headers, body: ofLength(MAX) })).status).toBe(202);
    for (const bytes of [MAX + 1, MAX + 100_000]) {
      expectShape(await signedCall({ ...post, headers, body: ofLength(bytes) }), 400, 'APIG.3603');
    }
  });
});

describe('a request with a token and a signature', () => {
  it('is authenticated by its token', async () => {
    const good = { 'x-auth-token': 'dev-token' };
    expect((await signedCall({ secret: 'wrong', unsigned: good })).status).toBe(200);
    expect((await signedCall({ offsetMs: -60 * MINUTE_MS, unsigned: good })).status).toBe(200);
    expectShape(await signedCall({ unsigned: { 'x-auth-token': 'no such token' } }), 401, 'APIG.1002');
    // An empty one is none.
    expect((await signedCall({ unsigned: { 'x-auth-token': '' } })).status).toBe(200);
  });
});
