/** The README lists what there is: every setting with its spellings and default, every control call, no dead link. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { SETTINGS } from '../src/config/settings.ts';
import { testMock } from './support/mock.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
const chinese = readFileSync(join(ROOT, 'README.zh-CN.md'), 'utf8');

/** The row of a setting in a table of settings. */
function rowOf(text: string, { kind, flag }: { kind: string; flag: string }): string | undefined {
  const name = kind === 'switch' ? `--[no-]${flag}` : `--${flag} <`;
  return text.split('\n').find((line) => line.startsWith(`| \`${name}`));
}

/** What a program could read of a text: its code, in blocks and in lines, without comments and outputs cut short. */
function codeOf(text: string): string[] {
  const lines = text.split('\n').filter((line) => /^(?: {4}|\$ |await |import |const |[{|])/.test(line));
  return lines.flatMap((line) =>
    [...line.matchAll(/`([^`]+)`|^ {4}(\S[^#]*)|^(\$ .*|await [^/]*)/g)].map(([, a, b, c]) =>
      (a ?? b ?? c ?? '').trim(),
    ),
  );
}

describe('the README', () => {
  it.each(SETTINGS.map((setting) => [setting.flag, setting] as const))(
    'has a row for --%s',
    (_flag, setting) => {
      const row = rowOf(readme, setting);
      expect(row).toContain(`\`${setting.env}\``);
      const isSet = setting.default !== undefined && String(setting.default) !== '';
      if (isSet) expect(row).toContain(`\`${String(setting.default)}\``);
      expect(row).toContain(setting.help);
    },
  );

  it.each(SETTINGS.map((setting) => [setting.flag, setting] as const))(
    'has the same flag, variable and default for --%s in Chinese',
    (_flag, setting) => {
      const spellings = (text: string) => rowOf(text, setting)?.split(' | ').slice(0, 3);
      expect(spellings(chinese)).toEqual(spellings(readme));
    },
  );

  it('shows the same commands, calls and links in Chinese', () => {
    expect(codeOf(chinese)).toEqual(codeOf(readme));
    const linksOf = (text: string) => [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link);
    expect(linksOf(chinese).slice(1)).toEqual(linksOf(readme).slice(1));
  });

  it('names every control call', async () => {
    await using mock = await testMock();
    const { control } = mock;
    const names = Object.entries(control).flatMap(([name, call]) =>
      typeof call === 'function' || name === 'events'
        ? [name]
        : Object.keys(call).map((inner) => `${name}.${inner}`),
    );
    const missing = names.filter(
      (name) => !readme.includes(`mock.${name}`) && !readme.includes(`\`.${name.split('.').at(-1)}\``),
    );
    expect(missing).toEqual([]);
  });

  const pages = [
    'README.md',
    'README.zh-CN.md',
    'CONTRIBUTING.md',
    'docs/decisions.md',
    'docs/differences.md',
    'docs/architecture.md',
    'docs/clocks.md',
  ];
  it.each(pages)('%s links to what is there', (page) => {
    const text = readFileSync(join(ROOT, page), 'utf8');
    const links = [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, link = '']) => link);
    const dead = links.filter(
      (link) => !/^https?:/.test(link) && !existsSync(join(ROOT, dirname(page), link)),
    );
    expect(dead).toEqual([]);
  });
});
