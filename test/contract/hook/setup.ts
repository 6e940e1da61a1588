/**
 * The one hook of the suite: every response that a test gets from a mock, in this process or in one that it starts, is
 * checked against the OpenAPI description. What does not fit fails the test file in which it was sent.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, inject } from 'vitest';
import { type Checker, checkerOf, type SeenResponse } from './checker.ts';
import { exemption } from './exempt.ts';

type Recorded = SeenResponse & { readonly faulted?: true };
type Report = (response: Recorded) => void;
const RECORDER = 'apig-mock contract recorder';
const SHOWN = 20;

/** Once per process; files that share one take turns. */
const shared = globalThis as { [RECORDER]?: { report: Report } };
if (shared[RECORDER] === undefined) {
  const recorder = { report: (() => {}) as Report };
  shared[RECORDER] = recorder;
  process.env['CONTRACT_PARENT'] = String(process.pid);
  const { install } = createRequire(import.meta.url)('./recorder.cjs') as { install(report: Report): void };
  install((response) => recorder.report(response));
}

const folder = mkdtempSync(join(tmpdir(), 'apig-mock-responses-'));
const responses = join(folder, 'responses.jsonl');
const deviations = new Set<string>();
let check: Checker | undefined;
const look: Report = (response) => {
  if (exemption(response) !== undefined) return;
  check ??= checkerOf(JSON.parse(readFileSync(inject('description'), 'utf8')));
  const problem = check(response);
  if (problem !== undefined) deviations.add(problem);
};
shared[RECORDER].report = look;

/** Lines that were written whole: not the end of a process that was killed, nor what a full disk cut off. */
const wholeLines = (text: string): string[] =>
  text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line, at, lines) => line !== '' && line !== '#torn' && lines[at + 1] !== '#torn');

// Processes that the tests start record their responses.
const before = process.env['NODE_OPTIONS'];
const recorder = new URL('recorder.cjs', import.meta.url).pathname;
process.env['CONTRACT_RESPONSES'] = responses;
process.env['NODE_OPTIONS'] = `${before ?? ''} --require=${JSON.stringify(recorder)}`.trim();

afterAll(() => {
  if (before === undefined) delete process.env['NODE_OPTIONS'];
  else process.env['NODE_OPTIONS'] = before;
  for (const name of readdirSync(folder))
    for (const line of wholeLines(readFileSync(join(folder, name), 'utf8'))) look(JSON.parse(line));
  rmSync(folder, { recursive: true, force: true });
  if (deviations.size === 0) return;
  const shown = [...deviations].slice(0, SHOWN).map((one) => `  ${one}`);
  throw new Error(`responses that are not as described (${deviations.size}):\n${shown.join('\n')}`);
});
