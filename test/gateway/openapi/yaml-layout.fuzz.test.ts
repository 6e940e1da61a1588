/** The YAML of an export: what it looks like, and that every reader takes it for the same document. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { load } from 'js-yaml';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { canonical, type Json } from '../../../src/gateway/openapi/json.ts';
import { parseJson } from '../../../src/gateway/openapi/spelled.ts';
import { layOutYaml } from '../../../src/gateway/openapi/yaml-layout.ts';
import { runChild } from '../../support/child.ts';
import { cases } from '../../support/fuzz.ts';
import { hasPythonModule, needs } from '../../support/needs.ts';

const of = (unit: string, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...(unit.match(/[\s\S]/gu) ?? [])), maxLength });

/** Texts that some reader or other takes for a number, a date, a switch or a mark of YAML. */
const VALUES = [
  ...[
    'yes',
    'No',
    'y',
    'N',
    'on',
    'OFF',
    'null',
    'Null',
    '~',
    'true',
    'TRUE',
    '',
    ' ',
    '<<',
    '=',
    '---',
    '...',
  ],
  ...[
    '2026-06-18',
    '2026-06-18-14:32:33',
    '2001-12-14t21:59:43.10-05:00',
    '2026-6-1 1:2:3',
    '1:30',
    '1:30.5',
  ],
  ...[
    '0o17',
    '0b1',
    '0x1F',
    '0x_',
    '-0b_',
    '0o_',
    '1_000',
    '012',
    '08',
    '0o',
    '.inf',
    '.NaN',
    '+1',
    '-',
    '.',
    '1.',
    '.5',
    '._',
  ],
  ...['E0', 'e5', 'e+1', '+E0', '-e8', 'E-12', 'e1_0', '1e5', '1e+5', '1e999', '9007199254740993', '1.10'],
  ...['- a', '? b', 'a: b', 'a #b', '#', '--- a', '%a', '@a', '`a', '\n ', 'a\n b\n', '\n word \n ', 'a\n\n'],
];
const text = fc.oneof(
  fc.constantFrom(...VALUES),
  of('0123456789._-+eEoxb:TZ ', 12),
  of('019._-+eEnN:~=<>!&*#%@`|?{}[],"\'\\ \t\n\r/aTt\u0000\u007f\u0085\u00a0\u2028\ufeff图😀', 12),
  fc
    .array(fc.oneof(fc.constantFrom('word', 'x'.repeat(50), '\n', '\n ', ...VALUES), of('a \n', 5)), {
      maxLength: 60,
    })
    .map((parts) => parts.join(' ')),
  fc.string({ unit: 'binary', maxLength: 8 }),
);
const value = fc
  .letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      { weight: 3, arbitrary: text },
      fc.oneof(fc.integer(), fc.double(), fc.boolean(), fc.constant(null)),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(text, tie('value'), { maxKeys: 4 }),
    ),
  }))
  .value.map((any) => ({ key: canonical(any) }));

const READ_BY_PYYAML =
  'import json, sys, yaml; print(json.dumps([yaml.safe_load(text) for text in json.load(open(sys.argv[1]))]))';
const hasPyYaml = needs(
  hasPythonModule('yaml'),
  'to read exports by PyYAML, install python3 and pip install pyyaml',
);

const FOLDER = mkdtempSync(join(tmpdir(), 'apig-mock-yaml-'));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

const whole = (tree: object) => ({ ...tree, 'x-apigateway-responses': {} });

describe('the YAML of an export', { timeout: 120_000 }, () => {
  it('is the same document to js-yaml, and to yaml as YAML 1.2 and as YAML 1.1', () => {
    fc.assert(
      fc.property(value, (tree) => {
        const yaml = layOutYaml(tree, {});
        expect(load(yaml)).toEqual(whole(tree));
        expect(parse(yaml)).toEqual(whole(tree));
        expect(parse(yaml, { version: '1.1', merge: false })).toEqual(whole(tree));
      }),
      { numRuns: cases(20_000), examples: VALUES.map((one): [{ key: Json }] => [{ key: { [one]: [one] } }]) },
    );
  });

  it.skipIf(!hasPyYaml)('is the same document to PyYAML', async () => {
    const trees = fc.sample(value, cases(5000));
    const file = join(FOLDER, 'exports.json');
    writeFileSync(file, JSON.stringify(trees.map((tree) => layOutYaml(tree, {}))));
    const { code, stdout } = await runChild('python3', ['-c', READ_BY_PYYAML, file]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(trees.map(whole));
  });

  it('has texts plain, in single quotes, in blocks, and long ones folded', () => {
    const urn = 'urn:fss:cn-north-4:25f40abeecb84d3e90731de258ca71ec:function:default:custom-auth';
    const tree = {
      openapi: '3.0.3',
      version: '2026-06-18-14:32:33',
      date: '2026-06-18',
      number: '1.10',
      switch: 'on',
      empty: '',
      quoted: "it's: so",
      lines: 'one\ntwo',
      control: 'bell\u0007',
      'function-urn': urn,
      description: `${'word '.repeat(20)}end`,
      [`/${urn}`]: { list: [], map: {}, items: [{ name: 'a', in: 'query' }, ['b'], null] },
    };
    expect(layOutYaml(tree, { default: {} })).toBe(`openapi: 3.0.3
version: 2026-06-18-14:32:33
date: '2026-06-18'
number: '1.10'
switch: 'on'
empty: ''
quoted: 'it''s: so'
lines: |-
  one
  two
control: "bell\\a"
function-urn: >-
  ${urn}
description: >-
  word word word word word word word word word word word word word word word
  word word word word word end
/${urn}:
  list: []
  map: {}
  items:
    - name: a
      in: query
    - - b
    - null
x-apigateway-responses:
  default: {}
`);
  });

  it('writes what appears twice in the state twice', () => {
    const shared = { a: [1] };
    expect(layOutYaml({ one: shared, two: shared }, shared)).not.toMatch(/[&*]/);
  });

  it.each([
    ['one line', 'x'.repeat(3_000_000)],
    ['lines', 'line of a text\n'.repeat(200_000)],
    ['words', '图书 a: "b" '.repeat(300_000)],
    ['spaces', ' '.repeat(3_000_000)],
  ])('takes texts of megabytes, as value and as key: %s', (_what, long) => {
    const tree = { key: { deep: [long] }, [long]: long };
    const yaml = layOutYaml(tree, {});
    expect(load(yaml)).toEqual(whole(tree));
    expect(yaml.includes('\n"') || yaml.includes('\n? "')).toBe(true);
  });

  it('takes numbers of any length', () => {
    const number = `1.${'0123456789'.repeat(300_000)}`;
    expect(layOutYaml({ key: canonical(parseJson(`[${number}]`)) }, {})).toContain(`\n  - ${number}\n`);
  });

  it('has numbers that PyYAML takes for numbers, too', () => {
    const numbers = canonical(parseJson('[1e400,1.5E-400,1e21,1e-7,9007199254740993,1.10,-0.50,5]'));
    expect(layOutYaml({ key: numbers }, {})).toBe(
      `key:\n  - ${['1.0e+400', '1.5e-400', '1.0e+21', '1.0e-7', '9007199254740993', '1.10', '-0.50', '5'].join('\n  - ')}\nx-apigateway-responses: {}\n`,
    );
  });
});
