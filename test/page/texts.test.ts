/** The texts of the page: both catalogues have the same keys, each text with the same placeholders. */
import { expect, it } from 'vitest';
import en from '../../src/page/texts/en.json' with { type: 'json' };
import zh from '../../src/page/texts/zh.json' with { type: 'json' };

const placeholders = (catalogue: Readonly<Record<string, string>>) =>
  Object.entries(catalogue).map(([key, text]) => [key, [...new Set(text.match(/\{\d\}/g))].sort()]);

it('has every text in both languages, with the same placeholders', () => {
  expect(placeholders(zh)).toEqual(placeholders(en));
  expect(Object.entries({ ...en, ...zh }).filter(([, text]) => text.trim() === '')).toEqual([]);
});
