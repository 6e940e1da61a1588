/** Seed files: tasks that are there from the start. Loaded when a folder of them is given. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type } from '@sinclair/typebox';
import { SettingError } from '../core/errors.ts';
import { jsonFault } from '../core/json-error.ts';
import { fileFault } from '../core/system-error.ts';
import { readTextFile } from '../core/text-file.ts';
import { loadCheckers, placeOf } from '../core/validation.ts';
import { isTerminal } from './lifecycle.ts';
import { oneOf, PlanSchema } from './task.ts';
import {
  contradictionIn,
  createDuplicateCheck,
  scopeContradiction,
  scopeMembers,
  taskMembers,
} from './task-record.ts';

const SeedTaskSchema = Type.Object(
  {
    ...taskMembers,
    hold: Type.Optional(Type.Boolean({ description: 'true or false' })),
    plan: Type.Optional(PlanSchema),
    /** Of a recording: it goes the way that `plan` has to how it ended, from the start, or made by a submission. */
    replay: Type.Optional(oneOf(['start', 'submit'], 'start or submit')),
  },
  { additionalProperties: false, description: 'a task' },
);

/** A seed file; without ids its tasks are seen by every project and instance. */
export const SeedFileSchema = Type.Object(
  {
    ...scopeMembers,
    tasks: Type.Array(SeedTaskSchema, { description: 'a list of tasks' }),
  },
  { additionalProperties: false, description: 'an object with "tasks"' },
);
export type SeedFile = Static<typeof SeedFileSchema>;
export type SeedTask = Static<typeof SeedTaskSchema>;

/** Files that are read at once: a process may have few descriptors, and a folder any number of files. */
const OPEN_AT_ONCE = 16;

/** The folder of seed files in a recording. */
const OF_RECORDING = 'tasks';

/**
 * Reads every `.json` file of a folder, by name; of a recording, those of its `tasks`. Throws `SettingError` with file,
 * place and reason.
 */
export async function readSeedFolder(folder: string): Promise<SeedFile[]> {
  const names = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    throw new SettingError(`fixtures: cannot read the folder '${folder}': ${fileFault(cause, 'folder')}`);
  });
  const inRecording = join(folder, OF_RECORDING);
  const isRecording = names.includes(OF_RECORDING) && !names.some((name) => name.endsWith('.json'));
  if (isRecording && (await stat(inRecording)).isDirectory()) return readSeedFolder(inRecording);
  const paths = names
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => join(folder, name));
  const files: SeedFile[] = [];
  for (let at = 0; at < paths.length; at += OPEN_AT_ONCE)
    files.push(...(await Promise.all(paths.slice(at, at + OPEN_AT_ONCE).map(readSeedFile))));
  rejectTwice(files, paths);
  return files;
}

/** Throws `SettingError` when there are more seeds than `maxTasks` lets stay: the first would be dropped, or the rest fail. */
export function checkSeedCount(seeds: readonly SeedFile[], { maxTasks, fixtures }: SeedLimit): void {
  const scoped = seeds.filter(({ project_id }) => project_id !== undefined);
  const count = scoped.reduce((sum, { tasks }) => sum + tasks.length, 0);
  if (count > maxTasks)
    throw new SettingError(
      `fixtures: '${fixtures}' holds ${count} tasks of projects, more than --max-tasks allows (${maxTasks})`,
    );
}

interface SeedLimit {
  readonly maxTasks: number;
  readonly fixtures: string;
}

/** One scope has one task under an id, whichever files they come from. */
function rejectTwice(files: readonly SeedFile[], paths: readonly string[]): void {
  const isDuplicate = createDuplicateCheck();
  for (const [file, { tasks, ...scope }] of files.entries()) {
    for (const [at, { task_id }] of tasks.entries()) {
      if (isDuplicate({ ...scope, task_id }))
        throw new SettingError(`${paths[file]}: tasks[${at}].task_id: ${task_id} appears twice`);
    }
  }
}

async function readSeedFile(path: string): Promise<SeedFile> {
  const text = await readTextFile(path, 'fixtures', 'files');
  let seed: unknown;
  try {
    seed = JSON.parse(text);
  } catch (cause) {
    throw new SettingError(`${path}: ${jsonFault(text, cause as Error)}`);
  }
  const problem = (await loadCheckers())(SeedFileSchema).problem(seed);
  if (problem !== undefined)
    throw new SettingError(`${path}: ${placeOf(problem.at) || 'the file'}: ${problem.message}`);
  const file = seed as SeedFile;
  checkRules(file, path);
  return file;
}

const REPLAYS = 'goes with a task that has ended and has a plan that goes by time, or is held';
const canReplay = ({ hold = false, plan, task_status }: SeedTask): boolean =>
  hold ? !isTerminal(task_status) : isTerminal(task_status) && plan?.mode === 'time';

/** Holds each task against the rules that a snapshot of it must keep, too. */
function checkRules({ tasks, ...scope }: SeedFile, path: string): void {
  const half = scopeContradiction(scope);
  if (half !== undefined) throw new SettingError(`${path}: ${half.member} ${half.message}`);
  for (const [at, task] of tasks.entries()) {
    const wrong = contradictionIn(task);
    if (wrong !== undefined)
      throw new SettingError(`${path}: tasks[${at}].${wrong.member}: ${wrong.message}`);
    if (task.replay !== undefined && !canReplay(task))
      throw new SettingError(`${path}: tasks[${at}].replay: ${REPLAYS}`);
  }
}
