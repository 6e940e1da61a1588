/** The README says what there is: every setting with its spellings and default, every control call, no dead link. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { SETTINGS } from '../src/settings.ts';
import { testMock } from './helpers/mock.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');

describe('the README', () => {
  it.each(SETTINGS.map((setting) => [setting.flag, setting] as const))(
    'has a row for --%s',
    (flag, setting) => {
      const name = setting.kind === 'switch' ? `--[no-]${flag}` : `--${flag} <`;
      const row = readme.split('\n').find((line) => line.startsWith(`| \`${name}`));
      expect(row).toContain(`\`${setting.env}\``);
      const isSet = setting.default !== undefined && String(setting.default) !== '';
      if (isSet) expect(row).toContain(`\`${String(setting.default)}\``);
      expect(row).toContain(setting.help);
    },
  );

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
