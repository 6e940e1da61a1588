/** The banner of a start: six lines for a person at a terminal, and no secret. */
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/cli/config.ts';
import { bannerOf } from '../../../src/cli/terminal/banner.ts';
import { runChild } from '../../support/child.ts';
import { COMMAND } from '../../support/command.ts';
import { hasProgram, needs } from '../../support/needs.ts';

const URL = 'http://127.0.0.1:8080';
const banner = async (...argv: string[]): Promise<string[]> =>
  bannerOf(URL, await loadConfig({ argv, env: {}, readFile: async () => ({}) })).split('\n');

describe('the banner', () => {
  it('has six lines', async () => {
    expect(await banner()).toEqual([
      'address    http://127.0.0.1:8080',
      'page       http://127.0.0.1:8080/__admin/',
      'documents  http://127.0.0.1:8080/__admin/docs',
      'token      dev-token  (X-Auth-Token)',
      'keys       dev-ak:dev-sk  (AK:SK)',
      'stop       Ctrl-C',
      '',
    ]);
  });

  it('shows no secret, and what is off', async () => {
    const secret = await banner('--token', 'hush-a', '--token', 'hush-b', '--access-key', 'ak:hush');
    expect(secret.join()).not.toContain('hush');
    expect(secret[3]).toBe('token      2 from the flag, not shown  (X-Auth-Token)');
    expect((await banner('--admin-token', 'hush'))[1]).toBe(
      `page       ${URL}/__admin/  (takes --admin-token)`,
    );
    expect((await banner('--no-admin'))[1]).toBe('page       off: --no-admin');
  });
});

/** Runs the command on a terminal of its own, by Python's pty, until the second line of output or the end. */
const onTerminal = async (...argv: string[]): Promise<string> => {
  const script = `
import os, pty, signal, sys
pid, fd = pty.fork()
if pid == 0:
    os.execv(sys.argv[1], sys.argv[1:])
out = b''
while out.count(b'\\n') < int(os.environ['LINES_WANTED']):
    try:
        out += os.read(fd, 4096)
    except OSError:
        break
os.kill(pid, signal.SIGTERM)
os.waitpid(pid, 0)
sys.stdout.write(out.decode())
`;
  const wanted = argv.includes('--json') ? '1' : '6';
  const { stdout, stderr, code } = await runChild(
    'python3',
    ['-c', script, process.execPath, COMMAND, '--port', '0', ...argv],
    {
      env: { ...process.env, LINES_WANTED: wanted },
    },
  );
  expect([code, stderr]).toEqual([0, '']);
  return stdout.replaceAll('\r', '');
};

const hasPython = needs(hasProgram('python3'), 'a start on a terminal: install python3');
describe.skipIf(!hasPython)('a start on a terminal', () => {
  it('writes the banner in place of the JSON line', async () => {
    const out = await onTerminal();
    expect(out).toMatch(/^address {4}http:\/\/127\.0\.0\.1:\d+\npage /);
    expect(out).toContain('\nstop       Ctrl-C\n');
    expect(out).not.toContain('"listening"');
  });

  it('writes the JSON line with --json', async () => {
    expect(JSON.parse((await onTerminal('--json')).split('\n')[0] ?? '')).toMatchObject({ msg: 'listening' });
  });
});
