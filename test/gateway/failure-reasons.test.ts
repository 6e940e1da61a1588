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
  ['control characters', `${MARK}\u0001`, 'APIG.3600', /not UTF-8 text/],
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

describe('the reason of an import that succeeded', () => {
  const mock = { type: 'MOCK', mockEndpoints: { 'result-content': '' } };
  const op = (rest: object) => ({ 'x-apigateway-backend': mock, ...rest });
  const scheme = (authType?: string, rest = {}) => ({
    ...{ type: 'apiKey', name: MARK, in: 'header' },
    ...(authType && { 'x-apigateway-auth-type': authType }),
    ...rest,
  });
  const securityDefinitions = {
    bearer: scheme(),
    app: scheme('AppSigv1'),
    either: scheme('IAM_NONE'),
    check: scheme('custom'),
    broken: scheme(MARK),
  };
  const reasonOf = (operations: Record<string, object>, around: object = {}) => {
    const paths = Object.fromEntries(
      Object.entries(operations).map(([name, rest]) => [`/${MARK}/${name}`, { get: op(rest) }]),
    );
    const { outcome, reason } = importText(doc({ paths, securityDefinitions, ...around }));
    expect(outcome.status).toBe('succeed');
    return reason;
  };
  const UNUSED = 'left out: x-apigateway-auth-type takes AppSigv1, IAM, IAM_NONE or AUTHORIZER';

  it.each<[string, Record<string, object>, string]>([
    ['nothing to report', { a: { security: [{ app: [] }] }, b: {} }, ''],
    [
      'schemes without a type',
      { a: {}, b: { security: [{ bearer: [] }] }, c: { security: [{ bearer: [] }] } },
      'operations 2, 3 of the document: anybody may call it, since a scheme in its security has no x-apigateway-auth-type: write AppSigv1, IAM or AUTHORIZER there',
    ],
    [
      'one beside APP',
      { a: { security: [{ app: [] }, { bearer: [] }] } },
      'operation 1 of the document: APP alone counts, since a scheme in its security has no x-apigateway-auth-type: write AppSigv1, IAM or AUTHORIZER there',
    ],
    [
      'IAM_NONE',
      { a: { security: [{ either: [] }] } },
      'operation 1 of the document: anybody may call it: IAM_NONE is no authentication that the reference explains',
    ],
    [
      'an authorizer that there is not',
      { a: { security: [{ check: [] }] } },
      'operation 1 of the document: not imported: its security scheme has no x-apigateway-authorizer, and the instance has no authorizer of that name',
    ],
    [
      'rules that were broken, each for its operations',
      Object.fromEntries(
        Array.from({ length: 8 }, (_, at) => [
          `${at}`,
          at === 3 ? { operationId: '?' } : { 'x-apigateway-backend': { type: 'MOCK' } },
        ]),
      ),
      'operations 1, 2, 3, 5, 6 and 2 more of the document: not imported: x-apigateway-backend.mockEndpoints.result-content is missing; operation 4 of the document: not imported: operationId takes 3 to 255 letters, digits and -_./:(), first a letter or digit',
    ],
    [
      'parameters that are not defined',
      { [`{${MARK}}`]: {}, '{id}': {} },
      'operation 1 of the document: not imported: a name in braces of the path is no entry of parameters with in: path; operation 2 of the document: not imported: id of the path is no entry of parameters with in: path',
    ],
  ])('is precise for %s, and repeats nothing of it', (_what, operations, expected) => {
    const reason = reasonOf(operations);
    expect(reason).toBe([expected, UNUSED].filter(Boolean).join('; '));
    expect(reason).not.toContain(MARK);
  });

  it('names what is wrong with policies, and is absent where there is nothing to report', () => {
    const around = { securityDefinitions: {}, 'x-apigateway-ratelimits': { [MARK]: { unit: MARK } } };
    expect(reasonOf({ a: {} }, around)).toBe('left out: x-apigateway-ratelimits.api-limit is missing');
    expect(reasonOf({ a: {} }, { securityDefinitions: {} })).toBeUndefined();
  });

  it.each<[string, object]>([
    ['info', { info: { title: 'left-out', 'x-a': 1 } }],
    ['components', { components: { 'x-apigateway-responses': {}, 'x-a': MARK } }],
    ['paths', { paths: { 'x-a': MARK } }],
    ['an entry of paths', { paths: { '/a': { 'x-apigateway-any-method': op({}), 'x-a': 1 } } }],
  ])('names %s, whose extensions have no place', (place, rest) => {
    expect(importText(doc(rest)).reason).toBe(`left out: x- members of ${place}`);
  });

  it('is absent for the extensions that have one', () => {
    const paths = { '/a': { 'x-apigateway-any-method': op({ 'x-a': 1 }) } };
    const components = { 'x-apigateway-responses': {} };
    expect(importText(doc({ paths, components, 'x-b': 1 })).reason).toBeUndefined();
  });
});
