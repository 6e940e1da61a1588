/** Every program of the documentation is compiled with the types of the package, and run as it stands there. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runChild } from '../support/child.ts';
import { runOf } from './blocks.ts';
import { ROOT } from './pages.ts';
import { makeProject, nameOf, programOf, writeProgram } from './programs.ts';

const folder = mkdtempSync(join(tmpdir(), 'apig-mock-docs-'));
makeProject(folder);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const programs = runOf('program').map(programOf);
describe('the programs', () => {
  it('have the types of the package', async () => {
    for (const program of programs) await writeProgram(folder, program);
    const { stdout } = await runChild(join(ROOT, 'node_modules/.bin/tsc'), ['-p', '.'], { cwd: folder });
    expect(stdout).toBe('');
  });

  it.each(programs.map((program) => [`${program.page}:${program.line}`, program] as const))(
    '%s runs',
    async (_name, program) => {
      const file = await writeProgram(folder, program);
      const args = {
        node: [file],
        vitest: ['node_modules/vitest/vitest.mjs', 'run', '--root', '.', file],
        jest: [
          'node_modules/jest/bin/jest.js',
          '--ci',
          '--runTestsByPath',
          file,
          '--testMatch',
          `**/${nameOf(program)}`,
        ],
      }[program.runner];
      const { code, stdout, stderr } = await runChild(process.execPath, args, { cwd: folder });
      expect(code, stdout + stderr).toBe(0);
    },
  );
});
