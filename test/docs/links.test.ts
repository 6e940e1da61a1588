/** No page of the documentation has a link, a picture or an anchor that leads nowhere. */
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anchorsOf, blocksOf, PAGES, proseOf, ROOT, textOf } from './pages.ts';

/** The links of a page that lead nowhere. */
function deadLinks(page: string, text: string): string[] {
  const links = [...proseOf(text).matchAll(/\]\(([^)\s]+)[^)]*\)/g)].map(([, link = '']) => link);
  return links.filter((link) => {
    if (/^(?:https?|mailto):/.test(link)) return false;
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? page : join(dirname(page), decodeURIComponent(path));
    if (!existsSync(join(ROOT, target)) && path !== '') return true;
    if (anchor === undefined) return false;
    const isPage = target.endsWith('.md') && (path === '' || statSync(join(ROOT, target)).isFile());
    return !isPage || !anchorsOf(path === '' ? text : textOf(target)).has(decodeURIComponent(anchor));
  });
}

describe('the documentation', () => {
  it('is found whole', () => {
    expect(PAGES).toContain('README.md');
    expect(PAGES).toContain('docs/cookbook/curl.md');
    expect(PAGES.length).toBeGreaterThan(20);
  });

  it.each(PAGES)('%s links to what is there', (page) => {
    expect(deadLinks(page, textOf(page))).toEqual([]);
  });

  it('has every page of docs in the menus of the site, once', () => {
    const menus = textOf('docs/.vitepress/navigation.js');
    const names = PAGES.map((page) => /^docs\/([\w-]+)\.md$/.exec(page)?.[1]).filter(
      (name) => name !== undefined,
    );
    expect(names.filter((name) => menus.split(`\n      ['${name}', `).length !== 2)).toEqual([]);
  });

  it.each([
    ['[a](nowhere.md)', 1],
    ['[a](#nowhere)', 1],
    ['# Some `code` here\n[a](#some-code-here)', 0],
    ['[a](docs/clocks.md#nowhere)', 1],
    ['[a](docs)', 0],
    ['![a](docs/images/none.png)', 1],
    ['```\n[a](nowhere.md)\n```', 0],
    ['[a](https://example.com/x)', 0],
  ])('%j has %i dead links', (text, count) => {
    expect(deadLinks('README.md', text)).toHaveLength(count);
  });
});

describe('a block', () => {
  it('has a page, a line, a language and the heading above it', () => {
    const text = '# One\n\n```sh\na\n  b\n```\n\n- x\n\n  ```ts\n  c\n  ```\n';
    expect(blocksOf('x.md', text)).toEqual([
      { page: 'x.md', line: 4, language: 'sh', text: 'a\n  b', section: 'One' },
      { page: 'x.md', line: 11, language: 'ts', text: 'c', section: 'One' },
    ]);
  });
});
