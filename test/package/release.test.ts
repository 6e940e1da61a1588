/** How a tag becomes a release: its version, its notes, the links of its README; and what names the repository. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import lock from '../../package-lock.json' with { type: 'json' };
import { notesOf, versionOf, withAbsoluteLinks } from '../../scripts/release.js';
import { ROOT } from './installed.ts';

const textOf = (name: string): string => readFileSync(join(ROOT, name), 'utf8');

describe('the version of a tag', () => {
  it.each([
    ['v1.2.3', '1.2.3', 'latest'],
    ['v0.1.0', '0.1.0', 'latest'],
    ['v1.2.3-rc.1', '1.2.3-rc.1', 'next'],
    ['v10.20.30-beta', '10.20.30-beta', 'next'],
  ])('%s is %s, %s', (tag, version, distTag) => {
    expect(versionOf(tag)).toEqual({ version, distTag });
  });

  it.each(['', '1.2.3', 'v1.2', 'v1.2.3.4', 'v1.2.3-', 'v1.2.3-a..b', 'v1.2.3\n', 'v1.2.3 x', 'release'])(
    '%j is none',
    (tag) => {
      expect(() => versionOf(tag)).toThrow('is not a tag such as v1.2.3');
    },
  );
});

describe('the notes of a version', () => {
  const changelog =
    '# Changelog\n\n## Unreleased\n\n- c\n\n## 1.2.3 (2026-11-24)\n\n### Added\n\n- b\n\n## 1.2\n\n- a\n\n## 0.1\n\n';

  it.each([
    ['1.2.3', '### Added\n\n- b'],
    ['Unreleased', '- c'],
    ['1.2', '- a'],
  ])('of %s are its section', (heading, notes) => {
    expect(notesOf(changelog, heading)).toBe(notes);
  });

  it.each(['0.1', '1.2.30', '2', '1x2'])('of %s are missing', (heading) => {
    expect(() => notesOf(changelog, heading)).toThrow(`nothing under '## ${heading}'`);
  });

  it('are there for what is not released yet', () => {
    expect(notesOf(textOf('CHANGELOG.md'), 'Unreleased')).toMatch(/^### Added\n/);
  });
});

describe('the links of a README', () => {
  it.each([
    ['[a](docs/a.md)', '[a](https://github.com/o/r/blob/v1.2.3/docs/a.md)'],
    ['[a](docs/a.md#b)', '[a](https://github.com/o/r/blob/v1.2.3/docs/a.md#b)'],
    ['![a](docs/a.png)', '![a](https://raw.githubusercontent.com/o/r/v1.2.3/docs/a.png)'],
    ['[a](https://example.com/a.md)', '[a](https://example.com/a.md)'],
    ['[a](#b)', '[a](#b)'],
  ])('%s becomes %s', (text, absolute) => {
    expect(withAbsoluteLinks(text, 'https://github.com/o/r', 'v1.2.3')).toBe(absolute);
  });
});

describe('the repository', () => {
  it('is named once, and the same everywhere', () => {
    const { homepage, repository, bugs } = manifest;
    const url = homepage.replace('#readme', '');
    expect([repository.url, bugs]).toEqual([`git+${url}.git`, `${url}/issues`]);
    expect(textOf('Dockerfile')).toContain(`org.opencontainers.image.source="${url}"`);
    expect(textOf('clients/python/pyproject.toml')).toContain(`Homepage = "${url}"`);
  });

  it('has one version in every manifest', () => {
    const python = /^version = "(.*)"$/m.exec(textOf('clients/python/pyproject.toml'))?.[1];
    expect([lock.version, lock.packages[''].version, python]).toEqual(Array(3).fill(manifest.version));
  });
});

describe('the base image', () => {
  it('is one, pinned to a whole version or a digest', () => {
    const bases = [...textOf('Dockerfile').matchAll(/^FROM (\S+)/gm)].map(([, base]) => base);
    expect(bases).toHaveLength(2);
    expect(new Set(bases).size).toBe(1);
    expect(bases[0]).toMatch(/^node:\d+\.\d+\.\d+-[\w-]+$|@sha256:[0-9a-f]{64}$/);
  });
});
