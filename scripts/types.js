/**
 * Makes dist/index.d.cts: the public types in one file that needs no other package. `index.d.ts`, which `import` gets,
 * names the same ones, so that a program of both kinds of modules has each class once.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { dts } from 'rolldown-plugin-dts';

/** Writes both files into `outDir`. Throws when the types name other values than `values`, which run. */
export async function buildTypes(root, outDir, values) {
  // Below the project, so that the packages named in it are found and taken in.
  const declarations = join(outDir, 'declarations');
  try {
    const tsc = join(root, 'node_modules/.bin/tsc');
    execFileSync(tsc, ['-p', 'tsconfig.types.json', '--outDir', declarations], {
      cwd: root,
      stdio: 'inherit',
    });
    const bundle = await rolldown({
      input: { index: join(declarations, 'src/index.d.ts') },
      // The types of the application lie on the way to the public ones, which name none of them.
      external: [/^@?fastify\b/, /^pino\b/],
      plugins: [dts({ dtsInput: true, resolve: true, tsconfig: false })],
    });
    await bundle.write({ dir: outDir });
    await bundle.close();
    writeForImport(outDir, values);
  } finally {
    rmSync(declarations, { recursive: true, force: true });
  }
}

/** Declares for `import` what stands in the one file, by name; what is no value that runs is marked as a type. */
function writeForImport(outDir, values) {
  const types = join(outDir, 'index.d.cts');
  renameSync(join(outDir, 'index.d.ts'), types);
  const text = readFileSync(types, 'utf8');
  const [foreign] = /^import .* from '(?!\.)(?!node:)[^']*'/m.exec(text) ?? [];
  if (foreign !== undefined) throw new Error(`the types need another package: ${foreign}`);
  const [, list = ''] = /^export \{([^}]*)\};?$/m.exec(text) ?? [];
  const names = list.split(',').map((name) => name.trim().replace(/^type /, ''));
  const declared = names.filter((name) =>
    new RegExp(`^declare (?:(?:abstract )?class|const|enum|function|let|var) ${name}\\b`, 'm').test(text),
  );
  if (declared.toSorted().join() !== values.toSorted().join())
    throw new Error(
      `the types declare the values ${declared.join(', ')}, but what runs has ${values.join(', ')}`,
    );
  const marked = names.map((name) => (values.includes(name) ? name : `type ${name}`));
  writeFileSync(join(outDir, 'index.d.ts'), `export { ${marked.join(', ')} } from './index.cjs';\n`);
}
