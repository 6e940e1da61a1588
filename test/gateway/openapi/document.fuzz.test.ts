/** YAML that goes on without the indentation YAML 1.2 wants: read as PyYAML reads it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { parseDocument } from '../../../src/gateway/openapi/document.ts';
import { runChild } from '../../support/child.ts';
import { cases } from '../../support/fuzz.ts';
import { hasPythonModule, needs } from '../../support/needs.ts';
import { longestTurn } from '../../support/own-work.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'apig-mock-indentation-'));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

const READ_BY_PYYAML = `
import json, sys, yaml
def read(text):
  try: return yaml.safe_load(text)
  except yaml.YAMLError: return None
print(json.dumps([read(text) for text in json.load(open(sys.argv[1]))]))`;
const hasPyYaml = needs(
  hasPythonModule('yaml'),
  'to read files by PyYAML, install python3 and pip install pyyaml',
);

const word = fc.stringMatching(/^[a-z]{2,5}$/);
const flow = fc.letrec<{ flow: unknown }>((tie) => ({
  flow: fc.oneof(
    { maxDepth: 3 },
    word,
    fc.integer(),
    fc.array(tie('flow'), { maxLength: 3 }),
    fc.dictionary(word, tie('flow'), { maxKeys: 3 }),
  ),
})).flow;
const breaks = fc.infiniteStream(fc.constantFrom('', ' ', '\n', '\n  ', '\n  ', '\n    ', '\n\n  '));
const quoted = fc
  .tuple(fc.array(word, { minLength: 1, maxLength: 4 }), fc.constantFrom('"', "'"))
  .map(([words, quote]) => `${quote}${words.join(',')}${quote}`);

/** A mapping in blocks whose values are in brackets or quotes, with breaks where there may be some. */
const document = fc
  .tuple(
    fc.array(
      fc.oneof(
        flow.map((value) => JSON.stringify(value).replaceAll(':', ': ')),
        quoted,
      ),
    ),
    breaks,
  )
  .map(([values, each]) => {
    const broken = (text: string) =>
      text.replace(/[[{,]|(?=[\]}])/g, (mark) => `${mark}${each.next().value}`);
    const entries = values.map((value, at) => `  key${at}: ${broken(value)}\n  next${at}: 1\n`);
    return `top:\n${entries.join('')}end: 1\n`;
  });

const read = (text: string) => {
  const tree = parseDocument(text);
  return tree.ok ? tree.root : tree.failure.reason;
};

describe('YAML without indentation', () => {
  it.each<[string, string, unknown]>([
    [
      'a brace on the column of its parent',
      'a:\n  b: {\n    x: 1\n  }\n  c: 2\n',
      { a: { b: { x: 1 }, c: 2 } },
    ],
    ['a bracket there', 'a:\n  b: [\n    1\n  ]\n', { a: { b: [1] } }],
    ['entries there', 'a:\n  b: [\n  1,\n  2]\n', { a: { b: [1, 2] } }],
    ['entries at the margin', 'a:\n  b: [\n1,\n{c: 2\n}]\n', { a: { b: [1, { c: 2 }] } }],
    ['text in double quotes', 'a:\n  b: "one\n  two\n\n  three"\n', { a: { b: 'one two\nthree' } }],
    ['text in single quotes', "a:\n  b: 'one\n  two'\n", { a: { b: 'one two' } }],
    ['text at the margin', 'a:\n    b: "one\ntwo"\n', { a: { b: 'one two' } }],
    ['an escaped line break', 'a:\n  b: "one\\\n  two"\n', { a: { b: 'onetwo' } }],
    ['a comment inside', 'a:\n  b: [\n  # first\n  1\n  ]\n', { a: { b: [1] } }],
    [
      'a block that looks like one',
      'a:\n  b: [\n  1]\n  c: |\n    [\n    1\n    ]\n',
      { a: { b: [1], c: '[\n1\n]\n' } },
    ],
    ['an item of a list', 'a:\n  - - {\n      x: 1\n  }\n', { a: [[{ x: 1 }]] }],
  ])('reads %s', (_what, text, tree) => {
    expect(read(text)).toEqual(tree);
  });

  it.each([
    ['a:\n  b: [\n  1\nc: 2\n', 'line 4, column 2'],
    ['a:\n  b: [\n  1 }\n', 'line 3, column 5'],
    ['a:\n  b: [\n  1]\n c: 2\n', 'line 4, column 2'],
    ['a:\n  b: "one\n  two\n', 'line 4, column 1'],
  ])('names the place of what is wrong all the same: %j', (text, place) => {
    expect(read(text)).toMatch(new RegExp(`^${place}: not YAML`));
  });

  it('reads a file of 500 KB with fifty such lines', () => {
    const entry = (at: number) =>
      `  p${at}:\n    text: "${'x'.repeat(9_900)}"\n    map: {\n      n: ${at}\n    }\n`;
    const text = `paths:\n${Array.from({ length: 50 }, (_, at) => entry(at)).join('')}`;
    expect(Object.keys((read(text) as { paths: object }).paths)).toHaveLength(50);
  });

  it('gives up a file of nothing else in a time that is bounded', async () => {
    const text = `a:\n${Array.from({ length: 20_000 }, (_, at) => `  b${at}: {\n  }\n`).join('')}`;
    const { result, ms } = await longestTurn(async () => read(text));
    expect(result).toMatch(/^line \d+, column 3: not YAML: deficient indentation$/);
    // Alone it takes 2 s.
    expect(ms).toBeLessThan(10_000);
  });

  it.skipIf(!hasPyYaml)('is the same document to PyYAML, if that takes it', async () => {
    const texts = fc.sample(document, cases(2000));
    const file = join(FOLDER, 'texts.json');
    writeFileSync(file, JSON.stringify(texts));
    const { code, stdout } = await runChild('python3', ['-c', READ_BY_PYYAML, file]);
    expect(code).toBe(0);
    const trees: unknown[] = JSON.parse(stdout);
    const taken = trees.flatMap((tree, at) => (tree === null ? [] : [{ tree, text: texts[at] ?? '' }]));
    expect(taken.length).toBeGreaterThan(texts.length / 2);
    for (const { tree, text } of taken) expect({ text, tree: read(text) }).toEqual({ text, tree });
  });
});
