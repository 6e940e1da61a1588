/** What the library reports when it cannot start a mock or reach one. */
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { connectApigMock, SettingError, startApigMock } from '../src/index.ts';

/** A port that is taken while `use` runs, and free afterwards; returns the port. */
async function taken(use: (port: number) => Promise<void> = async () => {}): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await use(port).finally(() => new Promise((resolve) => server.close(resolve)));
  return port;
}

describe('a mock that cannot start', () => {
  it('reports that its port is taken, and what to do; the code of the system is preserved', () =>
    taken(async (port) => {
      const started = startApigMock({ port });
      await expect(started).rejects.toThrow(
        /^listen EADDRINUSE: .*: something else listens there; stop it, or choose another with the option port \(0 = any free one\)$/,
      );
      await expect(started).rejects.toMatchObject({ code: 'EADDRINUSE' });
    }));

  it('reports that its address is none of this machine', async () => {
    await expect(startApigMock({ host: '203.0.113.1' })).rejects.toThrow(
      /EADDRNOTAVAIL.*: choose another address or port with the option host and the option port$/,
    );
  });
});

describe('a mock elsewhere', () => {
  it('that is not there is reported with its address, by each call and by the events', async () => {
    const url = `http://127.0.0.1:${await taken()}`;
    await using mock = await connectApigMock(url);
    const expected = `cannot reach ${url}: nothing listens there: start a mock with 'apig-mock', or name another place`;
    await expect(mock.tasks.list()).rejects.toThrow(expected);
    await expect(mock.reset()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await expect(mock.events[Symbol.asyncIterator]().next()).rejects.toThrow(expected);
  });

  it.each(['127.0.0.1:8080', 'localhost:8080', 'ftp://x', '', 'http://127.0.0.1:8080/base', 'http://x/?a=1'])(
    "at '%s' is rejected at once: that is no address",
    async (url) => {
      const connected = connectApigMock(url);
      await expect(connected).rejects.toThrow(SettingError);
      await expect(connected).rejects.toThrow(
        `connectApigMock: '${url}' is not valid: it takes an address such as http://127.0.0.1:8080`,
      );
    },
  );

  it('is rejected without the password of its address', async () => {
    await expect(connectApigMock('http://user:hush@x/base')).rejects.toThrow("'http://x/base' is not valid");
  });

  it('may be named with a slash at the end', async () => {
    await using mock = await connectApigMock('http://localhost:8080//');
    expect(mock.url).toBe('http://localhost:8080');
  });
});
