/** The pages as they are sent: small, self-contained, under a policy that runs nothing but them, and guarded. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { call, testMock } from '../support/mock.ts';

const PAGES = ['/__admin/', '/__admin/docs'];

describe.each(PAGES)('the page %s', (path) => {
  it('is one small text that asks for nothing elsewhere', async () => {
    await using mock = await testMock();
    const { status, text, headers } = await call(`${mock.url}${path}`, { token: null });
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    const script = /<script>([\s\S]*)<\/script>/.exec(text)?.[1] ?? '';
    expect(gzipSync(script).length).toBeLessThan(60 * 1024);
    expect(text.length).toBeLessThan(160_000);
    expect(text).not.toMatch(/(src|href)="(https?:)?\/\//);
    expect(text).not.toMatch(/ (on\w+|style)=/);
  });

  it('is sent with a policy that names its script and its style by what they are', async () => {
    await using mock = await testMock();
    const { text, headers } = await call(`${mock.url}${path}`);
    const policy = String(headers['content-security-policy']);
    for (const tag of ['script', 'style']) {
      const inside = new RegExp(`<${tag}>([\\s\\S]*)</${tag}>`).exec(text)?.[1] ?? '';
      expect(inside.length).toBeGreaterThan(1000);
      expect(policy).toContain(`${tag}-src 'sha256-${createHash('sha256').update(inside).digest('base64')}'`);
    }
    for (const rule of [
      "default-src 'none'",
      "connect-src 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'none'",
    ])
      expect(policy).toContain(rule);
    expect(policy).not.toContain('unsafe');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('no-referrer');
  });

  it('comes without the admin token, but not to a foreign name', async () => {
    await using mock = await testMock({ adminToken: 'let me in' });
    expect((await call(`${mock.url}${path}`)).status).toBe(200);
    expect((await call(`${mock.url}${path}`, { headers: { host: 'evil.example' } })).status).toBe(403);
  });

  it('is not there when /__admin is not', async () => {
    await using mock = await testMock({ admin: false });
    expect((await call(`${mock.url}${path}`)).status).toBe(404);
  });
});

describe('around the pages', () => {
  it('leads from /__admin to the dashboard', async () => {
    await using mock = await testMock();
    const { status, headers } = await call(`${mock.url}/__admin`);
    expect([status, headers['location']]).toEqual([302, '/__admin/']);
  });

  it.each(['/__admin/openapi.json', '/__admin/overview', '/__admin/events'])(
    'wants the admin token for %s',
    async (path) => {
      await using mock = await testMock({ adminToken: 'let me in' });
      expect((await call(`${mock.url}${path}`)).status).toBe(401);
    },
  );
});
