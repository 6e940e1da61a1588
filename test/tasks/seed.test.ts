/** Seed files: the packaged one holds the documented examples; a broken one is rejected with file, place and reason. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SettingError } from '../../src/core/errors.ts';
import { loadCheckers } from '../../src/core/validation.ts';
import { documentedSeed } from '../../src/tasks/documented.ts';
import { readSeedFolder, SeedFileSchema } from '../../src/tasks/seed.ts';
import documented from '../contract/documented-responses.json' with { type: 'json' };

const TASK = { task_id: 't1', task_type: 'import_api', task_status: 'succeed', task_result: '{}' };

let root: string;
let made = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'apig-mock-seed-'));
});
afterAll(() => rm(root, { recursive: true }));

/** A new folder with these files; values that are no text are written as JSON. */
async function folderOf(files: Record<string, unknown>): Promise<string> {
  made += 1;
  const folder = await mkdtemp(join(root, `${made}-`));
  for (const [name, content] of Object.entries(files))
    await writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  return folder;
}

describe('the packaged seed', () => {
  it('fits the schema, which start-up does not check', async () => {
    expect((await loadCheckers())(SeedFileSchema).problem(documentedSeed)).toBeUndefined();
  });

  it('is the five documented examples, those unfinished held', () => {
    expect(documentedSeed.tasks.map(({ hold: _hold, ...task }) => task)).toEqual(documented.tasks);
    expect(documentedSeed.tasks.map(({ hold = false }) => hold)).toEqual([false, false, false, true, true]);
    expect([documentedSeed.project_id, documentedSeed.instance_id]).toEqual([undefined, undefined]);
  });
});

describe('a folder of seeds', () => {
  it('is read by name, its .json files only', async () => {
    const folder = await folderOf({
      'b.json': { tasks: [{ ...TASK, task_id: 'b' }] },
      'a.json': {
        project_id: 'p1',
        instance_id: 'i1',
        tasks: [{ ...TASK, plan: { mode: 'polls' }, hold: true }],
      },
      'README.md': 'no seed',
    });
    expect(await readSeedFolder(folder)).toEqual([
      { project_id: 'p1', instance_id: 'i1', tasks: [{ ...TASK, plan: { mode: 'polls' }, hold: true }] },
      { tasks: [{ ...TASK, task_id: 'b' }] },
    ]);
  });

  it('of a recording is its folder tasks', async () => {
    const folder = await folderOf({});
    await mkdir(join(folder, 'tasks'));
    await writeFile(join(folder, 'tasks/001.json'), JSON.stringify({ tasks: [TASK] }));
    expect(await readSeedFolder(folder)).toEqual([{ tasks: [TASK] }]);
  });

  it.each<[string, object, boolean]>([
    ['ended, with times', { plan: { mode: 'time', waiting_ms: 1 }, replay: 'submit' }, true],
    ['ended, from the start', { plan: { mode: 'time' }, replay: 'start' }, true],
    ['held', { task_status: 'waiting', task_result: '', hold: true, replay: 'submit' }, true],
    ['ended and held', { hold: true, plan: { mode: 'time' }, replay: 'submit' }, false],
    ['without a plan', { replay: 'submit' }, false],
    ['by polls', { plan: { mode: 'polls' }, replay: 'start' }, false],
    [
      'not ended',
      { task_status: 'waiting', task_result: '', plan: { mode: 'time' }, replay: 'start' },
      false,
    ],
  ])('may replay a task: %s', async (_what, members, may) => {
    const folder = await folderOf({ 'a.json': { tasks: [{ ...TASK, ...members }] } });
    const read = readSeedFolder(folder);
    if (may) await read;
    else await expect(read).rejects.toThrow(/a\.json: tasks\[0\]\.replay: goes with a task that has ended/);
  });

  it('may be empty', async () => {
    expect(await readSeedFolder(await folderOf({}))).toEqual([]);
  });

  it('that is not there is rejected by its name', async () => {
    const rejected = readSeedFolder(join(root, 'nowhere'));
    await expect(rejected).rejects.toBeInstanceOf(SettingError);
    await expect(rejected).rejects.toThrow(
      `fixtures: cannot read the folder '${join(root, 'nowhere')}': there is no such folder`,
    );
  });
});

describe('a broken seed file', () => {
  const cases: [what: string, content: unknown, place: string, reason: RegExp][] = [
    ['no JSON', '{\n  "tasks": [\n    {"task_id": }\n  ]\n}', 'line 3, column 17', /not JSON/],
    ['cut short', '{"tasks": [', 'not JSON', /end of JSON/],
    ['empty', '', 'not JSON', /end of JSON/],
    ['a list', [], 'the file', /takes an object with "tasks"/],
    ['null', 'null', 'the file', /takes an object with "tasks"/],
    ['without tasks', {}, 'tasks', /takes a list of tasks/],
    ['tasks that are no list', { tasks: {} }, 'tasks', /takes a list of tasks/],
    ['an unknown member', { tasks: [], taks: [] }, 'taks', /./],
    ['a task that is a text', { tasks: ['x'] }, 'tasks[0]', /takes a task/],
    [
      'a task without id',
      { tasks: [TASK, { ...TASK, task_id: undefined }] },
      'tasks[1].task_id',
      /takes a task id: 1 to 64 of/,
    ],
    [
      'an id with a slash',
      { tasks: [{ ...TASK, task_id: 'a/b' }] },
      'tasks[0].task_id',
      /takes a task id: 1 to 64 of/,
    ],
    [
      'an id too long',
      { tasks: [{ ...TASK, task_id: 'a'.repeat(65) }] },
      'tasks[0].task_id',
      /takes a task id: 1 to 64 of/,
    ],
    [
      'an unknown kind',
      { tasks: [{ ...TASK, task_type: 'import' }] },
      'tasks[0].task_type',
      /takes import_api or export_api/,
    ],
    [
      'an unknown state',
      { tasks: [{ ...TASK, task_status: 'success' }] },
      'tasks[0].task_status',
      /takes waiting, processing, succeed or failed/,
    ],
    [
      'a result that is no text',
      { tasks: [{ ...TASK, task_result: {} }] },
      'tasks[0].task_result',
      /takes the text of task_result, a string/,
    ],
    ['hold that is no switch', { tasks: [{ ...TASK, hold: 'yes' }] }, 'tasks[0].hold', /takes true or false/],
    ['an unknown plan', { tasks: [{ ...TASK, plan: { mode: 'soon' } }] }, 'tasks[0].plan', /takes a plan: /],
    [
      'a bad time in a plan',
      { tasks: [{ ...TASK, plan: { mode: 'time', waiting_ms: -1 } }] },
      'tasks[0].plan.waiting_ms',
      /takes how long the task waits/,
    ],
    ['a member too many in a task', { tasks: [{ ...TASK, status: 'x' }] }, 'tasks[0].status', /./],
    [
      'a bad project id',
      { project_id: 'a b', instance_id: 'i', tasks: [] },
      'project_id',
      /takes a project id: 1 to 64 of/,
    ],
    [
      'one of the two ids',
      { project_id: 'p1', tasks: [] },
      'project_id and instance_id',
      /give both, or neither/,
    ],
    ['an id twice', { tasks: [TASK, TASK] }, 'tasks[1].task_id', /t1 appears twice/],
    ...(['waiting', 'processing'] as const).flatMap((task_status) =>
      [true, false].map((hold): (typeof cases)[number] => [
        `a result of a task that is ${task_status}, hold: ${hold}`,
        { tasks: [TASK, { ...TASK, task_id: 't2', task_status, hold }] },
        'tasks[1].task_result',
        /must be empty, since the task has not ended/,
      ]),
    ),
  ];
  it.each(cases)('(%s) is rejected with file, place and reason', async (_what, content, place, reason) => {
    const folder = await folderOf({ 'a.json': { tasks: [] }, 'broken.json': content });
    const rejected = await readSeedFolder(folder).then(
      () => undefined,
      (cause: unknown) => cause,
    );
    expect(rejected).toBeInstanceOf(SettingError);
    const { message } = rejected as SettingError;
    expect(message.startsWith(`${join(folder, 'broken.json')}: ${place}`)).toBe(true);
    expect(message).toMatch(reason);
    expect(message).not.toContain('\n');
  });

  it('is one whose task stands in another file for the same scope, too', async () => {
    const here = { project_id: 'p1', instance_id: 'i1' };
    const folder = await folderOf({
      'a.json': { ...here, tasks: [TASK] },
      'b.json': { tasks: [TASK] },
      'c.json': { ...here, tasks: [{ ...TASK, task_id: 'other' }, TASK] },
    });
    await expect(readSeedFolder(folder)).rejects.toThrow(
      `${join(folder, 'c.json')}: tasks[1].task_id: t1 appears twice`,
    );
  });
});
