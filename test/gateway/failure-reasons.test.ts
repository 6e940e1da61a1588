/** Every rejected document has a reason of its own, which repeats no text of the document. */
import { describe, expect, it } from 'vitest';
import { MAX_REASON_CHARS } from '../../src/tasks/task.ts';
import { importText } from './harness.ts';

const MARK = 'S3cr3tMark';
const info = { title: `${MARK}-title`, description: MARK };
const operation = {
  operationId: MARK,
  'x-apigateway-backend': { type: 'MOCK', mockEndpoints: { 'result-content': '' } },
};
const doc = (rest: object): string => JSON.stringify({ swagger: '2.0', info, paths: {}, ...rest });
const get = (rest: object): string => doc({ paths: { [`/${MARK}`]: { get: { ...operation, ...rest } } } });
const many = Object.fromEntries(
  Array.from({ length: 301 }, (_, at) => [
    `/${MARK}${at}`,
    { get: { ...operation, operationId: `op-${at}` } },
  ]),
);

const REJECTED: [what: string, text: string, code: string, reason: RegExp][] = [
  ['JSON cut off', `{"swagger":"2.0",\n"${MARK}":`, 'APIG.3600', /^not JSON: Unexpected end of JSON input$/],
  ['an unquoted word', `{"a": ${MARK}}\n]`, 'APIG.3600', /^line 1, column 7: not JSON: /],
  ['a tab', `info:\n\t${MARK}: x`, 'APIG.3600', /^line 2, column 1: not YAML: tab characters must not/],
  [
    'a key twice',
    `${MARK}: 1\n${MARK}: 2`,
    'APIG.3600',
    /^line 2, column \d+: not YAML: duplicated mapping key$/,
  ],
  ['an unknown alias', `a: *${MARK}`, 'APIG.3600', /^line 1, column \d+: not YAML: unidentified alias$/],
  ['an unknown tag', `a: !${MARK} x`, 'APIG.3600', /^line 1, column \d+: not YAML: unknown.* tag$/],
  [
    'an undeclared handle',
    `a: !${MARK}!x y`,
    'APIG.3600',
    /^line 1, column \d+: not YAML: undeclared tag handle$/,
  ],
  ['two documents', `---\na: ${MARK}\n---\nb: 2`, 'APIG.3600', /^not YAML: expected a single document/],
  ['a single text', MARK, 'APIG.3600', /it is a single value$/],
  ['a list', `- ${MARK}`, 'APIG.3600', /it is a list$/],
  ['control characters', `${MARK}\u0001`, 'APIG.3600', /no text in UTF-8/],
  ['no version', `{"${MARK}":1}`, 'APIG.3602', /^the version is missing: /],
  ['both versions', doc({ openapi: MARK }), 'APIG.3602', /^swagger and openapi are both given/],
  ['another version', doc({ swagger: MARK }), 'APIG.3601', /^swagger must be "2\.0"/],
  ['paths that are a text', doc({ paths: MARK }), 'APIG.3602', /^paths must be a mapping$/],
  [
    'a path that is a text',
    doc({ paths: { a: {}, [MARK]: MARK } }),
    'APIG.3602',
    /^entry 2 of paths must be/,
  ],
  [
    'an operation that is a text',
    doc({ paths: { [MARK]: { get: MARK } } }),
    'APIG.3602',
    /^entry 1 of paths: get /,
  ],
  [
    'a path that leads away',
    doc({ paths: { [MARK]: { $ref: MARK } } }),
    'APIG.3602',
    /^entry 1 of paths: its \$ref /,
  ],
  [
    'tags that are a text',
    get({ tags: MARK }),
    'APIG.3602',
    /^operation 1 of the document \(GET\): tags must be a list$/,
  ],
  [
    'a parameter that is a text',
    get({ parameters: [MARK] }),
    'APIG.3602',
    /\(GET\): every entry of parameters /,
  ],
  [
    'a scheme that is a text',
    doc({ securityDefinitions: { [MARK]: MARK } }),
    'APIG.3602',
    /^every security scheme /,
  ],
  [
    'limits that are a text',
    doc({ 'x-apigateway-ratelimits': { [MARK]: MARK } }),
    'APIG.3602',
    /^every entry of x-/,
  ],
  ['301 APIs', doc({ paths: many }), 'APIG.3127', /^it has more than 300 operations/],
  ['no title', doc({ info: {} }), 'APIG.2044', /^info\.title is missing; /],
  [
    'a title with a mark',
    doc({ info: { title: `${MARK} x` } }),
    'APIG.2044',
    /^info\.title has another character at place 11; /,
  ],
  [
    'a title that is too long',
    doc({ info: { title: MARK.repeat(99) } }),
    'APIG.2044',
    /^info\.title has 990 characters; /,
  ],
];

describe('the reason of a failed import', () => {
  it.each(REJECTED)('is precise for %s, and repeats nothing of it', (_, text, code, reason) => {
    const { outcome } = importText(text);
    expect(outcome).toMatchObject({
      status: 'failed',
      error_code: code,
      reason: expect.stringMatching(reason),
    });
    expect(JSON.stringify(outcome)).not.toContain(MARK);
    expect(JSON.stringify(outcome).length).toBeLessThan(MAX_REASON_CHARS);
  });

  it('names the group that has the name, and not the name', () => {
    const { state } = importText(doc({}));
    const { outcome } = importText(doc({}), {}, { state });
    const [id] = state.groups.keys();
    expect(outcome).toMatchObject({
      error_code: 'APIG.3201',
      reason: expect.stringContaining(`group_id=${id};`),
    });
    expect(JSON.stringify(outcome)).not.toContain(MARK);
  });
});
