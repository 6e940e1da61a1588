/** Makes dist/index.d.ts: the public types in one file that needs no other package. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { dts } from 'rolldown-plugin-dts';

/** Writes `index.d.ts` into `outDir`. */
export async function buildTypes(root, outDir) {
  const declarations = mkdtempSync(join(tmpdir(), 'apig-mock-types-'));
  try {
    const tsc = join(root, 'node_modules/.bin/tsc');
    execFileSync(tsc, ['-p', 'tsconfig.types.json', '--outDir', declarations], {
      cwd: root,
      stdio: 'inherit',
    });
    const bundle = await rolldown({
      input: { index: join(declarations, 'src/index.d.ts') },
      plugins: [dts({ dtsInput: true, resolve: true, tsconfig: false })],
      resolve: { modules: [join(root, 'node_modules')] },
    });
    await bundle.write({ dir: outDir });
    await bundle.close();
  } finally {
    rmSync(declarations, { recursive: true, force: true });
  }
}
