/** The tests that mutants are run against: those of the mutated rooms, without the ones that need a built mock. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'test/tasks/**/*.test.ts',
      'test/auth/**/*.test.ts',
      'test/apis/**/*.test.ts',
      'test/clock*.test.ts',
      'test/scope.test.ts',
      'test/control/{plans,waiting,scoped-clocks,snapshot,isolation,clock-calls,events,determinism}.test.ts',
    ],
    exclude: ['test/apis/{import-fuzz,multipart-fuzz,parse-runner,multipart}.test.ts'],
    testTimeout: 20_000,
  },
});
