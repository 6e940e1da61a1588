/** Makes dist/index.d.ts: the public types in one file that needs no other package. */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { dts } from 'rolldown-plugin-dts';

/** Writes `index.d.ts` into `outDir`. */
export async function buildTypes(root, outDir) {
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
      plugins: [dts({ dtsInput: true, resolve: true, tsconfig: false })],
    });
    await bundle.write({ dir: outDir });
    await bundle.close();
  } finally {
    rmSync(declarations, { recursive: true, force: true });
  }
}
