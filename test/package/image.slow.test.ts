/** The container image, built and tried by `scripts/image-test.sh`. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runChild } from '../support/child.ts';
import { hasProgram, needs } from '../support/needs.ts';

const SCRIPT = fileURLToPath(new URL('../../scripts/image-test.sh', import.meta.url));
const isThere = needs(
  process.getuid?.() === 0 && hasProgram('buildah') && hasProgram('debootstrap'),
  "the container image: be root on Linux and install Debian's buildah and debootstrap",
);

describe.skipIf(!isThere)('the container image', () => {
  it('is built, and does what it promises', { timeout: 900_000 }, async () => {
    const { code, stdout, stderr } = await runChild('bash', [SCRIPT]);
    expect({ code, stdout, stderr }).toMatchObject({ code: 0 });
    expect(stdout).not.toContain('FAIL');
  });
});
