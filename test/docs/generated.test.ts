/**
 * The generated parts of the documentation are what the tables and types of the source make of them. After a change,
 * `npm run docs:update` writes them anew.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FaultActionSchema, FaultSchema } from '../../src/admin/faults/schema.ts';
import { SETTINGS } from '../../src/config/settings.ts';
import { testMock } from '../support/mock.ts';
import {
  conformTable,
  controlBodies,
  controlTable,
  flagOf,
  libraryReference,
  settingsTable,
  spellingsOf,
  withGenerated,
} from './generate.ts';
import { blocksOf, ROOT, textOf } from './pages.ts';

const sameAs = (page: string, parts: Readonly<Record<string, string>>) =>
  expect(withGenerated(page, parts)).toMatchFileSnapshot(join(ROOT, page));

describe('the generated parts', () => {
  it('of the configuration are those of the settings', () =>
    sameAs('docs/configuration.md', { settings: settingsTable() }));

  it('of the control API are those of its operations', () =>
    sameAs('docs/http.md', { calls: controlTable(), bodies: controlBodies() }));

  it('of the fidelity are those of the scenarios', () =>
    sameAs('docs/fidelity.md', { conform: conformTable() }));

  it('of the library are those of its types', async () => {
    const types = readFileSync(join(ROOT, 'dist/index.d.cts'), 'utf8');
    await sameAs('docs/library.md', { reference: await libraryReference(types) });
  });
});

describe('docs/zh/configuration.md', () => {
  const rows = textOf('docs/zh/configuration.md').split('\n');
  it.each(SETTINGS.map((setting) => [setting.flag, setting] as const))(
    'has a row for --%s',
    (_flag, setting) => {
      const row = rows.find((line) => line.startsWith(`| \`${flagOf(setting)}\``));
      expect(row?.split(' | ').slice(0, 3)).toEqual(
        spellingsOf(setting).map((text, index) => (index === 0 ? `| ${text}` : text)),
      );
    },
  );
});

describe('docs/faults.md', () => {
  const page = textOf('docs/faults.md');
  const fields = Object.entries(FaultSchema.properties);
  const actions = FaultActionSchema.anyOf.flatMap(({ properties }) => Object.keys(properties));

  it.each(fields)('has a row for the field %s, with what it takes', (name, schema) => {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\` |`));
    expect(row).toBeDefined();
    if (!['operation', 'action'].includes(name)) expect(row).toContain(schema.description?.split(':')[0]);
  });

  it.each(FaultActionSchema.anyOf.map(({ properties }) => properties.type.const))(
    'has a section on %s',
    (type) => {
      expect(page).toContain(`\n### ${type}\n`);
    },
  );

  it('names every member of an action', () => {
    expect(actions.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  it('has examples that the mock takes, each kind of action among them', async () => {
    await using mock = await testMock();
    const examples = blocksOf('docs/faults.md').filter(({ language }) => language === 'json');
    const types = new Set<string>();
    for (const { text } of examples) {
      const { action } = await mock.control.faults.add(JSON.parse(text));
      types.add(action.type);
    }
    expect(types.size).toBe(FaultActionSchema.anyOf.length);
  });
});

describe('the README', () => {
  /** What a program could read of a page: its code, in blocks and in lines, without comments. */
  const codeOf = (page: string): string[] => [
    ...blocksOf(page).map(({ text }) => text.replace(/(?:#|\/\/).*$/gm, '').replace(/ +$/gm, '')),
    ...(textOf(page)
      .replace(/^```[\s\S]*?^```$/gm, '')
      .match(/`[^`]+`/g) ?? []),
  ];
  const linksOf = (page: string): string[] =>
    [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link.replace('docs/zh/', 'docs/'));
  const withoutAnchors = (links: string[]): string[] => links.map((link) => link.replace(/#.*/, '')).slice(1);

  it('shows the same commands, calls and links in Chinese', () => {
    expect(codeOf('README.zh-CN.md').toSorted()).toEqual(codeOf('README.md').toSorted());
    expect(withoutAnchors(linksOf('README.zh-CN.md'))).toEqual(withoutAnchors(linksOf('README.md')));
  });

  it.each(['README.md', 'README.zh-CN.md'])('%s is short', (page) => {
    expect(textOf(page).split('\n').length).toBeLessThanOrEqual(121);
  });

  it('has the two commands', () => {
    expect(textOf('README.md')).toContain('npm ci && npm start ');
    expect(textOf('README.md')).toContain('npm ci && npm test ');
  });

  it.each(['getting-started', 'testing'])('docs/zh/%s.md shows the code of the English page', (page) => {
    expect(codeOf(`docs/zh/${page}.md`).filter((text) => text.includes('\n'))).toEqual(
      codeOf(`docs/${page}.md`).filter((text) => text.includes('\n')),
    );
  });
});
