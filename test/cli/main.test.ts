/** The built command as a process: ready line, port file, signals, exits, and what it reports when it cannot start. */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SETTINGS } from '../../src/config/settings.ts';
import { version } from '../../src/core/version.ts';
import { type Command, command, run } from '../support/command.ts';
import { call, taskUrl } from '../support/mock.ts';

const PORT_0 = ['--port', '0'];
const TASK_ID = 'd9ce8c9eede54b3f841ec324fe0bfdc2';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'apig-mock-cli-'));
});
afterAll(() => rm(folder, { recursive: true }));

const running: Command[] = [];
afterAll(() => Promise.all(running.map((one) => one.stop('SIGKILL'))));
const start = (args: readonly string[], options?: Parameters<typeof command>[1]): Command => {
  const one = command([...PORT_0, ...args], options);
  running.push(one);
  return one;
};

describe('a command that serves', () => {
  it('logs its address in one line of JSON, returns the documented tasks, and exits with 0', async () => {
    const one = start([]);
    const url = await one.ready;
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await call(taskUrl(url, TASK_ID))).body.task_status).toBe('succeed');
    const { code, signal, stdout, stderr } = await one.stop();
    expect([code, signal, stderr]).toEqual([0, null, '']);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.filter(({ msg }) => msg === 'listening')).toMatchObject([{ url, version }]);
    expect(lines.at(-1)).toMatchObject({ msg: 'stopped', signal: 'SIGTERM' });
  });

  it('writes its port to a file once ready, and removes it at the end', async () => {
    const file = join(folder, 'port');
    const one = start(['--port-file', file]);
    const url = await one.ready;
    expect(await readFile(file, 'utf8')).toBe(`${new URL(url).port}\n`);
    const { code } = await one.stop('SIGINT');
    expect(code).toBe(0);
    expect(existsSync(file)).toBe(false);
  });

  it('writes no line for polls and health, and none that holds a token', async () => {
    const one = start(['--token', 'hush-hush']);
    const url = await one.ready;
    for (let at = 0; at < 20; at += 1) await call(taskUrl(url, TASK_ID), { token: 'hush-hush' });
    await call(`${url}/__admin/health`);
    await call(`${url}/nowhere`, { token: 'hush-hush' });
    const { stdout } = await one.stop();
    expect(stdout).not.toContain('async-tasks');
    expect(stdout).not.toContain('health');
    expect(stdout).toContain('/nowhere');
    expect(stdout).not.toContain('hush-hush');
  });

  it('writes nothing but errors at that log level', async () => {
    const one = start(['--log-level', 'silent', '--port-file', join(folder, 'silent')]);
    await expect.poll(() => existsSync(join(folder, 'silent')), { timeout: 10_000 }).toBe(true);
    const { code, stdout } = await one.stop();
    expect([code, stdout]).toEqual([0, '']);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'ends on %s with 50 open connections: 0, in under 500 ms',
    async (signal) => {
      const one = start([]);
      const { port } = new URL(await one.ready);
      const sockets = await Promise.all(Array.from({ length: 50 }, () => openKeepAlive(Number(port))));
      const closed = Promise.all(
        sockets.map((socket) => new Promise((resolve) => socket.on('close', resolve))),
      );
      const { code, tookMs } = await one.stop(signal);
      expect(code).toBe(0);
      expect(tookMs).toBeLessThan(500);
      await closed;
    },
  );

  it('ends on a second signal as on the first', async () => {
    const one = start([]);
    const url = await one.ready;
    // A call under way keeps it between the first signal and its end, in which no process heeds a second.
    await call(`${url}/__admin/faults`, { json: { action: { type: 'delay', ms: 300 } } });
    const delayed = call(taskUrl(url, TASK_ID));
    const hits = async () => (await call(`${url}/__admin/faults`)).body.faults[0].hits;
    await expect.poll(hits, { timeout: 10_000 }).toBe(1);
    one.child.kill('SIGTERM');
    expect((await one.stop('SIGTERM')).code).toBe(0);
    expect((await delayed).status).toBe(200);
  });

  it('goes on serving when nobody reads what it writes', async () => {
    const one = start(['--log-level', 'debug']);
    const url = await one.ready;
    one.child.stdout?.destroy();
    for (let at = 0; at < 100; at += 1) expect((await call(`${url}/nowhere`)).status).toBe(404);
    const { code, stderr } = await one.stop();
    expect([code, stderr]).toEqual([0, '']);
  });
});

/** A connection on which one poll got its response and which stays open. */
function openKeepAlive(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(`GET ${taskUrl('', TASK_ID)} HTTP/1.1\r\nHost: x\r\nX-Auth-Token: dev-token\r\n\r\n`),
    );
    socket.once('data', () => resolve(socket));
    socket.on('error', reject);
  });
}

describe('a command that cannot start', () => {
  let taken: Server;
  beforeAll(async () => {
    taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
  });
  afterAll(() => new Promise((resolve) => taken.close(resolve)));

  it('exits with 1 for a port that is taken, and reports it', async () => {
    const { port } = taken.address() as AddressInfo;
    const { code, stdout, stderr } = await run(['--port', `${port}`]);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^apig-mock: .*EADDRINUSE.*127\.0\.0\.1.*--port \(0 = any free one\)\n$/);
    expect(stderr).toContain(`:${port}`);
  });

  it('ends with 2 for a broken seed: file, place, reason', async () => {
    const seeds = await mkdtemp(join(folder, 'seeds-'));
    await writeFile(join(seeds, 'a.json'), '{"tasks":[{"task_id":"a"}]}');
    const { code, stderr } = await run([...PORT_0, '--fixtures', seeds]);
    expect(code).toBe(2);
    expect(stderr).toBe(
      `apig-mock: ${join(seeds, 'a.json')}: tasks[0].task_type: takes import_api or export_api\n`,
    );
  });

  it.each<[string[], string]>([
    [['--port', 'x'], "--port: 'x' is not what it takes: a whole number from 0 to 65535"],
    [['--fixtures', '/nowhere'], "fixtures: cannot read the folder '/nowhere': there is no such folder"],
    [['--config', '/nowhere.json'], "--config: cannot read '/nowhere.json': there is no such file"],
    [
      [...PORT_0, '--port-file', '/nowhere/port'],
      "--port-file: cannot write '/nowhere/port': its folder does not exist",
    ],
    [[...PORT_0, '--port-file', '/'], "--port-file: cannot write '/': it is a folder"],
    [['--config', '/'], "--config: cannot read '/': it is a folder"],
    [
      [...PORT_0, '--state-file', '/nowhere/state.json'],
      "--state-file: the folder '/nowhere' does not exist: make it, or name another file",
    ],
    [['dance'], "there is no command 'dance' (see apig-mock --help)"],
    [['imprt', 'x.yaml'], "there is no command 'imprt'; did you mean import? (see apig-mock --help)"],
    [['exprot', '--help'], "there is no command 'exprot'; did you mean export? (see apig-mock --help)"],
    [['constructor'], "there is no command 'constructor' (see apig-mock --help)"],
  ])('ends with 2 and one line for %j', async (args, line) => {
    const { code, stdout, stderr } = await run(args);
    expect([code, stdout, stderr]).toEqual([
      2,
      expect.not.stringContaining('listening'),
      `apig-mock: ${line}\n`,
    ]);
  });

  it('ends with 2 for a config file that is broken: where, and why', async () => {
    const json = join(folder, 'broken.json');
    await writeFile(json, '{\n  "port": 0,\n  port: 1\n}');
    const broken = await run(['--config', json]);
    expect(broken.code).toBe(2);
    expect(broken.stderr.startsWith(`apig-mock: --config: '${json}': line 3, column 3: not JSON: `)).toBe(
      true,
    );
    const yaml = join(folder, 'broken.yaml');
    await writeFile(yaml, 'port: [1\nhost: x\n');
    const { code, stderr } = await run(['--config', yaml]);
    expect([code, stderr.split('\n').length]).toEqual([2, 2]);
    expect(stderr).toContain(yaml);
  });
});

describe('a command that prints', () => {
  it('its version', async () => {
    for (const flag of ['--version', '-v'])
      expect(await run([flag])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('one warning about a variable that is no setting, and goes on', async () => {
    const env = { APIG_MOCK_PROT: '1' };
    const line =
      'apig-mock: APIG_MOCK_PROT is not a setting, and has no effect; did you mean APIG_MOCK_PORT?\n';
    expect(await run(['--print-config'], { env })).toMatchObject({ code: 0, stderr: line });
    const one = start([], { env });
    await one.ready;
    expect(await one.stop()).toMatchObject({ code: 0, stderr: line });
    expect((await run(['--version'], { env })).stderr).toBe('');
  });

  it('its help: every setting, by flag and variable', async () => {
    const { code, stdout } = await run(['--help'], { env: { APIG_MOCK_PORT: 'nonsense' } });
    expect(code).toBe(0);
    for (const { flag, env } of SETTINGS) {
      expect(stdout).toMatch(new RegExp(`--(\\[no-\\])?${flag} `));
      expect(stdout).toContain(env);
    }
  });

  it('its config: each value and where it came from, from JSON as from YAML, and no secret', async () => {
    const yaml = join(folder, 'conf.yaml');
    const json = join(folder, 'conf.json');
    await writeFile(yaml, 'workers: 7\nadmin-token: hush-hush\n');
    await writeFile(json, '{"workers": 7, "admin-token": "hush-hush"}');
    for (const file of [yaml, json]) {
      const { code, stdout } = await run(['--print-config', '--port', '1234', '--config', file], {
        env: { APIG_MOCK_REGION: 'r1' },
      });
      expect(code).toBe(0);
      expect(stdout).toMatch(/^port +1234 +\(flag\)$/m);
      expect(stdout).toMatch(/^region +'r1' +\(environment\)$/m);
      expect(stdout).toMatch(/^workers +7 +\(file\)$/m);
      expect(stdout).toMatch(/^admin-token +\(hidden\) +\(file\)$/m);
      expect(stdout).toMatch(/^host +'127\.0\.0\.1' +\(default\)$/m);
      expect(stdout).not.toContain('hush-hush');
      expect(stdout.trimEnd().split('\n')).toHaveLength(SETTINGS.length);
    }
  });

  it('without a crash when nobody listens', async () => {
    const one = command(['--help']);
    one.child.stdout?.destroy();
    const { stderr } = await one.ended;
    expect(stderr).toBe('');
  });
});
