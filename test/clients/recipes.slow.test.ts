/** The Go and Java tests of the cookbook are compiled and run, as they stand there. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ROOT } from '../package/installed.ts';
import { runChild } from '../support/child.ts';
import { call, testMock } from '../support/mock.ts';
import { hasProgram, needs } from '../support/needs.ts';

const folder = mkdtempSync(join(tmpdir(), 'apig-mock-recipes-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The blocks of a page that follow the name of a file. */
function filesOf(page: string): [name: string, text: string][] {
  const text = readFileSync(join(ROOT, 'docs', 'cookbook', page), 'utf8');
  const blocks = text.matchAll(/^`(\w+\.(?:go|java))`.*\n\n```\w+\n([\s\S]*?)^```$/gm);
  return [...blocks].map(([, name = '', code = '']) => [name, code]);
}

/** A folder with the files of a page, and the package where npm installs it. */
function projectOf(page: string): string {
  const project = join(folder, page);
  mkdirSync(join(project, 'node_modules'), { recursive: true });
  symlinkSync(ROOT, join(project, 'node_modules', 'apig-mock'));
  for (const [name, text] of filesOf(page)) writeFileSync(join(project, name), text);
  return project;
}

const plain = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('APIG_MOCK_')),
);
const hasGo = needs(hasProgram('go'), "the Go tests of the cookbook: install Debian's golang-go");
const hasJava = needs(
  hasProgram('javac'),
  "the Java tests of the cookbook: install Debian's default-jdk-headless",
);

describe.skipIf(!hasGo)('the Go tests of the cookbook', () => {
  const env = { ...plain, GOFLAGS: '-mod=mod', GOPROXY: 'off' };

  it('are formatted, pass the vet, and run against a mock that they start', {
    timeout: 240_000,
  }, async () => {
    const cwd = projectOf('go-tests.md');
    writeFileSync(join(cwd, 'go.mod'), 'module deploy\n\ngo 1.19\n');
    const unformatted = await runChild('gofmt', ['-l', ...filesOf('go-tests.md').map(([name]) => name)], {
      cwd,
    });
    expect(unformatted.stdout + unformatted.stderr).toBe('');
    const vetted = await runChild('go', ['vet', '.'], { cwd, env });
    expect({ code: vetted.code, stderr: vetted.stderr }).toEqual({ code: 0, stderr: '' });
    const { code, stdout, stderr } = await runChild('go', ['test', '-count=1', '-v', '.'], { cwd, env });
    expect({ code, stdout, stderr }).toMatchObject({ code: 0, stderr: '' });
    expect(stdout.match(/^--- PASS/gm)).toHaveLength(4);
  });
});

describe.skipIf(!hasJava)('the Java tests of the cookbook', () => {
  it('compile without a warning, and run against a mock', { timeout: 120_000 }, async () => {
    const cwd = projectOf('java-tests.md');
    const lint = ['-Xlint:all', '-Werror', '-d', '.', 'DeployTest.java'];
    const compiled = await runChild('javac', lint, { cwd });
    expect({ code: compiled.code, stderr: compiled.stderr }).toEqual({ code: 0, stderr: '' });
    await using mock = await testMock();
    const env = { ...plain, APIG_MOCK_URL: mock.url };
    const { code, stdout, stderr } = await runChild('java', ['DeployTest'], { cwd, env });
    expect({ code, stdout, stderr }).toMatchObject({ code: 0, stderr: '' });
    expect(stdout.match(/^ok {2}/gm)).toHaveLength(4);
  });
});

it('the Java tests call what the description has', async () => {
  await using mock = await testMock();
  const { body } = await call(`${mock.url}/__admin/openapi.json`);
  const [[, program] = ['', '']] = filesOf('java-tests.md');
  const calls = [...program.matchAll(/\b(post|put)\("(\/__admin\/[\w/]+)"/g)].map(([, method, path]) => [
    path,
    method,
  ]);
  expect(calls.length).toBeGreaterThan(5);
  for (const [path = '', method = ''] of calls) expect(Object.keys(body.paths[path] ?? {})).toContain(method);
});
