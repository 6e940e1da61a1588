/** The tests that the mutants of a room (`APIG_MOCK_MUTATED`) are run against: those that need no built mock. */
import { defineConfig } from 'vitest/config';

const TESTS = {
  tasks: ['test/tasks/**/*.test.ts', 'test/control/{plans,waiting,scoped-clocks}.test.ts'],
  auth: ['test/auth/**/*.test.ts'],
  apis: ['test/apis/**/*.test.ts'],
};

export default defineConfig({
  test: {
    include: TESTS[process.env.APIG_MOCK_MUTATED],
    exclude: ['test/apis/{*.fuzz,parse-runner,multipart,backend}.test.ts'],
    testTimeout: 20_000,
  },
});
