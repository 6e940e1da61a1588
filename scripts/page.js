/** Makes the pages of /__admin: one self-contained HTML text each, script and style inside. */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';

const folder = new URL('../src/page/', import.meta.url);
const read = (name) => readFile(new URL(name, folder), 'utf8');
const readStyle = (name) => read(`styles/${name}`);

/** The pages by name: each is an HTML frame, a style and a script. */
export const PAGES = ['dashboard', 'docs'];

/** Takes out the one way in which Preact puts markup in: the page writes text, whatever it is given. */
const textOnly = {
  name: 'text-only',
  setup({ onLoad }) {
    onLoad({ filter: /\/preact\/dist\/preact\.\w+$/ }, async ({ path }) => {
      const code = await readFile(path, 'utf8');
      return { contents: code.replaceAll('.innerHTML=', '.textContent='), loader: 'js' };
    });
  },
};

async function script(entry) {
  const built = await build({
    absWorkingDir: fileURLToPath(new URL('..', import.meta.url)),
    entryPoints: [new URL(entry, folder).pathname],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    target: ['es2022', 'chrome110', 'firefox115', 'safari16.4'],
    charset: 'utf8',
    legalComments: 'none',
    metafile: true,
    plugins: [textOnly],
    logLevel: 'warning',
  });
  return { code: built.outputFiles[0].text.trim(), inputs: built.metafile.inputs };
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

/** Builds one page, and names what its script is made of. */
async function assemble(name) {
  const [frame, css, { code, inputs }] = await Promise.all([
    read(`${name}.html`),
    style(STYLES[name]),
    script(`${name}.tsx`),
  ]);
  // The functions as replacements, since a `$` in a script means nothing here.
  const html = frame
    .replaceAll(/>\s+</g, '><')
    .replace('/*style*/', () => css)
    .replace('/*script*/', () => code);
  return { html, inputs };
}

/** One page as it is sent. */
export const buildPage = async (name) => (await assemble(name)).html;

/** Writes all pages into a folder; returns what their scripts are made of, as esbuild's metafiles name it. */
export async function writePages(folder) {
  const inputs = {};
  for (const name of PAGES) {
    const page = await assemble(name);
    await writeFile(`${folder}/${name}.html`, page.html);
    Object.assign(inputs, page.inputs);
  }
  return inputs;
}
