/** The texts of the page: both catalogues have the same keys and placeholders, and no text that nothing shows. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import en from '../../src/page/texts/en.json' with { type: 'json' };
import zh from '../../src/page/texts/zh.json' with { type: 'json' };

const placeholders = (catalogue: Readonly<Record<string, string>>) =>
  Object.entries(catalogue).map(([key, text]) => [key, [...new Set(text.match(/\{\d\}/g))].sort()]);

it('has every text in both languages, with the same placeholders', () => {
  expect(placeholders(zh)).toEqual(placeholders(en));
  expect(Object.entries({ ...en, ...zh }).filter(([, text]) => text.trim() === '')).toEqual([]);
});

const FOLDER = new URL('../../src/page/', import.meta.url);
const SOURCE = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => readFileSync(new URL(name, FOLDER), 'utf8'))
  .join('\n');
/** Texts that are named by a value: the states and types of tasks, the modes of an import, the members of a family. */
const BY_VALUE =
  /^(?:waiting|processing|succeed|failed|import_api|export_api|merge|override|live|lost|connecting)$|_/;

it('has no text that nothing shows', () => {
  const unused = Object.keys(en).filter(
    (key) => !BY_VALUE.test(key) && !new RegExp(`['"\\s]${key}['",:]`).test(SOURCE),
  );
  expect(unused).toEqual([]);
});
