/** What a client may meet instead of a mock, and what may stand between the two. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  type AddressInfo,
  connect as connectTo,
  createServer as createTcpServer,
  type Server,
  type Socket,
} from 'node:net';

export interface Served extends AsyncDisposable {
  readonly url: string;
  /** Connections that are open now. */
  open(): number;
}

async function serving(server: Server, sockets: Set<Socket>): Promise<Served> {
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    open: () => sockets.size,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** An HTTP server of somebody else. */
export const otherServer = (
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Served> => serving(createServer(handle), new Set());

/** A line to a mock that can be cut. */
export async function proxyTo(port: number): Promise<Served & { cut(): void }> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((near) => {
    const far = connectTo(port, '127.0.0.1');
    near.on('close', () => far.destroy());
    far.on('error', () => near.destroy()).on('close', () => near.destroy());
    near.pipe(far).pipe(near);
  });
  const served = await serving(server, sockets);
  return {
    ...served,
    cut() {
      for (const socket of sockets) socket.resetAndDestroy();
    },
  };
}
