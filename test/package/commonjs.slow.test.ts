/** The package where modules are CommonJS: a .cts file, a bundle, and Jest as it comes; each runs a whole scenario. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { transform } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderOf, type Installed, install, SCENARIO, SCENARIO_SEEN } from './installed.ts';

let installed: Installed;
beforeAll(async () => {
  // A project of the old kind: no "type", so that .js and .ts files are CommonJS.
  installed = await install({});
}, 120_000);
afterAll(() => installed.remove());

const node = (file: string) => installed.run(process.execPath, [file]);
const REQUIRED = `${SCENARIO}\nscenario(require('apig-mock')).then(console.log);\n`;
const IMPORTED = `import * as apig from 'apig-mock';\n${SCENARIO}\nscenario(apig).then(console.log);\n`;

describe('without a bundler', () => {
  it.each([
    ['use.js', REQUIRED],
    ['use.cjs', REQUIRED],
    ['use.mjs', IMPORTED],
  ])('%s', async (name, text) => {
    await installed.write(name, text);
    expect(await node(name)).toMatchObject({ code: 0, stdout: `${SCENARIO_SEEN}\n`, stderr: '' });
  });
});

describe('bundled by esbuild', () => {
  it.each([
    ['cjs', 'use.mjs', IMPORTED],
    ['cjs', 'use.cjs', REQUIRED],
    ['esm', 'use.mjs', IMPORTED],
  ])('as %s from %s', async (format, name, text) => {
    await installed.write(name, text);
    const outfile = `out/bundle.${format === 'cjs' ? 'cjs' : 'mjs'}`;
    const flags = [name, '--bundle', '--platform=node', `--format=${format}`, `--outfile=${outfile}`];
    const built = await installed.run(join(folderOf('esbuild'), 'bin/esbuild'), [
      ...flags,
      '--log-level=warning',
    ]);
    expect(built).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(await node(outfile)).toMatchObject({ code: 0, stdout: `${SCENARIO_SEEN}\n`, stderr: '' });
  });

  it('as a file that has left its project: imports and polls work, and what is not there is named', async () => {
    await installed.write(
      'use.cjs',
      REQUIRED.replace(
        "page = await fetch(mock.url + '/__admin/')",
        "page = await fetch(mock.url + '/__admin/openapi.json')",
      ).replace("startsWith('<!doctype html>')", "startsWith('{')"),
    );
    const outfile = join(installed.project, '../alone/bundle.cjs');
    const flags = [
      'use.cjs',
      '--bundle',
      '--platform=node',
      '--format=cjs',
      `--outfile=${outfile}`,
      '--log-level=warning',
    ];
    await installed.run(join(folderOf('esbuild'), 'bin/esbuild'), flags);
    expect(await node(outfile)).toMatchObject({ code: 0, stdout: `${SCENARIO_SEEN}\n`, stderr: '' });
    await rm(outfile);
  });
});

describe('under Jest, as it comes', () => {
  it.each([
    ['required', `const apig = require('apig-mock');`],
    ['imported, which a compiler makes a require', `import * as apig from 'apig-mock';`],
  ])(
    '%s',
    async (_how, load) => {
      const test = await transform(
        `${load}\n${SCENARIO}
// Closed whatever fails: a mock that is open holds Jest, and the failure is never printed.
const started = [];
const startApigMock = async (options) => {
  const mock = await apig.startApigMock(options);
  started.push(mock);
  return mock;
};
afterEach(() => Promise.all(started.splice(0).map((mock) => mock.close())));
test('the whole scenario', async () => {
  expect(await scenario({ ...apig, startApigMock })).toBe('${SCENARIO_SEEN}');
});
test('what it gives is of the realm of the test', async () => {
  const mock = await startApigMock({ fixtures: 'none' });
  const next = mock.events[Symbol.asyncIterator]().next();
  const task = await mock.tasks.create({ project_id: 'p1', instance_id: 'i1', task_type: 'import_api', task_id: 't1' });
  expect(await mock.tasks.get('t1')).toStrictEqual({ ...task });
  const values = [task, (await next).value, await mock.clock.get(), await mock.overview(), await mock.snapshot()];
  for (const value of values) expect(value).toBeInstanceOf(Object);
  await expect(mock.tasks.get('x')).rejects.toThrow(apig.ApigError);
  await expect(mock.tasks.get('x')).rejects.toBeInstanceOf(Error);
  await expect(apig.startApigMock({ port: Number(new URL(mock.url).port) })).rejects.toBeInstanceOf(Error);
  await expect(apig.connectApigMock('nowhere')).rejects.toThrow(apig.SettingError);
});
`,
        { format: 'cjs' },
      );
      await installed.write('mock.test.js', test.code);
      await installed.write('jest.config.js', 'module.exports = { watchman: false };');
      const jest = join(folderOf('jest'), 'bin/jest.js');
      const { code, stderr } = await installed.run(process.execPath, [jest, '--ci', '--detectOpenHandles']);
      expect(stderr).toMatch(/Tests: +2 passed, 2 total/);
      expect(stderr).not.toMatch(/open handle|did not exit|warning/i);
      expect(code).toBe(0);
    },
    60_000,
  );
});

describe('compiled under nodenext', () => {
  const USE = `import { ApigError, type ApigMock, SettingError, startApigMock } from 'apig-mock';
export async function use(): Promise<string> {
  const mock: ApigMock = await startApigMock({ fixtures: 'none' });
  const cause: unknown = await mock.tasks.get('x').catch((thrown: unknown) => thrown);
  await mock.close();
  return cause instanceof ApigError ? cause.code : String(cause instanceof SettingError);
}
void use().then((code) => { console.log(code); });
`;

  it.each([
    ['nodenext', 'use.cts', 'use.cjs'],
    ['nodenext', 'use.mts', 'use.mjs'],
    ['nodenext', 'use.ts', 'use.js'],
    ['node16', 'use.cts', 'use.cjs'],
  ])('%s, %s', async (module, source, output) => {
    await installed.write(source, `declare const console: { log(text: string): void };\n${USE}`);
    await installed.write('tsconfig.json', {
      compilerOptions: {
        module,
        target: 'es2022',
        lib: ['esnext'],
        types: [],
        strict: true,
        skipLibCheck: false,
      },
      files: [source],
    });
    const tsc = join(folderOf('typescript'), 'bin/tsc');
    expect((await installed.run(process.execPath, [tsc, '-p', '.'])).stdout).toBe('');
    expect(await node(output)).toMatchObject({ code: 0, stdout: 'APIG.3093\n', stderr: '' });
  });

  it('has one set of classes for a program of both kinds', async () => {
    await installed.write(
      'old.cts',
      "import { ApigError } from 'apig-mock';\nexport const make = (): ApigError => new ApigError(404, { error_code: 'x', error_msg: 'y' });\n",
    );
    await installed.write(
      'new.mts',
      "import { ApigError } from 'apig-mock';\nimport { make } from './old.cjs';\nexport const made: ApigError = make();\nconst isOne: boolean = made instanceof ApigError;\nif (!isOne) throw new Error('two classes');\n",
    );
    await installed.write('tsconfig.json', {
      compilerOptions: { module: 'nodenext', target: 'es2022', lib: ['esnext'], types: [], strict: true },
      files: ['old.cts', 'new.mts'],
    });
    const tsc = join(folderOf('typescript'), 'bin/tsc');
    expect((await installed.run(process.execPath, [tsc, '-p', '.'])).stdout).toBe('');
    expect(await node('new.mjs')).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });
});
