/** The state on disk: what is acknowledged is there, who else wants the file, and what is left alone. */
import { fork } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { StateFile } from '../../src/control/state-file.ts';
import { Emitter } from '../../src/emitter.ts';
import { type ApigMockOptions, SettingError, startApigMock } from '../../src/index.ts';
import { needs } from '../support/needs.ts';
import { callsOf, document, HERE, START, until } from './scene.ts';

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
const onDisk = (path: string): any => JSON.parse(readFileSync(path, 'utf8'));

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

  it('has what was acknowledged, over HTTP, before the answer is out', async () => {
    const path = newFile();
    await using mock = await start(path);
    for (let round = 0; round < 5; round += 1) {
      const taskId = await callsOf(mock.url).importFile(document(`kept${round}`));
      expect(onDisk(path).tasks.map(({ task_id }: { task_id: string }) => task_id)).toContain(taskId);
    }
  });

  it('has a state before any poll shows it', async () => {
    const path = newFile();
    await using mock = await start(path, { progression: 'polls' });
    const taskId = await callsOf(mock.url).importFile(document('shown'));
    for (const _read of [1, 2, 3, 4]) {
      const shown = (await callsOf(mock.url).poll(taskId)).body.task_status;
      const order = ['waiting', 'processing', 'succeed'];
      expect(order.indexOf(onDisk(path).tasks[0].task_status)).toBeGreaterThanOrEqual(order.indexOf(shown));
    }
    expect(onDisk(path).apis.scopes).toHaveLength(1);
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

  it('is refused to a second mock, free again after the first, and after one that was killed', async () => {
    const path = newFile();
    const first = await start(path);
    await expect(start(path)).rejects.toThrow(/--state-file: .* is in use by another apig-mock/);
    await first.close();
    await (await start(path)).close();
    await leaveSocket(`${path}.lock`);
    await using third = await start(path);
    expect(third.url).toContain('http');
  });

  it('is had by one of many that start at once after one was killed', async () => {
    const path = newFile();
    await leaveSocket(`${path}.lock`);
    const started = await Promise.allSettled(Array.from({ length: 8 }, () => start(path)));
    const up = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(up).toHaveLength(1);
    await up[0]?.close();
  });

  it.each<[string, string, RegExp]>([
    ['no JSON', '{"format":', /is no state of apig-mock/],
    ['empty', '', /is no state of apig-mock/],
    ['of another kind', '{"a":1}', /cannot be used: format/],
    ['of a later version', '{"format":"apig-mock-snapshot","version":2}', /version/],
  ])('that is %s is told at the start, and left as it was', async (_what, text, says) => {
    const path = newFile();
    writeFileSync(path, text);
    await expect(start(path)).rejects.toThrow(SettingError);
    await expect(start(path)).rejects.toThrow(says);
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

  it('in a folder that is none, or not there, is told at the start, with what to do', async () => {
    const missing = join(folder, 'missing');
    // A long name has its lock elsewhere: the folder is looked for all the same.
    for (const name of ['state.json', `${'x'.repeat(100)}.json`])
      await expect(start(join(missing, name))).rejects.toThrow(
        `--state-file: the folder '${missing}' does not exist: make it, or name another file`,
      );
    const path = newFile();
    writeFileSync(path, '');
    await expect(start(join(path, 'state.json'))).rejects.toThrow(
      /--state-file: the folder '.*' is no folder/,
    );
  });

  it.skipIf(!isLinux)('in a folder that takes no files is told at the start', async () => {
    await expect(start('/proc/self/state.json')).rejects.toThrow(/--state-file: cannot use/);
    await expect(start(folder)).rejects.toThrow(/--state-file: cannot read/);
  });
});

describe('writing', () => {
  const opened = async (take: () => Promise<string>) => {
    const errors: unknown[] = [];
    const path = newFile();
    const file = await StateFile.open({ path, take, onError: (cause) => errors.push(cause) });
    return { path, file, errors };
  };

  it('puts changes that come while one is written into the next, together', async () => {
    let taken = 0;
    const { file } = await opened(async () => {
      taken += 1;
      return String(taken);
    });
    await Promise.all(Array.from({ length: 100 }, () => file.saved()));
    expect(taken).toBe(1);
    const first = file.saved();
    await until(() => taken === 2, 'the write');
    await Promise.all([first, ...Array.from({ length: 100 }, () => file.saved())]);
    expect(taken).toBe(3);
    expect(file.isSaved).toBe(true);
    await file.stop();
  });

  it('leaves the file as it was when it fails, says so, and tries again with the next change', async () => {
    let text: string | undefined = 'one';
    const { path, file, errors } = await opened(async () => text ?? Promise.reject(new Error('no')));
    await file.saved();
    text = undefined;
    await expect(file.saved()).rejects.toThrow('no');
    await file.settled();
    expect([readFileSync(path, 'utf8'), errors.length]).toEqual(['one', 1]);
    text = 'two';
    await file.saved();
    expect(readFileSync(path, 'utf8')).toBe('two');
    expect(existsSync(`${path}.new`)).toBe(false);
    await file.stop();
  });

  it('writes the last state at the end once it follows what happens, nothing before', async () => {
    const { path, file } = await opened(async () => 'last');
    await file.stop();
    expect(existsSync(path)).toBe(false);
    const other = await opened(async () => 'last');
    other.file.follow(new Emitter<void>());
    await other.file.stop();
    expect(readFileSync(other.path, 'utf8')).toBe('last');
  });
});

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
