/** What tests need besides Node. Where it is missing, they are skipped with one line that names what to install. */
import { spawnSync } from 'node:child_process';

/** Whether a program is there. */
export const hasProgram = (file: string): boolean =>
  spawnSync(file, ['--version'], { stdio: 'ignore' }).error === undefined;

/** Whether a module of Python is there. */
export const hasPythonModule = (name: string): boolean =>
  spawnSync('python3', ['-c', `import ${name}`], { stdio: 'ignore' }).status === 0;

/** True where the tests can run; otherwise logs why they are skipped. */
export function needs(isThere: boolean, line: string): boolean {
  if (!isThere) process.stderr.write(`skipped: ${line}\n`);
  return isThere;
}
