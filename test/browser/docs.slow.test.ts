/** The description of the API in a real browser. */
import { expect, it } from 'vitest';
import { startApigMock } from '../../src/index.ts';
import { closeQuietly, describeInBrowser, serious } from './browser.ts';

describeInBrowser('the documents', (open) => {
  it.each(['light', 'dark'] as const)(
    'show an operation with its members and examples, in %s colours',
    async (colorScheme) => {
      await using mock = await startApigMock();
      const opened = await open(`${mock.url}/__admin/docs#ShowAsyncTaskResult`, { colorScheme });
      const { page } = opened;
      const operation = page.locator('#ShowAsyncTaskResult');
      await operation.locator('pre').first().waitFor();
      expect(await operation.locator('.response .chip').allTextContents()).toEqual([
        '200',
        '400',
        '401',
        '403',
        '404',
        '500',
      ]);
      await operation.getByLabel('Example 200').selectOption('documented_3_failed');
      expect(await operation.locator('pre').first().textContent()).toContain('APIG.3201');
      await operation.getByRole('button', { name: 'Copy as curl' }).click();
      await page.locator('#toast:popover-open', { hasText: /cop/i }).waitFor();
      await page.getByLabel('Find an operation').fill('advance');
      await expect.poll(() => page.locator('#index li:visible').count()).toBe(1);
      expect(await serious(page)).toEqual([]);
      await closeQuietly(opened);
    },
  );
});
