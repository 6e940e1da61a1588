/**
 * The HTTP server itself: plain polls are answered at once, everything else goes to the application, which is
 * built when it is first needed. What Node's parser refuses is answered here, in the provider's shape.
 */
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterSystemMs } from '../clock.ts';
import { errors } from '../errors.ts';
import { clientErrorHandler, JSON_TYPE } from './wire-errors.ts';

export interface ListenerOptions {
  /** Answers a plain poll; false = it did not. */
  readonly fastLane: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Gives the application's handler. */
  readonly loadApp: () => Promise<RequestListener>;
  readonly onLoadFailed: (cause: unknown, requestId: string) => void;
  readonly sayWhy: boolean;
  readonly nextRequestId: () => string;
}

/** Limits on a connection, in ms; documented in docs/limits.md. */
export const TIMEOUTS = {
  /** The whole head of a request must have come. */
  headersTimeout: 20_000,
  /** The whole request must have come. */
  requestTimeout: 120_000,
  /** An idle connection is kept. */
  keepAliveTimeout: 72_000,
  /** How often the first two are looked after. */
  connectionsCheckingInterval: 1000,
} as const;

/** How long answers that were begun may take once the server is told to stop. */
const GRACE_MS = 250;

/** Makes the server; it does not listen yet. */
export function createListener(options: ListenerOptions): Server {
  const { fastLane, loadApp, nextRequestId } = options;
  let handle: RequestListener | undefined;

  const failed = (cause: unknown, response: ServerResponse): void => {
    const requestId = nextRequestId();
    options.onLoadFailed(cause, requestId);
    const error = errors.systemError();
    response.writeHead(error.statusCode, { 'content-type': JSON_TYPE, 'x-request-id': requestId });
    response.end(error.text);
  };

  const server = createServer({ ...TIMEOUTS }, (request, response) => {
    if (fastLane(request, response)) return;
    if (handle !== undefined) {
      handle(request, response);
      return;
    }
    loadApp().then(
      (loaded) => {
        handle = loaded;
        loaded(request, response);
      },
      (cause: unknown) => failed(cause, response),
    );
  });
  server.on('clientError', clientErrorHandler(options));
  return server;
}

/** Listens; the answer is the port. Rejects with what listening throws, such as `EADDRINUSE`. */
export function listen(
  server: Server,
  at: { readonly host: string; readonly port: number },
): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(at, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Takes no new connections, lets answers that were begun end, then closes what is left. */
export function stopListening(server: Server): Promise<void> {
  if (!server.listening) return Promise.resolve();
  return new Promise((resolve) => {
    const force = afterSystemMs(GRACE_MS, () => server.closeAllConnections());
    server.close(() => {
      force.stop();
      resolve();
    });
    server.closeIdleConnections();
  });
}
