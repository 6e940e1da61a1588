/** The state on disk: what is acknowledged is there, who else wants the file, and what is left alone. */
import { fork } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { takeSnapshot } from '../../../src/admin/state/state.ts';
import { readState, StateFile } from '../../../src/admin/state/state-file.ts';
import { settingsFrom } from '../../../src/config/check.ts';
import type { Settings } from '../../../src/config/settings.ts';
import { silentLog } from '../../../src/core/logger.ts';
import { EMPTY_INSTANCE, type Environment, type InstanceApis } from '../../../src/gateway/model.ts';
import { type ApigMockOptions, SettingError, startApigMock } from '../../../src/index.ts';
import { type Core, createCore, startServer } from '../../../src/mock.ts';
import { logLines } from '../../reliability/log-lines.ts';
import { needs } from '../../support/needs.ts';
import { callsOf, document, HERE, START, until } from '../scene.ts';

const isLinux = needs(process.platform === 'linux', 'a folder that takes no files: it takes Linux');
const folder = mkdtempSync(join(tmpdir(), 'apig-mock-state-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const newFile = (): string => {
  files += 1;
  return join(folder, `state-${files}.json`);
};
const start = (stateFile: string, more: ApigMockOptions = {}) =>
  startApigMock({ fixtures: 'none', clock: 'manual', stateFile, ...more });
// biome-ignore lint/suspicious/noExplicitAny: tests look into what is on disk
async function onDisk(path: string): Promise<any> {
  const before = readFileSync(path, 'utf8');
  try {
    return await readState(path);
  } catch (cause) {
    // Between the two files that a reader opens, a mock that runs may put a new snapshot in place: a restart meets none.
    if (readFileSync(path, 'utf8') === before) throw cause;
    return onDisk(path);
  }
}

describe('a state file', () => {
  it('brings tasks, imports on their way, APIs, plans, faults and clocks back', async () => {
    const path = newFile();
    const first = await start(path);
    const calls = callsOf(first.url);
    await first.clock.set({ mode: 'manual', now: START });
    const done = await calls.importFile(document('done'));
    await first.clock.advance(10_000);
    const pending = await calls.importFile(document('pending'));
    await first.plan({ ...HERE, plan: { mode: 'manual' } });
    await first.faults.add({ ...HERE, operation: 'ListApisV2', action: { type: 'error', status: 503 } });
    await first.clock.advance(5, { project_id: 'own' });
    const before = await first.snapshot();
    const result = (await calls.poll(done)).text;
    await first.close();

    await using second = await start(path);
    expect(await second.snapshot()).toEqual(before);
    const again = callsOf(second.url);
    expect((await again.poll(done)).text).toBe(result);
    expect((await again.poll(pending)).body.task_status).toBe('waiting');
    await second.clock.advance(10_000);
    expect((await again.poll(pending)).body.task_status).toBe('succeed');
    expect(await again.groups()).toBe(2);
  });

  it('has what was acknowledged, over HTTP, before the response is out', async () => {
    const path = newFile();
    await using mock = await start(path);
    for (let round = 0; round < 5; round += 1) {
      const taskId = await callsOf(mock.url).importFile(document(`stored${round}`));
      expect((await onDisk(path)).tasks.map(({ task_id }: { task_id: string }) => task_id)).toContain(taskId);
    }
  });

  it('has a state before any poll shows it', async () => {
    const path = newFile();
    await using mock = await start(path, { progression: 'polls' });
    const taskId = await callsOf(mock.url).importFile(document('shown'));
    for (const _read of [1, 2, 3, 4]) {
      const shown = (await callsOf(mock.url).poll(taskId)).body.task_status;
      const order = ['waiting', 'processing', 'succeed'];
      expect(order.indexOf((await onDisk(path)).tasks[0].task_status)).toBeGreaterThanOrEqual(
        order.indexOf(shown),
      );
    }
    expect((await onDisk(path)).apis.scopes).toHaveLength(1);
  });

  it('goes on by the time of the system after a restart, when its clock runs', async () => {
    const path = newFile();
    const first = await start(path, { clock: 'system' });
    await first.tasks.create({
      ...HERE,
      task_type: 'import_api',
      plan: { mode: 'time', waiting_ms: 1, processing_ms: 1 },
    });
    await first.close();
    await using second = await start(path, { clock: 'system' });
    await second.idle({ timeout_ms: 5000 });
    expect(Math.abs(Date.parse((await second.clock.get()).now) - Date.now())).toBeLessThan(5000);
  });

  it('is rejected to a second mock, free again after the first, and after one that was killed', async () => {
    const path = newFile();
    const first = await start(path);
    await expect(start(path)).rejects.toThrow(/--state-file: .* is in use by another apig-mock/);
    await first.close();
    await (await start(path)).close();
    await leaveSocket(`${path}.lock`);
    await using third = await start(path);
    expect(third.url).toContain('http');
  });

  it('is taken by exactly one of many that start at once after one was killed', async () => {
    const path = newFile();
    await leaveSocket(`${path}.lock`);
    const started = await Promise.allSettled(Array.from({ length: 8 }, () => start(path)));
    const up = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(up).toHaveLength(1);
    await up[0]?.close();
  });

  it.each<[string, string, RegExp]>([
    ['no JSON', '{"format":', /is not a state of apig-mock/],
    ['empty', '', /is not a state of apig-mock/],
    ['of another kind', '{"a":1}', /cannot be used: format/],
    ['of a later version', '{"format":"apig-mock-snapshot","version":2}', /version/],
  ])('that is %s is reported at the start, and left as it was', async (_what, text, expected) => {
    const path = newFile();
    writeFileSync(path, text);
    await expect(start(path)).rejects.toThrow(SettingError);
    await expect(start(path)).rejects.toThrow(expected);
    expect(readFileSync(path, 'utf8')).toBe(text);
    expect(existsSync(`${path}.lock`)).toBe(false);
  });

  it('is left as it was by a mock that finds no port', async () => {
    const path = newFile();
    await (await start(path)).close();
    const before = readFileSync(path, 'utf8');
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as { port: number };
    await expect(start(path, { port, seed: 'other' })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect(JSON.parse(readFileSync(path, 'utf8')).tasks).toEqual(JSON.parse(before).tasks);
    taken.close();
  });

  it('is followed through links, and locked where it really is', async () => {
    const path = newFile();
    const [link, second, hanging] = [newFile(), newFile(), newFile()];
    symlinkSync(basename(path), link);
    symlinkSync(link, second);
    const first = await start(link);
    await first.tasks.create({ ...HERE, task_type: 'import_api', task_id: 'linked' });
    for (const other of [path, second])
      await expect(start(other)).rejects.toThrow(/--state-file: .* is in use by another apig-mock/);
    await first.close();
    expect([lstatSync(link).isSymbolicLink(), lstatSync(path).isSymbolicLink()]).toEqual([true, false]);
    await using again = await start(second);
    expect((await again.tasks.list()).total).toBe(1);
    symlinkSync('missing/state.json', hanging);
    await expect(start(hanging)).rejects.toThrow(`the folder '${join(folder, 'missing')}' does not exist`);
  });

  it('in a folder that is not one, or not there, is reported at the start, with what to do', async () => {
    const missing = join(folder, 'missing');
    // A long name has its lock elsewhere: the folder is looked for all the same.
    for (const name of ['state.json', `${'x'.repeat(100)}.json`])
      await expect(start(join(missing, name))).rejects.toThrow(
        `--state-file: the folder '${missing}' does not exist: make it, or name another file`,
      );
    const path = newFile();
    writeFileSync(path, '');
    await expect(start(join(path, 'state.json'))).rejects.toThrow(
      /--state-file: the folder '.*' is not a directory/,
    );
  });

  it.skipIf(!isLinux)('in a folder that takes no files is reported at the start', async () => {
    await expect(start('/proc/self/state.json')).rejects.toThrow(/--state-file: cannot use/);
    await expect(start(folder)).rejects.toThrow(/--state-file: cannot read/);
  });
});

describe('settings that are given beside a state', () => {
  const fault = { ...HERE, operation: 'ListApisV2', action: { type: 'error', status: 503 } } as const;
  const seeds = mkdtempSync(join(folder, 'seeds-'));
  const seed = { task_id: 'seed', task_type: 'export_api', task_status: 'succeed', task_result: '{}' };
  writeFileSync(join(seeds, 'a.json'), JSON.stringify({ ...HERE, tasks: [seed] }));

  const startLogged = async (stateFile: string, more: ApigMockOptions) => {
    const log = logLines();
    const given = new Set(Object.keys(more) as (keyof Settings)[]);
    const mock = await startServer(settingsFrom({ port: 0, stateFile, ...more }), log, given);
    return {
      ...mock,
      lines: () => log.lines.map(({ msg }) => msg).filter((msg) => msg.startsWith('--')),
    };
  };

  it('are added to it once, with a line each', async () => {
    const path = newFile();
    await (await startApigMock({ fixtures: 'none', stateFile: path })).close();
    const more: ApigMockOptions = { clock: 'manual', faults: [fault], fixtures: seeds };
    const first = await startLogged(path, more);
    expect(first.lines()).toEqual([
      '--clock: changed the mode of the main clock',
      '--faults: added a fault that the state did not have',
      '--fixtures: added the seeds that the state did not have',
    ]);
    expect((await first.control.clock.get()).mode).toBe('manual');
    expect((await first.control.tasks.list()).tasks.map((task: { task_id: string }) => task.task_id)).toEqual(
      ['seed'],
    );
    await first.close();
    const second = await startLogged(path, more);
    expect(second.lines()).toEqual([]);
    expect([(await second.control.faults.list()).length, (await second.control.tasks.list()).total]).toEqual([
      1, 1,
    ]);
    await second.close();
    const running = await startLogged(path, { clock: 'system' });
    expect([running.lines().length, (await running.control.clock.get()).mode]).toEqual([1, 'system']);
    await running.close();
  });

  it('ask for nothing when they are defaults', async () => {
    const path = newFile();
    const first = await start(path);
    await first.faults.add(fault);
    await first.close();
    const second = await startLogged(path, {});
    expect(second.lines()).toEqual([]);
    expect((await second.control.clock.get()).mode).toBe('manual');
    expect((await second.control.tasks.list()).total).toBe(0);
    await second.close();
  });

  it('are rejected where they cannot be added', async () => {
    const path = newFile();
    const first = await start(path, { maxTasks: 1 });
    await first.tasks.create({ ...HERE, task_type: 'import_api' });
    await first.close();
    await expect(start(path, { maxTasks: 1, fixtures: seeds })).rejects.toThrow(
      /--fixtures: the seeds cannot be added: no space for 1 tasks/,
    );
    const bad = [{ action: { type: 'delay' } as const }] as Settings['faults'];
    await expect(start(path, { maxTasks: 1, faults: bad })).rejects.toThrow(/faults: \[0\]/);
  });
});

/** The parts of a mock with a state file, without the mock. */
async function opened(settings: Partial<Settings> = {}) {
  const errors: unknown[] = [];
  const path = newFile();
  const parts = createCore(settingsFrom({ clock: 'manual', ...settings }), silentLog);
  const file = await StateFile.open({ path, parts, onError: (cause) => errors.push(cause) });
  const change = (): void => parts.plans.set({ ...HERE, times: 1, plan: { mode: 'manual' } });
  return { path, parts, file, errors, change };
}

describe('the log beside a state file', () => {
  it('gets one line for changes that come together, and one for those that come while it is written', async () => {
    const { path, file, change } = await opened();
    await file.follow();
    const changed = (): Promise<void> => {
      change();
      return file.saved();
    };
    await Promise.all(Array.from({ length: 100 }, changed));
    expect(linesOf(path)).toHaveLength(1);
    const later = changed();
    await until(() => linesOf(path).length === 2, 'the write');
    await Promise.all([later, ...Array.from({ length: 100 }, changed)]);
    expect(linesOf(path)).toHaveLength(3);
    expect(file.isSaved).toBe(true);
    await file.stop();
  });

  it('is as it was when a write fails; that is reported, and tried again with the next change', async () => {
    const { path, file, errors, change } = await opened();
    await file.follow();
    await failing('datasync', 'EIO', async () => {
      change();
      await expect(file.saved()).rejects.toThrow('EIO');
      change();
      await file.settled();
    });
    expect([linesOf(path).length <= 1, errors.length]).toEqual([true, 1]);
    await file.saved();
    expect((await onDisk(path)).plans).toHaveLength(2);
    expect(linesOf(path)).toHaveLength(1);
    await file.stop();
  });

  it('is put into the file again at the end, unless that is large', async () => {
    const { path, parts, file, change } = await opened();
    await file.follow();
    change();
    await file.stop();
    expect(Object.keys(JSON.parse(readFileSync(path, 'utf8')))).not.toContain('log');
    expect(await onDisk(path)).toEqual(takeSnapshot(parts));
    expect(readdirSync(folder).filter((name) => name.startsWith(basename(path)))).toEqual([basename(path)]);

    const large = await opened();
    await addTasks(large.parts, 4, { result: 'x'.repeat(4_000_000) });
    await large.file.follow();
    large.change();
    await large.file.stop();
    expect(linesOf(large.path)).toHaveLength(1);
    expect(await onDisk(large.path)).toEqual(takeSnapshot(large.parts));
  });

  it('is replaced by a new snapshot when it has outgrown the old one, while changes go on', async () => {
    const { path, parts, file, change } = await opened();
    await file.follow();
    const before = JSON.parse(readFileSync(path, 'utf8')).log;
    let rounds = 0;
    for (; JSON.parse(readFileSync(path, 'utf8')).log === before && rounds < 200; rounds += 1) {
      await addTasks(parts, 1, { result: 'y'.repeat(100_000) });
      change();
      await file.saved();
      expect(await onDisk(path)).toEqual(takeSnapshot(parts));
    }
    expect(rounds).toBeLessThan(100);
    await file.stop();
    expect(await onDisk(path)).toEqual(takeSnapshot(parts));
  });

  it('goes on when the new snapshot cannot be written', async () => {
    const { path, parts, file, errors } = await opened();
    await file.follow();
    mkdirSync(`${path}.new`);
    for (let round = 0; round < 60; round += 1) {
      await addTasks(parts, 1, { result: 'y'.repeat(100_000) });
      await file.saved();
    }
    await until(() => errors.length > 0, 'the error');
    expect(await onDisk(path)).toEqual(takeSnapshot(parts));
    rmSync(`${path}.new`, { recursive: true });
    await file.stop();
    expect(await onDisk(path)).toEqual(takeSnapshot(parts));
  });

  it('is bypassed for a new snapshot by changes of very many things, such as a restore', async () => {
    const { path, parts, file } = await opened();
    await file.follow();
    await addTasks(parts, 6000);
    await file.saved();
    expect(linesOf(path)).toHaveLength(0);
    expect((await onDisk(path)).tasks).toHaveLength(6000);
    parts.worker.forget('all');
    parts.store.clear('all');
    await addTasks(parts, 5500, { projectId: 'other' });
    const later = addTasks(parts, 3, { projectId: 'third' });
    await file.saved();
    await later;
    await file.saved();
    expect(await onDisk(path)).toEqual(takeSnapshot(parts));
    await file.stop();
  });

  it('has a last line that was not written whole: it is dropped; another damaged line is reported', async () => {
    const { path, file, change } = await opened();
    await file.follow();
    change();
    await file.saved();
    const killed = newFile();
    const log = `${killed}.1.log`;
    copyFileSync(path, killed);
    copyFileSync(logOf(path), log);
    await file.stop();
    const text = readFileSync(log, 'utf8');
    for (const torn of ['{"plans":[', '{"plans":[\n', '\0\0\0\n']) {
      writeFileSync(log, text + torn);
      expect((await onDisk(killed)).plans).toHaveLength(1);
    }
    writeFileSync(log, `${text.replace('\n{', '\n{{')}{}\n`);
    await expect(start(killed)).rejects.toThrow(/cannot use the log '.*\.1\.log': line 2 is damaged/);
    rmSync(log);
    await expect(start(killed)).rejects.toThrow(/the log of '.*' is missing/);
  });

  it('has tasks as they are, and nothing of earlier states: queued for a slot, then begun, then ended', async () => {
    const { path, parts, file } = await opened({ workers: 1 });
    await file.follow();
    const task = { type: 'import_api', plan: parts.plans.fill({ mode: 'time' }) } as const;
    const scope = { projectId: 'p1', instanceId: 'i1' };
    for (const id of ['a', 'b', 'c']) await parts.worker.create({ ...task, scope, id });
    for (const ms of [500, 1500, 1500, 1500, 1500]) {
      await parts.clocks.ruling('task', 'p1', 'i1').advance(ms);
      await file.saved();
      expect(await onDisk(path)).toEqual(takeSnapshot(parts));
    }
    expect(linesOf(path).length).toBeGreaterThan(3);
    await file.stop();
  });

  it('has the order in which things were added, when the first of them could not be written at once', async () => {
    const { path, parts, file } = await opened();
    await file.follow();
    const task = { type: 'import_api', plan: { mode: 'manual' } } as const;
    const scope = { projectId: 'p1', instanceId: 'i1' };
    await failing('datasync', 'EIO', async () => {
      await parts.worker.create({ ...task, scope, id: 'first' });
      await file.settled();
    });
    await parts.worker.create({ ...task, scope, id: 'second' });
    await file.saved();
    expect((await onDisk(path)).tasks.map((task: { task_id: string }) => task.task_id)).toEqual([
      'first',
      'second',
    ]);
    await file.stop();
  });

  it('drops what was removed while nothing could be written, and saves everything once it can', async () => {
    const { path, parts, file } = await opened({ maxTasks: 10 });
    await file.follow();
    await failing('write', 'ENOSPC', async () => {
      for (let round = 0; round < 4; round += 1) {
        await addTasks(parts, 3000);
        await expect(file.saved()).rejects.toThrow('ENOSPC');
      }
    });
    const [task] = [...parts.store.list()];
    expect(task !== undefined && file.isPending(task)).toBe(true);
    await addTasks(parts, 1);
    await file.saved();
    expect(await onDisk(path)).toEqual(takeSnapshot(parts));
    await file.stop();
  });

  it('has no API of a state in between, and no environment that a restore removed', async () => {
    const { path, parts, file } = await opened();
    await file.follow();
    const withEnvironment = (id: string): InstanceApis => ({
      ...EMPTY_INSTANCE,
      environments: new Map(EMPTY_INSTANCE.environments).set(id, {
        ...[...EMPTY_INSTANCE.environments.values()][0],
        id,
        name: id,
      } as Environment),
    });
    for (const id of ['x', 'y']) {
      parts.apis.commit('p1/i1', withEnvironment(id));
      await file.saved();
    }
    parts.apis.commit('p1/i1', withEnvironment('z'));
    parts.apis.commit('p1/i1', EMPTY_INSTANCE);
    parts.apis.commit('p1/i1', withEnvironment('w'));
    await file.saved();
    expect((await onDisk(path)).apis).toEqual(takeSnapshot(parts).apis);
    await file.stop();
  });

  it('holds what an import changed, however much the instance holds', async () => {
    const path = newFile();
    await using mock = await start(path, { progression: 'immediate' });
    const calls = callsOf(mock.url);
    await calls.importFile(manyApis('large', 300));
    const before = linesOf(path).join('').length;
    const size = linesOf(path).length;
    await calls.importFile(document('small'));
    const added = linesOf(path).slice(size).join('').length;
    expect([before > 50_000, added < 5000]).toEqual([true, true]);
    expect(await onDisk(path)).toEqual(await mock.snapshot());
  });
});

/** Makes a method of every open file fail while `during` runs. */
async function failing(
  method: 'datasync' | 'write',
  code: string,
  during: () => Promise<void>,
): Promise<void> {
  const probe = await open(folder, 'r');
  const fails = vi
    .spyOn(Object.getPrototypeOf(probe), method)
    .mockRejectedValue(Object.assign(new Error(code), { code }));
  await probe.close();
  await during().finally(() => fails.mockRestore());
}

/** Ended tasks, added in one step. */
async function addTasks(
  { worker, ids }: Core,
  count: number,
  { result = '', projectId = 'p1' }: { result?: string; projectId?: string } = {},
): Promise<void> {
  const task = { type: 'import_api', plan: { mode: 'manual' }, status: 'succeed', result } as const;
  const scope = { projectId, instanceId: 'i1' };
  const next = (): string => ids.of('').next();
  await Promise.all(Array.from({ length: count }, () => worker.create({ ...task, scope, id: next() })));
}

const logOf = (path: string): string =>
  [`${path}.1.log`, `${path}.2.log`].find((log) => existsSync(log)) ?? '';

/** The lines of the log that the file names, its head left out. */
function linesOf(path: string): string[] {
  const { log: id } = JSON.parse(readFileSync(path, 'utf8'));
  for (const log of [`${path}.1.log`, `${path}.2.log`]) {
    const [head, ...lines] = existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : [];
    if (head !== undefined && JSON.parse(head).id === id) return lines;
  }
  return [];
}

/** A document with many operations. */
function manyApis(title: string, count: number): string {
  const parsed = JSON.parse(document(title));
  const [operation] = Object.values(parsed.paths);
  parsed.paths = Object.fromEntries(Array.from({ length: count }, (_, at) => [`/p${at}`, operation]));
  return JSON.stringify(parsed);
}

/** Leaves a socket behind as a process does that is killed: the file is there, nobody listens. */
async function leaveSocket(path: string): Promise<void> {
  const script = join(folder, 'listen.cjs');
  writeFileSync(
    script,
    `require('net').createServer().listen(${JSON.stringify(path)}, () => process.send('up'))`,
  );
  const child = fork(script, { stdio: 'ignore' });
  await new Promise((resolve) => child.once('message', resolve));
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));
}
