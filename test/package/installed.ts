/** The package as its users get it: packed, and installed offline into an empty project with nothing beside it. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Ended, runChild } from '../support/child.ts';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const require = createRequire(import.meta.url);

/** The folder of a package that the tests have. */
export const folderOf = (name: string): string => dirname(require.resolve(`${name}/package.json`));

/** Without what npm hands down to scripts, which would point back into this checkout. */
export const env = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(npm_|APIG_MOCK_|INIT_CWD|NODE_OPTIONS|VITEST|JEST)/.test(name),
  ),
);

/** What npm prints by itself: settings of the machine, newer versions. */
export const NPM = /^npm (?:warn|notice)/;

export interface Installed extends AsyncDisposable {
  /** The project it is installed in. */
  readonly project: string;
  /** What `npm pack` put in. */
  readonly packed: readonly string[];
  readonly packedBytes: number;
  /** Writes a file of the project. */
  write(name: string, text: string | object): Promise<void>;
  read(name: string): Promise<string>;
  /** Runs a command in the project; never rejects. */
  run(file: string, args: readonly string[]): Promise<Ended>;
  remove(): Promise<void>;
}

async function succeeds(file: string, args: readonly string[], cwd: string): Promise<Ended> {
  const end = await runChild(file, args, { cwd, env, stderr: NPM });
  if (end.code !== 0) throw new Error(`${file} ${args.join(' ')}: ${end.stderr}`);
  return end;
}

/** Packs what `npm run build` has made, and installs it into a project of its own. */
export async function install(manifest: object = { type: 'module' }): Promise<Installed> {
  const folder = await mkdtemp(join(tmpdir(), 'apig-mock-package-'));
  const project = join(folder, 'project');
  // Packed as it has just been built: building again would take dist/ from under the other tests.
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const { stdout } = await succeeds('npm', pack, ROOT);
  const [{ filename, files, size }] = JSON.parse(stdout) as [
    { filename: string; size: number; files: { path: string }[] },
  ];
  await mkdir(project);
  await writeFile(
    join(project, 'package.json'),
    JSON.stringify({ name: 'empty', private: true, ...manifest }),
  );
  const add = ['install', '--offline', '--no-audit', '--no-fund', join(folder, filename)];
  await succeeds('npm', add, project);
  const remove = () => rm(folder, { recursive: true });
  return {
    project,
    packed: files.map(({ path }) => path),
    packedBytes: size,
    write: (name, text) =>
      writeFile(join(project, name), typeof text === 'string' ? text : JSON.stringify(text)),
    read: (name) => readFile(join(project, name), 'utf8'),
    run: (file, args) => runChild(file, args, { cwd: project, env, stderr: NPM }),
    remove,
    [Symbol.asyncDispose]: remove,
  };
}

/** Starts a mock, imports a small and a large document, polls, reads the page, closes: what must work everywhere. */
export const SCENARIO = `
async function scenario(apig, check) {
  const large = { swagger: '2.0', info: { title: 'large', version: '1' }, paths: {} };
  for (let at = 0; at < 300; at += 1) {
    large.paths['/a' + at] = { get: {
      'x-apigateway-request-type': 'public',
      'x-apigateway-backend': { type: 'MOCK', mockEndpoints: { 'result-content': 'x'.repeat(1000) } },
      responses: { default: { description: 'x' } },
    } };
  }
  const small = { ...large, info: { title: 'small', version: '1' }, paths: { '/b': large.paths['/a0'] } };
  const mock = await apig.startApigMock({ progression: 'immediate' });
  const headers = { 'x-auth-token': mock.token };
  const base = mock.url + '/v2/p1/apigw/instances/i1';
  const seen = [];
  const documented = await fetch(base + '/async-tasks/d9ce8c9eede54b3f841ec324fe0bfdc2', { headers });
  seen.push(documented.status, (await documented.json()).task_status);
  for (const document of [small, large]) {
    const form = new FormData();
    form.set('is_create_group', 'true');
    form.set('file_name', new Blob([JSON.stringify(document)]), 'file.json');
    const response = await fetch(base + '/openapi/async-import', { method: 'POST', body: form, headers });
    const { task_id } = await response.json();
    const task = await mock.tasks.wait(task_id, { project_id: 'p1', instance_id: 'i1' });
    seen.push(response.status, task.task_status, JSON.parse(task.task_result).success.length);
  }
  const page = await fetch(mock.url + '/__admin/');
  seen.push(page.status, (await page.text()).startsWith('<!doctype html>'));
  const rejected = await mock.tasks.get('nothing').catch((cause) => cause);
  seen.push(rejected instanceof apig.ApigError, rejected.statusCode);
  const bad = await apig.startApigMock({ workers: -1 }).catch((cause) => cause);
  seen.push(bad instanceof apig.SettingError);
  const missed = await mock.requests.verify({ exactly: 1000 }).catch((cause) => cause);
  seen.push(missed instanceof apig.VerificationError);
  const remote = await apig.connectApigMock(mock.url);
  seen.push((await remote.tasks.list()).total > 0);
  await remote.close();
  await mock.close();
  return seen.join(' ');
}
`;
export const SCENARIO_SEEN = '200 succeed 202 succeed 1 202 succeed 300 200 true true 404 true true true';
