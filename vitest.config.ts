import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'examples/**/*.test.ts'],
    // Every answer of a mock, in every test, is held against the OpenAPI description.
    globalSetup: ['test/contract/hook/describe.ts'],
    setupFiles: ['test/contract/hook/setup.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    sequence: { shuffle: true },
  },
});
