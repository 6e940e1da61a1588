/** Every command of the documentation is run as it stands there, and shows what the page shows. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { afterAll, describe, expect, it } from 'vitest';
import { testMock } from '../support/mock.ts';
import { hasProgram, needs } from '../support/needs.ts';
import { BLOCKS, isRun, KINDS, NOT_RUN, runOf, whyNot } from './blocks.ts';
import { makeProject } from './programs.ts';
import { commandsOf, isShown, runCommands } from './shell.ts';

const folder = mkdtempSync(join(tmpdir(), 'apig-mock-docs-'));
makeProject(folder);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const hasCurl = needs(
  hasProgram('curl') && hasProgram('bash'),
  'the commands of the docs: install curl and bash',
);

describe('the blocks', () => {
  it('are of languages with a known treatment', () => {
    const unknown = BLOCKS.filter(({ language }) => KINDS[language] === undefined);
    expect(unknown.map(({ page, line, language }) => `${page}:${line} ${language}`)).toEqual([]);
  });

  it('are run, or stand in the table with a reason that is still needed', () => {
    const used = new Set(BLOCKS.map(whyNot));
    expect(NOT_RUN.filter((row) => !used.has(row))).toEqual([]);
    expect(BLOCKS.filter(isRun).length).toBeGreaterThan(20);
  });

  it.each(
    BLOCKS.filter(({ language }) => KINDS[language] === 'data').map(
      (one) => [one.page, one.line, one] as const,
    ),
  )('%s:%i can be read', (_page, _line, { language, text }) => {
    expect(() => (language === 'json' ? JSON.parse(text) : loadAll(text))).not.toThrow();
  });
});

const commandPages = [...new Set(runOf('commands').map(({ page }) => page))];
describe.skipIf(!hasCurl)('the commands', () => {
  it.each(commandPages)('of %s do what the page shows', async (page) => {
    const commands = runOf('commands')
      .filter((block) => block.page === page)
      .flatMap(commandsOf);
    await using mock = await testMock({ progression: 'polls' });
    for (const { line, text, shows, code, output } of await runCommands(commands, {
      url: mock.url,
      folder,
    })) {
      const place = `${page}:${line} ${text}`;
      if (shows === undefined) expect(code, `${place}\n${output}`).toBe(0);
      else if (!isShown(output, shows)) expect(output, place).toBe(shows);
    }
  });
});

describe('an output', () => {
  it.each([
    ['{"a":1}', '{"a":1}', true],
    ['{"a":1}', '{"a":…}', true],
    ['{"a":1}', '{"a":2}', false],
    ['one\ntwo', 'one\n…', true],
    ['one', 'on', false],
  ])('%j is shown by %j: %s', (output, shown, expected) => {
    expect(isShown(output, shown)).toBe(expected);
  });

  it('of a command is what stands below it', () => {
    const text = '$ a \\\n  b\nx\ny\n$ c';
    expect(commandsOf({ page: '', line: 3, section: '', language: 'console', text })).toEqual([
      { line: 3, text: 'a \\\n  b', shows: 'x\ny' },
      { line: 7, text: 'c', shows: undefined },
    ]);
  });
});
