/** Makes the pages of /__admin: one self-contained HTML text each, script and style inside. */
import { readFile, writeFile } from 'node:fs/promises';
import { build, transform } from 'esbuild';

const folder = new URL('../src/page/', import.meta.url);
const read = (name) => readFile(new URL(name, folder), 'utf8');
const readStyle = (name) => read(`styles/${name}`);

/** The pages by name: each is an HTML frame, a style and a script. */
export const PAGES = ['dashboard', 'docs'];

async function script(entry) {
  const built = await build({
    entryPoints: [new URL(entry, folder).pathname],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    target: ['es2022', 'chrome110', 'firefox115', 'safari16.4'],
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'warning',
  });
  return built.outputFiles[0].text.trim();
}

/** The style sheets of each page, beside those that both have. */
const STYLES = {
  dashboard: ['dashboard.css', 'board.css', 'panels.css', 'dialogs.css', 'narrow.css'],
  docs: ['docs.css'],
};

/** What is common gives way to what is the page's own, and everything to `last.css`. */
async function style(names) {
  const text = async (files) => (await Promise.all(files.map(readStyle))).join('\n');
  const layers = [
    `@layer base { ${await text(['base.css', 'controls.css'])} }`,
    `@layer page { ${await text(names)} }`,
    await readStyle('last.css'),
  ];
  const { code } = await transform(layers.join('\n'), { loader: 'css', minify: true, target: 'chrome110' });
  return code.trim();
}

/** Builds one page. The functions as replacements, since a `$` in a script means nothing here. */
export async function buildPage(name) {
  const [frame, css, js] = await Promise.all([
    read(`${name}.html`),
    style(STYLES[name]),
    script(`${name}.ts`),
  ]);
  return frame
    .replaceAll(/>\s+</g, '><')
    .replace('/*style*/', () => css)
    .replace('/*script*/', () => js);
}

/** Writes all pages into a folder. */
export async function writePages(folder) {
  for (const name of PAGES) await writeFile(`${folder}/${name}.html`, await buildPage(name));
}
