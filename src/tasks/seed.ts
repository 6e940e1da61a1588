/** Seed files: tasks that are there from the start. Loaded when a folder of them is given. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type } from '@sinclair/typebox';
import { jsonFault } from '../json-fault.ts';
import { SettingError } from '../options.ts';
import { loadCheckers, placeOf } from '../schema.ts';
import { idPattern } from '../scope.ts';
import { fileFault } from '../system-fault.ts';
import { PlanSchema, TaskStatusSchema, TaskTypeSchema } from './task.ts';

const id = (what: string) =>
  Type.String({ pattern: idPattern(false).source, description: `${what}: 1 to 64 of A-Z a-z 0-9 _ -` });

const SeedTaskSchema = Type.Object(
  {
    task_id: id('a task id'),
    task_type: TaskTypeSchema,
    task_status: TaskStatusSchema,
    task_result: Type.String({ description: 'the text of task_result, a string' }),
    hold: Type.Optional(Type.Boolean({ description: 'true or false' })),
    plan: Type.Optional(PlanSchema),
  },
  { additionalProperties: false, description: 'a task' },
);

/** A seed file; without ids its tasks are seen by every project and instance. */
export const SeedFileSchema = Type.Object(
  {
    project_id: Type.Optional(id('a project id')),
    instance_id: Type.Optional(id('an instance id')),
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
  const seen = new Set<string>();
  for (const [file, { project_id = '', instance_id = '', tasks }] of files.entries()) {
    for (const [at, { task_id }] of tasks.entries()) {
      const key = `${project_id}/${instance_id}/${task_id}`;
      if (seen.has(key))
        throw new SettingError(`${paths[file]}: tasks[${at}].task_id: ${task_id} stands twice`);
      seen.add(key);
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
  if ((file.project_id === undefined) !== (file.instance_id === undefined)) {
    throw new SettingError(`${path}: project_id and instance_id go together: give both, or neither`);
  }
  return file;
}
