/**
 * Takes the pictures of the dashboard under docs/images/: a mock whose clock is paused, filled with tasks,
 * and the page in both colours and two widths. `npm run build` comes first.
 */
import { readFile } from 'node:fs/promises';
import { startApigMock } from '../dist/index.js';
import { startChromium } from './chromium.js';

const root = new URL('..', import.meta.url);
const WIDTHS = { wide: { width: 1440, height: 1000 }, narrow: { width: 390, height: 844 } };
const SHOP = { project_id: 'shop', instance_id: 'gateway-1' };
const BANK = { project_id: 'bank', instance_id: 'gateway-1' };
const START = '2026-03-02T09:30:00.000Z';

async function request(mock, place, path, { token = 'dev-token', ...init } = {}) {
  const url = `${mock.url}/v2/${place.project_id}/apigw/instances/${place.instance_id}/${path}`;
  const response = await fetch(url, { ...init, headers: { 'x-auth-token': token, ...init.headers } });
  return response.json().catch(() => ({}));
}

async function importFile(mock, place, name) {
  const form = new FormData();
  const bytes = await readFile(new URL(`fixtures/openapi/${name}`, root));
  form.set('is_create_group', 'true');
  form.set('file_name', new Blob([bytes]), name);
  return request(mock, place, 'openapi/async-import', { method: 'POST', body: form });
}

/** What is to be seen: imports that ended well and badly, some at work, some in line, and a fault that matched. */
async function fill(mock) {
  const { clock, tasks, plan, faults } = mock;
  await clock.set({ mode: 'manual', now: START });
  await plan({ plan: { mode: 'time', waiting_ms: 2000, processing_ms: 9000 } });
  const first = await importFile(mock, SHOP, 'test8.json');
  await importFile(mock, SHOP, 'every-failure.yaml');
  await importFile(mock, BANK, 'http-orders.yaml');
  await clock.advance(12_000);
  const [{ id: groupId }] = (await request(mock, SHOP, 'api-groups')).groups;
  const body = JSON.stringify({ env_id: 'DEFAULT_ENVIRONMENT_RELEASE_ID', group_id: groupId });
  await request(mock, SHOP, 'openapi/async-export', {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  });
  await importFile(mock, SHOP, 'test8.json');
  await clock.advance(11_400);
  const last = [];
  for (const name of ['library-3.0.yaml', 'hello.yaml', 'chinese-text.yaml', 'http-vpc-inventory.json']) {
    last.push(await importFile(mock, SHOP, name));
    await clock.advance(700);
  }
  await importFile(mock, SHOP, 'any-and-greedy.yaml');
  await tasks.create({
    ...BANK,
    task_type: 'export_api',
    plan: { mode: 'polls', waiting_polls: 1, processing_polls: 4 },
  });
  await tasks.create({ ...BANK, task_type: 'import_api', plan: { mode: 'manual' } });
  await importFile(mock, BANK, 'function-thumbnails.yaml');
  await clock.advance(3900);
  await faults.add({
    operation: 'ShowAsyncTaskResult',
    ...SHOP,
    action: { type: 'error', status: 429, error_code: 'APIG.0308' },
    times: 1,
  });
  for (const token of ['dev-token', 'dev-token', 'expired-token', 'dev-token'])
    await request(mock, SHOP, `async-tasks/${last[0].task_id}`, { token });
  await request(mock, BANK, `async-tasks/${last[1].task_id}`);
  await request(mock, SHOP, `async-tasks/${first.task_id}`);
  return { first };
}

/** The page as it stands once it is live and still. */
async function open(browser, mock, { colorScheme, size }) {
  const context = await browser.newContext({
    viewport: size,
    colorScheme,
    locale: 'en-GB',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  await page.goto(`${mock.url}/__admin/`);
  await page.locator('.link.live').waitFor();
  await page.locator('#requests tbody tr').first().waitFor();
  return page;
}

const mock = await startApigMock({ fixtures: 'none', seed: 'pictures', workers: 3, clock: 'manual' });
const browser = await startChromium();
try {
  const { first } = await fill(mock);
  for (const colorScheme of ['light', 'dark']) {
    for (const [name, size] of Object.entries(WIDTHS)) {
      const page = await open(browser, mock, { colorScheme, size });
      await page.screenshot({
        path: new URL(`docs/images/dashboard-${colorScheme}-${name}.png`, root).pathname,
      });
      if (name === 'wide' && colorScheme === 'light') {
        await page.locator(`[data-task="${first.task_id}"] button`).first().click();
        await page.locator('#task').waitFor();
        await page.screenshot({ path: new URL('docs/images/task-light.png', root).pathname });
      }
      await page.context().close();
    }
  }
} finally {
  await browser.close();
  await mock.close();
}
