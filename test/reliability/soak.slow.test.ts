/** The soak: a short one is passed, and the verdict is another one when the mock is broken on purpose. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runChild } from '../support/child.ts';

const SOAK = fileURLToPath(new URL('../../scripts/soak.js', import.meta.url));

async function soak(seconds: string, sabotage = ''): Promise<{ code: number | null; text: string }> {
  const env = { PATH: process.env['PATH'], APIG_SOAK_SABOTAGE: sabotage };
  const end = await runChild(process.execPath, [SOAK, '--seconds', seconds], { env });
  return { code: end.code, text: end.stdout + end.stderr };
}

describe('a soak', { timeout: 60_000 }, () => {
  it('of a few seconds passes, with thousands of responses and everything done', async () => {
    const { code, text } = await soak('4');
    expect(text).toContain('the soak is passed');
    expect(code).toBe(0);
    const [, responses = '', done = ''] = /([\d,]+) responses checked; done: (.*)/.exec(text) ?? [];
    expect(Number(responses.replaceAll(',', ''))).toBeGreaterThan(5000);
    expect(JSON.parse(done)).toMatchObject({
      restore: expect.any(Number),
      polls: expect.any(Number),
      imports: expect.any(Number),
      exports: expect.any(Number),
    });
  });

  it.each([
    ['response', /!! wrong response: request \d+ of \d+, GET .*: must be .*"waiting".*came: 200 .*"wartend"/],
    ['memory', /!! the heap grew from [\d.]+ MiB to [\d.]+ MiB/],
    ['descriptors', /!! \d+ descriptors are open at the end, \d+ at the beginning/],
    ['delay', /!! the event loop was held up for \d+ ms/],
  ])('of a mock whose %s is broken fails, and reports why', async (sabotage, fault) => {
    const { code, text } = await soak('4', sabotage);
    expect(text).toMatch(fault);
    expect(text).toContain('the soak is not passed');
    expect(code).toBe(1);
  });

  it('rejects a value that is not a time', async () => {
    const { code, text } = await soak('soon');
    expect(code).toBe(1);
    expect(text).toContain("--seconds: 'soon' is no number above 0");
  });
});
