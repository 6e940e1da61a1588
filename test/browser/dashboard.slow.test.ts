/** The dashboard in a real browser: what happens in the mock is seen, what is pressed on the page happens. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type ApigMock, type ApigMockOptions, startApigMock } from '../../src/index.ts';
import { call, taskUrl } from '../support/mock.ts';
import { card, closeQuietly, countOf, describeInBrowser, HERE, live } from './browser.ts';

const TEST8 = readFileSync(new URL('../../fixtures/openapi/test8.json', import.meta.url), 'utf8');
const still = (options: ApigMockOptions = {}): Promise<ApigMock> =>
  startApigMock({ fixtures: 'none', clock: 'manual', ...options });
const timed = { mode: 'time', waiting_ms: 1000, processing_ms: 5000 } as const;

describeInBrowser('the dashboard', (open) => {
  it('shows a task in each of its states, as it gets there', async () => {
    await using mock = await still();
    const opened = await open(`${mock.url}/__admin/`);
    const { page } = opened;
    await live(page);
    const task = await mock.tasks.create({ ...HERE, task_type: 'import_api', plan: timed });
    await card(page, 'waiting', task.task_id).waitFor();
    await mock.clock.advance(1000);
    await card(page, 'processing', task.task_id).waitFor();
    await card(page, 'processing', task.task_id).getByText('5.0 s left').waitFor();
    await page.locator('.worker i.busy').waitFor();
    await mock.clock.advance(5000);
    await card(page, 'succeed', task.task_id).waitFor();
    const failing = {
      ...timed,
      outcome: { status: 'failed', error_code: 'APIG.3201', error_msg: 'no' },
    } as const;
    const other = await mock.tasks.create({ ...HERE, task_type: 'export_api', plan: failing });
    await mock.clock.advance(6000);
    await card(page, 'failed', other.task_id).click();
    await page.locator('#task .callout', { hasText: 'APIG.3201' }).waitFor();
    await closeQuietly(opened);
  });

  it('imports a dropped file and shows its result as a table', async () => {
    await using mock = await still();
    const opened = await open(`${mock.url}/__admin/`);
    const { page } = opened;
    await live(page);
    const dropped = await page.evaluateHandle((text) => {
      const data = new DataTransfer();
      data.items.add(new File([text], 'test8.json', { type: 'application/json' }));
      return data;
    }, TEST8);
    await page.dispatchEvent('body', 'drop', { dataTransfer: dropped });
    await page.locator('#import-file input[name="project"]').fill('shop');
    await page.locator('#import-file button[type="submit"]').click();
    // The card is followed over the board; its details stand beside it when they are wanted, and not before.
    const followed = page.locator('.card.followed', { hasText: 'test8.json' });
    await followed.waitFor();
    expect(await page.locator('#task').count()).toBe(0);
    await page.locator('#toast').getByRole('button', { name: 'View' }).click();
    await page.locator('#task').waitFor();
    await mock.clock.advance(5000);
    await page.locator('[data-status="succeed"] .card.followed').waitFor();
    await page.locator('#toast', { hasText: 'test8.json: Succeeded' }).waitFor();
    await page.locator('#task td', { hasText: '/test1' }).waitFor();
    expect(await page.locator('#task-title').textContent()).toBe('test8.json');
    const [board, beside] = [
      await page.locator('#board').boundingBox(),
      await page.locator('#task').boundingBox(),
    ];
    expect((board?.x ?? 0) + (board?.width ?? 0)).toBeLessThanOrEqual(beside?.x ?? 0);
    expect((await mock.tasks.list({ project_id: 'shop' })).total).toBe(1);
    await closeQuietly(opened);
  });

  it('shows an exported file and hands it out', async () => {
    await using mock = await startApigMock();
    const opened = await open(`${mock.url}/__admin/`);
    const { page } = opened;
    await live(page);
    await card(page, 'succeed', 'd6e8834b6f0f4711a2fa5345e5b60833').click();
    const downloading = page.waitForEvent('download');
    await page.locator('#task button.primary', { hasText: 'Download' }).click();
    expect((await downloading).suggestedFilename()).toBe('test8-RELEASE-all-2023-07-11-19-54-22.json');
    await closeQuietly(opened);
  });

  it('stops the clock, steps it to the next move and lets it run', async () => {
    await using mock = await startApigMock({ fixtures: 'none' });
    const opened = await open(`${mock.url}/__admin/`);
    const { page } = opened;
    await live(page);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('paused', { exact: true }).waitFor();
    const plan = { mode: 'time', waiting_ms: 60_000, processing_ms: 60_000 } as const;
    const task = await mock.tasks.create({ ...HERE, task_type: 'import_api', plan });
    await card(page, 'waiting', task.task_id).waitFor();
    const step = page.getByRole('button', { name: 'Step to next change' });
    await step.click();
    await card(page, 'processing', task.task_id).waitFor();
    await step.click();
    await card(page, 'succeed', task.task_id).waitFor();
    const { now } = await mock.clock.get();
    expect(Date.parse(now) - Date.parse(task.created_at)).toBe(120_000);
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByText('running').waitFor();
    expect((await mock.clock.get()).mode).toBe('system');
    await closeQuietly(opened);
  });

  it('gives a project a clock of its own', async () => {
    await using mock = await startApigMock({ fixtures: 'none' });
    await mock.tasks.create({ ...HERE, task_type: 'import_api', plan: { mode: 'manual' } });
    const opened = await open(`${mock.url}/__admin/`);
    const { page } = opened;
    await live(page);
    await page.getByRole('combobox', { name: 'Project' }).selectOption('p1');
    await page.getByLabel('Which clock').selectOption('p1');
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('own clock').waitFor();
    expect((await mock.clock.get(HERE)).mode).toBe('manual');
    expect((await mock.clock.get()).mode).toBe('system');
    await closeQuietly(opened);
  });

  it('switches a fault on, which a poll then meets, and off', async () => {
    await using mock = await still();
    const task = await mock.tasks.create({ ...HERE, task_type: 'import_api', plan: { mode: 'manual' } });
    const opened = await open(`${mock.url}/__admin/`);
    const { page } = opened;
    await live(page);
    await page.getByRole('tab', { name: 'Faults' }).click();
    const toggle = page.getByRole('switch', { name: /Throttling/ });
    await toggle.click();
    await expect.poll(() => toggle.getAttribute('aria-checked')).toBe('true');
    expect((await call(taskUrl(mock.url, task.task_id))).status).toBe(429);
    await page.locator('#in-force li', { hasText: 'Triggered1×' }).waitFor();
    await page.getByRole('tab', { name: 'Requests' }).click();
    await page.locator('#requests tr', { hasText: 'APIG.0308' }).waitFor();
    await page.getByRole('tab', { name: 'Faults' }).click();
    await toggle.click();
    await expect.poll(() => toggle.getAttribute('aria-checked')).toBe('false');
    expect((await call(taskUrl(mock.url, task.task_id))).status).toBe(200);
    await closeQuietly(opened);
  });

  it('sets a plan, makes a task by it and steps it', async () => {
    await using mock = await still();
    const opened = await open(`${mock.url}/__admin/`);
    const { page } = opened;
    await live(page);
    await page.getByRole('tab', { name: 'Plans' }).click();
    await page.getByLabel('Progression').selectOption('manual');
    await page.locator('#plan').getByRole('button', { name: 'Apply' }).click();
    await page.locator('#rules li', { hasText: 'All: manual' }).waitFor();
    await page.locator('#plan').getByRole('button', { name: 'New task', exact: true }).click();
    await page.locator('#toast').getByRole('button', { name: 'View' }).click();
    await page.getByRole('button', { name: /^Step this task/ }).click();
    await expect.poll(() => countOf(page, 'processing').textContent()).toBe('1');
    await page.getByRole('button', { name: /^Step this task/ }).click();
    await expect.poll(() => countOf(page, 'succeed').textContent()).toBe('1');
    await closeQuietly(opened);
  });

  it('speaks Chinese, and changes its colours', async () => {
    await using mock = await still();
    const opened = await open(`${mock.url}/__admin/`, { locale: 'zh-CN', colorScheme: 'dark' });
    const { page } = opened;
    await page.getByRole('heading', { name: '等待中' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
    await page.locator('#language').click();
    await page.getByRole('heading', { name: 'Waiting' }).waitFor();
    await page.locator('#theme').click();
    await page.reload();
    expect(await page.locator('html').getAttribute('data-theme')).toBe('light');
    await page.getByRole('heading', { name: 'Waiting' }).waitFor();
    await closeQuietly(opened);
  });

  it('asks for the admin token where the mock wants one', async () => {
    await using mock = await still({ adminToken: 'let me in' });
    const { page } = await open(`${mock.url}/__admin/`);
    const box = page.locator('#login input');
    await box.fill('wrong');
    await box.press('Enter');
    await page.locator('#login .callout').waitFor();
    await box.fill('let me in');
    await box.press('Enter');
    await live(page);
    await page.context().close();
  });
});
