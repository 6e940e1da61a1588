/** Disks that are full or read-only: no response is lost, and what could not be stored is not acknowledged. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/admin/state/snapshot.ts';
import { readState } from '../../src/admin/state/state-file.ts';
import { FOLDER, type Started, start } from '../support/command.ts';
import { call, taskUrl } from '../support/mock.ts';
import { hasProgram, needs } from '../support/needs.ts';

const TASK_ID = 'd9ce8c9eede54b3f841ec324fe0bfdc2';
const NEW_TASK = { project_id: 'p1', instance_id: 'i1', task_type: 'import_api', plan: { mode: 'manual' } };
const hasDevFull = needs(
  existsSync('/dev/full'),
  'a log that cannot be written: it takes a system with /dev/full',
);
/** More than what is left of the last block of a file. */
const LARGE_TASK = {
  ...NEW_TASK,
  plan: { mode: 'manual', outcome: { status: 'succeed', task_result: 'x'.repeat(8192) } },
};

const storedIn = async (stateFile: string): Promise<string[]> =>
  ((await readState(stateFile)) as Snapshot).tasks.map((task) => task.task_id);

const hasPrlimit = needs(
  hasProgram('prlimit'),
  'a state file that cannot be written: it takes prlimit of util-linux',
);
/** From now on no file of this process may be longer. */
const limitFiles = ({ child }: Started, bytes: string): void =>
  void execFileSync('prlimit', ['--pid', String(child.pid), `--fsize=${bytes}`]);

/** A disk of 64 KB, where the user who runs the tests may make one. */
function smallDisk(): string {
  const folder = mkdtempSync(join(FOLDER, 'disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' });
  return folder;
}
const mayMount = needs(canMount(), 'a full disk: be root on Linux, which may mount one');
function canMount(): boolean {
  try {
    execFileSync('umount', [smallDisk()], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!hasDevFull)('a log that cannot be written', () => {
  it('costs its lines and nothing else: the mock responds, reports it once, and stops', async () => {
    const mock = await start({
      args: ['--log-level', 'debug'],
      stdout: openSync('/dev/full', 'w'),
      stderr: /the log cannot be written \(ENOSPC\)/,
    });
    for (let at = 0; at < 30; at += 1) {
      const response = await call(`${taskUrl(mock.url, TASK_ID)}?at=${at}`);
      expect(response.status).toBe(200);
      // Longer than the log waits before it writes, in sum.
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const end = await mock.stop();
    expect([end.code, end.signal]).toEqual([0, null]);
    expect(end.tookMs).toBeLessThan(1500);
    expect(mock.output().match(/the log cannot be written/g)).toHaveLength(1);
  });

  it('whose reader has gone does not matter either', async () => {
    const mock = await start({ args: ['--log-level', 'debug'] });
    mock.child.stdout?.destroy();
    for (let at = 0; at < 30; at += 1) {
      expect((await call(`${taskUrl(mock.url, TASK_ID)}?at=${at}`)).status).toBe(200);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect((await mock.stop()).code).toBe(0);
  });
});

describe('a state file that cannot be written', () => {
  it.skipIf(!mayMount)('as long as the disk is full rejects each change with 500', async () => {
    const folder = smallDisk();
    const stateFile = join(folder, 'state.json');
    const mock = await start({ args: ['--state-file', stateFile, '--log-level', 'warn'] });
    const fill = join(folder, 'fill');
    try {
      expect(() => writeFileSync(fill, Buffer.alloc(1024 * 1024))).toThrow(/ENOSPC/);
      const rejected = await call(`${mock.url}/__admin/tasks`, { json: LARGE_TASK });
      expect([rejected.status, rejected.body.error_code]).toEqual([500, 'APIG.9999']);
      expect(rejected.text).not.toContain('ENOSPC');
      rmSync(fill);
      const created = await call(`${mock.url}/__admin/tasks`, { json: LARGE_TASK });
      expect([created.status, await storedIn(stateFile)]).toEqual([
        201,
        expect.arrayContaining([created.body.task_id]),
      ]);
      expect((await mock.stop()).code).toBe(0);
      const id = String(rejected.headers['x-request-id']);
      const named = mock
        .output()
        .split('\n')
        .filter((line) => line.includes(id));
      expect([named.length, named[0]]).toEqual([1, expect.stringContaining('ENOSPC')]);
    } finally {
      mock.child.kill('SIGKILL');
      await mock.ended;
      execFileSync('umount', [folder]);
    }
  });

  it.skipIf(!hasPrlimit)(
    'for another reason rejects the change as well, polls get their responses, and the exit is clean',
    async () => {
      const stateFile = join(FOLDER, 'shut.json');
      const mock = await start({ args: ['--state-file', stateFile, '--log-level', 'warn'] });
      limitFiles(mock, '1:unlimited');
      for (const _ of [1, 2])
        expect((await call(`${mock.url}/__admin/tasks`, { json: NEW_TASK })).status).toBe(500);
      expect((await call(taskUrl(mock.url, TASK_ID))).status).toBe(200);
      limitFiles(mock, 'unlimited');
      const created = await call(`${mock.url}/__admin/tasks`, { json: NEW_TASK });
      expect([created.status, await storedIn(stateFile)]).toEqual([
        201,
        expect.arrayContaining([created.body.task_id]),
      ]);
      expect((await mock.stop()).code).toBe(0);
      expect(mock.output().match(/"msg":"the state could not be written"/g)).toHaveLength(1);
    },
  );

  it.skipIf(!hasPrlimit)('at the start is reported there, and no state is left', async () => {
    const stateFile = join(FOLDER, 'full-disk.json');
    const args = ['--state-file', stateFile];
    const started = start({ args, fileKb: 0, stderr: /^apig-mock: --state-file: / });
    await expect(started).rejects.toThrow(`--state-file: cannot write '${stateFile}'`);
    expect(readdirSync(FOLDER).filter((name) => name.startsWith('full-disk'))).toEqual([]);
  });

  it.skipIf(!mayMount)(
    'that a container has mounted by itself is reported at the start, with what to do',
    async () => {
      const [own, mounted] = [join(FOLDER, 'own.json'), join(FOLDER, 'mounted.json')];
      const first = await start({ args: ['--state-file', own] });
      expect((await first.stop()).code).toBe(0);
      writeFileSync(mounted, '');
      execFileSync('mount', ['--bind', own, mounted]);
      try {
        const started = start({ args: ['--state-file', mounted], stderr: /^apig-mock: --state-file: / });
        await expect(started).rejects.toThrow(
          `--state-file: '${mounted}' cannot be replaced, as when a container has it mounted by itself: mount its folder instead`,
        );
      } finally {
        execFileSync('umount', [mounted]);
      }
    },
  );

  it('because there is no such folder is reported at the start', async () => {
    const stateFile = join(FOLDER, 'nowhere', 'state.json');
    const started = start({ args: ['--state-file', stateFile], stderr: /^apig-mock: --state-file: / });
    await expect(started).rejects.toThrow(
      `--state-file: the folder '${join(FOLDER, 'nowhere')}' does not exist: make it, or name another file`,
    );
  });
});
