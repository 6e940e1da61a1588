/**
 * Makes this checkout the release of a tag: `node scripts/release.js v1.2.3`. The version goes into the manifests, the links
 * of the READMEs lead to the tag, the section of CHANGELOG.md becomes release-notes.md. Prints what the workflow goes on
 * with, one `name=value` a line. With `--dry-run`, the section Unreleased stands in for a missing one.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const TAG = /^v((\d+\.\d+\.\d+)(-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?)$/;
const IMAGE = /\.(?:png|svg)$/;

/** The version that a tag names, and the dist-tag of npm that it gets. */
export function versionOf(tag) {
  const [, version, , prerelease] = TAG.exec(tag) ?? [];
  if (version === undefined) throw new Error(`'${tag}' is not a tag such as v1.2.3 or v1.2.3-rc.1`);
  return { version, distTag: prerelease === undefined ? 'latest' : 'next' };
}

const sectionsOf = (changelog) => changelog.split(/^## /m).slice(1);
/** The versions of CHANGELOG.md, whose headings may have a date behind them. */
const headingsOf = (changelog) => sectionsOf(changelog).map((section) => section.split(/\s/, 1)[0]);

/** The section of a version in CHANGELOG.md, without its heading. */
export function notesOf(changelog, heading) {
  const found = sectionsOf(changelog)[headingsOf(changelog).indexOf(heading)];
  const notes = found?.slice(found.indexOf('\n')).trim();
  if (!notes) throw new Error(`CHANGELOG.md has nothing under '## ${heading}'`);
  return notes;
}

/** A README whose relative links lead to the repository at a tag: on npm and in the tarball there is nothing beside it. */
export function withAbsoluteLinks(readme, repository, tag) {
  return readme.replace(/(\]\()(?![a-z]+:|#)([^)\s#]+)/g, (_, open, path) => {
    const raw = repository.replace('github.com', 'raw.githubusercontent.com');
    return `${open}${IMAGE.test(path) ? `${raw}/${tag}` : `${repository}/blob/${tag}`}/${path}`;
  });
}

function changed(root, name, change) {
  const file = join(root, name);
  const before = readFileSync(file, 'utf8');
  writeFileSync(file, change(before));
}

const json = (change) => (text) => {
  const value = JSON.parse(text);
  change(value);
  return `${JSON.stringify(value, null, 2)}\n`;
};

/** Turns the checkout in `root` into the release of a tag, and returns what the workflow needs to know. */
export function prepare(root, tag, dryRun = false) {
  const { version, distTag } = versionOf(tag);
  const changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8');
  const isListed = headingsOf(changelog).includes(version);
  const notes = notesOf(changelog, dryRun && !isListed ? 'Unreleased' : version);
  const { homepage } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const repository = homepage.replace(/#.*/, '');
  const stamp = (manifest) => {
    manifest.version = version;
  };
  changed(root, 'package.json', json(stamp));
  changed(
    root,
    'package-lock.json',
    json((lock) => [lock, lock.packages['']].forEach(stamp)),
  );
  changed(root, 'clients/python/pyproject.toml', (text) =>
    text.replace(/^version = ".*"$/m, `version = "${version}"`),
  );
  for (const name of ['README.md', 'README.zh-CN.md'])
    changed(root, name, (text) => withAbsoluteLinks(text, repository, tag));
  writeFileSync(join(root, 'release-notes.md'), `${withAbsoluteLinks(notes, repository, tag)}\n`);
  return { version, 'dist-tag': distTag };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [tag = '', ...flags] = process.argv.slice(2);
  try {
    const outputs = prepare(fileURLToPath(new URL('..', import.meta.url)), tag, flags.includes('--dry-run'));
    for (const [name, value] of Object.entries(outputs)) console.log(`${name}=${value}`);
  } catch (cause) {
    console.error(`release: ${cause.message}`);
    process.exitCode = 2;
  }
}
