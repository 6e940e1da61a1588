/** The listener before its application is there: what comes meanwhile waits for it, unless its caller hangs up. */
import type { IncomingMessage, Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createListener, listen, stopListening } from '../../src/http/listener.ts';
import { until } from '../admin/scene.ts';

/** A server whose application is loaded when `load` is called. */
async function loading() {
  const handled: string[] = [];
  const asked: IncomingMessage[] = [];
  let load = (): void => {};
  const loaded = new Promise<void>((resolve) => {
    load = resolve;
  });
  const server: Server = createListener({
    fastPath: (request) => {
      asked.push(request);
      return false;
    },
    loadApp: async () => {
      await loaded;
      return (request, response) => {
        handled.push(request.url ?? '');
        response.destroy();
      };
    },
    onLoadFailed: () => {},
    onFailed: () => {},
    showReason: true,
    nextRequestId: () => 'f'.repeat(32),
  });
  const port = await listen(server, { host: '127.0.0.1', port: 0 });
  const get = (...paths: string[]): Socket => {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`).join(''));
    return socket;
  };
  return { server, handled, asked, load, get, [Symbol.asyncDispose]: () => stopListening(server) };
}

describe('while the application is loaded', () => {
  it('a request waits for it; one whose caller hangs up is not begun, nor is any behind it', async () => {
    await using listener = await loading();
    const { asked, handled } = listener;
    const gone = listener.get('/gone', '/behind');
    await until(() => asked.length === 2, 'the requests');
    const stays = listener.get('/stays');
    await until(() => asked.length === 3, 'the third request');
    gone.destroy();
    await until(() => asked[0]?.socket.destroyed === true, 'the hang-up');
    listener.load();
    await until(() => handled.includes('/stays'), 'the request that stays');
    expect(handled).toEqual(['/stays']);
    stays.destroy();
  });
});
