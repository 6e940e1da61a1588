/** `docs/fidelity.md` has every operation and extension, and names tests that exist and are about what it claims. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { apiOperations } from '../../src/gateway/operations.ts';
import { iamOperations } from '../../src/iam/operations.ts';
import { taskOperations } from '../../src/tasks/operations.ts';
import { ROOT } from './pages.ts';

const page = readFileSync(join(ROOT, 'docs/fidelity.md'), 'utf8');

/** The rows of the table below a heading, cell by cell. */
function rowsBelow(heading: string): string[][] {
  const [, section = ''] = page.split(`\n## ${heading}\n`);
  const lines = (section.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('| '));
  return lines.slice(1).map((line) =>
    line
      .slice(2, -2)
      .split(' | ')
      .map((cell) => cell.trim()),
  );
}

const unquoted = (cell = ''): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);

const operations = [...taskOperations, ...apiOperations, ...iamOperations];
const pathOf = new Map<string, string>(operations.map(({ id, path }) => [id, path]));
const inOperations = rowsBelow('Operations');
const rated = [...inOperations, ...rowsBelow('Rules'), ...rowsBelow('Extensions')];
const found = rowsBelow('What was found on 2026-11-24, and what was done');

describe('docs/fidelity.md', () => {
  it('has every emulated operation once', () => {
    expect(inOperations.flatMap(([cell]) => unquoted(cell)).sort()).toEqual([...pathOf.keys()].sort());
  });

  it('has every extension that the gateway knows', () => {
    const folder = join(ROOT, 'src/gateway');
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    );
    const known = sources.flatMap((name) => [
      ...readFileSync(join(folder, name), 'utf8').matchAll(/'(x-apigateway-[a-z0-9-]+)'/g),
    ]);
    const names = new Set(known.map(([, name]) => name));
    expect(names.size).toBeGreaterThan(15);
    const documented = new Set(rowsBelow('Extensions').flatMap(([cell]) => unquoted(cell)));
    expect([...names].filter((name) => name !== undefined && !documented.has(name))).toEqual([]);
  });

  it.each(rated)('has source, certainty and test of %s', (...cells) => {
    const [, source, sure, test] = cells;
    expect(cells).toHaveLength(4);
    expect(source).not.toBe('');
    expect(['documented', 'seen', 'inferred']).toContain(sure);
    expect(unquoted(test)).toHaveLength(1);
  });

  it('has all 28 findings, each with what was done', () => {
    expect(found.map(([number]) => Number(number))).toEqual(Array.from({ length: 28 }, (_, at) => at + 1));
    for (const cells of found) expect(cells.filter((cell) => cell !== '')).toHaveLength(4);
  });

  const tests = new Set([...rated, ...found].flatMap((cells) => unquoted(cells[3])));
  it.each([...tests])('names a test that exists: %s', (file) => {
    expect(file).toMatch(/^test\/.*\.test\.ts$/);
    expect(existsSync(join(ROOT, file))).toBe(true);
  });

  it.each(inOperations)('names a test of %s that names it, or its path', (...cells) => {
    const [id = ''] = unquoted(cells[0]);
    const [file = ''] = unquoted(cells[3]);
    const fixed = (pathOf.get(id) ?? '').split('/').filter((part) => part !== '' && !part.startsWith(':'));
    const text = readFileSync(join(ROOT, file), 'utf8').toLowerCase();
    expect(
      [id, fixed.slice(-2).join('/'), fixed.at(-1) ?? ''].some((name) => text.includes(name.toLowerCase())),
    ).toBe(true);
  });
});
