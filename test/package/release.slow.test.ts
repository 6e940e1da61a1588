/** The workflow of a release: its shell steps, run in a copy of this checkout as far as they go without a registry. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { afterAll, describe, expect, it } from 'vitest';
import { runChild } from '../support/child.ts';
import { env, NPM, ROOT } from './installed.ts';

interface Step {
  readonly run?: string;
  readonly uses?: string;
  readonly name?: string;
}
interface Job {
  readonly needs?: string | readonly string[];
  readonly steps: readonly Step[];
  readonly permissions?: Readonly<Record<string, string>>;
}

const FOLDER = join(ROOT, '.github/workflows');
const workflow = load(readFileSync(join(FOLDER, 'release.yml'), 'utf8')) as { jobs: Record<string, Job> };
const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);

/** The steps that need what is not here, each with its reason; of all others the test runs the shell. */
const NOT_RUN: readonly [starts: RegExp, why: string][] = [
  [/^npm ci$/, 'installs what is installed here'],
  [/^npm audit /, 'asks the registry; ci.yml runs it'],
  [/^npm run check$/, 'runs this test'],
  [/docker run /, 'needs the pushed image'],
  [/cosign sign /, 'needs an identity of GitHub'],
  [/gh release create /, 'needs GitHub'],
];
const shell = steps.flatMap(({ run }) => (run === undefined ? [] : [run]));
const tried = [...new Set(shell.filter((run) => !NOT_RUN.some(([starts]) => starts.test(run))))];

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** A copy of what the steps read, with notes for this version. */
function checkout(): string {
  const folder = mkdtempSync(join(tmpdir(), 'apig-mock-release-'));
  folders.push(folder);
  const { files } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { files: string[] };
  const whole = new Set(files.map((file) => file.replace(/\/\*.*$/, '')));
  for (const path of [...whole, 'package.json', 'package-lock.json', 'scripts'])
    cpSync(join(ROOT, path), join(folder, path), { recursive: true });
  const changelog = readFileSync(join(folder, 'CHANGELOG.md'), 'utf8');
  writeFileSync(
    join(folder, 'CHANGELOG.md'),
    changelog.replace('# Changelog', '# Changelog\n\n## 9.8.7-rc.1\n\n- New: [clocks](docs/clocks.md).'),
  );
  return folder;
}

const given = {
  ...env,
  TAG: 'v9.8.7-rc.1',
  VERSION: '9.8.7-rc.1',
  DIST_TAG: 'next',
  IMAGE: 'ghcr.io/apig-mock/apig-mock',
  DIGEST: `sha256:${'0'.repeat(64)}`,
  // What would be published is shown, not sent; dist/ is here already.
  npm_config_dry_run: 'true',
  npm_config_ignore_scripts: 'true',
};
const bash = (script: string, cwd: string, more: Record<string, string> = {}) =>
  // As the runner of GitHub calls it.
  runChild('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
    cwd,
    env: { ...given, GITHUB_OUTPUT: join(cwd, 'output'), ...more },
    stderr: NPM,
  });

describe('the workflow of a release', () => {
  it('tests before it publishes, and publishes the notes last', () => {
    expect(workflow.jobs['check']?.steps.map(({ run }) => run)).toContain('npm run check');
    expect(workflow.jobs['npm']?.needs).toBe('check');
    expect(workflow.jobs['image']?.needs).toBe('check');
    expect(workflow.jobs['release']?.needs).toEqual(['check', 'npm', 'image']);
  });

  it('has shell steps that are run here, or need what is not here', () => {
    for (const [starts, why] of NOT_RUN)
      expect(
        shell.filter((run) => starts.test(run)),
        why,
      ).not.toEqual([]);
    expect(tried.map((run) => run.split('\n')[0])).toHaveLength(4);
  });

  it.each(shell)('has a step that bash reads: %s', async (script) => {
    const { code, stderr } = await runChild('bash', ['-n', '-c', script]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    // What a tag or a branch is named must not become a command.
    expect(script).not.toContain('${{');
  });

  it('runs: version, notes, links and a publication that is not sent', { timeout: 60_000 }, async () => {
    const folder = checkout();
    const shown: string[] = [];
    for (const script of tried) {
      const { code, stdout, stderr } = await bash(script, folder);
      expect({ script, code, stderr: code === 0 ? '' : stderr }).toEqual({ script, code: 0, stderr: '' });
      shown.push(stdout);
    }
    const read = (name: string) => readFileSync(join(folder, name), 'utf8');
    expect(read('output')).toBe('version=9.8.7-rc.1\ndist-tag=next\n');
    expect(shown.join('\n')).toContain('+ apig-mock@9.8.7-rc.1');
    const blob = 'https://github.com/apig-mock/apig-mock/blob/v9.8.7-rc.1';
    expect(read('release-notes.md')).toBe(
      `- New: [clocks](${blob}/docs/clocks.md).\n\n### Install\n\n- npm: \`npm install --save-dev apig-mock@9.8.7-rc.1\`\n` +
        `- image: \`ghcr.io/apig-mock/apig-mock:9.8.7-rc.1@${given.DIGEST}\` (amd64, arm64)\n`,
    );
    expect(read('README.md')).toContain(`](${blob}/docs/testing.md)`);
    expect(read('README.md').match(/\]\((?!https?:|#)[^)]*\)/g)).toBeNull();
    expect(JSON.parse(read('package.json'))).toMatchObject({ version: '9.8.7-rc.1' });
    expect(read('clients/python/pyproject.toml')).toContain('version = "9.8.7-rc.1"');
  });

  it.each([
    ['v1.0.0', "release: CHANGELOG.md has nothing under '## 1.0.0'\n"],
    ['latest', "release: 'latest' is not a tag such as v1.2.3 or v1.2.3-rc.1\n"],
  ])('ends at the tag %s with one line', async (TAG, line) => {
    const { code, stderr } = await bash(tried[0] ?? '', checkout(), { TAG });
    expect({ code, stderr }).toEqual({ code: 2, stderr: line });
  });
});
