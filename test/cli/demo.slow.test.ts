/** `npm run demo` runs its scenario to the end, as a log. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { runChild } from '../support/child.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

it('the demo ends well, with the table and the file', { timeout: 60_000 }, async () => {
  // A copy: a build that runs meanwhile takes away parts that are yet to be loaded.
  const copy = mkdtempSync(join(tmpdir(), 'apig-mock-demo-'));
  for (const part of ['dist', 'fixtures', 'scripts/demo.js']) {
    cpSync(join(ROOT, part), join(copy, part), { recursive: true });
  }
  const { code, stdout, stderr } = await runChild(process.execPath, [join(copy, 'scripts', 'demo.js')]);
  rmSync(copy, { recursive: true });
  const text = stdout + stderr;
  expect({ code, text }).toMatchObject({ code: 0 });
  for (const expected of [
    /^X-Subject-Token: \S+… +good until /m,
    /^import task [0-9a-f]{32}: waiting after/m,
    /^import task [0-9a-f]{32}: succeed after/m,
    /^DELETE {2}\/shop\/orders\/\{id\} {2}created {2}[0-9a-f]{32}$/m,
    /^written to orders\.yaml \(\d+ bytes\)$/m,
    /^swagger: '2\.0'$/m,
    /^ {2}1 × ExportApiDefinitionsAsync 202$/m,
  ]) {
    expect(text).toMatch(expected);
  }
  expect(text).not.toContain('\u001b');
});
