/**
 * The tests, in four projects:
 *
 *   quick      `npm test`: every `*.test.ts`; a `*.fuzz.test.ts` with a few of its random cases
 *   slow       `npm run test:slow`: every `*.slow.test.ts`, one file at a time, since some of them measure
 *   fuzz       `npm run test:slow`: every `*.fuzz.test.ts` with all of its cases
 *   slow-path  `npm run test:slow`: the suites that call a mock over HTTP once more, the fast path of polls off
 */
import { configDefaults, defineConfig } from 'vitest/config';

declare module 'vitest' {
  export interface ProvidedContext {
    /** How many of their random cases the fuzz tests run. */
    fuzz: 'some' | 'all';
    /** Whether plain polls take the fast path. */
    fastPath: boolean;
  }
}

const FUZZ = 'test/**/*.fuzz.test.ts';
const SLOW = 'test/**/*.slow.test.ts';
const SETUP = ['test/contract/hook/setup.ts', 'test/support/warnings.ts'];
/** Files share a process, which halves what a run costs, but no module: each gets its own. */
const SHARED = { isolate: false, setupFiles: ['test/support/fresh.ts', ...SETUP] };
/** What no mock of the tests' own process is called in; the last one tests the fast path by itself. */
const NOT_HTTP = [
  'test/*.test.ts',
  'test/{bench,cli,core,package,support}/**',
  'test/http/fast-path.test.ts',
];

export default defineConfig({
  test: {
    // Every response of a mock, in every test, is checked against the OpenAPI description.
    globalSetup: ['test/contract/hook/describe.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    sequence: { shuffle: true },
    projects: [
      {
        extends: true,
        test: {
          name: 'quick',
          include: ['test/**/*.test.ts', 'examples/**/*.test.ts'],
          exclude: [...configDefaults.exclude, SLOW],
          ...SHARED,
          provide: { fuzz: 'some', fastPath: true },
          maxWorkers: '100%',
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'slow',
          include: [SLOW],
          setupFiles: SETUP,
          provide: { fuzz: 'all', fastPath: true },
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'fuzz',
          include: [FUZZ],
          setupFiles: SETUP,
          provide: { fuzz: 'all', fastPath: true },
          maxWorkers: '100%',
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'slow-path',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, SLOW, ...NOT_HTTP],
          ...SHARED,
          setupFiles: [...SHARED.setupFiles, 'test/support/fast-path-off.ts'],
          provide: { fuzz: 'some', fastPath: false },
          maxWorkers: '100%',
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
