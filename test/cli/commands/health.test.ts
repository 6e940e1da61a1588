/** `apig-mock health`, as a container's HEALTHCHECK runs it: well, ill, and well although rejected. */
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { type Command, command, run } from '../../support/command.ts';

const running: Command[] = [];
afterAll(() => Promise.all(running.map((one) => one.stop('SIGKILL'))));
const start = (args: readonly string[]): Command => {
  const one = command(['--port', '0', ...args]);
  running.push(one);
  return one;
};

describe('apig-mock health', () => {
  it('is well for a mock that serves, ill once it has stopped', async () => {
    const one = start([]);
    const { port } = new URL(await one.ready);
    expect(await run(['health', '--port', port])).toMatchObject({ code: 0, stdout: 'healthy\n' });
    expect(await run(['health'], { env: { APIG_MOCK_PORT: port, APIG_MOCK_HOST: '0.0.0.0' } })).toMatchObject(
      { code: 0 },
    );
    await one.stop();
    const ill = await run(['health', '--port', port]);
    expect([ill.code, ill.stdout]).toEqual([1, expect.stringMatching(/^not healthy: .*ECONNREFUSED.*\n$/)]);
  });

  // A container's HEALTHCHECK knows the environment alone, not the flags the mock was started with.
  it.each([[['--no-admin']], [['--admin-token', 'secret']]])(
    'is well for a mock started with %j, which it does not know',
    async (args) => {
      const one = start(args);
      const { port } = new URL(await one.ready);
      expect(await run(['health', '--port', port])).toMatchObject({ code: 0, stdout: 'healthy\n' });
    },
  );

  it('takes the address of the mock instead', async () => {
    const one = start([]);
    const url = await one.ready;
    expect(await run(['health', '--url', url])).toMatchObject({ code: 0, stdout: 'healthy\n' });
    expect(await run(['health', `--url=${url}/`, '--port', '1'])).toMatchObject({ code: 0 });
    await one.stop();
    expect((await run(['health', '--url', url])).stdout).toContain(`not healthy: ${url}: `);
    const rejected = await run(['health', '--url', '127.0.0.1:8080']);
    expect([rejected.code, rejected.stderr]).toEqual([
      2,
      "apig-mock: --url: '127.0.0.1:8080' is not what it takes: a URL such as http://127.0.0.1:8080\n",
    ]);
  });

  it('has a help of its own', async () => {
    const { code, stdout } = await run(['health', '--help']);
    expect(code).toBe(0);
    for (const flag of ['url', 'host', 'port', 'admin-token', 'config'])
      expect(stdout).toContain(`--${flag} <`);
    expect(stdout).not.toContain('--progression');
    expect(stdout.split('\n').length).toBeLessThan(25);
  });

  it('is unhealthy where another server listens', async () => {
    const other = createServer((socket) =>
      socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n'),
    ).listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    expect(await run(['health', '--port', `${port}`])).toMatchObject({ code: 1 });
    other.close();
  });
});
