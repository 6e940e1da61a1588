/** What the page explains: why an import failed, which groups there are, how far a clock is off, a fault in full. */
import { expect, it } from 'vitest';
import { startApigMock } from '../../src/index.ts';
import { closeQuietly, describeInBrowser, live, serious } from './browser.ts';

const DOC = JSON.stringify({ swagger: '2.0', info: { title: 'orders' }, paths: {} });

/** Drops a file on the page. */
async function choose(page: import('playwright-core').Page, text: string): Promise<void> {
  const dropped = await page.evaluateHandle((content) => {
    const data = new DataTransfer();
    data.items.add(new File([content], 'orders.json', { type: 'application/json' }));
    return data;
  }, text);
  await page.dispatchEvent('body', 'drop', { dataTransfer: dropped });
}

/** Drops a file on the page and sends it. */
async function drop(page: import('playwright-core').Page, text: string): Promise<void> {
  await choose(page, text);
  await page.locator('#import-file button[type="submit"]').click();
  await openFollowed(page);
}

/** Opens what was imported, by the notice. */
async function openFollowed(page: import('playwright-core').Page): Promise<void> {
  await page
    .locator('#toast')
    .getByRole('button', { name: /^(View|查看)$/ })
    .click();
  await page.locator('#task').waitFor();
}

describeInBrowser('what the dashboard explains', (open) => {
  it('is why a dropped file failed, in its details and on its card', async () => {
    await using mock = await startApigMock({ fixtures: 'none', clock: 'manual' });
    const opened = await open(`${mock.url}/__admin/`);
    const { page } = opened;
    await live(page);
    await drop(page, '{"swagger":"2.0","paths":"<b>marked</b>"}');
    await mock.clock.advance(5000);
    await page.locator('#task .reason', { hasText: 'paths must be a mapping' }).waitFor();
    await page.locator('[data-status="failed"] .why', { hasText: 'paths must be a mapping' }).waitFor();
    const toast = page.locator('#toast', { hasText: 'Failed' });
    await toast.waitFor();
    // Above everything else.
    expect(await toast.evaluate((line) => line.matches(':popover-open'))).toBe(true);
    expect(await serious(page)).toEqual([]);
    await closeQuietly(opened);
  });

  it('is how many APIs of an import were rejected; a drop is one key away from its import', async () => {
    await using mock = await startApigMock({ fixtures: 'none', clock: 'manual' });
    const opened = await open(`${mock.url}/__admin/`);
    const { page } = opened;
    await live(page);
    const paths = {
      '/good': { get: { 'x-apigateway-backend': { type: 'MOCK', mockEndpoints: { 'result-content': '' } } } },
      '/bare': { get: {} },
    };
    await choose(page, JSON.stringify({ ...JSON.parse(DOC), paths }));
    expect(await page.locator('#import-file input[type="file"]').inputValue()).toMatch(/orders\.json$/);
    await page.keyboard.press('Enter');
    await openFollowed(page);
    await mock.clock.advance(5000);
    await page.locator('#task .chip.succeed').waitFor();
    await page.locator('#task .chip.bad', { hasText: 'not imported: 1' }).waitFor();
    expect(await serious(page)).toEqual([]);
    await closeQuietly(opened);
  });

  it('lists the groups, and imports into the one that was chosen', async () => {
    await using mock = await startApigMock({ fixtures: 'none', clock: 'manual' });
    const opened = await open(`${mock.url}/__admin/`, { locale: 'zh-CN' });
    const { page } = opened;
    await live(page);
    await drop(page, DOC);
    await mock.clock.advance(5000);
    await page.locator('#task .close').click();
    const [group] = (await mock.overview({ groups: 1 })).groups?.newest ?? [];
    await page.getByRole('tab', { name: 'API' }).click();
    await page.locator('#groups li', { hasText: 'orders' }).getByText('0 个 API').waitFor();
    await page.locator('#group', { hasText: group?.id ?? 'none' }).waitFor();
    await page.locator('#group').getByRole('button', { name: '导入到此分组' }).click();
    expect(await page.locator('#import-file input[name="group"]').inputValue()).toBe(group?.id);
    expect(await page.locator('#import-file datalist option').getAttribute('value')).toBe(group?.id);
    expect(await serious(page)).toEqual([]);
    await page.locator('#import-file input[type="file"]').setInputFiles({
      ...{ name: 'more.json', mimeType: 'application/json' },
      buffer: Buffer.from(DOC),
    });
    await page.locator('#import-file button[type="submit"]').click();
    await openFollowed(page);
    await mock.clock.advance(5000);
    await page.locator('#task .chip.succeed').waitFor();
    expect((await mock.overview({ groups: 1 })).groups?.total).toBe(1);
    await closeQuietly(opened);
  });

  it('shows how far a running clock is off', async () => {
    await using mock = await startApigMock({ fixtures: 'none' });
    const opened = await open(`${mock.url}/__admin/`);
    const { page } = opened;
    await live(page);
    expect(await page.getByText('ahead of real time').count()).toBe(0);
    await page.getByRole('button', { name: 'Advance +1 min' }).click();
    await page.getByText('1 min ahead of real time').waitFor();
    await closeQuietly(opened);
  });

  it('lists a fault in full', async () => {
    await using mock = await startApigMock({ fixtures: 'none' });
    await mock.faults.add({
      ...{ operation: 'ShowAsyncTaskResult', project_id: 'p1', instance_id: 'i1', task_id: 't1' },
      ...{ after: 2, times: 3, probability: 0.5, phase: 'before' },
      action: {
        type: 'error',
        status: 503,
        error_code: 'X.1',
        error_msg: '<i>no</i>',
        headers: { 'x-a': 'b' },
      },
    });
    const opened = await open(`${mock.url}/__admin/?view=faults`, { viewport: { width: 390, height: 844 } });
    const { page } = opened;
    await live(page);
    await page.locator('#in-force li').waitFor();
    expect(await page.locator('#in-force li dd').allTextContents()).toEqual([
      'ShowAsyncTaskResult · p1 / i1 · t1',
      'error · 503 · X.1 · error_msg <i>no</i> · headers {"x-a":"b"}',
      '3 of 3 left · after 2 calls · with probability 0.5 · before all checks',
      '0×',
    ]);
    expect(await serious(page)).toEqual([]);
    await closeQuietly(opened);
  });

  it('gives a long path its space on a narrow screen', async () => {
    await using mock = await startApigMock({ fixtures: 'none' });
    const path = `/v2/${'p'.repeat(64)}/apigw/instances/${'i'.repeat(64)}/async-tasks/${'t'.repeat(64)}`;
    await fetch(`${mock.url}${path}`, { headers: { 'x-auth-token': mock.token } });
    const opened = await open(`${mock.url}/__admin/`, { viewport: { width: 390, height: 844 } });
    const { page } = opened;
    await live(page);
    const cell = page.locator('#requests td.path', { hasText: path });
    await cell.waitFor();
    const { width = 0 } = (await cell.boundingBox()) ?? {};
    expect(width).toBeGreaterThan(280);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await closeQuietly(opened);
  });
});
