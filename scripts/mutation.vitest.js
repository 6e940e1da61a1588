/** The tests that the mutants of a part (`APIG_MOCK_MUTATED`) are run against: those that need no built mock. */
import { defineConfig } from 'vitest/config';

const TESTS = {
  tasks: ['test/tasks/**/*.test.ts', 'test/admin/{plans,waiting,scoped-clocks}.test.ts'],
  iam: ['test/iam/**/*.test.ts'],
  gateway: ['test/gateway/**/*.test.ts'],
};

export default defineConfig({
  test: {
    include: TESTS[process.env.APIG_MOCK_MUTATED],
    exclude: ['test/gateway/**/{*.fuzz,parse-pool,multipart,backend}.test.ts'],
    testTimeout: 20_000,
  },
});
