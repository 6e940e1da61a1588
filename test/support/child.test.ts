/** What counts on the stderr of a process. */
import { describe, expect, it } from 'vitest';
import { runChild, unexpectedIn } from './child.ts';

const WARNING = '(node:7) MaxListenersExceededWarning: Possible EventTarget memory leak detected.';
const HINT = '(Use `node --trace-warnings ...` to show where the warning was created)';

describe('a line on stderr', () => {
  it.each<[what: string, text: string, expected: RegExp | undefined, isRead: boolean, lines: string[]]>([
    ['none', '\n', undefined, false, []],
    ['one that nobody reads', 'oh\n', undefined, false, ['oh']],
    ['one that is read', 'oh\n', undefined, true, []],
    ['one that is expected', 'oh\n', /^oh$/, false, []],
    ['one beside what is expected', 'oh\nno\n', /^oh$/, false, ['no']],
    ['a warning, even where it is read', `${WARNING}\n${HINT}\n`, undefined, true, [WARNING]],
    [
      'a warning with a code',
      '(node:7) [DEP0040] DeprecationWarning: x',
      undefined,
      true,
      ['(node:7) [DEP0040] DeprecationWarning: x'],
    ],
    ['a warning without a name', '(node:7) Warning: x', undefined, true, ['(node:7) Warning: x']],
    ['a warning that is expected', `${WARNING}\n${HINT}\n`, /MaxListeners/, true, []],
  ])('%s', (_what, text, expected, isRead, lines) => {
    expect(unexpectedIn(text, expected, isRead)).toEqual(lines);
  });
});

it('a program is run to its end, its streams apart', async () => {
  const script = "console.log('out'); console.error('err'); process.exitCode = 3;";
  const { code, signal, stdout, stderr } = await runChild(process.execPath, ['-e', script]);
  expect([code, signal, stdout, stderr]).toEqual([3, null, 'out\n', 'err\n']);
});

it('a program that is not there is an error', async () => {
  await expect(runChild('/nowhere/program', [])).rejects.toThrow('ENOENT');
});
