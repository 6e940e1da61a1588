/**
 * The HTTP server itself: plain polls get their response at once, everything else goes to the application, which is
 * built when it is first needed. What Node's parser rejects gets its error here, in the provider's shape.
 */
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ApigError, errors } from '../core/errors.ts';
import { Draining } from './draining.ts';
import { clientErrorHandler, respondWithError } from './errors.ts';
import { mostConnections } from './open-files.ts';
import { discardRest, WireResponse } from './wire-response.ts';

export interface ListenerOptions {
  /** Responds to a plain poll; false = it did not. */
  readonly fastPath: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Gives the application's handler. */
  readonly loadApp: () => Promise<RequestListener>;
  readonly onLoadFailed: (cause: unknown, requestId: string) => void;
  /** Receives what broke before or beside the application. */
  readonly onFailed: (cause: unknown, requestId: string) => void;
  readonly showReason: boolean;
  readonly nextRequestId: () => string;
  /** Other limits than `TIMEOUTS`, for tests. */
  readonly timeouts?: Readonly<Record<keyof typeof TIMEOUTS, number>>;
}

/** Limits on a connection, in ms; documented in docs/differences.md. */
export const TIMEOUTS = {
  /** The whole head of a request must have come. */
  headersTimeout: 20_000,
  /** The whole request must have come. */
  requestTimeout: 120_000,
  /** An idle connection stays open. */
  keepAliveTimeout: 72_000,
  /** How often the first two are looked after. */
  connectionsCheckingInterval: 1000,
} as const;

/** How each server comes to its end. */
const drainings = new WeakMap<Server, Draining>();

/** Makes the server; it does not listen yet. */
export function createListener(options: ListenerOptions): Server {
  const { fastPath, loadApp, nextRequestId } = options;
  let handle: RequestListener | undefined;

  const { showReason } = options;
  const reject = (response: ServerResponse, error: ApigError, requestId = nextRequestId()): void =>
    respondWithError(response, error, { requestId, showReason });
  const failed = (report: typeof options.onFailed, cause: unknown, response: ServerResponse): void => {
    const requestId = nextRequestId();
    report(cause, requestId);
    if (response.headersSent) response.destroy();
    else reject(response, errors.systemError(), requestId);
  };
  const respond = (request: IncomingMessage, response: ServerResponse): void => {
    if (fastPath(request, response)) return;
    discardRest(request, response);
    const reason = wireFault(request);
    if (reason !== undefined) {
      reject(response, errors.badRequest({ reason }));
      return;
    }
    readAbsoluteTarget(request);
    if (handle !== undefined) {
      handle(request, response);
      return;
    }
    loadApp()
      .then(
        (loaded) => {
          handle = loaded;
          // Whose caller hung up meanwhile has nothing that could cancel it any more: it is not begun.
          if (!request.socket.destroyed) loaded(request, response);
        },
        (cause: unknown) => failed(options.onLoadFailed, cause, response),
      )
      .catch((cause: unknown) => failed(options.onFailed, cause, response));
  };

  const limits = options.timeouts ?? TIMEOUTS;
  const server = createServer(
    { ...limits, requireHostHeader: false, ServerResponse: WireResponse },
    (request, response) => {
      // Behind a response that ends its connection there is none.
      if (request.socket.writableEnded) return;
      if (!draining.begins(request, response)) return;
      try {
        respond(request, response);
      } catch (cause) {
        failed(options.onFailed, cause, response);
      }
    },
  );
  // By default Node responds to these two with an empty body.
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    discardRest(request, response);
    const reason = `unsupported expectation '${request.headers.expect}'`;
    reject(response, errors.expectationFailed({ reason }));
  });
  server.on('clientError', clientErrorHandler(options));
  server.maxConnections = mostConnections();
  const draining = new Draining(server);
  drainings.set(server, draining);
  return server;
}

/** Why a request is none that HTTP/1.1 allows, where Node lets it pass: some versions do, others do not. */
function wireFault(request: IncomingMessage): string | undefined {
  if (/[^!-~]/.test(request.url ?? '')) return 'the target has a character that must be percent-encoded';
  if (request.headers.host === undefined)
    return request.httpVersionMinor === 1 ? 'HTTP/1.1 requires a Host header' : undefined;
  // By hand: the distinct headers of older versions throw at a header named as the prototype.
  const names = request.rawHeaders.filter((_, at) => at % 2 === 0);
  const hosts = names.filter((name) => name.toLowerCase() === 'host').length;
  return hosts > 1 ? 'there are two Host headers' : undefined;
}

/** A target in absolute form names the host itself and overrides the header (RFC 9112, 3.2.2). */
function readAbsoluteTarget(request: IncomingMessage): void {
  const [whole, host] = /^https?:\/\/([^/?#]*)/i.exec(request.url ?? '') ?? [];
  if (whole === undefined) return;
  const rest = request.url?.slice(whole.length) ?? '';
  request.url = rest.startsWith('/') ? rest : `/${rest}`;
  request.headers.host = host;
}

/** Listens; resolves with the port. Rejects with what listening throws, such as `EADDRINUSE`. */
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

/** Takes no new connections, lets responses that were begun end, then closes what is left. */
export async function stopListening(server: Server): Promise<void> {
  if (server.listening) await drainings.get(server)?.end(server);
}
