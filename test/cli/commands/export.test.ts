/** `apig-mock export` against a mock: finds the group, writes the file, reports what is wrong. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningMock } from '../../../src/mock.ts';
import { run } from '../../support/command.ts';
import { testMock } from '../../support/mock.ts';
import { recorded, runner } from '../record.ts';

const runExport = runner('export');
const runImport = runner('import');

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../../fixtures/openapi/${name}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'apig-mock-export-'));

let mock: RunningMock;
let at: string[];
let groupId: string;
beforeAll(async () => {
  mock = await testMock({ progression: 'immediate', fixtures: 'none' });
  at = ['--endpoint', mock.url];
  const terminal = recorded();
  await runImport([fixture('hello.yaml'), ...at], terminal);
  groupId = /\(([0-9a-f]{32})\)/.exec(terminal.written())?.[1] ?? '';
  await runImport([fixture('chinese-text.yaml'), ...at], recorded());
});
afterAll(async () => {
  await mock.close();
  rmSync(folder, { recursive: true });
});

const exported = async (...argv: string[]): Promise<string> => {
  const terminal = recorded();
  await runExport([...argv, ...at], terminal);
  return terminal.written();
};
const failure = (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => 'it did not fail',
    (cause: Error) => `${cause.name}: ${cause.message}`,
  );

describe('apig-mock export', () => {
  it.each([
    ['by its name', () => 'hello'],
    ['by its id', () => groupId],
  ])('finds a group %s', async (_what, group) => {
    const file = JSON.parse(await exported(group()));
    expect(file).toMatchObject({ swagger: '2.0', info: { title: 'hello' } });
  });

  it('finds a group with a name that is no id', async () => {
    expect(JSON.parse(await exported('图书馆')).info.title).toBe('图书馆');
  });

  it('takes every flag', async () => {
    const text = await exported(
      'hello',
      '--define',
      'all',
      '--type',
      'yaml',
      '--oas-version',
      '3.0',
      '--file-version',
      'v7',
    );
    expect(text).toMatch(/^openapi: "?3\.0/);
    expect(text).toContain('version: v7');
    expect(text).toContain('x-apigateway-backend');
    expect(await exported('hello', '--define', 'spec')).not.toContain('x-apigateway-backend');
    expect(
      await exported('hello', '--env-id', 'DEFAULT_ENVIRONMENT_RELEASE_ID', '--access-key', 'dev-ak:dev-sk'),
    ).toContain('/v1/hello');
  });

  it('writes to a file, into a folder, and to stdout', async () => {
    const file = join(folder, 'a.json');
    const terminal = recorded();
    await runExport(['hello', ...at, '--out', file], terminal);
    expect(terminal.written()).toBe('');
    expect(terminal.notes.at(-1)).toBe(`written to ${file} (${readFileSync(file).length} bytes)`);
    await exported('hello', '--file-version', '1', '--out', folder);
    expect(readdirSync(folder)).toContain('hello-RELEASE-spec-1.json');
    expect(await exported('hello', '--file-version', '1', '--out', '-')).toBe(
      await exported('hello', '--file-version', '1'),
    );
    expect(await failure(exported('hello', '--out', join(folder, 'no', 'such', 'folder')))).toMatch(
      /^CommandFailure: cannot write '.*': its folder does not exist: choose another place with --out$/,
    );
  });

  it('exports nothing when the file could not be written', async () => {
    const file = join(folder, 'a file');
    writeFileSync(file, '');
    for (const out of [
      join(folder, 'no', 'x.yaml'),
      `${join(folder, 'no')}/`,
      join(file, 'x.yaml'),
      `${file}/`,
    ]) {
      const { total } = await mock.control.tasks.list();
      expect(await failure(exported('hello', '--out', out))).toMatch(
        /^CommandFailure: cannot write '.*': (its folder does not exist|a part of its path is not a directory): choose/,
      );
      expect((await mock.control.tasks.list()).total).toBe(total);
    }
  });

  it('keeps a file whose name comes from elsewhere in its folder', async () => {
    const result = JSON.stringify({ FileName: '../../escaped', FileType: '.json', Comment: '{}' });
    const outcome = { status: 'succeed' as const, task_result: result };
    const scope = { project_id: 'p1', instance_id: 'i1', task_type: 'export_api' as const };
    await mock.control.plan({ ...scope, times: 1, plan: { mode: 'immediate', outcome } });
    const inner = mkdtempSync(join(folder, 'inner-'));
    await exported('hello', '--out', inner);
    expect(readdirSync(inner)).toEqual(['escaped.json']);
    expect(existsSync(join(folder, '..', 'escaped.json'))).toBe(false);
  });

  it('reports what is wrong, why, and what to do', async () => {
    expect(await failure(exported('nothing'))).toMatch(
      /^CommandFailure: no group has the id or the name 'nothing' in project p1, instance i1: there are hello \([0-9a-f]{32}\), 图书馆 \(/,
    );
    expect(await failure(exported('x', '--instance', 'empty'))).toMatch(
      /no groups at all; .*apig-mock import FILE/,
    );
    expect(await failure(exported('hello', '--env-id', 'none'))).toMatch(
      /^CommandFailure: group hello was not exported: APIG\.3003 Environment none does not exist: no environment .* env_id/,
    );
    expect(await failure(exported('hello', '--apis', 'a,b'))).toMatch(
      /APIG\.3002 API a does not exist: entry 1 of apis is not an API of this group/,
    );
    expect(await failure(exported('hello', '--type', 'xml'))).toMatch(
      /^SettingError: --type: 'xml' is not what it takes/,
    );
    expect(await failure(runExport([], recorded()))).toMatch(/^SettingError: export: no GROUP is given/);
  });

  it('has a help with every flag', async () => {
    const text = await exported('--help');
    for (const flag of 'url project instance token access-key timeout define type oas-version env-id file-version apis out'.split(
      ' ',
    ))
      expect(text).toContain(`  --${flag} `);
  });
});

describe('the client commands as processes', () => {
  it('exit with 0, 1 or 2, results on stdout and words on stderr', async () => {
    const good = await run(['export', 'hello', ...at]);
    expect([good.code, JSON.parse(good.stdout).info.title]).toEqual([0, 'hello']);
    expect(good.stderr).toMatch(/^export task [0-9a-f]{32}: succeed after \d\.\d s\n$/);
    const bad = await run(['export', 'nothing', ...at]);
    expect([bad.code, bad.stdout]).toEqual([1, '']);
    expect(bad.stderr).toMatch(/^apig-mock: no group has the id or the name 'nothing'.*\n$/);
    const wrong = await run(['import', '--nonsense']);
    expect([wrong.code, wrong.stdout]).toEqual([2, '']);
    expect(wrong.stderr).toMatch(/^apig-mock: import: Unknown option '--nonsense'.*\n$/);
    expect((await run(['import', '-h'])).stdout).toContain('apig-mock import FILE');
    expect((await run(['--help'])).stdout).toMatch(/apig-mock import FILE[\s\S]*apig-mock export GROUP/);
  });
});
