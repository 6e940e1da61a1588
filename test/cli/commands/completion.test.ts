/** `apig-mock completion`: bash completes by its script, zsh and fish take theirs; each knows the whole table. */
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../src/cli/commands.ts';
import { SETTINGS } from '../../../src/config/settings.ts';
import { runChild } from '../../support/child.ts';
import { recorded, runner } from '../record.ts';

const scriptOf = async (shell: string): Promise<string> => {
  const terminal = recorded();
  await runner('completion')([shell], terminal);
  return terminal.written();
};

/** What bash offers for the last of these words. */
async function offered(...words: string[]): Promise<string[]> {
  const script = `${await scriptOf('bash')}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _apig_mock; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = await runChild('bash', ['--norc', '-c', script, 'bash', 'apig-mock', ...words]);
  expect(stderr).toBe('');
  return stdout.split('\n').filter((line) => line !== '');
}

describe('bash', () => {
  it('completes sub-commands and the options of serving', async () => {
    expect(await offered('')).toEqual(expect.arrayContaining(['serve', ...COMMANDS.map(({ name }) => name)]));
    expect(await offered('--')).toEqual(expect.arrayContaining(SETTINGS.map(({ flag }) => `--${flag}`)));
    expect(await offered('imp')).toEqual(['import']);
  });

  it.each(COMMANDS)('completes the actions and options of $name', async ({ name, actions = [], options }) => {
    const words = await offered(name, '-');
    for (const { flag } of options) expect(words).toContain(`--${flag}`);
    if (actions.length > 0)
      expect(await offered(name, '')).toEqual(expect.arrayContaining(actions.map((one) => one.name)));
  });

  it.each<[string[], string[]]>([
    [['clock', 'adv'], ['advance']],
    [
      ['import', '--api-mode', ''],
      ['merge', 'override'],
    ],
    [['wait', '--until', 's'], ['succeed']],
    [
      ['serve', '--clock', ''],
      ['system', 'manual'],
    ],
    [['--clock', 'm'], ['manual']],
    [['tasks', '--project', ''], []],
    [['import', 'package.j'], ['package.json']],
    [['export', 'g', '--out', 'package.j'], ['package.json']],
  ])('offers for %j: %j', async (words, expected) => {
    expect(await offered(...words)).toEqual(expected);
  });
});

it('zsh loads what runs the functions of bash', async () => {
  const script = await scriptOf('zsh');
  expect(script).toMatch(
    /^autoload -U \+X compinit && compinit\nautoload -U \+X bashcompinit && bashcompinit\n_apig_mock/,
  );
  expect(script.endsWith(await scriptOf('bash'))).toBe(true);
});

it('fish has a line for each sub-command, action and option', async () => {
  const lines = (await scriptOf('fish')).split('\n');
  for (const { name, actions = [], options } of COMMANDS) {
    expect(lines.some((line) => line.includes(`'__fish_use_subcommand' -f -a ${name} -d '`))).toBe(true);
    const own = lines.filter((line) => line.includes(`'__fish_seen_subcommand_from ${name}'`));
    for (const one of actions) expect(own.some((line) => line.includes(` -a ${one.name} -d '`))).toBe(true);
    for (const { flag } of options) expect(own.some((line) => line.includes(` -l ${flag}`))).toBe(true);
  }
  // Each quote within a text is escaped.
  for (const line of lines) expect(line.replaceAll(/\\./g, '').split("'").length % 2).toBe(1);
});

it.each([
  [[], 'bash'],
  [['bash'], 'bash'],
])('the default is bash: %j', async (argv, shell) => {
  const terminal = recorded();
  await runner('completion')(argv, terminal);
  expect(terminal.written()).toBe(await scriptOf(shell));
});
