/** What the tests of the page share: a browser, a page that notes every complaint, and a mock to look at. */
import { readFileSync } from 'node:fs';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { findChromium, startChromium } from '../../scripts/chromium.js';
import { needs } from '../support/needs.ts';

const path = findChromium();
const isRequired = process.env['CI'] === 'true' || process.env['APIG_MOCK_REQUIRE_BROWSER'] === '1';

const canRun = needs(
  path !== undefined || isRequired,
  'the page in a browser: install Chromium (Debian: chromium), or set CHROMIUM_PATH',
);

/** Opens a page; `complaints` are what its console and its scripts reported, `seen` lets a test expect some. */
export interface Opened {
  readonly page: Page;
  readonly complaints: string[];
}

/** A suite that needs a browser: skipped where there is none, failed where one is required. */
export function describeInBrowser(
  title: string,
  suite: (open: (url: string, options?: BrowserContextOptions) => Promise<Opened>) => void,
): void {
  describe.skipIf(!canRun)(title, () => {
    let browser: Browser;
    beforeAll(async () => {
      if (path === undefined)
        throw new Error('a browser is required (CI), but no Chromium was found; set CHROMIUM_PATH');
      browser = await startChromium(path);
    });
    afterAll(() => browser?.close());

    suite(async (url, options = {}) => {
      const context = await browser.newContext({
        locale: 'en-GB',
        viewport: { width: 1440, height: 900 },
        ...options,
      });
      const page = await context.newPage();
      page.setDefaultTimeout(10_000);
      const complaints: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
      });
      page.on('pageerror', (cause) => complaints.push(String(cause)));
      await page.goto(url, { waitUntil: 'domcontentloaded' });
      return { page, complaints };
    });
  });
}

export const HERE = { project_id: 'p1', instance_id: 'i1' } as const;

/** Waits until the page follows the mock. */
export const live = (page: Page): Promise<void> => page.locator('.link.live').waitFor();
/** The card of a task in a column. */
export const card = (page: Page, status: string, taskId: string) =>
  page.locator(`[data-status="${status}"] [data-task="${taskId}"]`);
export const countOf = (page: Page, status: string) => page.locator(`[data-status="${status}"] .count`);

/** Nothing complained, and the page is let go of. */
export async function closeQuietly({ page, complaints }: Opened): Promise<void> {
  await page.context().close();
  expect(complaints).toEqual([]);
}

const AXE = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

/** What axe finds that is serious. */
export async function serious(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: {
        run(): Promise<{ violations: { id: string; impact: string; nodes: { target: string[] }[] }[] }>;
      };
    };
    const { violations } = await axe.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
  });
}
