/**
 * How connections end when the server stops. A response that was begun is sent whole, and its connection ends
 * with it; a request behind it is not begun. Node itself counts a response as done once it is made, sent or not, and
 * serves a busy connection until it is cut.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { afterSystemMs } from '../core/clock.ts';
import { type ConnectionSocket, LATEST } from './errors.ts';

/** How long a request may still take to arrive whole, once the server stops. */
const COMING_MS = 250;
/** How long responses that were begun may take: a state of many megabytes may have to be written first. */
const RESPONDING_MS = 3000;

const underWay = (response: ServerResponse | undefined): response is ServerResponse =>
  response !== undefined && !response.writableFinished && !response.destroyed;

export class Draining {
  readonly #sockets = new Set<ConnectionSocket>();
  #stopping = false;

  constructor(server: Server) {
    server.on('connection', (socket: ConnectionSocket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    // Called by Node when the server is closed.
    server.closeIdleConnections = () => this.#closeWhere((response) => !underWay(response));
  }

  /** Notes that a response begins; false when it must not, since its connection ends before. */
  begins(request: IncomingMessage, response: ServerResponse): boolean {
    const socket = request.socket as ConnectionSocket;
    if (this.#stopping) {
      if (underWay(socket[LATEST])) return false;
      response.shouldKeepAlive = false;
    }
    socket[LATEST] = response;
    return true;
  }

  /** Lets every connection end with the response that was begun last. */
  end(server: Server): Promise<void> {
    this.#stopping = true;
    for (const socket of this.#sockets) endWithResponse(socket);
    return new Promise((resolve) => {
      const coming = afterSystemMs(COMING_MS, () =>
        this.#closeWhere((response) => !underWay(response) || !response.req.complete),
      );
      const responding = afterSystemMs(RESPONDING_MS, () => server.closeAllConnections());
      server.close(() => {
        coming.stop();
        responding.stop();
        resolve();
      });
    });
  }

  #closeWhere(isOver: (response: ServerResponse | undefined) => boolean): void {
    for (const socket of this.#sockets) if (isOver(socket[LATEST])) socket.destroy();
  }
}

function endWithResponse(socket: ConnectionSocket): void {
  const response = socket[LATEST];
  if (!underWay(response)) return;
  if (response.headersSent) response.once('finish', () => socket.destroySoon());
  else response.shouldKeepAlive = false;
}
