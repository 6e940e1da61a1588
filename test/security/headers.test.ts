/** The headers of each response of `/__admin` to a browser, whatever the route, accepted or rejected. */
import { describe, expect, it } from 'vitest';
import { GUARD_HEADERS } from '../../src/admin/guard.ts';
import { call, testMock } from '../support/mock.ts';
import { wireCall } from '../support/wire.ts';

const PAGES = ['/__admin/', '/__admin/docs'];
const NEVER_ENDS = '/__admin/events';

/** Each described route of `/__admin`, its parameters filled in. */
async function routes(url: string): Promise<[method: string, target: string][]> {
  const { paths } = (await call(`${url}/__admin/openapi.json`)).body as { paths: Record<string, object> };
  return Object.entries(paths)
    .filter(([path]) => path.startsWith('/__admin'))
    .flatMap(([path, methods]) =>
      Object.keys(methods).map((method): [string, string] => [
        method.toUpperCase(),
        path.replaceAll(/\{\w+\}/g, 'x'),
      ]),
    );
}

function expectGuarded(headers: Record<string, unknown>, where: string, isPage = false): void {
  for (const [name, value] of Object.entries(GUARD_HEADERS)) {
    if (isPage && ['content-security-policy', 'cache-control'].includes(name)) continue;
    expect(`${where} ${name}: ${headers[name]}`).toBe(`${where} ${name}: ${value}`);
  }
}

describe('each response of /__admin', () => {
  it('may be neither embedded, nor sniffed, nor cached, on any route and however it ends', async () => {
    await using mock = await testMock({ adminToken: 'let me in' });
    await using open = await testMock();
    const found = await routes(open.url);
    expect(found.length).toBeGreaterThan(25);
    for (const [method, target] of found) {
      const isPage = PAGES.includes(target) || target === '/__admin';
      const ask = (port: number, headers: Record<string, string> = {}) =>
        wireCall({ port, method, target, headers });
      const rejections = [
        ask(mock.port),
        ask(open.port, { host: 'evil.example' }),
        ask(open.port, { 'sec-fetch-site': 'cross-site' }),
      ];
      for (const response of await Promise.all(rejections)) {
        expectGuarded(response.headers, `${method} ${target}`, isPage && response.status < 400);
        expect(response.headers['set-cookie']).toBeUndefined();
      }
      if (target === NEVER_ENDS) continue;
      const response = await ask(open.port, {
        'content-type': 'application/json',
        ...(method === 'GET' ? {} : { 'content-length': '0' }),
      });
      expectGuarded(
        response.headers,
        `${method} ${target} ${response.status}`,
        isPage && response.status === 200,
      );
      expect(response.headers['set-cookie']).toBeUndefined();
    }
  });

  it('is so for the stream of events, which is written by hand', async () => {
    await using mock = await testMock();
    const response = await fetch(`${mock.url}${NEVER_ENDS}`);
    expectGuarded(Object.fromEntries(response.headers), NEVER_ENDS);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);
    await response.body?.cancel();
  });
});

describe('the policy of a page', () => {
  it.each(PAGES)(
    'names what may run by its hash, in %s, and nothing that would let in more',
    async (target) => {
      await using mock = await testMock();
      const { headers, text } = await call(`${mock.url}${target}`);
      const policy = String(headers['content-security-policy']);
      const rules = new Map(
        policy
          .split('; ')
          .map((rule): [string, string] => [rule.split(' ')[0] ?? '', rule.slice(rule.indexOf(' ') + 1)]),
      );
      expect([...rules.keys()].sort()).toEqual([
        'base-uri',
        'connect-src',
        'default-src',
        'form-action',
        'frame-ancestors',
        'img-src',
        'script-src',
        'style-src',
      ]);
      for (const name of ['script-src', 'style-src'])
        expect(rules.get(name)).toMatch(/^'sha256-[A-Za-z0-9+/]{43}='$/);
      for (const name of ['default-src', 'base-uri', 'form-action', 'frame-ancestors'])
        expect(rules.get(name)).toBe("'none'");
      expect([rules.get('connect-src'), rules.get('img-src')]).toEqual(["'self'", 'data:']);
      expect(headers['cache-control']).toBe('no-cache');
      expect(text).not.toMatch(
        /\b(?:eval|Function)\s*\(|javascript:|document\.write|insertAdjacentHTML|\.(?:inner|outer)HTML\s*=/,
      );
    },
  );
});
