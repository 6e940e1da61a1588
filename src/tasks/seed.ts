/** Seed files: tasks that are there from the start. Loaded when a folder of them is given. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type } from '@sinclair/typebox';
import { jsonFault } from '../json-fault.ts';
import { SettingError } from '../options.ts';
import { loadCheckers, placeOf } from '../schema.ts';
import { fileFault } from '../system-fault.ts';
import { PlanSchema } from './task.ts';
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

/** Reads every `.json` file of a folder, by name. Throws `SettingError` with file, place and reason. */
export async function readSeedFolder(folder: string): Promise<SeedFile[]> {
  const names = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    throw new SettingError(`fixtures: cannot read the folder '${folder}': ${fileFault(cause, 'folder')}`);
  });
  const paths = names
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => join(folder, name));
  const files = await Promise.all(paths.map(readSeedFile));
  refuseTwice(files, paths);
  return files;
}

/** One scope has one task under an id, whichever files they come from. */
function refuseTwice(files: readonly SeedFile[], paths: readonly string[]): void {
  const isDuplicate = createDuplicateCheck();
  for (const [file, { tasks, ...scope }] of files.entries()) {
    for (const [at, { task_id }] of tasks.entries()) {
      if (isDuplicate({ ...scope, task_id }))
        throw new SettingError(`${paths[file]}: tasks[${at}].task_id: ${task_id} stands twice`);
    }
  }
}

async function readSeedFile(path: string): Promise<SeedFile> {
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new SettingError(`fixtures: cannot read '${path}': ${fileFault(cause)}`);
  });
  let seed: unknown;
  try {
    seed = JSON.parse(text);
  } catch (cause) {
    throw new SettingError(`${path}: ${jsonFault(text, cause as Error)}`);
  }
  const problem = (await loadCheckers())(SeedFileSchema).problem(seed);
  if (problem !== undefined)
    throw new SettingError(`${path}: ${placeOf(problem.at) || 'the file'}: ${problem.says}`);
  const file = seed as SeedFile;
  checkRules(file, path);
  return file;
}

/** Holds each task against the rules that a snapshot of it must keep, too. */
function checkRules({ tasks, ...scope }: SeedFile, path: string): void {
  const half = scopeContradiction(scope);
  if (half !== undefined) throw new SettingError(`${path}: ${half.member} ${half.says}`);
  for (const [at, task] of tasks.entries()) {
    const wrong = contradictionIn(task);
    if (wrong !== undefined) throw new SettingError(`${path}: tasks[${at}].${wrong.member}: ${wrong.says}`);
  }
}
