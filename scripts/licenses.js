/** Makes dist/THIRD-PARTY-LICENSES.txt: the licence of every package whose code is in the bundles. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PACKAGE_FOLDER = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//;

/** Writes the file into `outDir`; `inputs` are those of esbuild's metafiles. Throws for a package that states no licence. */
export function writeLicenses(root, outDir, inputs) {
  const folders = new Set(
    Object.keys(inputs)
      .map((path) => PACKAGE_FOLDER.exec(path)?.[1])
      .filter((folder) => folder !== undefined),
  );
  const texts = [...folders].sort().map((folder) => {
    const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    if (!manifest.license) throw new Error(`${manifest.name} states no licence`);
    const file = readdirSync(join(root, folder)).find((name) => /^licen[cs]e/i.test(name));
    const text = file === undefined ? '' : readFileSync(join(root, folder, file), 'utf8').trim();
    return `${manifest.name} ${manifest.version} (${manifest.license})\n\n${text}`;
  });
  writeFileSync(join(outDir, 'THIRD-PARTY-LICENSES.txt'), `${texts.join(`\n\n${'-'.repeat(72)}\n\n`)}\n`);
}
