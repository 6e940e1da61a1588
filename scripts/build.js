/**
 * Builds dist/: one bundle for the command, one for the library, shared and lazily loaded parts as chunks, all of
 * them CommonJS with a facade for `import`, and the library's types. Everything that runs is in there, so that an
 * installed mock loads a few files and no more.
 */
import { chmodSync, existsSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { writeCommonJs, writeFacades } from './commonjs.js';
import { writeLicenses } from './licenses.js';
import { writePages } from './page.js';
import { buildTypes } from './types.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = `${root}dist`;
// Built beside and put in place at the end, so that whatever runs from dist/ meanwhile finds all of it.
const out = `${root}.dist-${process.pid}`;

const entryPoints = {
  cli: 'src/cli/main.ts',
  index: 'src/index.ts',
  'parse-thread': 'src/gateway/import/parse-thread.ts',
};

const { metafile, outputFiles } = await build({
  absWorkingDir: root,
  entryPoints,
  outdir: out,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  // What Fastify would load by itself and is never asked for: its own schema compilers and its test injector.
  external: ['@fastify/ajv-compiler', '@fastify/fast-json-stringify-compiler', 'light-my-request'],
  chunkNames: 'chunks/[name]-[hash]',
  // Split as ES modules, which is what esbuild can split; `writeCommonJs` makes CommonJS of each.
  outExtension: { '.js': '.cjs' },
  write: false,
  metafile: true,
  logLevel: 'warning',
});
for (const file of outputFiles) await writeCommonJs(file);
await writeFacades(out, exportsOf(metafile, 'src/index.ts'));
chmodSync(`${out}/cli.js`, 0o755);

const pageInputs = await writePages(out);
writeLicenses(root, out, { ...metafile.inputs, ...pageInputs });
await buildTypes(root, out, exportsOf(metafile, 'src/index.ts'));

const old = `${out}-old`;
if (existsSync(dist)) renameSync(dist, old);
renameSync(out, dist);
rmSync(old, { recursive: true, force: true });

/** The names that the bundle of a source exports. */
function exportsOf({ outputs }, source) {
  return Object.values(outputs)
    .find(({ entryPoint }) => entryPoint === source)
    .exports.toSorted();
}
