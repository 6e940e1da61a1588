/** `apig-mock reset`: takes a mock, a project or an instance back to its start, or some parts of it. */
import { scopeOf, withControl } from '../client/control.ts';
import { type Given, outputJson } from '../command.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** Runs the command. */
export const runReset = (given: Given, terminal: Terminal): Promise<void> =>
  withControl(given, async (call) => {
    const { only, project, instance } = given.texts;
    const parts = only?.split(',').map((part) => part.trim());
    await call('reset', { ...scopeOf(given), only: parts });
    const what = [project ?? 'everything', ...(instance === undefined ? [] : [instance])].join('/');
    return void (outputJson(given, terminal, { reset: true }) || terminal.note(`reset: ${what}`));
  });
