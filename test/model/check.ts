/** What must hold after each call: the mock shows what the model predicts, and nothing it showed before is untrue now. */
import { expect } from 'vitest';
import { parse } from 'yaml';
import type { JournalEntry } from '../../src/admin/journal/journal.ts';
import type { TaskDetails } from '../../src/tasks/wire.ts';
import { until } from '../admin/scene.ts';
import type { Model } from './model.ts';
import { type End, hasEnded, keyOf, type ModelTask, type Place } from './model-state.ts';
import type { Noted } from './model-traffic.ts';
import { FILE_NAME, type Real } from './real.ts';

const RANK = { waiting: 0, processing: 1, succeed: 2, failed: 2 } as const;
export const PLACES: readonly Place[] = [
  { project_id: 'pa', instance_id: 'i1' },
  { project_id: 'pa', instance_id: 'i2' },
  { project_id: 'pb', instance_id: 'i1' },
];

/** An id of the service that was never seen before. */
export function takeId(model: Model, id: unknown): string {
  expect(id).toMatch(/^[0-9a-f]{32}$/);
  expect(model.seenIds, `the id ${id} was given before`).not.toContain(id);
  model.seenIds.add(id as string);
  return id as string;
}

export async function checkAll(model: Model, real: Real): Promise<void> {
  const { tasks } = await real.control.tasks.list({ limit: 1000 });
  neverBack(real, tasks);
  const shown = new Map(tasks.map((task) => [`${keyOf(task as Place)}/${task.task_id}`, task]));
  const resultOf = (task: ModelTask): string =>
    shown.get(`${keyOf(task.place)}/${task.id}`)?.task_result ?? '';
  for (const place of PLACES) {
    const here = tasks.filter((task) => keyOf(task as Place) === keyOf(place));
    const expected = model.state.tasks.filter((task) => keyOf(task.place) === keyOf(place));
    expect(here.map(({ task_id }) => task_id)).toEqual(expected.map(({ id }) => id));
    expect(here.map(withoutResult)).toEqual(expected.map(viewOf));
  }
  expect(tasks).toHaveLength(model.state.tasks.length);
  const newlyEnded = model.state.tasks.filter((task) => hasEnded(task) && task.result === undefined);
  for (const task of newlyEnded) learnIds(model, task, resultOf(task));
  for (const task of newlyEnded) checkEnd(model, task, resultOf(task));
  for (const task of newlyEnded) task.result = resultOf(task);
  for (const task of model.state.tasks) expect(resultOf(task)).toBe(task.result ?? '');
  await checkRest(model, real);
}

/** The clocks, plans, faults and the journal. */
async function checkRest(model: Model, { control }: Real): Promise<void> {
  for (const part of [{}, { project_id: 'pa' }, { project_id: 'pb' }, ...PLACES]) {
    const now = new Date(model.now(part)).toISOString();
    expect(await control.clock.get(part)).toEqual({ mode: 'manual', now, own: model.clockKey(part) !== '' });
  }
  const faults = (await control.faults.list()).map(({ id, hits, seen }) => ({ id, hits, seen }));
  expect(faults).toEqual(model.state.faults.map(({ id, hits, seen }) => ({ id, hits, seen })));
  expect(await control.plans()).toEqual({ default: model.defaultPlan, rules: model.state.rules });
  await checkJournal(model, control);
}

/** A request is recorded when its response is out, which its sender may see first. */
async function checkJournal({ traffic }: Model, control: Real['control']): Promise<void> {
  const { sent, dropped } = traffic.under({});
  const expected = [sent.length - dropped, dropped];
  let journal = await control.requests.list();
  const counts = () => [journal.total, journal.dropped];
  if (String(counts()) !== String(expected)) {
    await until(async () => {
      journal = await control.requests.list();
      return journal.total + journal.dropped >= sent.length;
    }, `${expected} notes and dropped ones, not ${counts()}: this`);
  }
  expect(counts()).toEqual(expected);
  for (const [key, notes] of traffic.notes) {
    const noted = journal.requests.filter((entry) => placeKey(entry) === key);
    expect(noted.map(noteOf)).toEqual(notes);
  }
}

const placeKey = ({ project_id, instance_id }: JournalEntry): string =>
  project_id === null ? '' : `${project_id}/${instance_id}`;

const noteOf = ({ operation, status, error_code, fault_id, task_id }: JournalEntry): Noted => ({
  operation: operation ?? '',
  status,
  task_id,
  ...(error_code === undefined ? {} : { error_code }),
  ...(fault_id === undefined ? {} : { fault_id }),
});

/** Holds without the model: a state is never left backwards, and an end keeps its result. */
function neverBack({ history }: Real, tasks: readonly TaskDetails[]): void {
  for (const task of tasks) {
    const key = `${keyOf(task as Place)}/${task.task_id}`;
    const before = history.get(key);
    const rank = RANK[task.task_status];
    expect(rank, `${key} went back`).toBeGreaterThanOrEqual(before?.rank ?? 0);
    if (before?.rank === 2) expect(task.task_result).toBe(before.result);
    if (rank < 2) expect(task.task_result).toBe('');
    history.set(key, { rank, result: task.task_result });
  }
  const ids = new Set(tasks.map((task) => `${keyOf(task as Place)}/${task.task_id}`));
  for (const key of history.keys()) expect(ids, `${key} is lost`).toContain(key);
}

const withoutResult = ({ task_result: _, ...rest }: TaskDetails) => rest;

/** A failed task has one, and an import with an API that broke a rule; a clash of names or routes shows in its text. */
const hasReason = ({ status, end }: ModelTask): boolean =>
  status === 'failed' ||
  (status === 'succeed' &&
    end?.kind === 'import' &&
    end.report.failure.some(({ code }) => code !== 'APIG.3301' && code !== 'APIG.3202'));

function viewOf(task: ModelTask) {
  const subject = task.work?.import === undefined ? task.work?.export?.groupName : FILE_NAME;
  const time = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());
  const [started_at, ended_at] = [time(task.startedMs), time(task.endedMs)];
  return {
    task_id: task.id,
    task_type: task.type,
    task_status: task.status,
    ...(hasReason(task) ? { reason: expect.stringMatching(/./) } : {}),
    ...task.place,
    plan: task.plan,
    hold: false,
    polls: task.polls,
    ...(subject === undefined ? {} : { subject }),
    created_at: time(task.createdMs),
    ...(started_at === undefined ? {} : { started_at }),
    ...(ended_at === undefined ? {} : { ended_at }),
  };
}

/** Whatever was made has an id that nothing had before. */
function learnIds(model: Model, { end }: ModelTask, text: string): void {
  if (end?.kind !== 'import') return;
  const result = JSON.parse(text);
  takeId(model, result.swagger.id);
  end.group.id ??= takeId(model, result.group_id);
  for (const [at, { api, action }] of end.report.success.entries()) {
    if (action === 'create') api.id = takeId(model, result.success[at]?.id);
  }
}

function checkEnd(_model: Model, { end }: ModelTask, text: string): void {
  if (end === undefined) throw new Error('the model gave no end');
  if (end.kind === 'text') expect(text).toBe(end.text);
  else if (end.kind === 'error') expect(JSON.parse(text)).toEqual(errorOf(end));
  else if (end.kind === 'import') checkImport(end, text);
  else checkExport(end, text);
}

const errorOf = ({ code }: Extract<End, { kind: 'error' }>) => ({
  error_code: code,
  error_msg: expect.stringMatching(/./),
});

function checkImport({ group, report }: Extract<End, { kind: 'import' }>, text: string): void {
  const { success, failure, ignore } = report;
  expect(JSON.parse(text)).toEqual({
    success: success.map(({ api, action, method, path }) => ({ id: api.id, action, method, path })),
    failure: failure.map(({ method, path, code }) => ({ method, path, ...errorOf({ kind: 'error', code }) })),
    swagger: { id: expect.any(String), result: 'Success' },
    ...(ignore.length === 0 ? {} : { ignore }),
    group_id: group.id,
  });
}

function checkExport({ name, type, routes }: Extract<End, { kind: 'export' }>, text: string): void {
  const { FileName, FileType, Comment } = JSON.parse(text);
  expect({ FileName, FileType }).toEqual({ FileName: name, FileType: type });
  const { paths } = parse(Comment) as { paths: Record<string, object> };
  const found = Object.entries(paths ?? {}).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(found.sort()).toEqual(routes);
}
