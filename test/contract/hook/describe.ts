/** Makes the description once for the whole suite; the hook reads it when it first sees a response. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { settingsFrom } from '../../../src/config/check.ts';
import { startServer } from '../../../src/mock.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The file with the description. */
    description: string;
  }
}

export default async function setup(project: TestProject) {
  const folder = mkdtempSync(join(tmpdir(), 'apig-mock-description-'));
  const file = join(folder, 'openapi.json');
  const mock = await startServer(settingsFrom({ port: 0, logLevel: 'silent' as never }));
  const response = await fetch(`${mock.url}/__admin/openapi.json`);
  writeFileSync(file, await response.text());
  await mock.close();
  project.provide('description', file);
  return () => rmSync(folder, { recursive: true, force: true });
}
