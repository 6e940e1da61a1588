/** What the types of the installed package promise is there at run time, by import and by require; and back. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { type Installed, install, ROOT } from './installed.ts';

const NAMES = [
  'ApigError',
  'SettingError',
  'UnusedFaultsError',
  'VerificationError',
  'connectApigMock',
  'startApigMock',
];

let installed: Installed;
beforeAll(async () => {
  installed = await install();
}, 120_000);
afterAll(() => installed.remove());

/** The names that a project can import as values, as the compiler sees them. */
async function declaredValues(extension: 'mts' | 'cts'): Promise<string[]> {
  // Every name is used as a value: one that is only a type is an error that names it.
  await installed.write(`all.${extension}`, "export * as all from 'apig-mock';\n");
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const compilerOptions = { module: 'nodenext', target: 'es2022', lib: ['esnext'], types: [], strict: true };
  await installed.write('tsconfig.json', { compilerOptions, files: [`all.${extension}`] });
  const exported = await exportedNames(extension);
  const uses = exported.map((name) => `export const use_${name} = all.${name};`).join('\n');
  await installed.write(`all.${extension}`, `import * as all from 'apig-mock';\n${uses}\n`);
  const { stdout } = await installed.run(process.execPath, [tsc, '-p', '.', '--noEmit', '--pretty', 'false']);
  const typesOnly = new Set(
    [...stdout.matchAll(/error TS\d+: [^\n]*'(\w+)'/g)].flatMap(([, name]) => name ?? []),
  );
  return exported.filter((name) => !typesOnly.has(name)).sort();
}

/** The names in the export lists of a declaration file. */
async function exportedNames(extension: 'mts' | 'cts'): Promise<string[]> {
  const types = manifest.exports['.'][extension === 'mts' ? 'import' : 'require'].types;
  const text = await installed.read(join('node_modules/apig-mock', types));
  const lists = [...text.matchAll(/^export (type )?\{([^}]*)\}/gm)];
  expect(text).not.toMatch(/^export (?!(type )?\{)/m);
  return lists
    .flatMap(([, , list = '']) => list.split(',').map((name) => name.replace(/^\s*type\s+/, '').trim()))
    .filter((name) => name !== '');
}

describe.each(['mts', 'cts'] as const)('the types, from a .%s file', (extension) => {
  it('name as values what is there at run time, no more and no less', async () => {
    const load = extension === 'mts' ? "await import('apig-mock')" : "require('apig-mock')";
    await installed.write(
      `names.${extension.replace('t', 'j')}`,
      `const all = ${load}; console.log(JSON.stringify(Object.keys(all).filter((name) => all[name] !== undefined).sort()));`,
    );
    const { stdout } = await installed.run(process.execPath, [`names.${extension.replace('t', 'j')}`]);
    const present = JSON.parse(stdout) as string[];
    expect(await declaredValues(extension)).toEqual(present);
    expect(present).toEqual(NAMES);
  });
});

it('are the same classes and functions, by import and by require', async () => {
  await installed.write(
    'both.mjs',
    `import { createRequire } from 'node:module';
    import * as imported from 'apig-mock';
    const required = createRequire(import.meta.url)('apig-mock');
    console.log(Object.keys(required).every((name) => required[name] === imported[name]), imported.default);`,
  );
  expect((await installed.run(process.execPath, ['both.mjs'])).stdout).toBe('true undefined\n');
});

it('name operations, not texts', async () => {
  await installed.write(
    'operations.mts',
    `import { type FaultRequest, type JournalEntry, type JournalFilter, type OperationName, startApigMock } from 'apig-mock';
    const fault: FaultRequest = { operation: 'ShowAsyncTaskResult', action: { type: 'reset' } };
    const name: OperationName | undefined = fault.operation;
    const filter: JournalFilter = { operation: 'ImportApiDefinitionsAsync' };
    const seen = (entry: JournalEntry): OperationName | null => entry.operation;
    const mock = await startApigMock();
    await mock.faults.add({ operation: 'ExportApiDefinitionsAsync', action: { type: 'reset' } });
    await mock.requests.verify({ operation: 'ListApisV2', exactly: 1 });
    await mock.requests.list({ operation: 'ShowCatalog' });
    // @ts-expect-error there is no such operation
    await mock.faults.add({ operation: 'ShowAsyncTaskResults', action: { type: 'reset' } });
    // @ts-expect-error there is no such operation
    await mock.requests.count({ operation: 'showAsyncTaskResult' });
    // @ts-expect-error there is no such operation
    await mock.requests.list({ operation: 'x' });
    export { name, filter, seen };
    `,
  );
  const compilerOptions = { module: 'nodenext', target: 'es2022', lib: ['esnext'], types: [], strict: true };
  await installed.write('tsconfig.json', {
    compilerOptions: { ...compilerOptions, noEmit: true },
    files: ['operations.mts'],
  });
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  expect((await installed.run(process.execPath, [tsc, '-p', '.'])).stdout).toBe('');
});
