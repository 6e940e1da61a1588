/**
 * Builds dist/: one bundle for the command, one for the library, shared and lazily loaded parts as chunks, and
 * the library's types. Everything that runs is in there, so that an installed mock loads a few files and no more.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

const root = new URL('..', import.meta.url).pathname;
const out = `${root}dist`;
rmSync(out, { recursive: true, force: true });

const entryPoints = { cli: 'src/cli/main.ts', index: 'src/index.ts' };
if (existsSync(`${root}src/apis/parse-thread.ts`)) entryPoints['parse-thread'] = 'src/apis/parse-thread.ts';

await build({
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
  chunkNames: 'chunks/[name]-[hash]',
  // The bundled CommonJS packages ask for Node's own modules by require.
  banner: {
    js: "import{createRequire as apigMockRequire}from'node:module';const require=apigMockRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
chmodSync(`${out}/cli.js`, 0o755);

if (process.argv.includes('--types')) {
  execFileSync(`${root}node_modules/.bin/tsc`, ['-p', 'tsconfig.types.json'], {
    cwd: root,
    stdio: 'inherit',
  });
}
