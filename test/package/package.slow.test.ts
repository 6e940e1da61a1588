/** The package as its users get it: packed, installed offline into an empty project, run, imported, compiled against. */
import { execFile, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { call, taskUrl } from '../helpers/mock.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TASK_ID = 'd9ce8c9eede54b3f841ec324fe0bfdc2';
const exec = promisify(execFile);
const TYPESCRIPT = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));

let folder: string;
let project: string;
let packed: string[];

/** Without what npm hands down to scripts, which would point back into this checkout. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(npm_|APIG_MOCK_|INIT_CWD)/.test(name)),
);
const inProject = (file: string, args: readonly string[]) => exec(file, args, { cwd: project, env });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'apig-mock-package-'));
  project = join(folder, 'project');
  // Packed as `npm test` has just built it: building again would take dist/ from under the other tests.
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const { stdout } = await exec('npm', pack, { cwd: ROOT, env });
  const [{ filename, files }] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
  packed = files.map(({ path }) => path);
  await exec('mkdir', [project]);
  await writeFile(join(project, 'package.json'), '{"name":"empty","private":true,"type":"module"}');
  await inProject('npm', ['install', '--offline', '--no-audit', '--no-fund', join(folder, filename)]);
}, 120_000);
afterAll(() => rm(folder, { recursive: true }));

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
    expect(packed).toContain(manifest.exports['.'].types.replace('./', ''));
  });

  it('are the pages that a user reads first', () => {
    for (const path of ['README.md', 'CHANGELOG.md']) expect(packed).toContain(path);
  });

  it('are exactly these, and nothing that lay about', () => {
    const wanted = new Set([
      ...['package.json', 'LICENSE', 'README.md', 'README.zh-CN.md', 'CHANGELOG.md'],
      ...['cli.js', 'index.js', 'index.d.ts', 'parse-thread.js', 'dashboard.html', 'docs.html'].map(
        (name) => `dist/${name}`,
      ),
      'dist/THIRD-PARTY-LICENSES.txt',
      ...readdirSync(join(ROOT, 'fixtures'), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).replaceAll('\\', '/')),
    ]);
    const others = packed.filter((path) => !wanted.has(path));
    expect([...wanted].filter((path) => !packed.includes(path))).toEqual([]);
    expect(others.filter((path) => !/^dist\/chunks\/[\w-]+\.js$/.test(path))).toEqual([]);
    expect(others.length).toBeGreaterThan(5);
  });

  it('are no sources, tests or settings of ours', () => {
    expect(
      packed.filter((path) =>
        /^(src|test|bench|scripts|docs|node_modules|\.)|\.test\.|tsconfig|biome/.test(path),
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
  it('tells its version by npx', async () => {
    const { stdout } = await inProject('npx', ['--offline', 'apig-mock', '--version']);
    expect(stdout).toBe(`${manifest.version}\n`);
  });

  it('serves by npx, and stops with it', async () => {
    const child = spawn('npx', ['--offline', 'apig-mock', '--port', '0'], {
      cwd: project,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
      // A terminal signals the whole group; npx alone passes nothing on.
      detached: true,
    });
    const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
    const url = await new Promise<string>((resolve, reject) => {
      let text = '';
      child.stdout.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        const found = /"url":"([^"]+)"/.exec(text)?.[1];
        if (found !== undefined) resolve(found);
      });
      void ended.then(() => reject(new Error(`it ended: ${text}`)));
    });
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
      "const answer = await fetch(instance + '/openapi/async-import', { method: 'POST', body: form, headers });",
      'const { task_id } = await answer.json();',
      "const task = await (await fetch(instance + '/async-tasks/' + task_id, { headers })).json();",
      'console.log(answer.status, task.task_status, JSON.parse(task.task_result).success.length);',
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
      `const answer = await fetch(mock.url + '/v2/p1/apigw/instances/i1/async-tasks/${TASK_ID}', { headers: { 'x-auth-token': mock.token } });`,
      'console.log(answer.status, typeof ApigError, typeof SettingError);',
      'await mock.close();',
    ];
    await writeFile(join(project, 'use.js'), lines.join('\n'));
    const { stdout, stderr } = await inProject(process.execPath, ['use.js']);
    expect([stdout, stderr]).toEqual(['200 function function\n', '']);
  });

  it('is loaded by require, too, where Node can', async () => {
    await writeFile(
      join(project, 'use.cjs'),
      "const { startApigMock } = require('apig-mock'); startApigMock().then((mock) => mock.close()).then(() => console.log('ok'));",
    );
    const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
    if (major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19)) {
      expect((await inProject(process.execPath, ['use.cjs'])).stdout).toBe('ok\n');
    }
  });

  it('gives up nothing but what it exports', async () => {
    await expect(inProject(process.execPath, ['-e', "import('apig-mock/dist/cli.js')"])).rejects.toThrow(
      'ERR_PACKAGE_PATH_NOT_EXPORTED',
    );
  });

  const USE = `import { startApigMock, type ApigMock, type ApigMockOptions, type TaskDetails, ApigError } from 'apig-mock';

const options: ApigMockOptions = { workers: 1, clock: 'manual', progression: 'time' };
export async function story(): Promise<string> {
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
      const said = await inProject(process.execPath, [join(TYPESCRIPT, 'bin', 'tsc'), '-p', '.']).then(
        ({ stdout }) => stdout,
        (cause: { stdout: string }) => cause.stdout,
      );
      expect(said).toBe('');
    },
  );

  it('has its types where the manifest says', () => {
    const { types } = manifest.exports['.'];
    expect(existsSync(join(project, 'node_modules', 'apig-mock', types))).toBe(true);
    expect(manifest.types).toBe(types);
  });

  it('has types that need no other package', async () => {
    const types = await readFile(join(project, 'node_modules', 'apig-mock', manifest.types), 'utf8');
    expect(types.match(/from ['"](?!node:)[^'"]+['"]/g) ?? []).toEqual([]);
  });
});
