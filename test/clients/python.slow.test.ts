/** The Python client and its pytest plugin: their own tests, and the example as a user has it, from the tarball. */
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { type Installed, install, ROOT } from '../package/installed.ts';
import { type Ended, runChild } from '../support/child.ts';
import { testMock } from '../support/mock.ts';
import { hasProgram, needs } from '../support/needs.ts';

const CLIENT = join(ROOT, 'clients', 'python');

const FINDS = 'import importlib.util as u, sys; sys.exit(not all(map(u.find_spec, sys.argv[1:])))';

/** A Python that has these modules: Debian's own before any other. */
async function pythonWith(...modules: string[]): Promise<string | undefined> {
  for (const file of ['/usr/bin/python3', 'python3'].filter(hasProgram))
    if ((await runChild(file, ['-c', FINDS, ...modules])).code === 0) return file;
  return undefined;
}

const python = await pythonWith('pytest');
const builder = await pythonWith('setuptools', 'pip', 'pytest');
const hasPytest = needs(python !== undefined, "the Python client: install Debian's python3-pytest");
const canInstall = needs(
  builder !== undefined,
  "the Python package: install Debian's python3-pytest, python3-pip and python3-setuptools",
);

const plain = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(APIG_MOCK_|PYTEST_|PYTHON)/.test(name)),
);
const pytest = (file: string, args: string[], more: Record<string, string> & { cwd?: string } = {}) => {
  const { cwd = CLIENT, ...env } = more;
  const whole = ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', ...args];
  return runChild(file, whole, { cwd, env: { ...plain, PYTHONDONTWRITEBYTECODE: '1', ...env } });
};
const passes = ({ code, stdout, stderr }: Ended, count: RegExp): void => {
  expect({ code, stdout, stderr }).toMatchObject({ code: 0, stderr: '' });
  expect(stdout).toMatch(count);
};

describe.skipIf(!hasPytest)('the Python client', () => {
  const plugin = ['-p', 'apig_mock.pytest_plugin'];

  it('passes its own tests', { timeout: 120_000 }, async () => {
    const end = await pytest(python ?? '', [...plugin, 'tests'], { PYTHONPATH: CLIENT });
    passes(end, /^[3-9]\d passed in/m);
  });

  it('tests a deploy client in under 30 lines, four sessions at a time against one mock', async () => {
    const lines = readFileSync(join(CLIENT, 'example', 'test_deploy.py'), 'utf8')
      .trimEnd()
      .split('\n');
    expect(lines.filter((line) => line.trim() !== '').length).toBeLessThan(30);
    await using mock = await testMock();
    const env = { PYTHONPATH: CLIENT, APIG_MOCK_URL: mock.url };
    const ends = await Promise.all([1, 2, 3, 4].map(() => pytest(python ?? '', [...plugin, 'example'], env)));
    for (const end of ends) passes(end, /^3 passed in/m);
  });
});

describe.skipIf(!canInstall)('the Python package, installed by pip from the tarball of npm', () => {
  let installed: Installed;
  beforeAll(async () => {
    installed = await install();
  }, 120_000);
  afterAll(() => installed.remove());

  it('runs the example with the mock beside it, its plugin found by pytest', {
    timeout: 120_000,
  }, async () => {
    const { project } = installed;
    const packed = join(project, 'node_modules', 'apig-mock', 'clients', 'python');
    const site = join(project, 'site');
    const pip = ['-m', 'pip', 'install', '-q', '--no-index', '--no-deps', '--no-build-isolation'];
    // What pip reports of its own version is not of this test.
    const made = await runChild(builder ?? '', [...pip, '--target', site, packed], { cwd: project });
    expect({ code: made.code, stderr: made.stderr }).toMatchObject({ code: 0 });
    cpSync(join(packed, 'example'), join(project, 'deploy-tests'), { recursive: true });
    passes(
      await pytest(builder ?? '', ['deploy-tests'], { cwd: project, PYTHONPATH: site }),
      /^3 passed in/m,
    );
    const names = readdirSync(site);
    expect(names).toContain(`apig_mock-${manifest.version}.dist-info`);
  });
});
