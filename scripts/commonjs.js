/**
 * Makes the CommonJS files of dist/ from ES modules that are already bundled and split: each file becomes one of
 * its own, so that what is loaded late stays late. `import` gets a facade over the same files: one build, one set
 * of classes.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { transform } from 'esbuild';

/**
 * `import.meta.url` of a module that has none. Where a bundler has made an ES module of it, there is no `__filename`
 * either: the program that was started is the nearest there is.
 */
const MODULE_URL =
  'const apigMockUrl=require("node:url").pathToFileURL(typeof __filename=="string"?__filename:globalThis.process.argv[1]??".").href;';

/**
 * Node's own modules are taken from the process: a bundler that makes an ES module of these files has no `require`
 * to offer, and a test runner none that it has not put something before.
 */
const takeBuiltins = (code) =>
  code.replaceAll(/(?:\b(?:__)?require\d*|\(0,\s*\w+\.__require\d*\))\("([\w:/]+)"\)/g, (call, name) =>
    isBuiltin(name) ? `globalThis.process.getBuiltinModule("${name}")` : call,
  );

/** Writes one output file of esbuild (an ES module) as CommonJS. */
export async function writeCommonJs({ path, text }) {
  const { code } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    minifySyntax: true,
    minifyWhitespace: true,
    // Late parts come by `require`, which Jest has in its default mode and `import()` is not.
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': 'apigMockUrl' },
    banner: `"use strict";${text.includes('import.meta.url') ? MODULE_URL : ''}`,
    logLevel: 'warning',
  });
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, takeBuiltins(code));
}

/** Writes what `import` gets, and the command, which is named `cli.js` wherever it is called. */
export async function writeFacades(outDir, names) {
  await writeFile(join(outDir, 'index.js'), `export { ${names.join(', ')} } from './index.cjs';\n`);
  await writeFile(join(outDir, 'cli.js'), "#!/usr/bin/env node\nimport './cli.cjs';\n");
}
