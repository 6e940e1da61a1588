/** Starting: the port file, hosts, seeds beyond a limit, few descriptors, values with line breaks or outside ASCII. */
import { existsSync, readdirSync, readFileSync, watch } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPortFile } from '../../src/cli/port-file.ts';
import { settingsFrom } from '../../src/config/check.ts';
import { connectApigMock } from '../../src/index.ts';
import { startServer } from '../../src/mock.ts';
import { runChild } from '../support/child.ts';
import { COMMAND, type Command, command, run } from '../support/command.ts';
import { taskUrl, testMock } from '../support/mock.ts';
import { sendBytes } from '../support/wire.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'apig-mock-start-'));
});
afterAll(() => rm(folder, { recursive: true }));

const running: Command[] = [];
afterAll(() => Promise.all(running.map((one) => one.stop('SIGKILL'))));
const TASK_ID = 'd9ce8c9eede54b3f841ec324fe0bfdc2';
const task = (at: number, task_status = 'succeed') => ({
  ...{ task_id: `t${at}`, task_type: 'import_api', task_status },
  task_result: task_status === 'succeed' ? '{}' : '',
});

describe('the port file', () => {
  it('is whole whenever it is there', async () => {
    const place = await mkdtemp(join(folder, 'port-'));
    const path = join(place, 'port');
    const seen = new Set<string>();
    const look = (): void => {
      try {
        seen.add(readFileSync(path, 'utf8'));
      } catch {
        // Not there.
      }
    };
    const watcher = watch(place, look);
    for (let at = 0; at < 50; at += 1) {
      const file = await openPortFile(path);
      // Looked at from within the turns of the event loop in which it is written.
      let isWritten = false;
      const written = file.write(40_000 + at).then(() => {
        isWritten = true;
      });
      while (!isWritten) {
        look();
        await new Promise((resolve) => setImmediate(resolve));
      }
      await written;
      look();
      await file.remove();
    }
    watcher.close();
    expect([...seen].filter((text) => !/^4\d{4}\n$/.test(text))).toEqual([]);
    expect(seen.size).toBe(50);
    expect(readdirSync(place)).toEqual([]);
  });

  it('of before is gone before anything listens, even where nothing ever does', async () => {
    const path = join(folder, 'stale');
    await writeFile(path, '1\n');
    const { code, stderr } = await run(['--port', '0', '--host', 'nowhere.invalid', '--port-file', path]);
    expect([code, existsSync(path), stderr.trimEnd().split('\n')]).toEqual([2, false, [expect.any(String)]]);
  });

  it('that cannot be written is one line before anything listens', async () => {
    const { code, stdout, stderr } = await run(['--port', '0', '--port-file', '/nowhere/port']);
    expect([code, stdout, stderr]).toEqual([
      2,
      '',
      "apig-mock: --port-file: cannot write '/nowhere/port': its folder does not exist\n",
    ]);
    await expect(openPortFile(folder)).rejects.toThrow('it is a folder');
    await writeFile(join(folder, 'flat'), '');
    await expect(openPortFile(join(folder, 'flat', 'port'))).rejects.toThrow('--port-file: cannot write');
  });

  it('of another mock that took it over stays', async () => {
    const path = join(folder, 'shared');
    const first = await openPortFile(path);
    await first.write(1001);
    const second = await openPortFile(path);
    await second.write(1002);
    await first.remove();
    expect(await readFile(path, 'utf8')).toBe('1002\n');
    await second.remove();
    expect(existsSync(path)).toBe(false);
  });

  it('may be a device, which stays', async () => {
    const path = join(folder, 'null');
    await symlink('/dev/null', path);
    const file = await openPortFile(path);
    await file.write(1003);
    await file.remove();
    expect(existsSync(path)).toBe(true);
  });
});

describe('a host', () => {
  const hasIpv6 = Object.values(networkInterfaces()).some((list) =>
    list?.some(({ address }) => address === '::1'),
  );
  it.each(['[::1]', '::1'])('of %s is the address alone, and brackets stand in the url', async (host) => {
    expect(settingsFrom({ host }).host).toBe('::1');
    const cause: unknown = await startServer(settingsFrom({ host, port: 0 })).then(
      async (mock) => {
        expect(mock.url).toBe(`http://[::1]:${mock.port}`);
        expect((await request(`${mock.url}/__admin/health`)).statusCode).toBe(200);
        await mock.close();
      },
      (thrown: unknown) => thrown,
    );
    // A machine without IPv6 reports it.
    if (hasIpv6) expect(cause).toBeUndefined();
    else expect(['EADDRNOTAVAIL', 'EAFNOSUPPORT']).toContain((cause as NodeJS.ErrnoException).code);
  });

  it.each([
    ['nowhere.invalid', /there is no such host|could not be looked up/],
    ['http://localhost', /there is no such host|could not be looked up/],
    ['192.0.2.1', /EADDRNOTAVAIL.*: choose another address or port with --host and --port/],
    ['fe80::1', /link-local|no addresses of this kind|no network interface/],
  ])('of %s is one line and 2', async (host, why) => {
    const { code, stdout, stderr } = await run(['--port', '0', '--host', host]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^apig-mock: [^\n]*\n$/);
    expect(stderr).toContain(host);
    expect(stderr).toMatch(why);
  });
});

describe('seeds', () => {
  const seeded = async (tasks: object[]): Promise<string> => {
    const place = await mkdtemp(join(folder, 'seeds-'));
    await writeFile(join(place, 'a.json'), JSON.stringify({ project_id: 'p1', instance_id: 'i1', tasks }));
    return place;
  };

  it.each(['succeed', 'waiting'])('beyond --max-tasks (%s) are one line and 2', async (status) => {
    const fixtures = await seeded(Array.from({ length: 5 }, (_, at) => task(at, status)));
    const { code, stdout, stderr } = await run(['--port', '0', '--fixtures', fixtures, '--max-tasks', '4']);
    expect([code, stdout, stderr]).toEqual([
      2,
      '',
      `apig-mock: fixtures: '${fixtures}' holds 5 tasks of projects, more than --max-tasks allows (4)\n`,
    ]);
    await using _mock = await testMock({ fixtures, maxTasks: 5 });
  });

  it('in a state file beyond --max-tasks are, too', async () => {
    const stateFile = join(folder, 'state.json');
    const fixtures = await seeded([task(0), task(1)]);
    await (await testMock({ fixtures, stateFile })).close();
    const { code, stderr } = await run(['--port', '0', '--state-file', stateFile, '--max-tasks', '1']);
    expect([code, stderr.split('\n').length]).toEqual([2, 2]);
    expect(stderr).toContain('--max-tasks');
  });

  it('in 3,000 files load with 1,024 descriptors', async () => {
    const place = join(folder, 'many');
    await mkdir(place);
    for (let at = 0; at < 3000; at += 1)
      await writeFile(join(place, `${at}.json`), JSON.stringify({ tasks: [task(at)] }));
    const one = command(['--port', '0', '--fixtures', place], { openFiles: 1024 });
    await one.ready;
    expect((await one.stop()).code).toBe(0);
  });
});

it('a start that fails ends although nobody reads the log', async () => {
  await using taken = await testMock();
  const fixtures = await mkdtemp(join(folder, 'unread-'));
  const tasks = Array.from({ length: 20 }, (_, at) => task(at));
  await writeFile(join(fixtures, 'a.json'), JSON.stringify({ project_id: 'p1', instance_id: 'i1', tasks }));
  const one = command(['--port', String(taken.port), '--fixtures', fixtures]);
  running.push(one);
  one.child.stdout?.destroy();
  const { code, stderr } = await one.ended;
  expect([code, stderr]).toEqual([1, expect.stringContaining('EADDRINUSE')]);
});

it('a config can come from a pipe', async () => {
  const script = '"$0" "$1" --print-config --config <(printf \'{"workers": 7}\')';
  const { stdout } = await runChild('bash', ['-c', script, process.execPath, COMMAND]);
  expect(stdout).toMatch(/^workers +7 +\(file\)$/m);
});

describe('a value that ends in a line break', () => {
  it('is read without it, whatever its kind', async () => {
    const env = {
      ...{ APIG_MOCK_PORT: '0\n', APIG_MOCK_STRICT: 'true\r\n', APIG_MOCK_CLOCK: 'manual\n' },
      ...{ APIG_MOCK_HOST: '127.0.0.1\n', APIG_MOCK_ADMIN_TOKEN: 'hush\n', APIG_MOCK_TOKENS: 'a\n,b\r\n' },
      ...{ APIG_MOCK_FAULTS: '\uFEFF[]\n' },
    };
    const one = command([], { env });
    running.push(one);
    const url = await one.ready;
    const authorization = 'Bearer hush';
    expect((await request(`${url}/__admin/tasks`, { headers: { authorization } })).statusCode).toBe(200);
    expect((await run(['health', '--url', url], { env })).stdout).toBe('healthy\n');
    const remote = await connectApigMock(url, { adminToken: 'hush\n' });
    expect((await remote.clock.get()).mode).toBe('manual');
    await remote.close();
    await one.stop();
  });

  it('in its middle is rejected in one line', async () => {
    for (const [flag, value] of [
      ['--admin-token', 'a\nb'],
      ['--token', 'a\u0000b'],
      ['--port', '8\n0'],
      ['--admin-host', 'http://x'],
      ['--access-key', 'ä:b'],
    ] as const) {
      const { code, stderr } = await run([`${flag}=${value.replaceAll('\u0000', '\u007f')}`]);
      expect([flag, code, stderr.split('\n').length]).toEqual([flag, 2, 2]);
      expect(stderr).toContain(`${flag}: `);
    }
  });
});

describe('a token outside ASCII', () => {
  it.each(['tökén', '令牌', 'ключ €'])('%s is known as curl and as undici send it', async (token) => {
    await using mock = await testMock({ tokens: [token], adminToken: token, admin: true });
    const target = new URL(taskUrl(mock.url, TASK_ID));
    const raw = (encoding: 'utf8' | 'latin1', header: string, path = target.pathname) =>
      sendBytes(
        mock.port,
        Buffer.from(
          `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${header}${token}\r\n\r\n`,
          encoding,
        ),
      );
    // As curl does; a plain poll, and one that goes through Fastify.
    for (const path of [target.pathname, `${target.pathname}?x=1`])
      expect(await raw('utf8', 'X-Auth-Token: ', path)).toMatch(/^HTTP\/1.1 200 /);
    expect(await raw('utf8', 'Authorization: Bearer ', '/__admin/tasks')).toMatch(/^HTTP\/1.1 200 /);
    expect(await raw('utf8', 'X-Auth-Token: x', target.pathname)).toMatch(/^HTTP\/1.1 401 /);
    const isLatin1 = Buffer.from(token, 'latin1').toString('latin1') === token;
    if (isLatin1) {
      expect((await request(target, { headers: { 'x-auth-token': token } })).statusCode).toBe(200);
      const authorization = `Bearer ${token}`;
      expect((await request(`${mock.url}/__admin/tasks`, { headers: { authorization } })).statusCode).toBe(
        200,
      );
    }
    const remote = await connectApigMock(mock.url, { adminToken: token });
    expect((await remote.tasks.list()).tasks.length).toBeGreaterThan(0);
    await remote.close();
  });
});
