/** The dashboard under strain: hostile texts, many tasks, many moves, a line that breaks, a server that is late. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { type ApigMock, startApigMock } from '../../src/index.ts';
import { call } from '../support/mock.ts';
import { card, closeQuietly, countOf, describeInBrowser, HERE, live, serious } from './browser.ts';

const HOSTILE =
  '<img src=x onerror="window.matched=1"><script>window.matched=1</script>\u202e\u0000\u001b[31m';

/** Puts many tasks in at once, by a snapshot. */
async function fill(mock: ApigMock, count: number, at: (index: number) => object): Promise<void> {
  const snapshot = await mock.snapshot();
  const tasks = Array.from({ length: count }, (_, index) => ({
    ...HERE,
    task_id: `t${index}`,
    task_type: 'import_api',
    task_result: '',
    hold: false,
    polls: 0,
    ...at(index),
  }));
  await mock.restore({ ...snapshot, tasks: tasks as never });
}

/** The frames of so many ms: how many, and the longest pause between two. */
const frames = (page: Page, ms: number): Promise<{ count: number; longestMs: number; over50: number }> =>
  page.evaluate(
    (lengthMs) =>
      new Promise((resolve) => {
        const gaps: number[] = [];
        const start = performance.now();
        let last = start;
        const next = (now: number): void => {
          gaps.push(now - last);
          last = now;
          if (now - start < lengthMs) return void requestAnimationFrame(next);
          resolve({
            count: gaps.length,
            longestMs: Math.max(...gaps),
            over50: gaps.filter((gap) => gap > 50).length,
          });
        };
        requestAnimationFrame(next);
      }),
    ms,
  );

describeInBrowser('the dashboard under strain', (open) => {
  it('shows hostile texts as the texts they are', async () => {
    await using mock = await startApigMock({ fixtures: 'none', clock: 'manual' });
    const result = JSON.stringify({
      success: [{ id: HOSTILE, action: HOSTILE, method: HOSTILE, path: `/${'x'.repeat(255)}` }],
      failure: [{ path: HOSTILE, method: 'GET', error_code: HOSTILE, error_msg: HOSTILE }],
      group_id: HOSTILE,
    });
    const texts = [
      result,
      HOSTILE,
      '{"FileName":"../../x<b>","FileType":".json","Comment":"</pre><script>window.matched=1</script>"}',
    ];
    const opened = await open(`${mock.url}/__admin/`);
    const { page } = opened;
    await live(page);
    for (const task_result of texts) {
      const outcome = { status: 'succeed', task_result } as const;
      const id = 'n'.repeat(60) + texts.indexOf(task_result);
      await mock.tasks.create({
        ...HERE,
        task_id: id,
        task_type: 'import_api',
        plan: { mode: 'immediate' },
        outcome,
      });
      await card(page, 'succeed', id).click();
      await page.locator('#task').waitFor();
      await page.locator('#task summary').click();
      expect(await page.locator('#task pre').last().textContent()).toBe(
        task_result.replaceAll('\u0000', '\u0000'),
      );
      await page.locator('#task .close').click();
    }
    await call(
      `${mock.url}/v2/p1/apigw/instances/i1/async-tasks/${encodeURIComponent('<script>window.matched=1</script>')}`,
    );
    await page.locator('#requests tr', { hasText: '400' }).waitFor();
    expect(await page.evaluate(() => (window as unknown as { matched?: number }).matched)).toBeUndefined();
    expect(await page.locator('#task script, #requests script, #task img').count()).toBe(0);
    await closeQuietly(opened);
  });

  it('counts 100,000 tasks exactly, and draws a page of them', async () => {
    await using mock = await startApigMock({ fixtures: 'none', clock: 'manual', maxTasks: 200_000 });
    const plan = { mode: 'time', waiting_ms: 1000, processing_ms: 1000 };
    await fill(mock, 100_000, (index) => ({
      task_status: 'succeed',
      plan,
      created_ms: index,
      started_ms: index,
      ended_ms: index,
    }));
    const opened = await open(`${mock.url}/__admin/`);
    const { page } = opened;
    await live(page);
    await expect.poll(() => countOf(page, 'succeed').textContent()).toBe('100\u2009000');
    expect(await page.locator('.card').count()).toBe(60);
    expect(await page.locator('.card').first().getAttribute('data-task')).toBe('t99999');
    await page.getByRole('button', { name: 'Succeeded: Next page' }).click();
    await expect.poll(() => page.locator('.card').first().getAttribute('data-task')).toBe('t99939');
    await mock.tasks.create({ ...HERE, task_type: 'import_api', plan: { mode: 'manual' } });
    await expect.poll(() => countOf(page, 'waiting').textContent()).toBe('1');
    const startMs = performance.now();
    await mock.overview({ cards: 60 });
    expect(performance.now() - startMs).toBeLessThan(500);
    await closeQuietly(opened);
  });

  it('keeps its frames while 1,000 tasks move', async () => {
    await using mock = await startApigMock({ fixtures: 'none', workers: 1000 });
    const opened = await open(`${mock.url}/__admin/`);
    const { page } = opened;
    await live(page);
    const idle = await frames(page, 1000);
    const measuring = frames(page, 4000);
    for (let index = 0; index < 1000; index += 1) {
      const plan = { mode: 'time', waiting_ms: 300 + index, processing_ms: 300 + index } as const;
      await mock.tasks.create({ ...HERE, task_type: 'import_api', plan });
    }
    const moving = await measuring;
    await expect.poll(() => countOf(page, 'succeed').textContent()).toBe('1\u2009000');
    console.info('frames: idle', idle, 'moving', moving);
    expect(moving.longestMs).toBeLessThan(1000);
    expect(moving.count).toBeGreaterThan(4 * 20);
    await closeQuietly(opened);
  });

  it('shows when the connection is broken, and resumes where it was', async () => {
    await using mock = await startApigMock({ fixtures: 'none', clock: 'manual' });
    const { page } = await open(`${mock.url}/__admin/`);
    await live(page);
    await page.context().setOffline(true);
    await mock.close();
    await page.locator('.link.lost').waitFor();
    const port = Number(new URL(mock.url).port);
    await using again = await startApigMock({ fixtures: 'none', clock: 'manual', port });
    const task = await again.tasks.create({ ...HERE, task_type: 'import_api', plan: { mode: 'manual' } });
    await page.context().setOffline(false);
    await live(page);
    await card(page, 'waiting', task.task_id).waitFor();
    await again.tasks.step(task.task_id);
    await card(page, 'processing', task.task_id).waitFor();
    await page.context().close();
  });

  it('waits for a mock that is not ready yet', async () => {
    await using page0 = await startApigMock({ fixtures: 'none' });
    const html = await (await fetch(`${page0.url}/__admin/`)).text();
    let ready = false;
    const front = createServer((request, response) => {
      if (request.url === '/__admin/') return void response.setHeader('content-type', 'text/html').end(html);
      if (!ready) return void response.writeHead(503).end();
      void fetch(`${page0.url}${request.url}`).then(async (upstream) => {
        response.writeHead(upstream.status, { 'content-type': upstream.headers.get('content-type') ?? '' });
        const reader = upstream.body?.getReader();
        request.socket.on('close', () => void reader?.cancel());
        for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read())
          response.write(part.value);
        response.end();
      });
    });
    await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
    try {
      const { page } = await open(`http://127.0.0.1:${(front.address() as AddressInfo).port}/__admin/`);
      await page.locator('.link.lost').waitFor();
      ready = true;
      await live(page);
      await page.context().close();
    } finally {
      front.closeAllConnections();
      front.close();
    }
  });

  describe.each(['light', 'dark'] as const)('in %s colours', (colorScheme) => {
    it('has no serious accessibility violation', async () => {
      await using mock = await startApigMock({ clock: 'manual' });
      await mock.tasks.create({ ...HERE, task_type: 'import_api', plan: { mode: 'manual' } });
      await mock.tasks.create({
        ...HERE,
        task_type: 'import_api',
        plan: { mode: 'polls', waiting_polls: 2 },
      });
      await call(`${mock.url}/v2/p1/apigw/instances/i1/async-tasks/x1`);
      await mock.faults.add({ action: { type: 'reset' }, project_id: 'nobody' });
      const opened = await open(`${mock.url}/__admin/`, { colorScheme });
      const { page } = opened;
      await live(page);
      await page.locator('#requests tbody tr').first().waitFor();
      expect(await serious(page)).toEqual([]);
      for (const id of ['d9ce8c9eede54b3f841ec324fe0bfdc2', 'd6e8834b6f0f4711a2fa5345e5b60833']) {
        await card(page, 'succeed', id).click();
        await page.locator('#task').waitFor();
        expect(await serious(page)).toEqual([]);
        await page.keyboard.press('Escape');
      }
      await page.locator('#import').click();
      expect(await serious(page)).toEqual([]);
      await closeQuietly(opened);
    });
  });

  it('works by keyboard alone', async () => {
    await using mock = await startApigMock();
    const opened = await open(`${mock.url}/__admin/`);
    const { page } = opened;
    await live(page);
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('skip');
    await page.keyboard.press('Enter');
    for (let tab = 0; tab < 4; tab += 1) {
      await page.keyboard.press('Tab');
      if (await page.evaluate(() => document.activeElement?.closest('.card') !== null)) break;
    }
    await page.keyboard.press('Enter');
    await page.locator('#task').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('#task').waitFor({ state: 'detached' });
    await closeQuietly(opened);
  });
});
