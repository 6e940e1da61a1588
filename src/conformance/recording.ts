/**
 * A recording as a folder: `tasks/*.json` are seed files with the tasks that were seen, `samples/*.json` one response
 * each. Saved by a run against the real service, and held against a mock afterwards. What `record` writes is read, too.
 */
import { access, constants, mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Static, Type } from '@sinclair/typebox';
import { SettingError } from '../core/errors.ts';
import { jsonFault } from '../core/json-error.ts';
import { OPERATION_NAMES } from '../core/operation-names.ts';
import { fileFault, writeFault } from '../core/system-error.ts';
import { readTextFile } from '../core/text-file.ts';
import { loadCheckers, placeOf } from '../core/validation.ts';
import { readSeedFolder } from '../tasks/seed.ts';
import { parseJson } from './matchers.ts';
import type { Redact } from './redact.ts';
import type { Step } from './scenario.ts';
import { objectOf, type Received } from './sending.ts';

/** A file of `samples/`. Members beside these may be there. */
const SampleSchema = Type.Object(
  {
    operation: Type.Union(
      OPERATION_NAMES.map((name) => Type.Literal(name)),
      {
        description: 'the name of an operation',
      },
    ),
    step: Type.Optional(Type.String({ description: 'scenario/step of conform' })),
    shape: Type.Optional(Type.Boolean({ description: 'true when only members and types are recorded' })),
    response: Type.Object(
      {
        status: Type.Integer({ minimum: 100, maximum: 599, description: 'a status' }),
        body: Type.String({ description: 'the text of the body' }),
      },
      { description: 'a response with status and body' },
    ),
  },
  { description: 'a sample of a response' },
);
export type Sample = Static<typeof SampleSchema>;

/** Reads a recording. Throws `SettingError` with the file, the place in it and what belongs there. */
export async function readRecording(folder: string): Promise<Sample[]> {
  const names = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    throw new SettingError(`--against: cannot read the folder '${folder}': ${fileFault(cause, 'folder')}`);
  });
  const seeds = names.includes('tasks') ? await readSeedFolder(join(folder, 'tasks')) : [];
  const files = names.includes('samples') ? await readdir(join(folder, 'samples')) : [];
  const samples: Sample[] = [];
  for (const file of files.filter((name) => name.endsWith('.json')).sort())
    samples.push(await readSample(join(folder, 'samples', file)));
  const tasks = seeds.flatMap((seed) => seed.tasks);
  const known = new Set(samples.map(({ response }) => String(objectOf(response.body)?.['task_id'])));
  for (const { task_id, task_status, task_type, task_result = '' } of tasks) {
    if (known.has(task_id)) continue;
    const body = JSON.stringify({ task_id, task_status, task_type, task_result });
    samples.push({ operation: 'ShowAsyncTaskResult', response: { status: 200, body } });
  }
  if (samples.length === 0)
    throw new SettingError(
      `--against: '${folder}' is no recording: it has neither tasks/*.json nor samples/*.json`,
    );
  return samples;
}

async function readSample(path: string): Promise<Sample> {
  const text = await readTextFile(path, '--against', 'files');
  let sample: unknown;
  try {
    sample = JSON.parse(text);
  } catch (cause) {
    throw new SettingError(`${path}: ${jsonFault(text, cause as Error)}`);
  }
  const problem = (await loadCheckers())(SampleSchema).problem(sample);
  if (problem !== undefined)
    throw new SettingError(`${path}: ${placeOf(problem.at) || 'the file'}: ${problem.message}`);
  const { response } = sample as Sample;
  if (response.body !== '' && parseJson(response.body) === undefined)
    throw new SettingError(`${path}: response.body: is no text that holds JSON`);
  return sample as Sample;
}

/** Gathers what a run sees, to be saved at its end. */
export class Recorder {
  readonly #redact: Redact;
  /** By step; of a task the last response, which has its end. */
  readonly #samples = new Map<string, { step: Step; received: Received }>();

  constructor(redact: Redact) {
    this.#redact = redact;
  }

  see(key: string, step: Step, received: Received): void {
    this.#samples.set(key, { step, received });
  }

  /** The files of the recording, by path in its folder. */
  files(): Map<string, string> {
    const files = new Map<string, string>();
    const tasks: object[] = [];
    let at = 0;
    for (const [key, { step, received }] of this.#samples) {
      const { status, text } = received;
      const isShape = step.kind === 'request' && step.foreign === true;
      if (step.operation === undefined || (text !== '' && parseJson(text) === undefined)) continue;
      at += 1;
      const body = isShape ? JSON.stringify(masked(parseJson(text)?.value)) : this.#redact(text);
      const sample = {
        operation: step.operation,
        step: key,
        ...(isShape && { shape: true }),
        response: { status, body },
      };
      files.set(`samples/${String(at).padStart(3, '0')}-${key.replace('/', '-')}.json`, pretty(sample));
      const task = step.kind === 'follow' && status === 200 ? objectOf(body) : undefined;
      if (task !== undefined) tasks.push(task);
    }
    files.set('tasks/conform.json', pretty({ tasks }));
    return files;
  }
}

export const pretty = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

/** Members and types of data that is not the run's own; of a list, the first item. */
export function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(masked);
  if (typeof value === 'string') return '';
  if (typeof value === 'number') return 0;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, masked(member)]));
}

/** Looks whether a folder can be made or filled: it does not exist, or is empty. Throws `SettingError`. */
export async function checkNewFolder(folder: string, flag: string): Promise<void> {
  const names = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw new SettingError(`${flag}: cannot write to '${folder}': ${fileFault(cause, 'folder')}`);
  });
  if (names !== undefined && names.length > 0)
    throw new SettingError(`${flag}: '${folder}' is not empty: name a new folder`);
  await checkWritable(folder, flag);
}

/** Looks whether something can be put where `path` is to be. Throws `SettingError`. */
export async function checkWritable(path: string, flag: string): Promise<void> {
  await access(dirname(join(path)), constants.W_OK | constants.X_OK).catch((cause: NodeJS.ErrnoException) => {
    throw new SettingError(`${flag}: cannot write '${path}': ${writeFault(cause)}`);
  });
}

/** Writes a whole folder, or nothing. */
export async function writeFolder(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  const part = `${join(folder)}.part`;
  await rm(part, { recursive: true, force: true });
  try {
    for (const [path, text] of files) {
      await mkdir(dirname(join(part, path)), { recursive: true });
      await writeFile(join(part, path), text);
    }
    await rmdir(folder).catch(() => {});
    await rename(part, folder);
  } catch (cause) {
    await rm(part, { recursive: true, force: true });
    throw cause;
  }
}

/** Writes a whole file, or nothing. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const part = `${path}.part`;
  try {
    await writeFile(part, text);
    await rename(part, path);
  } catch (cause) {
    await rm(part, { force: true });
    throw cause;
  }
}
