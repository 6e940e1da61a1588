/** The form of an import as clients send it, and as no client should: always 202 or an error of the provider's. */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningMock } from '../../src/mock.ts';
import { type CallResponse, call, TOKEN, taskUrl, testMock } from '../support/mock.ts';
import { expectShape } from '../support/shape.ts';
import { BOUNDARY, filePart, formBody, formType, GOLDEN, HELLO, type Part } from './forms.ts';

let mock: RunningMock;
let count = 0;
beforeAll(async () => {
  mock = await testMock({ progression: 'immediate', fixtures: 'none' });
});
afterAll(() => mock.close());

/** Every call imports into an instance of its own, so that no test meets another's groups. */
const importUrl = (instance = `i${++count}`): string =>
  `${mock.url}/v2/p1/apigw/instances/${instance}/openapi/async-import`;

const send = (body: Buffer | string, contentType = formType(), url = importUrl()): Promise<CallResponse> =>
  call(url, { method: 'POST', body, headers: { 'content-type': contentType } });

/** Sends a form that is accepted; returns the task's result. */
async function imported(body: Buffer, contentType?: string) {
  const url = importUrl();
  const response = await send(body, contentType, url);
  expect(response).toMatchObject({ status: 202, body: { task_id: expect.stringMatching(/^[0-9a-f]{32}$/) } });
  const at = taskUrl(mock.url, response.body.task_id, 'p1', `i${count}`);
  await mock.control.tasks.wait(response.body.task_id, {});
  const task = await call(at);
  expect(task.body.task_status).toBe('succeed');
  return JSON.parse(task.body.task_result);
}

const HELLO_API = { action: 'create', method: 'GET', path: '/v1/hello/{name}' };

describe('the form of a client', () => {
  it.each(GOLDEN)('is read: $client', async ({ body, boundary }) => {
    const result = await imported(body, formType(boundary));
    expect(result.success).toMatchObject([HELLO_API]);
  });

  it.each(GOLDEN)(
    'is read whatever the case of its type and the form of its boundary: $client',
    async (golden) => {
      const type = `Multipart/Form-Data; charset=utf-8; boundary="${golden.boundary}"`;
      expect((await imported(golden.body, type)).success).toMatchObject([HELLO_API]);
    },
  );
});

const field = (name: string, content: string, rest: Partial<Part> = {}): Part => ({ name, content, ...rest });

describe('a form that is odd, but good', () => {
  const cases: [what: string, parts: Part[]][] = [
    ['the file alone', [filePart()]],
    ['the file first', [filePart(), field('api_mode', 'override'), field('is_create_group', 'true')]],
    ['the file in between', [field('api_mode', 'merge'), filePart(), field('mock_mode', 'true')]],
    ['the file as text', [{ name: 'file_name', content: HELLO }]],
    [
      'the file as text of a type',
      [{ name: 'file_name', type: 'text/plain; charset=utf-8', content: HELLO }],
    ],
    ['no file name', [{ name: 'file_name', type: 'application/octet-stream', content: HELLO }]],
    ['an empty file name', [filePart({ filename: '' })]],
    ['a file name in Chinese', [filePart({ filename: '接口.yaml' })]],
    ['a path for a file name', [filePart({ filename: '..\\..\\etc/hello.yaml' })]],
    ['a type of no sense', [filePart({ type: 'nonsense' })]],
    ['a type of an image', [filePart({ type: 'image/png' })]],
    ['an empty type', [filePart({ type: '' })]],
    ['a type of JSON for a file of YAML', [filePart({ type: 'application/json' })]],
    ['a transfer encoding', [filePart({ headers: ['Content-Transfer-Encoding: binary'] })]],
    ['headers nobody knows', [filePart({ headers: ['X-Anything: 1', 'Content-Length: 7'] })]],
    ['fields that are empty', [field('group_id', ''), field('api_mode', ''), filePart()]],
    ['booleans in capitals', [field('is_create_group', 'TRUE'), field('mock_mode', 'False'), filePart()]],
    ['fields nobody knows', [field('unknown', 'x'), filePart()]],
    ['a part without a name', [{ content: 'x' }, filePart()]],
    ['a file under another name', [filePart({ name: 'other', content: 'no document' }), filePart()]],
    ['names of JavaScript', [field('__proto__', 'x'), field('constructor', 'y'), filePart()]],
  ];
  it.each(cases)('is taken: %s', async (_what, parts) => {
    expect((await imported(formBody(parts))).success).toMatchObject([HELLO_API]);
  });

  it('is taken with something before the first part and after the last', async () => {
    const body = Buffer.concat([
      Buffer.from('preamble\r\n'),
      formBody([filePart()]),
      Buffer.from('epilogue\r\n'),
    ]);
    expect((await imported(body)).success).toMatchObject([HELLO_API]);
  });

  it('keeps a field that carries a type or a file name', async () => {
    const odd = field('is_create_group', 'false', { type: 'application/octet-stream', filename: 'blob' });
    const response = await send(formBody([odd, filePart()]));
    expectShape({ ...response, rawHeaders: [] }, 400, 'APIG.2001');
    expect(response.body.error_msg).toContain('parameterName:group_id.');
  });
});

describe('a form that is bad', () => {
  const whole = formBody([field('mock_mode', 'true'), filePart()]);
  const cut = (from: number, to?: number): Buffer => whole.subarray(from, to);
  const fileAt = whole.indexOf('swagger:');
  const cases: [
    what: string,
    body: Buffer | string,
    type: string,
    status: number,
    code: string,
    name?: string,
  ][] = [
    ['no file', formBody([field('api_mode', 'merge')]), formType(), 400, 'APIG.2001', 'file_name'],
    ['no parts', `--${BOUNDARY}--\r\n`, formType(), 400, 'APIG.2001', 'file_name'],
    ['an empty file', formBody([filePart({ content: '' })]), formType(), 400, 'APIG.3609'],
    ['an empty text', formBody([{ name: 'file_name', content: '' }]), formType(), 400, 'APIG.3609'],
    ['two files', formBody([filePart(), filePart()]), formType(), 400, 'APIG.2012', 'file_name'],
    [
      'a file and a text',
      formBody([filePart(), { name: 'file_name', content: 'x' }]),
      formType(),
      400,
      'APIG.2012',
      'file_name',
    ],
    [
      'a field twice',
      formBody([field('api_mode', 'merge'), field('api_mode', 'merge'), filePart()]),
      formType(),
      400,
      'APIG.2012',
      'api_mode',
    ],
    [
      'no boolean',
      formBody([field('is_create_group', 'maybe'), filePart()]),
      formType(),
      400,
      'APIG.2012',
      'is_create_group',
    ],
    [
      'no such mode',
      formBody([field('api_mode', 'replace'), filePart()]),
      formType(),
      400,
      'APIG.2012',
      'api_mode',
    ],
    [
      'no group',
      formBody([field('is_create_group', 'false'), filePart()]),
      formType(),
      400,
      'APIG.2001',
      'group_id',
    ],
    [
      'a group that is no id',
      formBody([field('is_create_group', 'false'), field('group_id', 'a b'), filePart()]),
      formType(),
      400,
      'APIG.2012',
      'group_id',
    ],
    [
      'too many parts',
      formBody([...Array.from({ length: 80 }, (_, at) => field(`f${at}`, 'x')), filePart()]),
      formType(),
      400,
      'APIG.0201',
    ],
    [
      'a field of 1 MB',
      formBody([field('group_id', 'x'.repeat(1_048_576)), filePart()]),
      formType(),
      400,
      'APIG.3603',
    ],
    ['cut in the boundary', cut(0, 9), formType(), 400, 'APIG.0201'],
    ['cut in a header', cut(0, BOUNDARY.length + 30), formType(), 400, 'APIG.0201'],
    ['cut in the file', cut(0, fileAt + 10), formType(), 400, 'APIG.0201'],
    [
      'cut before the last boundary',
      cut(0, whole.length - BOUNDARY.length - 8),
      formType(),
      400,
      'APIG.0201',
    ],
    ['cut in the last dashes', cut(0, whole.length - 4), formType(), 400, 'APIG.0201'],
    ['another boundary', whole, formType('another'), 400, 'APIG.0201'],
    ['no boundary', whole, 'multipart/form-data', 400, 'APIG.0201'],
    ['an empty boundary', whole, 'multipart/form-data; boundary=', 400, 'APIG.2001', 'file_name'],
    ['nothing at all', '', formType(), 400, 'APIG.0201'],
    ['binary', Buffer.alloc(1000, 0xff), formType(), 400, 'APIG.0201'],
    [
      'line ends of one character',
      whole.toString('latin1').replaceAll('\r\n', '\n'),
      formType(),
      400,
      'APIG.0201',
    ],
    ['JSON', '{"file_name":"x","fields":{},"file":"x"}', 'application/json', 415, 'APIG.0201'],
    ['broken JSON', '{"file_name":', 'application/json; charset=utf-8', 415, 'APIG.0201'],
    ['JSON of null', 'null', 'application/json', 415, 'APIG.0201'],
    ['a form of the other kind', 'file_name=x', 'application/x-www-form-urlencoded', 415, 'APIG.0201'],
    ['another multipart', whole, formType().replace('form-data', 'mixed'), 415, 'APIG.0201'],
    ['a text', 'swagger: "2.0"', 'text/plain', 415, 'APIG.0201'],
  ];
  it.each(cases)('is rejected: %s', async (_what, body, type, status, code, name) => {
    const response = await send(body, type);
    expectShape({ ...response, rawHeaders: [] }, status, code);
    if (name !== undefined) expect(response.body.error_msg).toContain(`parameterName:${name}.`);
    expect(response.headers['x-mock-reason']).toMatch(
      status === 415 ? /^takes multipart\/form-data: curl -F file_name=@FILE$/ : /./,
    );
  });

  it('is rejected when there is no body', async () => {
    const response = await call(importUrl(), { method: 'POST' });
    expectShape({ ...response, rawHeaders: [] }, 400, 'APIG.2001');
  });

  it('is rejected in strict mode when it has fields, or files, nobody knows', async () => {
    await using strict = await testMock({ strict: true });
    const url = importUrl('c'.repeat(32))
      .replace('/p1/', `/${'d'.repeat(32)}/`)
      .replace(mock.url, strict.url);
    for (const part of [field('unknown', 'x'), filePart({ name: 'unknown' })]) {
      const response = await send(formBody([part, filePart()]), formType(), url);
      expectShape({ ...response, rawHeaders: [] }, 400, 'APIG.2012');
      expect(response.body.error_msg).toContain('parameterName:unknown.');
    }
  });

  it.each([
    ['its file in another part', field('file', 'swagger: "2.0"'), 'no part file_name; there is: file'],
    [
      'a long file in another part',
      field('file', 'x'.repeat(70_000)),
      'a part other than file_name has at most 65536 bytes; the file goes into file_name',
    ],
    ['an empty file', filePart({ content: '' }), 'the part file_name is empty: it has 0 bytes'],
  ])('is rejected with %s, with a reason', async (_what, part, reason) => {
    const response = await send(formBody([part]));
    expect([response.status, response.headers['x-mock-reason']]).toEqual([400, reason]);
  });

  it('of the synchronous import is rejected with what to do when its group is there already', async () => {
    const url = importUrl().replace('async-import', 'import');
    expect((await send(formBody([filePart()]), formType(), url)).status).toBe(200);
    const response = await send(formBody([filePart()]), formType(), url);
    expect(response.body).toEqual({
      error_code: 'APIG.3201',
      error_msg: 'The API group name already exists',
    });
    expect(response.headers['x-mock-reason']).toMatch(
      /^info\.title is taken: import into the group .*group_id=[0-9a-f]{32};.*, or give it another name$/,
    );
  });

  it('is discarded when the client disconnects', async () => {
    const head = `POST ${new URL(importUrl('broken')).pathname} HTTP/1.1\r\nHost: x\r\nX-Auth-Token: ${TOKEN}\r\nContent-Type: ${formType()}\r\nContent-Length: ${whole.length}\r\n\r\n`;
    await new Promise<void>((resolve) => {
      const socket = connect(mock.port, '127.0.0.1', () => {
        socket.write(Buffer.concat([Buffer.from(head), cut(0, fileAt)]), () => socket.destroy());
      });
      socket.on('close', () => resolve());
    });
    expect((await imported(whole)).success).toMatchObject([HELLO_API]);
    const { total } = await mock.control.tasks.list({ project_id: 'p1', instance_id: 'broken' });
    expect(total).toBe(0);
  });
});

describe('the length of a file', () => {
  const MAX = 12 * 1024 * 1024;
  const text = `${HELLO}\n#`;
  const ofLength = (bytes: number): Buffer =>
    Buffer.concat([Buffer.from(text), Buffer.alloc(bytes - text.length, 0x2e)]);

  it('may be 12 MiB', async () => {
    expect((await imported(formBody([filePart({ content: ofLength(MAX) })]))).success).toMatchObject([
      HELLO_API,
    ]);
  });

  it.each([
    ['12 MiB and a byte', MAX + 1],
    ['12 MiB and 64 KiB', MAX + 65_536],
    ['20 MiB', 20 * 1024 * 1024],
  ])('may not be %s, and the connection serves on', async (_what, bytes) => {
    for (const part of [
      filePart({ content: ofLength(bytes) }),
      { name: 'file_name', content: ofLength(bytes) },
    ]) {
      const response = await send(formBody([part]));
      expectShape({ ...response, rawHeaders: [] }, 400, 'APIG.3603');
      expect(response.body.error_msg).toBe('The input data is too long');
      expect((await send(formBody([filePart()]))).status).toBe(202);
    }
  });

  it('may not be hidden in other parts', async () => {
    const parts = Array.from({ length: 16 }, (_, at) =>
      filePart({ name: `part${at}`, content: ofLength(MAX / 8) }),
    );
    const response = await send(formBody([...parts, filePart()]));
    expectShape({ ...response, rawHeaders: [] }, 400, 'APIG.3603');
  });
});
