/** The pages as they are sent: read at the first request, with the policy that lets nothing but them run. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { once } from '../../core/once.ts';
import { findPackaged } from '../../core/packaged.ts';

export type PageName = 'dashboard' | 'docs';

/** A page and the headers that go with it. */
export interface Page {
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

const page = (name: PageName) =>
  once(async (): Promise<Page> => {
    const html = await readHtml(name);
    return { html, headers: headersFor(html) };
  });
const pages: Readonly<Record<PageName, () => Promise<Page>>> = {
  dashboard: page('dashboard'),
  docs: page('docs'),
};

/** A page, loaded once. */
export const loadPage = (name: PageName): Promise<Page> => pages[name]();

/** Built, the page is a file of the package; a checkout that runs from its sources builds it on the spot. */
async function readHtml(name: PageName): Promise<string> {
  if (import.meta.url.endsWith('.ts')) {
    const source = new URL('../../../scripts/page.js', import.meta.url).href;
    const { buildPage } = (await import(source)) as { buildPage(page: PageName): Promise<string> };
    return buildPage(name);
  }
  const file = findPackaged(`${name}.html`, import.meta.url);
  if (file === undefined) throw new Error(`${name}.html of the package apig-mock is missing`);
  return readFile(file, 'utf8');
}

/** Only the page's own script and style, by their hashes; calls go to this mock alone. */
function headersFor(html: string): Record<string, string> {
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(html, 'script')}`,
    `style-src ${hashOf(html, 'style')}`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy.join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-cache',
  };
}

function hashOf(html: string, tag: 'script' | 'style'): string {
  const [, text = ''] = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(html) ?? [];
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
