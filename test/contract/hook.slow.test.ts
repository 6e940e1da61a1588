/** The hook at work: a test file whose mock sends what is not described fails, whichever process sent it. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runChild } from '../support/child.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));

/** Runs the broken test under the hook; its exit code and its output. */
async function runBroken(what: string): Promise<{ code: number | null; output: string }> {
  const args = [vitest, 'run', '--config', 'test/contract/hook/broken.config.ts', '--no-color'];
  const { NODE_OPTIONS: _, VITEST: __, ...rest } = process.env;
  const end = await runChild(process.execPath, args, {
    cwd: ROOT,
    env: { ...rest, BREAK: what },
    stderr: /MaxListenersExceededWarning: 11 listeners added/,
  });
  return { code: end.code, output: end.stdout + end.stderr };
}

describe('a test that does not look', () => {
  it.each([
    ['header', 'the header X-Request-Id is missing'],
    ['status', 'this status is not described'],
    ['body', 'body must'],
  ])('fails for a broken %s, in its own process and in one that it starts', async (what, problem) => {
    const { code, output } = await runBroken(what);
    expect(output).toContain('responses that are not as described (2)');
    for (const project of ['here', 'there'])
      expect(output).toMatch(new RegExp(`GET /v2/${project}/\\S+ (200|299): ${problem}`));
    expect(code).toBe(1);
  });

  it('fails for a warning, in its own process and in one that it starts', async () => {
    const { code, output } = await runBroken('silence');
    expect(output).toMatch(/unexpected warnings:\s+MaxListenersExceededWarning: 11 listeners added/);
    expect(output).toMatch(
      /unexpected lines on stderr:\s.*cli\.js --port 0:\s+\(node:\d+\) MaxListenersExceededWarning/,
    );
    expect(code).toBe(1);
  });

  it('passes when nothing is broken', async () => {
    expect(await runBroken('nothing')).toMatchObject({ code: 0 });
  });
});
