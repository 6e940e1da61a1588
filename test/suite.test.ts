/** What holds for every test file: how processes are started, what is skipped, what runs at which length. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const HERE = new URL('./', import.meta.url);
const FILES = readdirSync(HERE, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && name !== 'suite.test.ts')
  .map((name) => [name, readFileSync(new URL(name, HERE), 'utf8')] as const);

/** May start processes by themselves: each with what they start, which is no mock. */
const STARTERS: Readonly<Record<string, string>> = {
  'reliability/disk.test.ts': 'mount and umount',
  'core/text-file.test.ts': 'mkfifo',
  'admin/state/state-file.test.ts': 'a script that leaves a socket behind',
};

/** Each rule that a test file breaks. */
function broken(name: string, text: string): string[] {
  const rules: readonly [breaks: boolean, why: string][] = [
    [
      /^(?:import|\}) .*from 'node:child_process'/m.test(text) &&
        !name.startsWith('support/') &&
        !(name in STARTERS),
      'starts processes by itself: test/support/child.ts and command.ts do, and check their stderr',
    ],
    [
      /\.(skip|runIf|todo|skipIf)\(/.test(text) && !/needs\.ts'/.test(text),
      'skips tests in silence: test/support/needs.ts states what to install',
    ],
    [/\bretry: \d/.test(text.replaceAll(/'[^'\n]*'/g, '')), 'runs a test again until it passes'],
    [
      /support\/fuzz\.ts'/.test(text) && !name.endsWith('.fuzz.test.ts'),
      'runs some of its cases in `npm test`, but not the others in `npm run test:slow`: name it *.fuzz.test.ts',
    ],
  ];
  return rules.flatMap(([breaks, why]) => (breaks ? [`${name}: ${why}`] : []));
}

describe('the test files', () => {
  it('keep the rules', () => {
    expect(FILES.length).toBeGreaterThan(150);
    expect(FILES.flatMap(([name, text]) => broken(name, text))).toEqual([]);
  });

  it.each([
    ['a/x.test.ts', "import { spawn } from 'node:child_process';"],
    ['a/x.test.ts', "describe.skipIf(true)('a', () => {});"],
    ['a/x.test.ts', "it('a', { retry: 2 }, () => {});"],
    ['a/x.test.ts', "import { cases } from '../support/fuzz.ts';"],
  ])('%s is found out: %s', (name, text) => {
    expect(broken(name, text)).toHaveLength(1);
  });

  it.each([
    ['support/x.ts', "import { spawn } from 'node:child_process';"],
    ['a/x.fuzz.test.ts', "import { cases } from '../support/fuzz.ts';"],
    ['a/x.test.ts', "expect(text).toBe('retry: 1000');"],
  ])('%s is left alone: %s', (name, text) => {
    expect(broken(name, text)).toEqual([]);
  });
});
