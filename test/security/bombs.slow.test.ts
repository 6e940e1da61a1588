/** Small texts that grow when they are read, and large ones that are slow to read: each ends in time, in memory, and harms no other request. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BOUNDARY, filePart, formBody, formType } from '../gateway/forms.ts';
import { type Started, start } from '../support/command.ts';
import { TOKEN, taskUrl } from '../support/mock.ts';
import { type WireResponse, wireCall } from '../support/wire.ts';

/** On two shared cores; the slowest takes about a second alone. */
const BOUND_MS = 20_000;
const MAX_RSS_MIB = 1500;

let mock: Started;
beforeAll(async () => {
  mock = await start({
    args: ['--progression', 'immediate', '--log-level', 'warn'],
    node: ['--max-old-space-size=512'],
  });
});
afterAll(async () => {
  expect(highestRssMib()).toBeLessThan(MAX_RSS_MIB);
  expect((await mock.stop()).code).toBe(0);
});

function highestRssMib(): number {
  if (process.platform !== 'linux') return 0;
  const status = readFileSync(`/proc/${mock.child.pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
}

const send = (
  method: string,
  target: string,
  body: string | Buffer,
  headers: Record<string, string>,
): Promise<WireResponse> => {
  const all = { 'x-auth-token': TOKEN, ...headers, 'content-length': String(Buffer.byteLength(body)) };
  return wireCall({ port: mock.port, method, target, headers: all, body });
};

/** Runs it within the bound; then a plain poll and a small import of another caller succeed as before. */
async function bounded<T>(work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const result = await work();
  expect(performance.now() - began).toBeLessThan(BOUND_MS);
  const poll = await fetch(taskUrl(mock.url, 'd9ce8c9eede54b3f841ec324fe0bfdc2'), {
    headers: { 'x-auth-token': TOKEN },
  });
  expect(poll.status).toBe(200);
  return result;
}

let instances = 0;

/** What becomes of an import into an instance of its own: a status that rejects it, or how its task ends. */
async function importEnds(content: string | Buffer): Promise<string> {
  const body = formBody([filePart({ content }), { name: 'is_create_group', content: 'true' }]);
  instances += 1;
  const target = `/v2/p1/apigw/instances/bomb-${instances}/openapi/async-import`;
  const { status, text } = await send('POST', target, body, { 'content-type': formType(BOUNDARY) });
  if (status !== 202) return `${status} ${JSON.parse(text).error_code}`;
  const { task_id } = JSON.parse(text) as { task_id: string };
  const ended = (await (
    await fetch(`${mock.url}/__admin/tasks/${task_id}/wait?timeout_ms=${BOUND_MS}`)
  ).json()) as { task_status: string; task_result: string };
  return `${ended.task_status} ${/APIG\.\d+/.exec(ended.task_result)?.[0] ?? ''}`.trim();
}

const HEAD = 'swagger: "2.0"\ninfo: {title: bomb}\npaths: {}\n';
const lines = (count: number, line: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => line(at)).join('\n');
const operation = {
  operationId: 'op-1',
  'x-apigateway-backend': { type: 'MOCK', mockEndpoints: { 'result-content': 'x' } },
};
const json = (rest: object): string =>
  JSON.stringify({ swagger: '2.0', info: { title: 'bomb' }, paths: {}, ...rest });
const FORMAT = 'failed APIG.3600';
const MB = 1024 * 1024;

/** Definitions that each refer twice to the next: doubled with every step when they are written out. */
const doubling = Object.fromEntries(
  Array.from({ length: 60 }, (_, at) => [
    `d${at}`,
    { allOf: [{ $ref: `#/definitions/d${at + 1}` }, { $ref: `#/definitions/d${at + 1}` }] },
  ]),
);
const chain = Object.fromEntries(
  Array.from({ length: 20_000 }, (_, at) => [`p${at}`, { $ref: `#/parameters/p${at + 1}` }]),
);
const shared = { get: { ...operation, 'x-large': 'x'.repeat(200_000) } };

const FILES: [what: string, content: () => string | Buffer, end: string][] = [
  [
    'aliases of aliases, 30 deep',
    () => `${HEAD}x0: &x0 [a,a]\n${lines(30, (at) => `x${at + 1}: &x${at + 1} [*x${at},*x${at}]`)}`,
    FORMAT,
  ],
  [
    'merges of merges, 30 deep',
    () =>
      `${HEAD}m0: &m0 {a: 1}\n${lines(30, (at) => `m${at + 1}: &m${at + 1} {<<: [*m${at},*m${at}], k${at}: *m${at}}`)}`,
    FORMAT,
  ],
  ['100,000 anchors', () => `${HEAD}x:\n${lines(100_000, (at) => `  - &a${at} 1`)}`, 'succeed'],
  [
    '100,000 uses of one anchor',
    () => `${HEAD}x: &a ${'y'.repeat(1000)}\nz:\n${lines(100_000, () => '  - *a')}`,
    FORMAT,
  ],
  ['flow lists 100,000 deep', () => '['.repeat(100_000), FORMAT],
  ['flow mappings 100,000 deep', () => '{a: '.repeat(100_000), FORMAT],
  ['block mappings 3,000 deep', () => lines(3000, (at) => `${' '.repeat(at)}a:`), FORMAT],
  ['block lists 100,000 deep in a line', () => `${HEAD}x: \n  ${'- '.repeat(100_000)}a`, FORMAT],
  ['complex keys, 10,000 deep', () => '? '.repeat(10_000), FORMAT],
  ['a key of 5 MB', () => `${HEAD}${'k'.repeat(5 * MB)}: 1`, 'succeed'],
  ['a comment of 10 MB', () => `${HEAD}#${'c'.repeat(10 * MB)}`, 'succeed'],
  ['5 MB of blank lines', () => HEAD + '\n'.repeat(5 * MB), 'succeed'],
  ['a quote that never ends', () => `${HEAD}x: "${'\\'.repeat(2 * MB)}`, FORMAT],
  ['100,000 documents', () => '---\na: 1\n'.repeat(100_000), FORMAT],
  ['a function of JavaScript', () => `${HEAD}x: !!js/function "() => process.exit()"`, FORMAT],
  ['a binary of 5 MB', () => `${HEAD}x: !!binary ${'A'.repeat(5 * MB)}`, FORMAT],
  [
    'JSON lists 100,000 deep',
    () => json({ x: 0 }).replace('"x":0', () => `"x":${'['.repeat(100_000)}${']'.repeat(100_000)}`),
    'succeed',
  ],
  ['JSON objects 100,000 deep', () => '{"a":'.repeat(100_000) + 1 + '}'.repeat(100_000), 'failed APIG.3602'],
  ['a JSON list of a million', () => json({ x: Array(1_000_000).fill(0) }), 'succeed'],
  [
    '200,000 members',
    () => json({ x: Object.fromEntries(Array.from({ length: 200_000 }, (_, at) => [`k${at}`, at])) }),
    'succeed',
  ],
  [
    'a JSON number beyond all bounds',
    () => json({ x: 0 }).replace('"x":0', `"x":1e${'9'.repeat(1000)}`),
    'succeed',
  ],
  [
    'references that double 60 times',
    () =>
      json({
        definitions: doubling,
        paths: {
          '/a': {
            get: {
              ...operation,
              responses: { 200: { description: 'a', schema: { $ref: '#/definitions/d0' } } },
            },
          },
        },
      }),
    'succeed',
  ],
  [
    'a chain of 20,000 references',
    () =>
      json({
        parameters: chain,
        paths: { '/a': { get: { ...operation, parameters: [{ $ref: '#/parameters/p0' }] } } },
      }),
    'succeed APIG.2011',
  ],
  [
    'one large path used 300 times',
    () =>
      json({
        'x-shared': shared,
        paths: Object.fromEntries(
          Array.from({ length: 300 }, (_, at) => [`/p${at}`, { $ref: '#/x-shared' }]),
        ),
      }),
    'failed APIG.3602',
  ],
  [
    'a path of 1 MB',
    () => json({ paths: { [`/${'{a}'.repeat(350_000)}`]: { get: operation } } }),
    'succeed APIG.2011',
  ],
  [
    'a pointer of 1 MB',
    () => json({ paths: { '/a': { $ref: `#/${'a/'.repeat(500_000)}` } } }),
    'failed APIG.3602',
  ],
  ['a file packed with gzip', () => gzipSync(Buffer.alloc(10 * MB)), FORMAT],
];

describe('a file', { timeout: 60_000 }, () => {
  it.each(FILES)('of %s ends in time', async (_what, content, end) => {
    expect(await bounded(() => importEnds(content()))).toBe(end);
  });
});

const LISTS = '['.repeat(100_000) + ']'.repeat(100_000);
const OBJECTS = '{"a":'.repeat(100_000) + 1 + '}'.repeat(100_000);
const BODIES: [what: string, body: string][] = [
  ['lists 100,000 deep', LISTS],
  ['objects 100,000 deep', OBJECTS],
  ['a member 100,000 deep', `{"project_id":${LISTS},"plan":${OBJECTS},"action":${LISTS},"auth":${OBJECTS}}`],
  ['a list of a million', JSON.stringify(Array(1_000_000).fill(0))],
  ['a number beyond all bounds', `{"ms":1e${'9'.repeat(100_000)},"times":1e400}`],
  ['a number of 1,000,000 digits', `{"ms":${'9'.repeat(1_000_000)}}`],
  ['100,000 members nobody knows', `{${Array.from({ length: 100_000 }, (_, at) => `"k${at}":1`).join(',')}}`],
];
const TARGETS: [method: string, target: string][] = [
  ...['tasks', 'clock/advance', 'faults', 'requests/count', 'requests/verify', 'sign-check'].map(
    (name): [string, string] => ['POST', `/__admin/${name}`],
  ),
  ...['plan', 'clock', 'state'].map((name): [string, string] => ['PUT', `/__admin/${name}`]),
  ['POST', '/v3/auth/tokens'],
  ['POST', '/v2/p1/apigw/instances/i1/openapi/async-export'],
];

describe('a body of JSON', { timeout: 60_000 }, () => {
  it.each(BODIES)('with %s is rejected in time, on every route', async (_what, body) => {
    for (const [method, target] of TARGETS) {
      const response = await bounded(() =>
        send(method, target, body, { 'content-type': 'application/json' }),
      );
      expect([target, response.status]).toEqual([target, 400]);
    }
  });

  it('that is packed is rejected, not unpacked', async () => {
    const packed = gzipSync(Buffer.alloc(10 * MB, ' '));
    for (const encoding of ['gzip', 'deflate', 'br', 'gzip, gzip'])
      for (const [method, target] of TARGETS) {
        const headers = { 'content-type': 'application/json', 'content-encoding': encoding };
        const { status } = await bounded(() => send(method, target, packed, headers));
        expect([target, status]).toEqual([target, 400]);
      }
  });
});

describe('a form', { timeout: 60_000 }, () => {
  const part = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="a"\r\n\r\n\r\n`;
  it.each<[string, () => string]>([
    ['10,000 parts', () => part.repeat(10_000)],
    ['100,000 beginnings of a boundary', () => `${part}${`\r\n--${BOUNDARY.slice(0, -1)}`.repeat(100_000)}`],
    ['5 MB of line ends', () => `${part}${'\r\n'.repeat(2.5 * MB)}`],
    ['a header of 5 MB', () => `--${BOUNDARY}\r\nx: ${'a'.repeat(5 * MB)}\r\n\r\n`],
    ['100,000 headers', () => `--${BOUNDARY}\r\n${'x: a\r\n'.repeat(100_000)}\r\n`],
    ['a name of 1 MB', () => part.replace('"a"', () => `"${'\\'.repeat(MB)}"`)],
  ])('with %s is rejected in time', async (_what, body) => {
    const headers = { 'content-type': formType(BOUNDARY) };
    const target = '/v2/p1/apigw/instances/i1/openapi/async-import';
    const { status, text } = await bounded(() => send('POST', target, body(), headers));
    expect([status, text]).toEqual([400, text]);
  });
});
