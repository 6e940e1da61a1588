/** The documentation site is built from the pages, offline, and has each of them in its search. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runChild } from '../support/child.ts';
import { PAGES, ROOT, textOf } from './pages.ts';

const site = mkdtempSync(join(tmpdir(), 'apig-mock-site-'));
beforeAll(async () => {
  const vitepress = join(ROOT, 'node_modules/vitepress/bin/vitepress.js');
  const ended = await runChild(process.execPath, [vitepress, 'build', 'docs', '--outDir', site], {
    cwd: ROOT,
  });
  expect(ended.code, ended.stdout + ended.stderr).toBe(0);
}, 180_000);
afterAll(() => rmSync(site, { recursive: true, force: true }));

const htmlOf = (address: string): string => readFileSync(join(site, `${address}.html`), 'utf8');

describe('the site', () => {
  it('begins with the README, in English and in Chinese', () => {
    expect(htmlOf('index')).toContain('lang="en"');
    expect(htmlOf('zh/index')).toContain('lang="zh-CN"');
    expect(htmlOf('zh/index')).toContain('华为云');
  });

  it('has every page of the menus', () => {
    const menu = [...htmlOf('index').matchAll(/href="(\/[\w/-]*)"/g)].map(([, address = '']) => address);
    expect(new Set(menu).size).toBeGreaterThan(20);
    const files = menu.map((address) => `${address.replace(/\/$/, '/index')}.html`);
    expect(files.filter((file) => !existsSync(join(site, file)))).toEqual([]);
  });

  it.each(PAGES.filter((page) => /^docs\/[\w-]+\.md$/.test(page)))('shows the title of %s', (page) => {
    const [, title = ''] = /^# (.*)$/m.exec(textOf(page)) ?? [];
    expect(htmlOf(page.replace(/^docs\/|\.md$/g, ''))).toContain(`>${title.replaceAll('&', '&amp;')} <`);
  });

  it('serves a copy of each file that a page links to', () => {
    expect(readFileSync(join(site, 'files/examples/vitest/polling.test.ts.txt'), 'utf8')).toBe(
      readFileSync(join(ROOT, 'examples/vitest/polling.test.ts'), 'utf8'),
    );
  });

  it('has every script and style that its pages load', () => {
    const loaded = ['index', 'zh/index', 'http', 'library'].flatMap((address) =>
      [...htmlOf(address).matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, file = '']) => file),
    );
    expect(loaded.filter((file) => file.endsWith('.lean.js'))).toHaveLength(4);
    expect(loaded.filter((file) => !existsSync(join(site, file)))).toEqual([]);
  });

  it('has an index for its search in each language', () => {
    const chunks = readdirSync(join(site, 'assets/chunks'));
    for (const language of ['root', 'zh'])
      expect(chunks.some((name) => name.startsWith(`@localSearchIndex${language}.`))).toBe(true);
  });
});
