/** The views of the dashboard: resources, requests, state, what is empty or gone, links, keys, and how they look. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { type ApigMock, startApigMock } from '../../src/index.ts';
import { call, taskUrl } from '../support/mock.ts';
import { card, closeQuietly, describeInBrowser, HERE, live, serious } from './browser.ts';

const PROTECTED = readFileSync(new URL('../../fixtures/openapi/protected-3.0.yaml', import.meta.url));
const VIEWS = ['tasks', 'apis', 'requests', 'faults', 'plans', 'state'] as const;

/** A mock with a group, a task, a fault and a few requests. */
async function filled(): Promise<{ mock: ApigMock; group: string }> {
  const mock = await startApigMock({ fixtures: 'none', clock: 'manual' });
  const body = new FormData();
  body.set('file_name', new Blob([PROTECTED]), 'protected.yaml');
  const url = `${mock.url}/v2/p1/apigw/instances/i1/openapi/import`;
  const response = await fetch(url, { method: 'POST', headers: { 'x-auth-token': mock.token }, body });
  const { group_id } = (await response.json()) as { group_id: string };
  await mock.tasks.create({ ...HERE, task_id: 't1', task_type: 'import_api', plan: { mode: 'manual' } });
  await mock.faults.add({ operation: 'ShowCatalog', action: { type: 'reset' } });
  await call(taskUrl(mock.url, 't1'));
  await call(taskUrl(mock.url, 'unknown'));
  return { mock, group: group_id };
}

const chooseDelete = async (page: Page, beside: string, of: string): Promise<void> => {
  await page
    .locator(beside)
    .getByRole('button', { name: `More: ${of}`, exact: true })
    .click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
};
const groupNames = async (mock: ApigMock) =>
  (await mock.overview({ groups: 9 })).groups?.newest.map(({ name }) => name);

describeInBrowser('the view of resources', (open) => {
  it('leads from a group to an API, exports a file and as a task, and deletes both', async () => {
    const { mock } = await filled();
    await using _ = mock;
    const opened = await open(`${mock.url}/__admin/?view=apis`);
    const { page } = opened;
    await live(page);
    await page
      .locator('#group tr', { hasText: '/carts/{id}' })
      .getByRole('button', { name: '/carts' })
      .click();
    const api = page.locator('#api');
    for (const text of ['show-cart', 'RELEASE', 'carts.example.com', 'demo-carts', 'shop-check', 'REQUEST'])
      await api.getByText(text).first().waitFor();
    expect(await serious(page)).toEqual([]);

    await page.locator('#group').getByRole('button', { name: 'Export', exact: true }).click();
    await page.getByLabel('File type').selectOption('yaml');
    const downloading = page.waitForEvent('download');
    await page.locator('#export-group').getByRole('button', { name: 'Download' }).click();
    const file = await downloading;
    expect(file.suggestedFilename()).toMatch(/^protected-RELEASE-spec-.*\.yaml$/);
    expect(readFileSync(await file.path(), 'utf8')).toContain('/carts/{id}');

    await chooseDelete(page, '#api', 'show-cart');
    await page.locator('#ask').getByRole('button', { name: 'Delete' }).click();
    await page.locator('#group tr', { hasText: '/carts/{id}' }).waitFor({ state: 'detached' });
    await api.waitFor({ state: 'detached' });

    await page.locator('#group').getByRole('button', { name: 'Export', exact: true }).click();
    await page.locator('#export-group').getByRole('button', { name: 'Run as a task' }).click();
    await page.locator('.card.followed', { hasText: 'protected' }).waitFor();

    await page.getByRole('tab', { name: 'APIs' }).click();
    await chooseDelete(page, '#group', 'protected');
    await page.locator('#ask').getByRole('button', { name: 'Delete' }).click();
    await expect.poll(() => groupNames(mock)).toEqual([]);
    await page.locator('#welcome').waitFor();
    await closeQuietly(opened);
  });
});

describeInBrowser('the import', (open) => {
  it('leaves what is wrong in the form, beside its field', async () => {
    await using mock = await startApigMock({ fixtures: 'none', clock: 'manual' });
    const opened = await open(`${mock.url}/__admin/`);
    const { page, complaints } = opened;
    await live(page);
    await page.getByRole('button', { name: 'Choose a file' }).click();
    const form = page.locator('#import-file');
    await form.getByRole('button', { name: 'Import', exact: true }).click();
    await form.locator('#file-problem', { hasText: 'Choose a file first' }).waitFor();
    const file = { name: 'a.yaml', mimeType: 'application/yaml', buffer: PROTECTED };
    await form.locator('input[type="file"]').setInputFiles(file);
    await form.getByLabel('X-Auth-Token').fill('nobody');
    await form.getByRole('button', { name: 'Import', exact: true }).click();
    await form.locator('#token-problem', { hasText: 'does not know this token' }).waitFor();
    expect(await form.getByLabel('X-Auth-Token').getAttribute('aria-invalid')).toBe('true');
    expect(await serious(page)).toEqual([]);
    expect((await mock.tasks.list()).total).toBe(0);
    // The browser itself logs the 401.
    expect(complaints.splice(0)).toHaveLength(1);
    await closeQuietly(opened);
  });

  it('starts with a sample where there is nothing', async () => {
    await using mock = await startApigMock({ fixtures: 'none', clock: 'manual' });
    const opened = await open(`${mock.url}/__admin/`);
    const { page } = opened;
    await live(page);
    await page.locator('#welcome code', { hasText: `${mock.url}/v2/p1/apigw` }).waitFor();
    expect(await serious(page)).toEqual([]);
    await page.getByRole('button', { name: 'Import a sample' }).click();
    await page.locator('.card.followed', { hasText: 'test8.json' }).waitFor();
    await page.locator('#welcome').waitFor({ state: 'detached' });
    await mock.clock.advance(5000);
    await page.locator('[data-status="succeed"] .card').waitFor();
    expect(await groupNames(mock)).toHaveLength(1);
    await closeQuietly(opened);
  });
});

describeInBrowser('the view of the state', (open) => {
  it('resets with a way back, and restores a snapshot of its own and one from a file', async () => {
    const { mock } = await filled();
    await using _ = mock;
    const opened = await open(`${mock.url}/__admin/?view=state`);
    const { page } = opened;
    await live(page);
    await page.locator('#snapshots').getByLabel('Name').fill('filled');
    await page.getByRole('button', { name: 'Take a snapshot' }).click();
    const moment = page.locator('#snapshots li', { hasText: 'filled' });
    const downloading = page.waitForEvent('download');
    await moment.getByRole('button', { name: 'Download' }).click();
    const path = await (await downloading).path();

    await page.getByRole('button', { name: 'Reset everything' }).click();
    const toast = page.locator('#toast', { hasText: 'Everything was reset' });
    await toast.waitFor();
    expect([await groupNames(mock), (await mock.tasks.list()).total]).toEqual([[], 0]);
    await toast.getByRole('button', { name: 'Undo' }).click();
    await page.locator('#toast', { hasText: 'restored' }).waitFor();
    expect([await groupNames(mock), (await mock.tasks.list()).total]).toEqual([['protected'], 1]);

    await page.locator('#restart').getByLabel('Project').selectOption('p1');
    await page.locator('#restart').getByLabel('APIs').uncheck();
    await page.getByRole('button', { name: 'Reset p1' }).click();
    await page.locator('#toast', { hasText: 'p1 was reset' }).waitFor();
    expect([await groupNames(mock), (await mock.tasks.list()).total]).toEqual([['protected'], 0]);
    await page.locator('#snapshots input[type="file"]').setInputFiles(path);
    await expect.poll(async () => (await mock.tasks.list()).total).toBe(1);
    expect(await serious(page)).toEqual([]);
    await closeQuietly(opened);
  });
});

describeInBrowser('the view of requests', (open) => {
  it('shows one in detail, filters by status and reason, and makes a fault of it', async () => {
    const { mock } = await filled();
    await using _ = mock;
    const opened = await open(`${mock.url}/__admin/?view=requests`);
    const { page } = opened;
    await live(page);
    await page.locator('#requests').getByLabel('Status').selectOption('errors');
    await expect.poll(() => page.locator('#requests tbody tr').count()).toBe(1);
    await page
      .locator('#requests')
      .getByRole('button', { name: /^ShowAsyncTaskResult/ })
      .click();
    await page.locator('#request .reason', { hasText: 'unknown task' }).waitFor();
    await page.locator('#request', { hasText: 'APIG.3093' }).waitFor();
    expect(await serious(page)).toEqual([]);
    await page.keyboard.press('/');
    await page.keyboard.type('no such text');
    await page.getByText('Nothing matches.').waitFor();
    await page.locator('#search').fill('UNKNOWN TASK');
    await expect.poll(() => page.locator('#requests tbody tr').count()).toBe(1);
    await page.locator('#request').getByRole('button', { name: 'Make a fault of this' }).click();
    await page.locator('#faults').getByRole('button', { name: 'Add' }).click();
    await page.locator('#in-force li', { hasText: 'APIG.3093' }).waitFor();
    expect((await mock.faults.list()).at(-1)).toMatchObject({
      ...{ operation: 'ShowAsyncTaskResult', ...HERE, times: 1 },
      action: { type: 'error', status: 404, error_code: 'APIG.3093' },
    });
    expect((await call(taskUrl(mock.url, 't1'))).status).toBe(404);
    await closeQuietly(opened);
  });
});

describeInBrowser('links and keys', (open) => {
  it('lead to what they name, and Back leads back', async () => {
    const { mock, group } = await filled();
    await using _ = mock;
    const opened = await open(`${mock.url}/__admin/?project_id=p1&task=p1/i1/t1`);
    const { page } = opened;
    await page.locator('#task-title', { hasText: 't1' }).waitFor();
    expect(await page.getByLabel('Project').inputValue()).toBe('p1');
    await page.keyboard.press('2');
    await page.locator('#group', { hasText: group }).waitFor();
    await page.goBack();
    await page.locator('#task').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('#task').waitFor({ state: 'detached' });
    await page.keyboard.press('/');
    await page.keyboard.type('nobody');
    await card(page, 'waiting', 't1').waitFor({ state: 'detached' });
    expect(page.url()).toContain('search=nobody');
    await page.locator('#search').fill('T1');
    await card(page, 'waiting', 't1').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.locator('#shortcuts[open]', { hasText: 'move within a list' }).waitFor();
    expect(await serious(page)).toEqual([]);
    await closeQuietly(opened);
  });

  it.each([
    ['tasks', '#board'],
    ['tasks', '#requests'],
    ['apis', '#groups'],
    ['apis', '#group'],
    ['requests', '#requests'],
    ['faults', '#faults'],
    ['plans', '#plan'],
    ['state', '#snapshots'],
  ])('reach, in %s, %s within 20 Tab stops', async (view, panel) => {
    const { mock } = await filled();
    await using _ = mock;
    const opened = await open(`${mock.url}/__admin/?view=${view}`);
    const { page } = opened;
    await live(page);
    await page.locator(panel).locator('button:visible, input:visible').first().waitFor();
    const isThere = () => page.evaluate((at) => document.activeElement?.closest(at) !== null, panel);
    let stops = 0;
    for (; stops <= 20 && !(await isThere()); stops += 1) await page.keyboard.press('Tab');
    expect(stops).toBeLessThanOrEqual(20);
    await closeQuietly(opened);
  });
});

describeInBrowser('a mock that is gone', (open) => {
  it('is seen everywhere, and is followed again when it is back', async () => {
    const first = await startApigMock({ fixtures: 'none' });
    const { port } = new URL(first.url);
    const { page } = await open(`${first.url}/__admin/?view=state`);
    await live(page);
    await first.close();
    await page.locator('.lost-bar', { hasText: port }).waitFor();
    expect(await page.locator('main').getAttribute('inert')).not.toBeNull();
    expect(await page.title()).toContain('⚠');
    expect(await serious(page)).toEqual([]);
    await using second = await startApigMock({ fixtures: 'none', port: Number(port) });
    await page.getByRole('button', { name: 'Retry now' }).click();
    await live(page);
    await page.locator('.lost-bar').waitFor({ state: 'detached' });
    await second.tasks.create({
      ...HERE,
      task_id: 'back',
      task_type: 'import_api',
      plan: { mode: 'manual' },
    });
    await page.keyboard.press('1');
    await card(page, 'waiting', 'back').waitFor();
    await page.context().close();
  });
});

describe.each(['light', 'dark'] as const)('in %s colours', (colorScheme) => {
  describeInBrowser('every view', (open) => {
    it.each([
      [1440, 'en-GB'],
      [1000, 'zh-CN'],
      [390, 'en-GB'],
      [390, 'zh-CN'],
    ])('fits a width of %i in %s, with nothing serious', async (width, locale) => {
      const { mock } = await filled();
      await using _ = mock;
      const opened = await open(`${mock.url}/__admin/`, {
        ...{ colorScheme, locale, viewport: { width, height: 844 } },
      });
      const { page } = opened;
      for (const view of VIEWS) {
        await page.goto(`${mock.url}/__admin/?view=${view}`);
        await live(page);
        await page.locator('#view .panel').first().waitFor();
        expect(await serious(page), view).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth), view).toBeLessThanOrEqual(
          width,
        );
      }
      await closeQuietly(opened);
    });
  });
});
