/** The Node program and the curl commands of the cookbook are run, as they stand there. */
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningMock } from '../../src/mock.ts';
import { type Ended, runChild } from '../support/child.ts';
import { testMock } from '../support/mock.ts';
import { hasProgram, needs } from '../support/needs.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'apig-mock-cookbook-'));

let mock: RunningMock;
beforeAll(async () => {
  for (const name of ['node_modules', 'fixtures']) symlinkSync(join(ROOT, name), join(folder, name));
  mock = await testMock({ progression: 'immediate' });
});
afterAll(async () => {
  await mock.close();
  rmSync(folder, { recursive: true });
});

/** The first block of a language on a page. */
function blockOf(page: string, language: string): string {
  const text = readFileSync(join(ROOT, 'docs', 'cookbook', page), 'utf8');
  return new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(text)?.[1] ?? '';
}

const runIn = (file: string, args: string[]): Promise<Ended> =>
  runChild(file, args, { cwd: folder, env: { ...process.env, ENDPOINT: mock.url } });

const hasCurl = needs(hasProgram('curl'), 'the curl commands of the cookbook: install curl');

describe('the cookbook', () => {
  it('has a Node program that imports and exports', async () => {
    writeFileSync(join(folder, 'program.mjs'), blockOf('node-sdk.md', 'js'));
    const { code, stdout, stderr } = await runIn(process.execPath, ['program.mjs']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/path: '\/v1\/hello\/\{name\}'[\s\S]*hello-RELEASE-all-\S+\.yaml openapi: /);
    await mock.control.reset({ project_id: 'p1' });
  });

  it.skipIf(!hasCurl)('has curl commands that import and export', async () => {
    const script = `set -e\n${blockOf('curl.md', 'sh')}`;
    const { code, stdout, stderr } = await runIn('sh', ['-c', script]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [imported, exported] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(JSON.parse(imported.task_result).success).toMatchObject([{ path: '/v1/hello/{name}' }]);
    expect(JSON.parse(exported.task_result)).toMatchObject({
      FileType: '.yaml',
      Comment: expect.stringMatching(/^openapi: /),
    });
    await mock.control.reset({ project_id: 'p1' });
  });
});
