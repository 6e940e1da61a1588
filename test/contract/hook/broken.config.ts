/** For the vitest that hook.slow.test.ts starts: the suite's hook and the one broken test. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/contract/hook/broken.ts'],
    globalSetup: ['test/contract/hook/describe.ts'],
    setupFiles: ['test/contract/hook/setup.ts', 'test/support/warnings.ts'],
  },
});
