/** What a document spells out stays as it is spelled: numbers that JavaScript has not, and names that look like numbers. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ImportReport } from '../../src/gateway/import/apply.ts';
import { prepareImport } from '../../src/gateway/import/apply.ts';
import type { InstanceApis } from '../../src/gateway/model.ts';
import { restoreInstance, snapshotInstance } from '../../src/gateway/snapshot.ts';
import { exportText, importText } from './harness.ts';
import { definitionOf } from './sources.ts';

const FORMS = ['2.0', '3.0'].flatMap((oas_version) =>
  ['json', 'yaml'].map((type) => ({ oas_version, type })),
);

/** Numbers as a JSON document writes them, each to be found again as it is. */
const NUMBERS = [
  ...['9007199254740993', '-9007199254740993', '18446744073709551615', '123456789012345678901234567890'],
  ...['1.10', '2.0', '-0.50', '0.1000', '3.14159265358979323846264338327950288', '1e400', '-1.5e-400'],
  ...['0', '7', '-12', '1.5', '9007199254740991', '0.0000001', '1000000000000000000000'],
];

const parameter = (number: string) =>
  `{"name":"n","in":"query","type":"integer","default":${number},"maximum":${number},"minimum":${number},"enum":[1,${number}],"x-p":{"deep":[${number}]}}`;
const documentWith = (number: string) =>
  `{"swagger":"2.0","info":{"title":"numbers","description":"a \\" ${number}, \\\\"},"x-root":{"n":${number},"t":": ${number},"},"paths":{"/a":{"get":{"operationId":"op-1","parameters":[${parameter(number)}],"x-apigateway-backend":{"type":"MOCK","mockEndpoints":{"result-content":"ok"}},"x-n":${number}}}}}`;

/** As the thread and the state file pass it on. */
const throughJson = (state: InstanceApis): InstanceApis =>
  restoreInstance(JSON.parse(JSON.stringify(snapshotInstance(state))));

/** A number as it stands in YAML, which wants a point in a mantissa before it takes an exponent, and a sign in that. */
const spelledIn = (type: string, number: string) =>
  type === 'json' ? number : number.replace(/^(-?\d+)e/, '$1.0e').replace(/e(?=\d)/, 'e+');

describe.each(NUMBERS)('the number %s', (number) => {
  const { state, report } = importText(documentWith(number));

  it.each(FORMS)('stands in an export as it was imported: $oas_version $type', (form) => {
    const shown = spelledIn(form.type, number).replaceAll(/[.+]/g, '\\$&');
    for (const stored of [state, throughJson(state)]) {
      const text = exportText(stored, report.group_id, form);
      for (const key of ['default', 'maximum', 'minimum', 'x-n', 'n'])
        expect(text).toMatch(new RegExp(`^\\s*(?:- )?["']?${key}["']?: ${shown},?$`, 'm'));
      // The second of the enumeration, and the one in a list of an extension.
      expect(text.match(new RegExp(`^\\s*(?:- )*${shown},?$`, 'gm'))?.length).toBeGreaterThanOrEqual(2);
      // A text that looks like one is left alone.
      expect(text).toMatch(new RegExp(`"?t"?: ["']: ${number.replaceAll(/[.+]/g, '\\$&')},["']`));
      const again = importText(text);
      expect(exportText(again.state, again.report.group_id, form)).toBe(text);
      if (form.type === 'json') expect(() => JSON.parse(text)).not.toThrow();
    }
  });

  it('is read alike from YAML', () => {
    const yaml = exportText(state, report.group_id, { type: 'yaml' });
    const again = importText(yaml);
    expect(exportText(again.state, again.report.group_id)).toBe(exportText(state, report.group_id));
  });
});

describe('any number', () => {
  const digits = (min: number, max: number) => fc.stringMatching(new RegExp(`^\\d{${min},${max}}$`));
  const number = fc
    .tuple(
      fc.constantFrom('', '-'),
      fc.oneof(fc.constant('0'), fc.stringMatching(/^[1-9]\d{0,30}$/)),
      fc.option(digits(1, 25), { nil: undefined }),
      fc.option(fc.stringMatching(/^[eE][-+]?\d{1,4}$/), { nil: undefined }),
    )
    .map(([sign, whole, fraction, exponent]) =>
      [sign, whole, fraction === undefined ? '' : `.${fraction}`, exponent ?? ''].join(''),
    );
  /** Digits without zeros around them, and the power of ten: the same for every spelling of a number. */
  const amount = (text: string): string => {
    const [, sign = '', whole = '', fraction = '', exponent = '0'] =
      /^(-?)(\d+)(?:\.(\d+))?(?:e([-+]?\d+))?$/i.exec(text) ?? [];
    const all = (whole + fraction).replace(/^0+/, '');
    const short = all.replace(/0+$/, '');
    if (short === '') return '0';
    return `${sign}${short}e${Number(exponent) - fraction.length + all.length - short.length}`;
  };

  it('keeps its amount, and one without exponent its digits', () => {
    fc.assert(
      fc.property(number, fc.constantFrom('json', 'yaml'), (text, type) => {
        const { state, report } = importText(documentWith(text));
        const shown = /"?maximum"?: ([-+.\deE]+)/.exec(
          exportText(throughJson(state), report.group_id, { type }),
        )?.[1];
        expect(amount(shown ?? '')).toBe(amount(text));
        if (!/e/i.test(text) && amount(text) !== '0') expect(shown).toBe(text);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a YAML title', () => {
  const titled = (title: string): string => {
    const { state, report } = importText(
      `swagger: "2.0"\ninfo: {title: ${title}}\npaths: {/a: {get: {x-apigateway-backend: {type: MOCK, mockEndpoints: {result-content: ok}}}}}\n`,
    );
    return state.groups.get(report?.group_id)?.name ?? 'rejected';
  };
  it.each([
    ...[
      '00123',
      '0x10',
      '1.10',
      '1_000',
      '2024-01-01',
      '1e3000',
      '0o17',
      '1.0',
      'yes',
      'Off',
      'True',
      'FALSE',
    ],
    ...['123', '12345678901234567890', '0.50', '12:30:45'],
  ])('%s stays what it is', (title) => {
    expect(titled(title)).toBe(title);
  });

  it('that is null is missing', () => {
    for (const title of ['null', '~', 'Null']) expect(titled(title)).toBe('rejected');
  });
});

describe('a plain YAML scalar', () => {
  const source = `
swagger: 2.0
info: {title: plain, description: 007}
x-map: {00123: a, 1.10: b, 0x1F: c, True: d, 200: e, null: f}
x-values: {n: 00123, h: 0x1F, p: +5, d: .5, e: 5., b: True, i: .inf, big: 0xFFFFFFFFFFFFFFFFF}
paths:
  /a:
    get:
      operationId: 00456
      summary: 1.10
      description: No
      tags: [007, 1.10, yes, True, plain]
      parameters:
        - {name: 010, in: query, type: string, required: True, description: 1.0, default: 00123, maxLength: 010, enum: [001, 0x2, 3]}
        - {name: 2e1, in: query, type: number, default: 00123, maximum: 0x10, minimum: +1.50}
      responses:
        200: {description: ok}
        x-apigateway-result-normal-sample: 00789
      x-apigateway-backend: {type: MOCK, mockEndpoints: {result-content: ok}}
`;
  const imported = importText(source);
  const definition = definitionOf(imported);

  it('keeps its spelling where a name or a text stands', () => {
    expect(definition).toMatchObject({
      ...{ name: '00456', summary: '1.10', description: 'No' },
      tags: ['007', '1.10', 'yes', 'True', 'plain'],
    });
    expect(definition.parameters.map(({ name }) => name)).toEqual(['010', '2e1']);
    expect(definition.parameters[0]).toMatchObject({ required: true, description: '1.0' });
    expect(definition.extensions['x-apigateway-result-normal-sample']).toBe('00789');
    expect([...imported.state.groups.values()][0]?.remark).toBe('007');
  });

  it('keeps it as a key', () => {
    const text = exportText(imported.state, imported.report.group_id);
    const map = (JSON.parse(text) as { 'x-map': object })['x-map'];
    expect(Object.keys(map).sort()).toEqual(['00123', '0x1F', '1.10', '200', 'True', 'null'].sort());
  });

  it('is a value of JSON where a value stands', () => {
    const text = exportText(imported.state, imported.report.group_id);
    const values = (JSON.parse(text) as { 'x-values': object })['x-values'];
    expect(values).toMatchObject({ n: 123, h: 31, p: 5, d: 0.5, e: 5, b: true, i: null });
    expect(text).toContain('"big": 295147905179352825855');
    expect(definition.parameters[1]?.limits['default']).toBe(123);
    expect(definition.parameters[1]?.limits['maximum']).toBe(16);
    expect(text).toContain('"minimum": 1.50');
  });

  it('is a text among the limits of a string where JSON would not write it so', () => {
    expect(definition.parameters[0]?.limits).toEqual({
      default: '00123',
      maxLength: 10,
      enum: ['001', '0x2', 3],
    });
  });

  it.each(FORMS)('comes back from an export: $oas_version $type', (form) => {
    const text = exportText(imported.state, imported.report.group_id, form);
    const again = importText(text);
    expect(again.report.failure).toEqual([]);
    expect(exportText(again.state, again.report.group_id, form)).toBe(text);
  });
});

describe('a version', () => {
  const paths =
    'paths: {/a: {get: {x-apigateway-backend: {type: MOCK, mockEndpoints: {result-content: ok}}}}}\n';
  it.each(['swagger: 2.0', 'swagger: "2.0"', 'swagger: 2', 'openapi: 3.0', 'openapi: 3', 'openapi: 3.0.1'])(
    '%s is known',
    (line) => {
      expect(importText(`${line}\ninfo: {title: versions}\n${paths}`).outcome.status).toBe('succeed');
    },
  );
});

describe('a path without its slash', () => {
  it.each(['', '/v1', '/', 'v1'])('is rejected under the base path %j', (basePath) => {
    const { report } = importText(
      JSON.stringify({
        ...{ swagger: '2.0', info: { title: 'paths' } },
        ...(basePath === '' ? {} : { basePath }),
        paths: {
          users: {
            get: { 'x-apigateway-backend': { type: 'MOCK', mockEndpoints: { 'result-content': '' } } },
          },
        },
      }),
    ) as { report: ImportReport };
    expect(report.success).toEqual([]);
    expect(report.failure).toMatchObject([
      { path: 'users', error_msg: expect.stringContaining('parameterName:req_uri.') },
    ]);
  });
});

describe('what is meant as JSON', () => {
  const whole = '"info":{"title":"json"},"paths":{}';
  it.each([
    ['a comment to the end of a line', `{\n  // the version\n  "swagger":"2.0",${whole}}`],
    ['a comment after a value', `{"swagger":"2.0", // the version\n${whole}}`],
    ['a comment in between', `{"swagger":"2.0", /* the version */ ${whole}}`],
    ['a comment before it', `// a file\n{"swagger":"2.0",${whole}}`],
    ['a long comment before it', `/* a\nfile */\n{"swagger":"2.0",${whole}}`],
    ['a comma too many', `{"swagger":"2.0",${whole},}`],
    ['a comma too many in a list', `["a",]`],
    ['a comment of YAML', `{"swagger":"2.0", # the version\n${whole}}`],
    ['single quotes', `{"swagger":'2.0',${whole}}`],
    ['a key without quotes', `{"swagger":"2.0",info:{"title":"json"},"paths":{}}`],
  ])('gets the error of JSON: %s', (_what, content) => {
    const prepared = prepareImport({ content, mockMode: false, simpleMode: false });
    expect(prepared).toMatchObject({
      ok: false,
      failure: { error_code: 'APIG.3600', reason: expect.stringMatching(/not JSON/) },
    });
  });

  it('is not what a YAML file in braces is', () => {
    const { outcome } = importText("{swagger: '2.0', info: {title: flow}, paths: {}, } # yes");
    expect(outcome.status).toBe('succeed');
  });
});
