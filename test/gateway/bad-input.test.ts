import { describe, expect, it } from 'vitest';
import { importText } from './harness.ts';

const backend = { type: 'MOCK', mockEndpoints: { 'result-content': 'ok' } };
const operation = { operationId: 'op-1', 'x-apigateway-backend': backend };
const with20 = (rest: object) =>
  JSON.stringify({ swagger: '2.0', info: { title: 'bad' }, paths: {}, ...rest });
const pathsOf = (count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `/p${index}`,
      { get: { ...operation, operationId: `op-${index}` } },
    ]),
  );
const bomb = [
  'a: &a [x,x,x,x,x,x,x,x,x]',
  ...'bcdefghi'
    .split('')
    .map((key, index) => `${key}: &${key} [${Array(9).fill(`*${'abcdefghi'[index]}`).join(',')}]`),
].join('\n');
const nested = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth);

const FORMAT = ['APIG.3600', 'JSON or YAML format error'];
const SYNTAX = ['APIG.3602', 'Syntax error in the Swagger file'];
const VERSION = ['APIG.3601', 'The Swagger file version must be 2.0'];
const EMPTY = ['APIG.3609', 'The input file is empty'];

const WHOLE: [string, string | Uint8Array, string[]][] = [
  ['an empty file', '', EMPTY],
  ['nothing but white space', ' \n\t\n', EMPTY],
  ['binary', Uint8Array.from({ length: 256 }, (_, index) => index), FORMAT],
  ['UTF-16', Buffer.from(with20({}), 'utf16le'), FORMAT],
  ['a text that is no document', 'hello', FORMAT],
  ['a list', '[1, 2]', FORMAT],
  ['JSON cut off', with20({}).slice(0, -3), FORMAT],
  ['YAML with a tab for indentation', 'info:\n\ttitle: x', FORMAT],
  ['YAML with a key twice', 'swagger: "2.0"\ninfo: {title: abc}\ninfo: {title: abc}\npaths: {}', FORMAT],
  ['two YAML documents', '---\na: 1\n---\nb: 2\n', FORMAT],
  ['a YAML tag of another language', 'swagger: !!js/function "x"', FORMAT],
  ['a YAML alias bomb', `swagger: "2.0"\ninfo: {title: bomb}\npaths: {}\n${bomb}`, FORMAT],
  ['a YAML alias of itself', 'swagger: "2.0"\ninfo: {title: ring}\npaths: {}\nx-a: &a [*a]', FORMAT],
  ['YAML nested too deep', nested('[', ']', 5000), FORMAT],
  ['Swagger 1.2', '{"swaggerVersion":"1.2","apis":[]}', SYNTAX],
  ['Swagger 1.2 under the newer key', '{"swagger":"1.2","paths":{}}', VERSION],
  ['OpenAPI 3.1', '{"openapi":"3.1.0","info":{"title":"abc"},"paths":{}}', VERSION],
  ['OpenAPI 4', '{"openapi":"4.0.0","info":{"title":"abc"},"paths":{}}', VERSION],
  ['both versions at once', '{"swagger":"2.0","openapi":"3.0.0","info":{"title":"abc"},"paths":{}}', SYNTAX],
  ['no paths', '{"swagger":"2.0","info":{"title":"abc"}}', SYNTAX],
  ['paths that are a list', with20({ paths: [] }), SYNTAX],
  ['an operation that is a text', with20({ paths: { '/a': { get: 'x' } } }), SYNTAX],
  [
    'parameters that are no list',
    with20({ paths: { '/a': { get: { ...operation, parameters: {} } } } }),
    SYNTAX,
  ],
  [
    'an extension nested too deep',
    with20({ 'x-deep': 0 }).replace(':0', `:${nested('[', ']', 5000)}`),
    SYNTAX,
  ],
  ['a path item behind an address', with20({ paths: { '/a': { $ref: 'http://127.0.0.1:1/x' } } }), SYNTAX],
  ['a path item that refers to itself', with20({ paths: { '/a': { $ref: '#/paths/~1a' } } }), SYNTAX],
  [
    'a security scheme that refers to nothing',
    with20({ securityDefinitions: { own: { $ref: '#/nowhere' } } }),
    SYNTAX,
  ],
  ['no title', '{"swagger":"2.0","paths":{}}', ['APIG.2044', 'Invalid title of info']],
  ['a title of two characters', with20({ info: { title: 'ab' } }), ['APIG.2044', 'Invalid title of info']],
  ['a title with a space', with20({ info: { title: 'a b c' } }), ['APIG.2044', 'Invalid title of info']],
  [
    'a title that is too long',
    with20({ info: { title: 'a'.repeat(256) } }),
    ['APIG.2044', 'Invalid title of info'],
  ],
  [
    '301 APIs',
    with20({ paths: pathsOf(301) }),
    [
      'APIG.3127',
      'The number of APIs has reached the upper limit. A maximum of 300 APIs can be imported at a time.',
    ],
  ],
];

const manyParameters = Array.from({ length: 10_000 }, (_, index) => ({
  name: `p${index}`,
  in: 'path',
  type: 'string',
}));
const manyInPath = `/${Array.from({ length: 10_000 }, (_, index) => `{p${index}}`).join('/')}`;
const refers = ($ref: string) => ({ '/a': { get: { ...operation, parameters: [{ $ref }] } } });

const ONE_API: [string, object, string][] = [
  ['10,000 parameters in a path', { paths: { [manyInPath]: { get: operation } } }, 'APIG.2011'],
  [
    '10,000 parameters of a path',
    { paths: { '/a': { get: { ...operation, parameters: manyParameters } } } },
    'APIG.3111',
  ],
  ['a $ref to a file', { paths: refers('./parameters.yaml#/id') }, 'APIG.2011'],
  ['a $ref to an address', { paths: refers('http://127.0.0.1:1/#/id') }, 'APIG.2011'],
  ['a $ref to nothing', { paths: refers('#/parameters/none') }, 'APIG.2011'],
  ['a $ref to a prototype', { paths: refers('#/constructor/prototype') }, 'APIG.2011'],
  [
    'a $ref to itself',
    { paths: refers('#/parameters/a'), parameters: { a: { $ref: '#/parameters/a' } } },
    'APIG.2011',
  ],
  [
    'two $refs in a circle',
    {
      paths: refers('#/parameters/a'),
      parameters: { a: { $ref: '#/parameters/b' }, b: { $ref: '#/parameters/a' } },
    },
    'APIG.2011',
  ],
];

describe('a file the service cannot take', () => {
  it.each(WHOLE)('fails the task: %s', (_name, content, [code, message]) => {
    const { outcome } = importText(content);
    expect(outcome).toEqual({
      status: 'failed',
      error_code: code,
      error_msg: message,
      reason: expect.stringMatching(/\w{2} .*\w{2}/),
    });
  });

  it.each(ONE_API)('fails the API: %s', (_name, rest, code) => {
    const { report } = importText(with20(rest));
    expect(report.success).toEqual([]);
    expect(report.failure.map(({ error_code }) => error_code)).toEqual([code]);
  });

  it('takes 300 APIs', () => {
    expect(importText(with20({ paths: pathsOf(300) })).report.success).toHaveLength(300);
  });

  it('treats names that mean something to JavaScript as any other', () => {
    const hostile = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';
    const text = with20({ paths: { '/a': { get: operation } } }).replace(
      '{',
      `{"x-a":${hostile},"__proto__":{"polluted":1},`,
    );
    const yaml = `swagger: "2.0"\ninfo: {title: hostile, __proto__: {polluted: 1}}\n__proto__: {polluted: 1}\npaths: {__proto__: {get: {}}, constructor: {get: {}}}`;
    expect(importText(text).report.success).toHaveLength(1);
    expect(importText(yaml).report.failure.map(({ path }) => path)).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('does not let references repeat a large part without end', () => {
    const big = { name: 'a', in: 'query', type: 'string', 'x-big': 'x'.repeat(100_000) };
    const parameters = Array(900).fill({ $ref: '#/parameters/big' });
    const { outcome } = importText(
      with20({ parameters: { big }, paths: { '/a': { get: { ...operation, parameters } } } }),
    );
    expect(outcome).toMatchObject({ status: 'failed', error_code: 'APIG.3602' });
  });
});
