/** The package as its users get it: packed, installed offline into an empty project, run, imported, compiled against. */
import { existsSync, readdirSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { type Ended, startChild } from '../support/child.ts';
import { waitFor } from '../support/command.ts';
import { call, taskUrl } from '../support/mock.ts';
import { env, folderOf, type Installed, install, NPM, ROOT } from './installed.ts';

const TASK_ID = 'd9ce8c9eede54b3f841ec324fe0bfdc2';
const TYPESCRIPT = folderOf('typescript');

let installed: Installed;
let project: string;
let packed: readonly string[];

/** Runs a command in the project; rejects when it fails. */
async function inProject(file: string, args: readonly string[]): Promise<Ended> {
  const run = await installed.run(file, args);
  if (run.code !== 0) throw Object.assign(new Error(run.stderr), run);
  return run;
}

beforeAll(async () => {
  installed = await install();
  ({ project, packed } = installed);
}, 120_000);
afterAll(() => installed.remove());

describe('the packed files', () => {
  it('are what a user needs', () => {
    for (const path of [
      'package.json',
      'LICENSE',
      'dist/cli.js',
      'dist/index.js',
      'fixtures/tasks/documented.json',
    ])
      expect(packed).toContain(path);
    for (const { types, default: file } of Object.values(manifest.exports['.']))
      for (const path of [types, file]) expect(packed).toContain(path.replace('./', ''));
  });

  it('are the pages that a user reads first', () => {
    for (const path of ['README.md', 'CHANGELOG.md', 'docs/getting-started.md'])
      expect(packed).toContain(path);
  });

  it('are exactly these, and no stray files', () => {
    const wanted = new Set([
      ...['package.json', 'LICENSE', 'README.md', 'README.zh-CN.md', 'CHANGELOG.md', 'CONTRIBUTING.md'],
      ...['docs', 'docs/cookbook', 'docs/zh'].flatMap((folder) =>
        readdirSync(join(ROOT, folder)).flatMap((name) =>
          name.endsWith('.md') ? [`${folder}/${name}`] : [],
        ),
      ),
      ...['cli.js', 'cli.cjs', 'index.js', 'index.cjs', 'index.d.ts', 'index.d.cts', 'parse-thread.cjs'].map(
        (name) => `dist/${name}`,
      ),
      ...['dashboard', 'docs'].map((name) => `dist/${name}.html`),
      'dist/THIRD-PARTY-LICENSES.txt',
      ...['README.md', 'pyproject.toml'].map((name) => `clients/python/${name}`),
      ...['fixtures', 'clients/python/apig_mock', 'clients/python/example']
        .flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile() && !entry.name.endsWith('.pyc'))
        .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).replaceAll('\\', '/')),
    ]);
    const others = packed.filter((path) => !wanted.has(path));
    expect([...wanted].filter((path) => !packed.includes(path))).toEqual([]);
    expect(others.filter((path) => !/^dist\/chunks\/[\w-]+\.cjs$/.test(path))).toEqual([]);
    expect(others.length).toBeGreaterThan(5);
  });

  it('are no sources, tests or settings of ours', () => {
    expect(
      packed.filter((path) =>
        /^(src|test|bench|scripts|node_modules|\.)|\.test\.|tsconfig|biome|__pycache__/.test(path),
      ),
    ).toEqual([]);
  });

  it('bring no dependency with them', async () => {
    expect(manifest).not.toHaveProperty('dependencies');
    const installed = await readdir(join(project, 'node_modules'));
    expect(installed.filter((name) => !name.startsWith('.'))).toEqual(['apig-mock']);
  });

  it('are built before they are packed', () => {
    expect(manifest.scripts.prepack).toBe('npm run build');
  });
});

describe('the installed command', () => {
  it('prints its version by npx', async () => {
    const { stdout } = await inProject('npx', ['--offline', 'apig-mock', '--version']);
    expect(stdout).toBe(`${manifest.version}\n`);
  });

  it('serves by npx, and stops with it', async () => {
    // A terminal signals the whole group; npx alone passes nothing on.
    const { child, output, ended } = startChild('npx', ['--offline', 'apig-mock', '--port', '0'], {
      cwd: project,
      env,
      detached: true,
      stderr: NPM,
    });
    const url = await waitFor(() => /"url":"([^"]+)"/.exec(output())?.[1], 'the ready line');
    expect((await call(taskUrl(url, TASK_ID))).body.task_id).toBe(TASK_ID);
    process.kill(-(child.pid ?? 0), 'SIGTERM');
    await ended;
  });

  it('imports a packaged document, which takes what is loaded late', async () => {
    const lines = [
      "import { readFile } from 'node:fs/promises';",
      "import { startApigMock } from 'apig-mock';",
      "const mock = await startApigMock({ progression: 'immediate' });",
      "const document = await readFile('node_modules/apig-mock/fixtures/openapi/hello.yaml');",
      'const form = new FormData();',
      "form.set('is_create_group', 'true');",
      "form.set('file_name', new Blob([document]), 'hello.yaml');",
      "const instance = mock.url + '/v2/p1/apigw/instances/i1';",
      "const headers = { 'x-auth-token': mock.token };",
      "const response = await fetch(instance + '/openapi/async-import', { method: 'POST', body: form, headers });",
      'const { task_id } = await response.json();',
      "const task = await (await fetch(instance + '/async-tasks/' + task_id, { headers })).json();",
      'console.log(response.status, task.task_status, JSON.parse(task.task_result).success.length);',
      'await mock.close();',
    ];
    await writeFile(join(project, 'import.js'), lines.join('\n'));
    const { stdout } = await inProject(process.execPath, ['import.js']);
    expect(stdout).toBe('202 succeed 1\n');
  });
});

describe('the installed library', () => {
  it('is imported by its name, starts, and lets the process end by itself', async () => {
    const lines = [
      "import { startApigMock, ApigError, SettingError } from 'apig-mock';",
      'const mock = await startApigMock();',
      `const response = await fetch(mock.url + '/v2/p1/apigw/instances/i1/async-tasks/${TASK_ID}', { headers: { 'x-auth-token': mock.token } });`,
      'console.log(response.status, typeof ApigError, typeof SettingError);',
      'await mock.close();',
    ];
    await writeFile(join(project, 'use.js'), lines.join('\n'));
    const { stdout, stderr } = await inProject(process.execPath, ['use.js']);
    expect([stdout, stderr]).toEqual(['200 function function\n', '']);
  });

  it('is loaded by require, too', async () => {
    await writeFile(
      join(project, 'use.cjs'),
      "const { startApigMock } = require('apig-mock'); startApigMock().then((mock) => mock.close()).then(() => console.log('ok'));",
    );
    expect((await inProject(process.execPath, ['use.cjs'])).stdout).toBe('ok\n');
  });

  it('exposes nothing but what it exports', async () => {
    await expect(inProject(process.execPath, ['-e', "import('apig-mock/dist/cli.js')"])).rejects.toThrow(
      'ERR_PACKAGE_PATH_NOT_EXPORTED',
    );
  });

  const USE = `import { startApigMock, type ApigMock, type ApigMockOptions, type TaskDetails, ApigError } from 'apig-mock';

const options: ApigMockOptions = { workers: 1, clock: 'manual', progression: 'time' };
export async function scenario(): Promise<string> {
  await using mock: ApigMock = await startApigMock(options);
  const task: TaskDetails = await mock.tasks.create({
    project_id: 'p1',
    instance_id: 'i1',
    task_type: 'import_api',
    plan: { mode: 'time', waiting_ms: 5 },
    outcome: { status: 'failed', error_code: 'APIG.3201', error_msg: 'x' },
  });
  await mock.reset({ project_id: 'p1' });
  const status: 'waiting' | 'processing' | 'succeed' | 'failed' = task.task_status;
  return \`\${status} \${mock.url satisfies string}\`;
}
export const isOurs = (cause: unknown): string | undefined => (cause instanceof ApigError ? cause.code : undefined);
// @ts-expect-error there is no such option
void startApigMock({ colour: 'red' });
// @ts-expect-error workers is a number
void startApigMock({ workers: '1' });
`;
  // The types of the control calls are named from a package that is not installed with this one.
  it.each(['nodenext', 'bundler'])(
    'has types that a strict project compiles against: %s',
    async (moduleResolution) => {
      await writeFile(join(project, 'use.ts'), USE);
      const compilerOptions = {
        strict: true,
        exactOptionalPropertyTypes: true,
        noEmit: true,
        skipLibCheck: false,
        target: 'es2022',
        lib: ['es2022', 'esnext.disposable'],
        module: moduleResolution === 'bundler' ? 'esnext' : 'nodenext',
        moduleResolution,
        types: [],
      };
      await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['use.ts'] }));
      const output = await inProject(process.execPath, [join(TYPESCRIPT, 'bin', 'tsc'), '-p', '.']).then(
        ({ stdout }) => stdout,
        (cause: { stdout: string }) => cause.stdout,
      );
      expect(output).toBe('');
    },
  );

  it('has its types where the manifest points, for each way to load it', () => {
    const { import: esm, require: cjs } = manifest.exports['.'];
    for (const { types } of [esm, cjs])
      expect(existsSync(join(project, 'node_modules', 'apig-mock', types))).toBe(true);
    expect([manifest.main, manifest.types]).toEqual([cjs.default, cjs.types]);
  });

  it('has types that need no other package', async () => {
    for (const { types } of Object.values(manifest.exports['.'])) {
      const text = await readFile(join(project, 'node_modules', 'apig-mock', types), 'utf8');
      expect(text.match(/from ['"](?!node:|\.\/)[^'"]+['"]/g) ?? []).toEqual([]);
    }
  });
});
