/** A vitest fixture: one mock for the whole file, and for each test a project that no other test meets. */
import { randomUUID } from 'node:crypto';
import { test as base } from 'vitest';
import { type ApigMock, startApigMock } from '../../src/index.ts'; // in your project: from 'apig-mock'

let shared: Promise<ApigMock> | undefined;

export interface Fixtures {
  mock: ApigMock;
  /** Names the test's own project in every control call. */
  place: { project_id: string; instance_id: string };
}

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest wants the pattern to know what a fixture needs
  mock: async ({}, use) => {
    shared ??= startApigMock({ preload: true });
    await use(await shared);
  },
  place: async ({ mock }, use) => {
    const place = { project_id: randomUUID().replaceAll('-', ''), instance_id: 'i1' };
    await mock.clock.freeze(place);
    await use(place);
    await mock.reset(place);
  },
});
