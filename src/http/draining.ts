/**
 * How connections end when the server is told to stop. An answer that was begun is sent whole, and its connection ends
 * with it; a request behind it is not begun. Node's own way counts an answer as done once it is made, sent or not, and
 * answers a busy connection until it is cut.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { afterSystemMs } from '../core/clock.ts';
import { type AnsweringSocket, LATEST } from './errors.ts';

/** How long a request may still take to come whole, once the server is told to stop. */
const COMING_MS = 250;
/** How long answers that were begun may take: a state of many megabytes may have to be written first. */
const ANSWERING_MS = 3000;

const underWay = (answer: ServerResponse | undefined): answer is ServerResponse =>
  answer !== undefined && !answer.writableFinished && !answer.destroyed;

export class Draining {
  readonly #sockets = new Set<AnsweringSocket>();
  #stopping = false;

  constructor(server: Server) {
    server.on('connection', (socket: AnsweringSocket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    // Called by Node when the server is closed.
    server.closeIdleConnections = () => this.#closeWhere((answer) => !underWay(answer));
  }

  /** Notes that an answer begins; false when it must not, since its connection ends before. */
  begins(request: IncomingMessage, response: ServerResponse): boolean {
    const socket = request.socket as AnsweringSocket;
    if (this.#stopping) {
      if (underWay(socket[LATEST])) return false;
      response.shouldKeepAlive = false;
    }
    socket[LATEST] = response;
    return true;
  }

  /** Lets every connection end with the answer that was begun last. */
  end(server: Server): Promise<void> {
    this.#stopping = true;
    for (const socket of this.#sockets) endWithAnswer(socket);
    return new Promise((resolve) => {
      const coming = afterSystemMs(COMING_MS, () =>
        this.#closeWhere((answer) => !underWay(answer) || !answer.req.complete),
      );
      const answering = afterSystemMs(ANSWERING_MS, () => server.closeAllConnections());
      server.close(() => {
        coming.stop();
        answering.stop();
        resolve();
      });
    });
  }

  #closeWhere(isOver: (answer: ServerResponse | undefined) => boolean): void {
    for (const socket of this.#sockets) if (isOver(socket[LATEST])) socket.destroy();
  }
}

function endWithAnswer(socket: AnsweringSocket): void {
  const answer = socket[LATEST];
  if (!underWay(answer)) return;
  if (answer.headersSent) answer.once('finish', () => socket.destroySoon());
  else answer.shouldKeepAlive = false;
}
