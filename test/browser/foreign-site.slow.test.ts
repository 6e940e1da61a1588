/** A page of another site in a real browser: it tries all that a page can to reach the mock, reads nothing and changes nothing. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApigMock } from '../../src/index.ts';
import { describeInBrowser } from './browser.ts';

/** Another origin: the same address, another port, which to a browser is the same site; by name, it is another. */
let foreign: Server;
let port = 0;
beforeAll(async () => {
  foreign = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>elsewhere</title><body></body>');
  });
  await new Promise<void>((resolve) => foreign.listen(0, '127.0.0.1', resolve));
  port = (foreign.address() as AddressInfo).port;
});
afterAll(() => foreign?.close());

const TASK = '{"project_id":"p1","instance_id":"i1","task_type":"import_api","task_id":"sneaked"}';

/** Runs in the page: each way to reach the mock, and what came of it. */
async function tryAll({ mock, body }: { mock: string; body: string }): Promise<Record<string, string>> {
  const came: Record<string, string> = {};
  const attempt = async (name: string, work: () => Promise<string>): Promise<void> => {
    const late = new Promise<string>((resolve) => setTimeout(() => resolve('nothing'), 3000));
    came[name] = await Promise.race([work().catch((cause: unknown) => `rejected: ${String(cause)}`), late]);
  };
  const read = async (init: RequestInit, path = '/__admin/state'): Promise<string> =>
    (await fetch(mock + path, init)).text().then((text) => `read ${text.length}`);
  await attempt('fetch', () => read({}));
  await attempt('fetch with cookies', () => read({ credentials: 'include' }));
  await attempt('fetch without cors', () => read({ mode: 'no-cors' }));
  await attempt('fetch of a task', () => read({ headers: { 'x-auth-token': 'dev-token' } }, '/v3/regions'));
  for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded']) {
    const post = { method: 'POST', body, headers: { 'content-type': type } };
    await attempt(`post of ${type}`, () => read(post, '/__admin/tasks'));
    await attempt(`post of ${type} without cors`, () => read({ ...post, mode: 'no-cors' }, '/__admin/tasks'));
  }
  for (const method of ['DELETE', 'PUT'])
    await attempt(method, () => read({ method, body }, '/__admin/faults'));
  const beacon = new Blob([body], { type: 'application/json' });
  await attempt('beacon', async () => String(navigator.sendBeacon(`${mock}/__admin/tasks`, beacon)));
  const loads = (name: string, tag: 'img' | 'script' | 'iframe' | 'link', path: string): Promise<void> =>
    attempt(name, () => {
      const element = Object.assign(document.createElement(tag), { rel: 'stylesheet' });
      const over = new Promise<string>((resolve) => {
        element.onload = () => resolve('loaded');
        element.onerror = () => resolve('rejected');
      });
      element.setAttribute(tag === 'link' ? 'href' : 'src', mock + path);
      document.body.append(element);
      return over;
    });
  await loads('image', 'img', '/__admin/overview');
  await loads('script', 'script', '/__admin/state');
  await loads('style', 'link', '/__admin/state');
  await attempt('events', () => {
    const source = new EventSource(`${mock}/__admin/events?after=0`);
    return new Promise((resolve) => {
      source.onmessage = () => resolve('read');
      for (const type of ['open', 'task']) source.addEventListener(type, () => resolve('read'));
      source.onerror = () => resolve('rejected');
    });
  });
  await attempt('web socket', () => {
    const socket = new WebSocket(`${mock.replace('http', 'ws')}/__admin/events`);
    return new Promise((resolve) => {
      socket.onopen = () => resolve('read');
      socket.onerror = () => resolve('rejected');
    });
  });
  for (const enctype of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
    const frame = Object.assign(document.createElement('iframe'), { name: enctype });
    const form = Object.assign(document.createElement('form'), { target: enctype, method: 'post', enctype });
    form.action = `${mock}/__admin/tasks`;
    form.append(
      Object.assign(document.createElement('input'), { name: body.replace('}', ',"x":"'), value: '"}' }),
    );
    document.body.append(frame, form);
    await attempt(`form of ${enctype}`, () => {
      const over = new Promise<string>((resolve) =>
        frame.addEventListener('load', () => resolve('rejected'), { once: true }),
      );
      form.submit();
      return over;
    });
  }
  await attempt('frame', () => {
    const frame = document.createElement('iframe');
    const over = new Promise<string>((resolve) => {
      frame.onload = () => {
        try {
          resolve(`read ${frame.contentDocument?.title ?? 'nothing'}`);
        } catch {
          resolve('rejected');
        }
      };
    });
    frame.src = `${mock}/__admin/`;
    document.body.append(frame);
    return over;
  });
  return came;
}

describeInBrowser('a page of another site', (open) => {
  it.each(['127.0.0.1', 'localhost'])(
    'reads nothing and changes nothing, from %s',
    { timeout: 60_000 },
    async (name) => {
      await using mock = await startApigMock({ clock: 'manual' });
      const before = JSON.stringify(await mock.snapshot());
      const { page } = await open(`http://${name}:${port}/`);
      const came = await page.evaluate(tryAll, { mock: mock.url, body: TASK });
      const read = Object.entries(came).filter(([, end]) =>
        /^read [1-9]|^read$|^read \D|loaded|^true/.test(end),
      );
      // A beacon only reports that it was queued; a frame that is rejected has no document to read.
      expect(read.filter(([what, end]) => what !== 'beacon' && end !== 'read nothing')).toEqual([]);
      expect(Object.keys(came).length).toBeGreaterThan(18);
      expect(JSON.stringify(await mock.snapshot())).toBe(before);
      await page.context().close();
    },
  );
});
