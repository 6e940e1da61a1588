/** What may be in a file, held against every entrance that reads one: it is read, or one line names it. */
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, realpath, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfigFile } from '../../src/cli/config-file.ts';
import type { SettingError } from '../../src/core/errors.ts';
import type { RunningMock } from '../../src/mock.ts';
import { readSeedFolder } from '../../src/tasks/seed.ts';
import { recorded, runner } from '../cli/record.ts';
import { testMock } from '../support/mock.ts';

let folder: string;
let mock: RunningMock;
let state: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'apig-mock-files-'));
  mock = await testMock({ progression: 'immediate' });
  state = JSON.stringify(await mock.control.snapshot());
});
afterAll(async () => {
  await mock.close();
  await rm(folder, { recursive: true });
});

const bytes = (text: string) => Buffer.from(text);
const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16();
const asRoot = process.getuid?.() === 0;

/** Puts something at a path; the text is one that the entrance takes, with line ends in it. */
type Put = (path: string, good: string) => Promise<unknown> | unknown;
/** `content` = it is what is in it, which an entrance that sends it on leaves to the other side. */
type Case = [what: string, put: Put, expected: 'good' | RegExp, kind?: 'content'];

const CASES: Case[] = [
  ['plain text', (path, good) => writeFile(path, good), 'good'],
  ['a byte order mark', (path, good) => writeFile(path, `\uFEFF${good}`), 'good'],
  ['CRLF', (path, good) => writeFile(path, good.replaceAll('\n', '\r\n')), 'good'],
  [
    'a byte order mark and CRLF',
    (path, good) => writeFile(path, `\uFEFF${good.replaceAll('\n', '\r\n')}\r\n`),
    'good',
  ],
  ['a link to a file', async (path, good) => symlink(await aside(path, good), path), 'good'],
  [
    'UTF-16, little end first',
    (path, good) => writeFile(path, Buffer.from(`\uFEFF${good}`, 'utf16le')),
    /it is UTF-16: save it as UTF-8/,
    'content',
  ],
  [
    'UTF-16, big end first',
    (path, good) => writeFile(path, utf16be(`\uFEFF${good}`)),
    /it is UTF-16: save it as UTF-8/,
    'content',
  ],
  [
    'UTF-16 without a mark',
    (path, good) => writeFile(path, Buffer.from(good, 'utf16le')),
    /not UTF-8 text: it has NUL/,
    'content',
  ],
  [
    'Latin-1',
    (path, good) => writeFile(path, Buffer.concat([bytes(good), Buffer.from([0xe9])])),
    /not UTF-8 text/,
    'content',
  ],
  ['NUL', (path, good) => writeFile(path, `${good}\0`), /not UTF-8 text: it has NUL/, 'content'],
  ['nothing', (path) => writeFile(path, ''), /./, 'content'],
  ['a folder', (path) => mkdir(path), /it is a folder$/],
  ['no file', () => {}, /there is no such file$/],
  [
    'a file that may not be read',
    async (path, good) => {
      await writeFile(path, good);
      await chmod(path, 0);
    },
    // The superuser may read it all the same.
    asRoot ? 'good' : /this user may not \(EACCES\)$/,
  ],
  [
    'a file that is too long',
    async (path) => {
      await writeFile(path, '');
      await truncate(path, 2 ** 30);
    },
    /it is longer than 511 MB$/,
  ],
  ['the null device', (path) => symlink('/dev/null', path), /(nothing comes from it|not a regular file)$/],
  [
    'a pipe that nobody writes to',
    (path) => execFileSync('mkfifo', [path]),
    /(nothing comes from it|not a regular file)$/,
  ],
];

async function aside(path: string, good: string): Promise<string> {
  await writeFile(`${path}.aside`, good);
  return `${path}.aside`;
}

const TASK = { task_id: 't1', task_type: 'import_api', task_status: 'succeed', task_result: '{}' };
const DOCUMENT = {
  swagger: '2.0',
  info: { title: 'files' },
  paths: {
    '/a': { get: { 'x-apigateway-backend': { type: 'MOCK', mockEndpoints: { 'result-content': '' } } } },
  },
};
const YAML_DOCUMENT =
  'swagger: "2.0"\ninfo:\n  title: files\npaths:\n  /a:\n    get:\n      x-apigateway-backend:\n        type: MOCK\n        mockEndpoints:\n          result-content: ok\n';
const indented = (value: unknown): string => JSON.stringify(value, null, 2);

interface Entrance {
  readonly name: string;
  readonly ending: string;
  readonly good: () => string;
  readonly read: (path: string) => Promise<unknown>;
  /** The rows that this entrance takes otherwise. */
  readonly otherwise?: Readonly<Record<string, 'good' | RegExp>>;
  /** What is in the file is judged by the other side: the error is its, and no wrong use. */
  readonly sendsOn?: boolean;
}

/** Each into a project of its own, so that no group is in the way of the next. */
let projects = 0;
const importInto = (path: string) => {
  projects += 1;
  return runner('import')([path, '--endpoint', mock.url, '--project', `p${projects}`], recorded());
};

const ENTRANCES: Entrance[] = [
  {
    name: 'a seed',
    ending: '.json',
    good: () => indented({ tasks: [TASK] }),
    read: (path) => readSeedFolder(join(path, '..')),
    // Only what the folder holds is looked at.
    otherwise: { 'no file': 'good' },
  },
  { name: 'a config file', ending: '.json', good: () => indented({ port: 0 }), read: readConfigFile },
  {
    name: 'a config file in YAML',
    ending: '.yaml',
    good: () => 'port: 0\nworkers: 2\n',
    read: readConfigFile,
  },
  {
    name: 'the state file',
    ending: '.json',
    good: () => indented(JSON.parse(state)),
    read: async (path) => {
      await using _mock = await testMock({ stateFile: path });
    },
    otherwise: { 'no file': 'good' },
  },
  {
    name: 'an imported file',
    ending: '.json',
    good: () => indented(DOCUMENT),
    read: importInto,
    sendsOn: true,
  },
  {
    name: 'an imported file in YAML',
    ending: '.yaml',
    good: () => YAML_DOCUMENT,
    read: importInto,
    sendsOn: true,
  },
];

describe.each(ENTRANCES)('$name', ({ name, ending, good, read, otherwise = {}, sendsOn = false }) => {
  it.each(CASES)('that is %s', async (what, put, usual, kind) => {
    const place = await mkdtemp(join(folder, 'f-'));
    const path = join(place, `file${ending}`);
    await put(path, good());
    const expected = otherwise[what] ?? usual;
    const cause: unknown = await read(path).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (expected === 'good') {
      expect(cause, `${name}: ${what}`).toBeUndefined();
      return;
    }
    // A setting error is what the command ends with 2 for.
    expect((cause as Error | undefined)?.name).toBe(
      sendsOn && kind === 'content' ? 'CommandFailure' : 'SettingError',
    );
    const { message } = cause as SettingError;
    // An empty file is rejected with its request, before there is a task.
    if (message.includes('APIG.3609')) return;
    // The state file is named by what a link leads to.
    const named = await realpath(path).catch(() => path);
    expect(message.includes(path) || message.includes(named), message).toBe(true);
    expect(message).not.toContain('\n');
    expect(message).toMatch(expected);
  });
});
